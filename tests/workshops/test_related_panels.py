"""What the desk is told about a mentee's workshops."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mentees.models import Mentee
from tests import factories
from tests.conftest import NOW
from tests.workshops.helpers import BEGINS, OFFICE, join, mentee, workshop
from workshops import actions
from workshops.related_panels import hours_present, workshops_of

pytestmark = pytest.mark.django_db
AFTER = BEGINS + timedelta(hours=4)
LIST = reverse("admin:mentees_mentee_changelist")


@pytest.fixture(autouse=True)
def _at_now(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """Pages look at the same clock as the factories."""
    monkeypatch.setattr(timezone, "now", lambda: now)


def test_the_page_of_a_mentee_shows_each_workshop_and_the_hours(
    staff_client: Callable[[Any], Client],
) -> None:
    person = mentee("Leyla Arslan")
    full = workshop(1, title="Lampenfieber")
    join(full)
    for where in (workshop(title="Verträge lesen"), workshop(title="Honorare"), full):
        join(where, person)
    one = person.registrations.get(workshop__title="Verträge lesen")
    actions.record_attendance(one.workshop.sessions.get(), one, "present", 90, by=OFFICE, now=AFTER)
    client = staff_client(factories.coordinator())
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    part = Mentee.objects.get(user=person)
    page = client.get(reverse("admin:mentees_mentee_change", args=[part.pk])).content.decode()
    for words in (
        "Stunden: 1,5 von 40 für 4 Leistungspunkte. Dazu angemeldet: 3 Stunden.",
        "teilweise besucht",
        "1,5 von 3 Stunden",
        "Warteliste, Platz 1",
        "mailto:",
    ):
        assert words in page
    assert "1,5 von 40" in client.get(LIST).content.decode()
    told = workshops_of(part, person, AFTER)
    assert told is not None
    assert "kein Platz frei geworden" in str(told.rows)


def test_hours_of_another_cohort_do_not_count() -> None:
    person = mentee()
    elsewhere = workshop(of=factories.cohort("2025/26"))
    one = factories.at(
        elsewhere.registrations.model(
            workshop=elsewhere, person=person, joined_at=NOW, place_in_line=1
        ),
        "confirmed",
    )
    session = elsewhere.sessions.get()
    actions.record_attendance(session, one, "present", by=OFFICE, now=AFTER)
    part = Mentee.objects.select_related("cohort").get(user=person)
    assert "0 von 40" in hours_present([part], NOW)[part.pk]


def test_the_list_of_mentees_asks_the_same_number_of_questions(
    staff_client: Callable[[Any], Client],
) -> None:
    client = staff_client(factories.coordinator())
    client.get(LIST)
    counts = []
    for more in (2, 12):
        for _number in range(more):
            one = factories.tandem("active")
            join(workshop(), one.mentee.user)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(LIST).content.decode()
        counts.append(len(queries))
        assert one.mentor.name in page
    assert counts[0] == counts[1]
