"""A reminder withdrawn for a cause that can go away is planned again when it does (promise S16)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from core.audit import Actor
from matching import actions as matching
from meetings import actions as meetings
from meetings.models import Meeting
from mentoring.operations.sweep import sweep
from mentoring.operations.verify import reminders_planned
from mentors import actions as mentors
from outbox import planner
from outbox.models import OutgoingMail
from tests import factories
from tests.conftest import NOW
from tests.matching.people import a_mentor, as_mentor
from tests.meetings.helpers import offered, on, pair, proposal, scheduled
from tests.outbox.events import asked, full, join, office
from workshops import actions as workshops
from workshops.actions import PlannedSession

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Case:
    """Who is reminded, what withdraws the reminder, and what brings it back."""

    person: User | None
    withdraw: Callable[[], Any]
    restore: Callable[[], Any]
    about: Any = None  # the object, where there are several


def place(restore: str) -> Case:
    """A mentor is asked twice and has one place, which the other request takes."""
    mentor = a_mentor(capacity=1)
    other, waits = asked(mentor), asked(mentor)
    back = {
        "undo": lambda: matching.undo(other, by=as_mentor(other), now=NOW + HOUR),
        "dissolve": lambda: matching.dissolve(other, by=office(), now=NOW + HOUR),
        "capacity": lambda: mentors.change_mentor(
            mentor, by=office(), now=NOW + HOUR, values={"capacity": 2}
        ),
    }
    return Case(
        waits.mentor.user,
        lambda: matching.confirm(other, by=as_mentor(other), now=NOW),
        back[restore],
        waits,
    )


def pause(cause: str) -> Case:
    """A mentor who is asked pauses and comes back."""
    waits = asked()
    mentor = waits.mentor

    def withdraw() -> None:
        if cause == "wish":
            mentors.pause(mentor, by=office(), now=NOW)
        elif cause == "consent":
            mentors.withdraw_consent(mentor, by=SYSTEM, now=NOW)
        else:
            mentors.check_criterion(
                mentor, criterion=5, verdict="open", evidence="Fraglich.", by=office(), now=NOW
            )

    def restore() -> None:
        if cause == "consent":
            mentors.record_consent(mentor, by=SYSTEM, now=NOW + HOUR)
        elif cause == "criterion":
            mentors.check_criterion(
                mentor, criterion=5, verdict="met", evidence="Geklärt.", by=office(), now=NOW + HOUR
            )
        mentors.resume(mentor, by=office(), now=NOW + HOUR)

    return Case(mentor.user, withdraw, restore)


def answer(verb: str) -> Case:
    """The mentor answers and takes it back, or asks first."""
    waits = asked()
    by = as_mentor(waits)
    if verb == "question":
        return Case(
            waits.mentor.user,
            lambda: matching.ask_question(waits, by=by, now=NOW, question="Wo?"),
            lambda: matching.answer_question(waits, by=office(), now=NOW + HOUR),
        )
    said = matching.confirm if verb == "yes" else matching.decline
    return Case(
        waits.mentor.user,
        lambda: said(waits, by=by, now=NOW),
        lambda: matching.undo(waits, by=by, now=NOW + HOUR),
    )


def date_given_up() -> Case:
    """A fixed date is given up and fixed again."""
    two = pair()
    dates = [on("2026-10-14")]
    meeting = scheduled(two, dates)

    def restore() -> None:
        key = proposal(Meeting.objects.get(pk=meeting.pk)).pk
        meetings.pick_date(meeting, by=two.by_mentor, now=NOW + HOUR, proposal_id=key)

    return Case(
        two.mentor,
        lambda: meetings.refuse_dates(meeting, by=two.by_mentor, now=NOW),
        restore,
    )


def offer_unanswered() -> Case:
    """An offer lapses, and the mentor is asked again."""
    two = pair()
    meeting = offered(two, [on("2026-12-10")])
    late = Meeting.objects.get(pk=meeting.pk).answer_by or NOW
    return Case(
        two.mentor,
        lambda: meetings.lapse(meeting, by=SYSTEM, now=late),
        lambda: meetings.ask_again(meeting, by=office(), now=late + HOUR),
    )


def workshop_place() -> Case:
    """A place is given back and taken again."""
    where, held = full()
    return Case(
        held.person,
        lambda: workshops.cancel_registration(held, by=SYSTEM, now=NOW),
        lambda: join(where, held.person, NOW + HOUR),
    )


def session_taken_out() -> Case:
    """The one session that lies more than a day ahead is moved to tomorrow, and back."""
    where, held = full()
    [session] = where.sessions.all()
    soon = PlannedSession(NOW + 20 * HOUR, NOW + 22 * HOUR, session.pk)
    before = PlannedSession(session.starts_at, session.ends_at, session.pk)

    def move(to: PlannedSession) -> None:
        workshops.change_workshop(where, by=SYSTEM, now=NOW, values={}, sessions=[to])

    return Case(held.person, lambda: move(soon), lambda: move(before))


CASES: dict[str, Callable[[], Case]] = {
    "the place is free again: the other takes the answer back": lambda: place("undo"),
    "the place is free again: the other tandem is dissolved": lambda: place("dissolve"),
    "one more place is offered": lambda: place("capacity"),
    "a pause ends": lambda: pause("wish"),
    "a consent is given again": lambda: pause("consent"),
    "a criterion is met again": lambda: pause("criterion"),
    "a yes is taken back": lambda: answer("yes"),
    "a no is taken back": lambda: answer("no"),
    "a question is answered": lambda: answer("question"),
    "a date is fixed again": date_given_up,
    "an offer is put again": offer_unanswered,
    "a place in a workshop is taken again": workshop_place,
    "a session is moved back": session_taken_out,
}
# Here the same row comes back; elsewhere a later step has a row of its own.
SAME_ROW = [name for name in CASES if "free again" in name or "offered" in name or "pause" in name]


def planned(case: Case) -> list[OutgoingMail]:
    rows = OutgoingMail.objects.filter(recipient=case.person, planned_for__isnull=False)
    if case.about is not None:
        rows = rows.filter(object_id=case.about.pk)
    return list(rows.filter(status="planned").order_by("due_at"))


@pytest.fixture(autouse=True)
def full_world(settings: Any, tmp_path: Any) -> None:
    settings.MAIL_URL = tmp_path.as_uri()
    factories.organisation()


@pytest.mark.parametrize("name", CASES)
def test_s16_a_reminder_comes_back_with_its_cause(name: str) -> None:
    case = CASES[name]()
    assert planned(case)
    case.withdraw()
    assert not planned(case)
    case.restore()
    rows = planned(case)
    assert rows
    assert list(reminders_planned(NOW + 2 * HOUR)) == []
    sweep(rows[0].due_at)
    rows[0].refresh_from_db()
    assert rows[0].status == "sent"
    assert list(OutgoingMail.objects.filter(status="failed")) == []


@pytest.mark.parametrize("name", SAME_ROW)
def test_s16_control_without_planning_again_it_stays_away(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planner, "plan_again", lambda *args, **values: 0)
    case = CASES[name]()
    case.withdraw()
    case.restore()
    assert not planned(case)


def test_s16_the_sweep_brings_it_back_where_no_verb_did() -> None:
    """Whatever the cause was: what is wanted and was withdrawn some minutes ago is planned again."""
    case = place("undo")
    OutgoingMail.objects.filter(pk=planned(case)[0].pk).update(status="cancelled", resolved_at=NOW)
    sweep(NOW + timedelta(minutes=1))
    assert not planned(case)  # perhaps a change that this sweep has not seen yet
    again = NOW + timedelta(minutes=6)
    sweep(again)
    [row] = planned(case)
    assert row.created_at == again  # its place in the list of mails is that of a new one


def test_s11_what_has_left_or_was_overtaken_does_not_come_back() -> None:
    case = place("undo")
    [row] = planned(case)
    sweep(row.due_at)
    case.withdraw()
    case.restore()
    sweep(row.due_at + HOUR)
    rows = OutgoingMail.objects.filter(object_id=row.object_id, kind="tandem-reminder-mentor")
    assert [one.status for one in rows] == ["sent"]
