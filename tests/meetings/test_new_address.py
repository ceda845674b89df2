"""Whoever once got an event gets its end at that same address, also after the address changed."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from accounts import actions as accounts
from accounts.models import User
from core.audit.models import AuditEvent
from core.links.models import ActionLink
from matching.models import Tandem
from matching.signals import tandem_ended
from meetings import actions as meetings
from meetings.models import Meeting
from meetings.reminders import PICK_DATE
from mentors import actions as mentors
from mentors.models import Mentor
from outbox import delivery
from outbox.models import OutgoingMail
from tests import factories
from tests.accounts.helpers import move
from tests.core.rfc5546_client import Client, read_with_icalendar
from tests.meetings.helpers import NOW, THREE, offered, on, pair, scheduled
from tests.outbox.conftest import parse
from tests.workshops.helpers import add_session, join, mentee, workshop
from workshops import actions as workshops
from workshops.models import Workshop

pytestmark = pytest.mark.django_db
HELD, NEW = "held@example.org", "neu@example.org"


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MAIL_URL = tmp_path.as_uri()
    return tmp_path


def calendars(folder: Path, *addresses: str) -> dict[str, Client]:
    """What stands in the calendar of each address once everything has left."""
    delivery.deliver(NOW)
    assert not OutgoingMail.objects.filter(status="failed").exists()
    found = {address: Client(address, read_with_icalendar) for address in addresses}
    for row in OutgoingMail.objects.filter(status="sent").order_by("sent_at", "created_at"):
        [path] = folder.glob(f"*{row.pk}.eml")
        mail = parse(path.read_bytes())
        for part in mail.walk():
            if part.get_content_type() == "text/calendar" and part.get_filename():
                document: Any = part.get_payload(decode=True)
                [message] = read_with_icalendar(document)
                assert message.attendees == (f"mailto:{row.address}",)
                if row.address in found:
                    found[row.address].receive(document)
    return found


def a_meeting() -> tuple[User, Any]:
    two = pair()
    move(two.mentor, HELD)
    meeting = scheduled(two)
    return two.mentor, lambda: meetings.cancel(
        meeting, by=two.by_mentee, now=NOW, reason="Ich bin krank."
    )


def a_workshop() -> tuple[User, Any]:
    person = mentee("Leyla Arslan", email=HELD)
    place = workshop()
    join(place, person)
    by = factories.SYSTEM
    return person, lambda: workshops.cancel_workshop(
        Workshop.objects.get(pk=place.pk), by=by, now=NOW, reason="Krank."
    )


@pytest.mark.parametrize("end", ["cancel", "tandem", "closing", "other dates", "refused, closing"])
def test_an_offer_withdrawn_before_it_left_still_ends_the_event(end: str, folder: Path) -> None:
    """The offer of other dates would have removed the fixed one from the calendar of who is asked."""
    two = pair()
    asked, by = (two.mentee, two.by_mentor) if "refused" in end else (two.mentor, two.by_mentee)
    move(asked, HELD)
    meeting = scheduled(two)
    assert calendars(folder, HELD)[HELD].entries()
    if "refused" in end:
        meetings.refuse_dates(meeting, by=by, now=NOW, word="Doch nicht.", dates=[])
    else:
        meetings.offer_again(meeting, by=by, now=NOW, dates=[on("2026-11-03")])
    if end == "cancel":
        meetings.cancel(meeting, by=by, now=NOW)
    elif end == "tandem":
        tandem_ended.send(Tandem, obj=two.tandem, by=factories.SYSTEM, now=NOW)
    elif "closing" in end:
        accounts.deactivate(asked, by=factories.SYSTEM, now=NOW)
    else:
        meetings.offer_again(meeting, by=by, now=NOW, dates=[on("2026-11-04")])
    assert not calendars(folder, HELD)[HELD].entries()


@pytest.mark.parametrize("arrange", [a_meeting, a_workshop])
def test_an_event_follows_its_person_and_ends_where_it_was(arrange: Any, folder: Path) -> None:
    person, cancel = arrange()
    assert len(calendars(folder, HELD)[HELD].entries()) == 1
    for address, other in ((NEW, HELD), (HELD, NEW), (NEW, HELD)):  # and back again
        person.refresh_from_db()
        move(person, address)
        now = calendars(folder, HELD, NEW)
        assert (len(now[address].entries()), len(now[other].entries())) == (1, 0), address
    cancel()
    now = calendars(folder, HELD, NEW)
    assert (now[HELD].entries(), now[NEW].entries()) == ([], [])


@pytest.mark.parametrize(("days", "kept"), [(0, True), (2, True), (9, False)])
def test_an_offer_that_goes_to_a_new_address_keeps_its_deadline_until_it_has_passed(
    days: int, kept: bool
) -> None:
    two = pair()
    meeting = offered(two)
    deadline, later = meeting.answer_by, NOW + timedelta(days=days)
    meetings.ask_at_new_address(two.tandem.mentor, by=factories.SYSTEM, now=later)
    meeting.refresh_from_db()
    assert (meeting.answer_by == deadline) is kept
    link = ActionLink.objects.about(PICK_DATE, meeting).live().get()
    assert link.expires_at == meeting.answer_by > later


def test_who_comes_back_to_a_workshop_after_a_new_address_has_it_again(folder: Path) -> None:
    person, _cancel = a_workshop()
    move(person, NEW)
    person.refresh_from_db()
    place = Workshop.objects.get()
    by = factories.by(person, "mentee")
    workshops.cancel_registration(person.registrations.get(), by=by, now=NOW)
    assert not calendars(folder, NEW)[NEW].entries()
    join(place, person)
    assert len(calendars(folder, NEW)[NEW].entries()) == 1


def test_dates_are_offered_to_the_last_of_two_addresses_given_within_seconds() -> None:
    """No button pressed twice: the second address belongs to another person than the first."""
    two = pair()
    offered(two)
    mentor = two.tandem.mentor
    Mentor.objects.filter(pk=mentor.pk).update(confirmed_at=None, email=two.mentor.email)
    by = factories.by(factories.coordinator())
    for email in (HELD, NEW):
        mentors.change_mentor(mentor, by=by, now=NOW, values={"email": email})
    held = ActionLink.objects.live().filter(purpose="pick-date")
    assert [link.holder.email for link in held] == [NEW]


def test_c4_workshops_are_locked_by_key_as_whoever_parts_locks_them() -> None:
    """Two orders would be a deadlock of a new address and a closed account."""
    person = mentee("Leyla Arslan", email=HELD)
    places = [workshop(title=str(number)) for number in range(3)]
    for title, place in enumerate(sorted(places, key=lambda one: one.pk, reverse=True)):
        Workshop.objects.filter(pk=place.pk).update(title=f"{title}")
        join(place, person)
    move(person, NEW)
    told = AuditEvent.objects.filter(verb="mailbox_changed").order_by("pk")
    by_registration = dict(person.registrations.values_list("pk", "workshop"))
    locked = [by_registration[uuid.UUID(event.object_id)] for event in told]
    assert locked == sorted(place.pk for place in places)


def test_what_is_over_is_not_sent_again(folder: Path) -> None:
    person, _cancel = a_workshop()
    calendars(folder, HELD)
    Workshop.objects.get().sessions.update(starts_at=NOW - timedelta(days=2), ends_at=NOW)
    move(person, NEW)
    assert not calendars(folder, NEW)[NEW].entries()
    assert not OutgoingMail.objects.filter(kind="workshop-mailbox-changed").exists()


# ── what waits to leave while somebody parts or moves on ─────────────────────
def greylisted(*kinds: str) -> None:
    """The former mailbox takes mails of these kinds a quarter of an hour later."""
    waiting = OutgoingMail.objects.filter(kind__in=kinds, status="planned")
    assert waiting.update(status="retry", attempt=1)


def leaves(person: User, place: Workshop) -> None:
    by = factories.by(person, "mentee")
    workshops.cancel_registration(person.registrations.get(), by=by, now=NOW)


def is_closed(person: User, place: Workshop) -> None:
    accounts.deactivate(person, by=factories.SYSTEM, now=NOW)


def is_cancelled(person: User, place: Workshop) -> None:
    workshops.cancel_workshop(place, by=factories.SYSTEM, now=NOW)


PARTINGS = pytest.mark.parametrize("part", [leaves, is_closed, is_cancelled])


@PARTINGS
def test_the_former_calendar_is_cleared_of_a_workshop_that_ends_meanwhile(
    part: Any, folder: Path
) -> None:
    person, _cancel = a_workshop()
    calendars(folder, HELD)
    move(person, NEW)
    greylisted("workshop-mailbox-changed")
    person.refresh_from_db()
    part(person, Workshop.objects.get())
    now = calendars(folder, HELD, NEW)
    assert (now[HELD].entries(), now[NEW].entries()) == ([], [])


@PARTINGS
def test_sessions_taken_out_of_a_workshop_leave_the_calendar_of_who_parts_meanwhile(
    part: Any, folder: Path
) -> None:
    person, place = mentee("Leyla Arslan", email=HELD), workshop()
    add_session(place, days=14)
    join(place, person)
    assert len(calendars(folder, HELD)[HELD].entries()) == 2
    kept = place.sessions.order_by("starts_at")[0]
    workshops.change_workshop(
        place, by=factories.SYSTEM, now=NOW, values={},
        sessions=[workshops.PlannedSession(kept.starts_at, kept.ends_at, kept.pk)],
    )  # fmt: skip
    greylisted("workshop-changed")
    part(person, Workshop.objects.get())
    assert calendars(folder, HELD)[HELD].entries() == []
    assert not OutgoingMail.objects.filter(kind="workshop-changed", status="sent").exists()


def meeting_is_cancelled(person: User) -> None:
    meeting = Meeting.objects.get()
    by = factories.by(meeting.tandem.mentee.user, "mentee")
    meetings.cancel(meeting, by=by, now=NOW, reason="Ich bin krank.")


def other_dates_are_offered(person: User) -> None:
    meeting = Meeting.objects.get()
    by = factories.by(meeting.tandem.mentee.user, "mentee")
    meetings.offer_again(meeting, by=by, now=NOW, dates=THREE[1:])


def place_is_given_up(person: User) -> None:
    leaves(person, Workshop.objects.get())


def session_is_taken_out(person: User) -> None:
    place = Workshop.objects.get()
    session = place.sessions.get()
    other = workshops.PlannedSession(session.starts_at, session.ends_at + timedelta(hours=1))
    workshops.change_workshop(place, by=factories.SYSTEM, now=NOW, values={}, sessions=[other])


@pytest.mark.parametrize("retried", [False, True])
@pytest.mark.parametrize(
    ("arrange", "end", "kind"),
    [
        (a_meeting, meeting_is_cancelled, "meeting-cancelled"),
        (a_meeting, other_dates_are_offered, "dates-offered"),
        (a_workshop, place_is_given_up, "workshop-registration-cancelled"),
        (a_workshop, session_is_taken_out, "workshop-changed"),
    ],
)
def test_what_waits_with_the_end_of_an_event_clears_the_calendar_that_has_it(
    arrange: Any, end: Any, kind: str, retried: bool, folder: Path
) -> None:
    person, _cancel = arrange()
    [entry] = calendars(folder, HELD)[HELD].entries()
    person.refresh_from_db()
    end(person)
    if retried:
        greylisted(kind)
    move(person, NEW)
    now = calendars(folder, HELD, NEW)
    assert now[HELD].entries() == []
    assert entry.uid not in [one.uid for one in now[NEW].entries()]
    told = OutgoingMail.objects.filter(recipient=person, kind=kind, status="sent")
    assert NEW in [row.address for row in told]  # and is told where the person reads


@pytest.mark.parametrize("status", ["claimed", "in_doubt"])
def test_s8_what_may_have_left_for_the_former_mailbox_is_not_said_to_be_at_the_new_one(
    status: str, folder: Path
) -> None:
    person, _cancel = a_workshop()
    row = OutgoingMail.objects.get(kind="workshop-registered")
    OutgoingMail.objects.filter(pk=row.pk).update(status=status)
    move(person, NEW)
    row = OutgoingMail.objects.select_related("recipient").get(pk=row.pk)
    assert (row.status, row.address) == (status, HELD)
