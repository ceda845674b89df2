"""What of a tandem's year is drawn on whose page; the rule itself is tested in ``tests/matching/test_lines.py``."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from meetings.actions import report_held
from tests import factories as make
from tests.meetings.helpers import NOW, on, pair, scheduled
from tests.workshops.helpers import BEGINS, OFFICE, join, workshop
from workshops.actions import record_attendance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def heads(drawn: str) -> int:
    """The notes of a drawing: each is a horizontal stroke of a path."""
    return sum(path.count("h") for path in re.findall(r'd="([^"]*)"', drawn))


def test_meetings_that_took_place_and_workshops_of_both_are_drawn_on_every_page_of_the_tandem(
    client: Client, clock: Any, staff_client: Any
) -> None:
    make.organisation()
    two = pair("active", answered_at=NOW, confirmed_at=NOW)
    office = make.coordinator()
    address = f"/me/tandem/{two.tandem.pk}/"
    pages = [
        (two.mentee, "/me/"),
        (two.mentee, address),
        (two.mentor, address),
        (office, f"/admin/matching/tandem/{two.tandem.pk}/change/"),
    ]

    def drawn() -> str:
        """The lines, which are the same on all of the pages."""
        seen = set()
        for person, path in pages:
            staff_client(person) if person == office else client.force_login(person)
            page = client.get(path).content.decode()
            seen.add(page.split('<div class="year">')[1].split("</div>")[0])
        [only] = seen
        return only

    before = drawn()
    assert "Bisher kein Treffen" in before
    met = scheduled(two, [on("2026-11-02", "10:00")])
    assert drawn() == before  # a date is no meeting yet
    clock.move_to(met.ends_at + timedelta(hours=1))
    report_held(met, by=two.by_mentee, now=met.ends_at + timedelta(hours=1))
    after = drawn()
    assert "Bisher ein Treffen" in after
    assert heads(after) == heads(before) + 6  # three for each voice
    alone = workshop()
    together = workshop()
    for where, people in ((alone, [two.mentee]), (together, [two.mentee, two.mentor])):
        for person in people:
            registration = join(where, person)
            session = where.sessions.get()
            record_attendance(
                session, registration, "present", by=OFFICE, now=BEGINS + timedelta(1)
            )
    assert "Ein gemeinsamer Workshop." in drawn()
