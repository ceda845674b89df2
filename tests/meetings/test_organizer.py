"""Calendar entries keep one organizer for their whole life, whatever becomes of the office's address.

RFC 5546, 3.2.2 and 3.2.5: a calendar takes a change or a cancellation from the organizer it knows alone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.audit import Actor
from meetings import actions as meeting_actions
from outbox.kinds import mail_kinds
from outbox.models import OutgoingMail
from programme.actions import save_organisation
from tests import factories
from tests.conftest import NOW
from tests.core.rfc5546_client import READERS, Client
from tests.meetings.helpers import HOUR, offered, on, pair, scheduled
from tests.outbox import kinds as probes
from tests.workshops import helpers as workshops
from workshops import actions as workshop_actions
from workshops.actions import PlannedSession

pytestmark = pytest.mark.django_db
PROBES = {one.kind for one in probes.KINDS}
OLD = "mailto:mentoring@hochschule.example"


def office_moves() -> None:
    organisation = factories.organisation()
    save_organisation(
        organisation, office_email="neu@hochschule.example", by=Actor.system(), now=NOW, fields=[]
    )


def received(person: Any) -> tuple[list[str], list[Any]]:
    """The organizers of all files that went to ``person``, and what their calendar shows in the end."""
    client, organizers = Client(person.email, READERS["icalendar"]), []
    for row in OutgoingMail.objects.filter(recipient=person).order_by("created_at", "pk"):
        make = mail_kinds[row.kind].attachments
        for file in make(row.facts, person, row.created_at) if make else []:
            organizers += [one.organizer for one in READERS["icalendar"](file.content)]
            client.receive(file.content)
    return organizers, client.entries()


@pytest.mark.parametrize("end", ["cancel", "move", "offer again"])
def test_a_meeting_keeps_its_organizer_when_the_office_moves(end: str) -> None:
    two = pair()
    meeting = scheduled(two)
    office_moves()
    later: dict[str, Any] = {"by": two.by_mentee, "now": NOW + HOUR}
    if end == "cancel":
        meeting_actions.cancel(meeting, reason="", **later)
    elif end == "move":
        meeting_actions.move_meeting(meeting, date=on("2026-10-20"), **later)
    else:
        meeting_actions.offer_again(meeting, dates=[on("2026-10-20")], agenda="", **later)
    for person in (two.mentee, two.mentor):
        organizers, entries = received(person)
        assert len(organizers) == 2
        assert set(organizers) == {OLD}
        assert len(entries) == (end == "move")


@pytest.mark.parametrize("end", ["cancel", "move", "leave", "take out"])
def test_a_workshop_keeps_its_organizer_when_the_office_moves(end: str) -> None:
    where, person = workshops.workshop(), workshops.mentee()
    workshops.add_session(where, days=14)
    mine = workshops.join(where, person)
    office_moves()
    later: dict[str, Any] = {"by": workshops.OFFICE, "now": NOW + HOUR}
    sessions = [PlannedSession(one.starts_at, one.ends_at, one.pk) for one in where.sessions.all()]
    if end == "cancel":
        workshop_actions.cancel_workshop(where, **later)
    elif end == "leave":
        workshops.leave(mine, NOW + HOUR)
    elif end == "take out":
        workshop_actions.change_workshop(where, values={}, sessions=sessions[:1], **later)
    else:
        day = timedelta(days=1)
        moved = [PlannedSession(one.starts_at + day, one.ends_at + day, one.id) for one in sessions]
        workshop_actions.change_workshop(where, values={}, sessions=moved, **later)
    organizers, entries = received(person)
    assert len(organizers) == 4
    assert set(organizers) == {OLD}
    assert len(entries) == {"cancel": 0, "leave": 0, "take out": 1, "move": 2}[end]


def test_every_mail_with_a_calendar_file_announces_its_organizer() -> None:
    """Whatever kind is added: the organizer comes from the event, not from the office of the day."""
    factories.organisation()
    office_moves()
    person, seen = factories.person(), 0
    for key in mail_kinds:
        kind = mail_kinds[key]
        if key in PROBES or kind.attachments is None:
            continue
        assert "organizer" in kind.facts, key
        for file in kind.attachments(dict(kind.sample), person, NOW):
            seen += 1
            assert [one.organizer for one in READERS["icalendar"](file.content)] == [OLD], key
    assert seen > 8


def test_a_new_event_names_the_new_office() -> None:
    two = pair()
    office_moves()
    assert offered(two).organizer == "neu@hochschule.example"
    assert workshops.workshop().organizer == "neu@hochschule.example"
