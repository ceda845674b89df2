"""Next actions and the desk: what waits for whom."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from core.appointments import appointments
from core.times import wall_time
from core.todo import DeskItem, NextAction
from matching.models import Tandem
from meetings import actions, todo
from meetings.models import Meeting
from mentees.models import Mentee
from programme.models import Cohort
from tests import factories
from tests.factories import NOW
from tests.meetings.helpers import HOUR, THREE, Pair, offered, on, pair, proposal, scheduled

pytestmark = pytest.mark.django_db
OCTOBER = on("2026-10-20", "12:00").starts_at


@pytest.fixture(autouse=True)
def _german() -> Any:
    with translation.override("de"):
        yield


def next_actions(person: Any, now: datetime) -> list[NextAction]:
    tandems = list(Tandem.objects.of_members(person, Mentee.objects.of(person).first()))
    return todo.next_actions(tandems, Meeting.objects.of_tandems(tandems), (), person, now)


def titles(person: Any, now: datetime) -> list[str]:
    return [str(next_action.title) for next_action in next_actions(person, now)]


def body(next_action: Any) -> str:
    return render_to_string(
        next_action.template, {"next_action": next_action, **next_action.context}
    )


def test_a_confirmed_tandem_without_a_date_is_to_propose_some(two: Pair) -> None:
    (next_action,) = next_actions(two.mentee, NOW)
    assert next_action.title == "Wann treffen Sie sich im Oktober?"  # the cohort begins in October
    assert next_action.deadline == on("2026-10-31", "23:59").starts_at
    assert 'data-action="propose-dates"' in body(next_action)
    assert titles(two.mentor, NOW) == []


def test_whoever_has_a_date_this_month_has_nothing_to_do(two: Pair) -> None:
    scheduled(two)
    assert titles(two.mentee, NOW) == []
    assert titles(two.mentee, on("2026-11-01", "00:00").starts_at) == [
        "Hat das Treffen stattgefunden?",
        "Wann treffen Sie sich im November?",
    ]


def test_an_open_offer_waits_for_the_mentor(two: Pair) -> None:
    meeting = offered(two)
    assert titles(two.mentee, NOW) == []
    (next_action,) = next_actions(two.mentor, NOW)
    assert (next_action.title, next_action.deadline) == (
        "Wann treffen Sie sich?",
        meeting.answer_by,
    )
    page = body(next_action)
    assert 'name="pick-date"' in page
    assert "checked" not in page
    assert "17.30–18.30\N{NO-BREAK SPACE}Uhr" in page


def test_the_mentors_dates_wait_for_the_mentee(two: Pair) -> None:
    actions.refuse_dates(offered(two), by=two.by_mentor, now=NOW, dates=[on("2026-11-03")])
    assert titles(two.mentor, NOW) == []
    assert titles(two.mentee, NOW) == ["Wann treffen Sie sich?"]


def test_dates_that_suited_nobody_or_found_no_answer_ask_for_others(two: Pair) -> None:
    meeting = actions.refuse_dates(offered(two), by=two.by_mentor, now=NOW, word="Im November?")
    (next_action,) = next_actions(two.mentee, NOW)
    assert next_action.title == "Andere Termine anbieten"
    assert "Im November?" in body(next_action)
    actions.offer_again(meeting, by=two.by_mentee, now=NOW, dates=THREE)
    late = NOW + timedelta(days=6)
    actions.pass_deadlines(late)
    (next_action,) = next_actions(two.mentee, late)
    assert "kein Termin rechtzeitig gewählt" in body(next_action)


def test_both_are_asked_whether_it_took_place(two: Pair) -> None:
    meeting = scheduled(two)
    after = THREE[0].ends_at + HOUR
    assert titles(two.mentor, after) == ["Hat das Treffen stattgefunden?"]
    (next_action,) = next_actions(two.mentee, after)
    assert 'name="report-meeting"' in body(next_action)
    actions.report_held(meeting, by=two.by_mentee, now=after)
    assert titles(two.mentee, after) == []


def test_nothing_waits_after_the_cohort_or_outside_a_tandem(two: Pair) -> None:
    assert titles(two.mentee, on("2026-10-14").starts_at + timedelta(days=400)) == []
    assert titles(factories.person(), NOW) == []
    waiting_pair = pair("mentor_asked", mentee="Noah Bergmann", mentor="Ida Czerny")
    assert titles(waiting_pair.mentee, NOW) == []


def test_next_actions_ask_the_same_number_of_questions(two: Pair) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as caught:
            next_actions(two.mentee, OCTOBER + timedelta(days=60))
        return len(caught)

    scheduled(two)
    few = count()
    for day in range(1, 28):
        scheduled(two, [on(f"2026-11-{day:02}")])
    assert count() == few <= 3


# ── appointments ──────────────────────────────────────────────────────────────
def test_meetings_are_engagements_of_both(two: Pair) -> None:
    meeting = scheduled(two)
    start, end = THREE[0].starts_at, THREE[0].ends_at
    (one,) = appointments(two.mentee.pk, start, end)
    assert (one.title, one.starts_at) == ("Treffen mit Henrike Osterloh", start)
    assert str(meeting.pk) in one.url
    (other,) = appointments(two.mentor.pk, start + HOUR / 2, end + HOUR)
    assert other.title == "Treffen mit Leyla Arslan"
    assert appointments(two.mentee.pk, end, end + HOUR) == []
    assert appointments(factories.person().pk, start, end) == []
    actions.cancel(meeting, by=two.by_mentee, now=NOW)
    assert appointments(two.mentee.pk, start, end) == []


# ── the desk ─────────────────────────────────────────────────────────────────
def desk_items(user: Any, now: datetime) -> list[DeskItem]:
    return todo.desk_items([*Cohort.objects.coordinated_by(user)], now)


def desk(user: Any, now: datetime) -> dict[str, int]:
    return {str(item.title): item.count for item in desk_items(user, now)}


def test_the_desk_is_empty_when_everybody_meets(two: Pair) -> None:
    coordinator = factories.coordinator(two.tandem.cohort)
    scheduled(two)
    assert desk(coordinator, NOW) == {}


def test_the_desk_shows_offers_without_an_answer(two: Pair) -> None:
    coordinator = factories.coordinator(two.tandem.cohort)
    meeting = offered(two)
    late = NOW + timedelta(days=6)
    actions.pass_deadlines(late)
    (item,) = desk_items(coordinator, late)
    assert (item.count, item.urgent) == (1, True)
    assert item.title == "Terminangebot blieb ohne Antwort"
    assert item.detail == "das älteste seit Montag, 21. September"
    assert item.url.endswith("?waiting=unanswered")
    actions.pick_date(meeting, by=two.by_mentor, now=late, proposal_id=proposal(meeting).pk)
    assert desk(coordinator, late) == {}


def begun(two: Pair, day: date) -> None:
    cohort = two.tandem.cohort
    cohort.starts_on = day
    cohort.save()


def test_the_weeks_without_a_meeting_count_from_the_first_day_of_the_cohort(two: Pair) -> None:
    coordinator = factories.coordinator(two.tandem.cohort)
    begun(two, date(2026, 10, 15))  # a month after the tandem was confirmed
    first = wall_time(date(2026, 10, 15), time(12))
    assert desk(coordinator, first + timedelta(days=41)) == {}
    assert len(desk(coordinator, first + timedelta(days=42))) == 1


def test_the_desk_shows_tandems_that_have_not_met_for_six_weeks(two: Pair) -> None:
    coordinator = factories.coordinator(two.tandem.cohort)
    begun(two, date(2026, 9, 1))
    quiet = "Tandem hat sich seit sechs Wochen nicht getroffen"
    assert desk(coordinator, NOW + timedelta(days=41)) == {}
    assert desk(coordinator, NOW + timedelta(days=42)) == {quiet: 1}
    meeting = scheduled(two)
    assert desk(coordinator, NOW + timedelta(days=42)) == {}
    since = THREE[0].starts_at
    actions.report_missed(meeting, by=two.by_mentee, now=since)
    assert desk(coordinator, since + timedelta(days=20)) == {quiet: 1}
    actions.report_held(meeting, by=two.by_mentor, now=since)
    assert quiet not in desk(coordinator, since + timedelta(days=41))
    assert quiet in desk(coordinator, since + timedelta(days=43))


def test_the_desk_shows_reports_that_differ_and_only_ones_own_cohorts(two: Pair) -> None:
    coordinator = factories.coordinator(two.tandem.cohort)
    stranger = factories.coordinator(factories.cohort("2025/26"))
    after = THREE[0].ends_at
    meeting = actions.report_missed(scheduled(two), by=two.by_mentee, now=after)
    actions.report_held(meeting, by=two.by_mentor, now=after)
    assert desk(coordinator, after) == {"Treffen mit abweichenden Rückmeldungen": 1}
    assert desk(stranger, after) == {}
    with CaptureQueriesContext(connection) as caught:
        desk_items(coordinator, after)
    assert len(caught) == 2  # the cohorts, too; none of them runs for six weeks yet
