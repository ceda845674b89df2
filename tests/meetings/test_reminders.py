"""Reminders: exactly those of the date that holds, at the right hour, once (promises S10, S11, S12)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.audit import Actor
from core.links.models import ActionLink
from matching.mails import thread
from matching.models import Tandem
from matching.signals import tandem_ended
from meetings import actions, reminders
from meetings.models import Meeting
from outbox import claims
from outbox.models import OutgoingMail
from outbox.planner import plan
from tests import factories
from tests.factories import NOW
from tests.meetings.helpers import (
    HOUR,
    THREE,
    Pair,
    mails,
    offered,
    on,
    pair,
    proposal,
    scheduled,
)

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
BOTH = ("meeting-reminder-week", "meeting-reminder-day")


def waiting(meeting: Meeting) -> set[tuple[str, Any, datetime, int]]:
    rows = OutgoingMail.objects.about(meeting).filter(kind__in=BOTH, status="planned")
    return {(one.kind, one.recipient_id, one.due_at, one.schedule_version) for one in rows}


def expected(two: Pair, meeting: Meeting) -> set[tuple[str, Any, datetime, int]]:
    """Written from the promise, not from the code: the same clock a week before, 24 hours before."""
    if meeting.state != "scheduled":
        return set()
    assert meeting.starts_at
    assert meeting.fixed_at
    wall = meeting.starts_at.astimezone(BERLIN).replace(tzinfo=None)
    week = (wall - 7 * DAY).replace(tzinfo=BERLIN, fold=0).astimezone(UTC)
    moments = {BOTH[0]: week, BOTH[1]: meeting.starts_at - DAY}
    return {
        (kind, person.pk, due_at, meeting.schedule_version)
        for kind, due_at in moments.items()
        for person in (two.mentee, two.mentor)
        if due_at > meeting.fixed_at
    }


def test_a_fixed_date_has_its_four_reminders(two: Pair) -> None:
    meeting = scheduled(two)
    assert len(waiting(meeting)) == 4
    assert waiting(meeting) == expected(two, meeting)
    week = mails(meeting, "meeting-reminder-week")[0]
    assert week.useful_until == meeting.starts_at
    assert week.facts["agenda"] == "Mappe"
    assert week.thread == thread(two.tandem)  # meetings stand beside the mails of the tandem
    assert week.cohort_id == two.tandem.cohort_id


def test_a_date_within_the_week_has_no_reminder_of_the_week(two: Pair) -> None:
    meeting = scheduled(two, now=THREE[0].starts_at - 3 * DAY)
    assert {kind for kind, *_rest in waiting(meeting)} == {"meeting-reminder-day"}
    tomorrow = actions.move_meeting(
        meeting, by=two.by_mentee, now=THREE[0].starts_at - DAY, date=on("2026-10-14", "17:00")
    )
    assert waiting(tomorrow) == set()


def test_s11_a_moved_date_moves_its_reminders_in_the_same_transaction(two: Pair) -> None:
    meeting = scheduled(two)
    old = waiting(meeting)
    meeting = actions.move_meeting(meeting, by=two.by_mentor, now=NOW, date=on("2026-11-03"))
    assert waiting(meeting) == expected(two, meeting)
    assert not waiting(meeting) & old
    gone = OutgoingMail.objects.about(meeting).filter(kind__in=BOTH, status="cancelled")
    assert {one.schedule_version for one in gone} == {1}


def test_s11_an_undone_move_leaves_the_reminders_as_they_were(two: Pair) -> None:
    meeting = scheduled(two)
    before = waiting(meeting)

    @transaction.atomic
    def fail_after_moving() -> None:
        actions.move_meeting(meeting, by=two.by_mentor, now=NOW, date=on("2026-11-03"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_moving()
    assert waiting(meeting) == before


def test_s11_what_a_worker_holds_is_marked_as_withdrawn(two: Pair) -> None:
    meeting = scheduled(two)
    due = THREE[0].starts_at - 7 * DAY
    held = claims.claim(due, "worker", 10)
    assert {row.kind for row in held} >= {"meeting-reminder-week"}
    actions.cancel(meeting, by=two.by_mentee, now=due)
    reminder = OutgoingMail.objects.filter(kind="meeting-reminder-week", withdrawn_at=due)
    assert reminder.count() == 2
    assert waiting(meeting) == set()


def test_s11_giving_up_cancelling_and_the_end_of_the_tandem_withdraw_reminders(two: Pair) -> None:
    meeting = actions.offer_again(
        scheduled(two), by=two.by_mentee, now=NOW, dates=[on("2026-11-03")]
    )
    assert waiting(meeting) == set()
    meeting = actions.pick_date(
        meeting, by=two.by_mentor, now=NOW, proposal_id=proposal(meeting).pk
    )
    assert waiting(meeting) == expected(two, meeting)
    tandem_ended.send(Tandem, obj=two.tandem, by=Actor.system(), now=NOW)
    assert waiting(meeting) == set()


def test_the_sweep_finds_everything_planned_already(two: Pair) -> None:
    scheduled(two)
    offered(two, [on("2026-12-03")])
    before = OutgoingMail.objects.count()
    assert not +plan(reminders.wanted(NOW), NOW)
    assert OutgoingMail.objects.count() == before


def test_the_sweep_plans_again_what_was_lost(two: Pair) -> None:
    meeting = scheduled(two)
    before = waiting(meeting)
    OutgoingMail.objects.filter(kind__in=BOTH).delete()
    plan(reminders.wanted(NOW), NOW)
    assert waiting(meeting) == before


def test_s10_after_a_standstill_one_reminder_leaves_and_none_for_the_past(two: Pair) -> None:
    meeting = scheduled(two)
    late = THREE[0].starts_at - timedelta(hours=23)
    claims.tidy_up(late)
    rows = OutgoingMail.objects.about(meeting).filter(kind__in=BOTH)
    assert {(one.kind, one.status) for one in rows} == {
        ("meeting-reminder-week", "missed"),
        ("meeting-reminder-day", "planned"),
    }
    claims.tidy_up(THREE[0].starts_at + HOUR)
    assert {one.status for one in rows.all()} == {"missed"}
    assert rows.needs_a_person().count() == 2


@pytest.mark.parametrize("day", ["2027-03-28", "2027-10-31", "2028-03-26", "2028-10-29"])
@pytest.mark.parametrize("clock", ["00:30", "02:30", "03:30", "17:30"])
def test_s12_reminders_around_the_change_of_the_clocks(day: str, clock: str) -> None:
    start = date.fromisoformat(day)
    cohort = factories.cohort(f"um {day}", starts_on=start - 30 * DAY, ends_on=start + 60 * DAY)
    one = factories.mentee(of=cohort)
    other = factories.mentor()
    two = Pair(factories.tandem("active", mentee=one, mentor=other), one.user, other.user)
    now = on(start - 20 * DAY, "12:00").starts_at
    for ahead in range(9):  # every day of the week whose reminder crosses the change
        meeting = scheduled(two, [on(start + ahead * DAY, clock)], now=now)
        assert waiting(meeting) == expected(two, meeting)
        week = mails(meeting, BOTH[0])[0].due_at.astimezone(BERLIN)
        if clock != "02:30":
            assert f"{week:%H:%M}" == clock


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["move", "offer_again", "pick", "refuse", "sweep", "wait", "agenda"]),
        st.integers(min_value=0, max_value=40 * 96),
    ),
    max_size=7,
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=MOVES)
def test_s11_whatever_happens_exactly_the_reminders_of_the_current_date_wait(
    two: Pair, moves: list[tuple[str, int]]
) -> None:
    """The dates lie in the weeks around the end of summer time, by quarters of an hour."""
    with transaction.atomic():
        now, meeting = NOW, scheduled(two, [on("2026-11-20")])
        for verb, number in moves:
            now += timedelta(minutes=7)
            start = on("2026-10-10", "00:00").starts_at + number * timedelta(minutes=15)
            fresh = on(start.astimezone(BERLIN).date(), f"{start.astimezone(BERLIN):%H:%M}")
            if verb == "sweep":
                plan(reminders.wanted(now), now)
            elif verb == "wait":
                now += timedelta(hours=number % 50)
            elif verb == "agenda":
                meeting = actions.change_agenda(
                    meeting, by=two.by_mentee, now=now, agenda=str(number)
                )
            elif verb == "move" and meeting.state == "scheduled":
                meeting = actions.move_meeting(meeting, by=two.by_mentor, now=now, date=fresh)
            elif verb == "offer_again":
                meeting = actions.offer_again(meeting, by=two.by_mentee, now=now, dates=[fresh])
            elif verb == "refuse" and meeting.state == "proposed":
                meeting = actions.refuse_dates(meeting, by=two.by_mentor, now=now, word=str(number))
            elif verb == "pick" and meeting.state == "proposed":
                meeting = actions.pick_date(
                    meeting, by=two.by_mentor, now=now, proposal_id=proposal(meeting).pk
                )
            assert waiting(meeting) == expected(two, meeting)
            facts = {str(one.facts["agenda"]) for one in mails(meeting, BOTH[1])}
            assert facts <= {meeting.agenda}
        transaction.set_rollback(True)


# ── answers ──────────────────────────────────────────────────────────────────
def test_an_unanswered_offer_is_recalled_two_days_before_its_deadline(two: Pair) -> None:
    meeting = offered(two)
    assert meeting.answer_by
    (mail,) = mails(meeting, "date-answer-reminder")
    assert (mail.recipient, mail.due_at) == (two.mentor, on("2026-09-18", "09:00").starts_at)
    assert mail.useful_until == meeting.answer_by
    assert mail.link is not None
    assert mail.link.object_id == meeting.pk
    meeting = actions.pick_date(
        meeting, by=two.by_mentor, now=NOW, proposal_id=proposal(meeting).pk
    )
    assert not mails(meeting, "date-answer-reminder")


def test_the_mentee_is_reminded_of_the_mentors_dates_without_a_link(two: Pair) -> None:
    meeting = actions.refuse_dates(
        offered(two), by=two.by_mentor, now=NOW, dates=[on("2026-11-03")]
    )
    (mail,) = mails(meeting, "date-answer-reminder")
    assert (mail.recipient, mail.link) == (two.mentee, None)


def test_l6_the_mentees_reminder_never_carries_the_mentors_link(two: Pair) -> None:
    """Whatever plans it: the verb, a change of the agenda while the mentor's link lives on, the sweep."""
    meeting = actions.refuse_dates(
        offered(two), by=two.by_mentor, now=NOW, dates=[on("2026-11-03")]
    )
    assert ActionLink.objects.about("pick-date", meeting).live().exists()
    for plan_it in (
        lambda: None,
        lambda: actions.change_agenda(meeting, by=two.by_mentee, now=NOW, agenda="Anders"),
        lambda: plan(reminders.wanted(NOW), NOW),
    ):
        plan_it()
        (mail,) = mails(meeting, "date-answer-reminder")
        assert (mail.recipient, mail.link) == (two.mentee, None)
    OutgoingMail.objects.filter(kind="date-answer-reminder").delete()
    plan(reminders.wanted(NOW), NOW)
    (mail,) = mails(meeting, "date-answer-reminder")
    assert (mail.recipient, mail.link) == (two.mentee, None)


def test_the_mentors_reminder_planned_by_the_sweep_carries_the_link_that_holds(two: Pair) -> None:
    meeting = actions.offer_again(offered(two), by=two.by_mentee, now=NOW, dates=[on("2026-11-03")])
    OutgoingMail.objects.filter(kind="date-answer-reminder").delete()
    plan(reminders.wanted(NOW), NOW)
    (mail,) = mails(meeting, "date-answer-reminder")
    assert mail.link == ActionLink.objects.about("pick-date", meeting).live().get()


def test_a_short_deadline_has_no_reminder(two: Pair) -> None:
    meeting = offered(two, now=THREE[0].starts_at - 2 * DAY)
    assert not mails(meeting, "date-answer-reminder")


def test_other_dates_bring_a_reminder_with_the_new_link(two: Pair) -> None:
    meeting = actions.offer_again(
        offered(two), by=two.by_mentee, now=NOW + HOUR, dates=[on("2026-11-03")]
    )
    (mail,) = mails(meeting, "date-answer-reminder")
    assert mail.link is not None
    assert mail.link.closed_at is None
    assert not +plan(reminders.wanted(NOW + HOUR), NOW + HOUR)


def test_the_time_table_asks_the_same_number_of_questions_however_many_meetings() -> None:
    def ask() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            list(reminders.wanted(NOW))
        return len(caught)

    for number in range(2):
        two = pair(mentee=f"Mentee {number}", mentor=f"Mentor {number}")
        scheduled(two)
        offered(two, [on("2026-12-03")])
    few = ask()
    for number in range(2, 12):
        two = pair(mentee=f"Mentee {number}", mentor=f"Mentor {number}")
        scheduled(two)
        offered(two, [on("2026-12-03")])
    assert ask() == few == 2
    assert len(list(reminders.wanted(NOW))) == 12 * 5


def test_nobody_is_reminded_who_is_gone(two: Pair) -> None:
    meeting = scheduled(two)
    two.tandem.mentor.user = None
    two.tandem.mentor.save()
    again = Meeting.objects.with_people().get(pk=meeting.pk)
    assert {one.recipient_id for one in reminders.of_meeting(again)} == {two.mentee.pk}
