"""Attendance and the hours it makes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from core.audit.models import AuditEvent
from core.errors import RuleViolation
from tests import factories
from tests.conftest import NOW
from tests.workshops.helpers import BEGINS, OFFICE, add_session, join, leave, mentee, workshop
from workshops import actions, credits
from workshops.credits import Credit, Entry
from workshops.models import Attendance, Registration, Session

pytestmark = pytest.mark.django_db
AFTER = BEGINS + timedelta(hours=4)


def entries(person: Any, **when: Any) -> list[Entry]:
    return credits.entries(Registration.objects.of(person).with_hours(), **when)


def credit(person: Any, cohort: Any) -> Credit:
    return credits.credit(Registration.objects.of(person).with_hours(), cohort)


def first(where: object) -> Session:
    return Session.objects.filter(workshop=where).order_by("starts_at")[0]


def test_presence_is_recorded_in_minutes_and_can_be_corrected() -> None:
    where = workshop()
    one = join(where)
    record = actions.record_attendance
    assert record(first(where), one, "present", by=OFFICE, now=AFTER).minutes == 180
    assert record(first(where), one, "present", 90, by=OFFICE, now=AFTER).minutes == 90
    assert record(first(where), one, "excused", 90, by=OFFICE, now=AFTER).minutes == 0
    record(first(where), one, "excused", by=OFFICE, now=AFTER)
    entry = Attendance.objects.get()
    assert AuditEvent.objects.of(entry).count() == 3


@pytest.mark.parametrize("minutes", [0, -1, 181])
def test_minutes_stay_within_the_session(minutes: int) -> None:
    where = workshop()
    with pytest.raises(RuleViolation) as refused:
        actions.record_attendance(
            first(where), join(where), "present", minutes, by=OFFICE, now=AFTER
        )
    assert refused.value.field == "minutes"


def test_attendance_belongs_to_a_place_in_this_workshop_once_it_began() -> None:
    where, other = workshop(1), workshop()
    one, waiting = join(where), join(where)
    for session, registration, presence, now in (
        (first(where), one, "present", BEGINS - timedelta(minutes=1)),
        (first(other), one, "present", AFTER),
        (first(where), waiting, "present", AFTER),
        (first(where), one, "perhaps", AFTER),
    ):
        with pytest.raises(RuleViolation):
            actions.record_attendance(session, registration, presence, by=OFFICE, now=now)
    assert not Attendance.objects.exists()


def test_c3_attendance_is_recorded_for_the_session_as_it_is_now() -> None:
    where = workshop()
    one, before = join(where), first(where)
    starts = BEGINS + timedelta(days=1)
    planned = actions.PlannedSession(starts, starts + timedelta(hours=1), before.pk)
    actions.change_workshop(where, by=OFFICE, now=NOW, values={}, sessions=[planned])
    with pytest.raises(RuleViolation) as early:
        actions.record_attendance(before, one, "present", by=OFFICE, now=AFTER)
    assert early.value.code == "early"
    later = starts + timedelta(hours=2)
    assert actions.record_attendance(before, one, "present", by=OFFICE, now=later).minutes == 60


def test_nothing_is_recorded_for_a_session_that_was_taken_out() -> None:
    where = workshop()
    one, gone = join(where), add_session(where, days=7)
    kept = [actions.PlannedSession(one.starts_at, one.ends_at, one.pk) for one in [first(where)]]
    actions.change_workshop(where, by=OFFICE, now=NOW, values={}, sessions=kept)
    with pytest.raises(RuleViolation) as refused:
        actions.record_attendance(gone, one, "present", by=OFFICE, now=gone.ends_at)
    assert refused.value.code == "session"
    assert not Attendance.objects.exists()


def test_a_sheet_is_recorded_whole_or_not_at_all() -> None:
    where = workshop(1)
    placed, waiting = join(where), join(where)
    lines: dict[Any, Any] = {placed.pk: ("present", None), waiting.pk: ("absent", None)}
    with pytest.raises(RuleViolation):
        actions.record_sheet(first(where), by=OFFICE, now=AFTER, lines=lines)
    assert not Attendance.objects.exists()
    del lines[waiting.pk]
    [entry] = actions.record_sheet(first(where), by=OFFICE, now=AFTER, lines=lines).values()
    assert (entry.registration_id, entry.minutes) == (placed.pk, 180)


def test_hours_count_what_was_attended_and_what_is_on_its_way() -> None:
    person = mentee()
    cohort = factories.cohort()
    attended, ahead, waiting = workshop(), workshop(), workshop(1)
    add_session(attended, days=14)
    join(waiting)
    mine = [join(where, person) for where in (attended, ahead, waiting)]
    actions.record_attendance(first(attended), mine[0], "present", 120, by=OFFICE, now=AFTER)
    found = credit(person, cohort)
    assert (found.minutes, found.soon_minutes) == (120, 180 + 180)
    assert (found.needed_minutes, found.whole_minutes, found.points) == (2400, 4800, 4)
    assert credit(factories.person(), cohort).minutes == 0
    assert sorted((one.minutes, one.of_minutes, one.rank) for one in entries(person)) == [
        (0, 180, 0),
        (0, 180, 1),
        (120, 360, 0),
    ]


def test_hours_of_another_cohort_and_another_person_do_not_count() -> None:
    """Both what was attended and what is on its way."""
    person, mine, other = mentee(), factories.cohort(), factories.cohort("2027/28")
    here, there, ahead = workshop(), workshop(of=other), workshop(of=other)
    for where in (here, there):
        by_office = actions.give_extra_place(where, person, by=OFFICE, now=NOW)
        actions.record_attendance(first(where), by_office, "present", 60, by=OFFICE, now=BEGINS)
    actions.give_extra_place(ahead, person, by=OFFICE, now=NOW)
    join(here)
    assert (credit(person, mine).minutes, credit(person, mine).soon_minutes) == (60, 0)
    assert (credit(person, other).minutes, credit(person, other).soon_minutes) == (60, 180)


def test_the_look_of_an_entry_says_how_far_it_is() -> None:
    person = mentee()
    looks = {}
    for presence, minutes in (("present", None), ("present", 60), ("absent", None), ("", None)):
        where = workshop()
        registration = join(where, person)
        if presence:
            actions.record_attendance(
                first(where), registration, presence, minutes, by=OFFICE, now=AFTER
            )
        looks[registration.pk] = (presence, minutes)
    found = {looks[one.registration.pk]: one.look for one in entries(person)}
    assert found == {
        ("present", None): "done",
        ("present", 60): "running",
        ("absent", None): "off",
        ("", None): "fixed",
    }


def test_hours_stay_when_somebody_leaves_later() -> None:
    where, person = workshop(), mentee()
    add_session(where, days=14)
    mine = join(where, person)
    actions.record_attendance(first(where), mine, "present", by=OFFICE, now=AFTER)
    actions.cancel_registration(mine, by=OFFICE, now=AFTER)
    assert credit(person, factories.cohort()).minutes == 180


def test_a_cancelled_registration_is_left_out_of_the_list() -> None:
    person = mentee()
    leave(join(workshop(), person))
    assert entries(person) == []


def test_the_list_asks_the_same_number_of_questions_for_many(
    django_assert_num_queries: CaptureQueriesContext,
) -> None:
    person = mentee()
    for _ in range(2):
        join(workshop(), person)
    with django_assert_num_queries(3):  # type: ignore[operator]
        entries(person)
    for _ in range(8):
        join(workshop(), person)
    with django_assert_num_queries(3):  # type: ignore[operator]
        entries(person)


def test_who_still_waits_when_the_workshop_begins_is_told_that_no_place_became_free() -> None:
    where, person = workshop(1), mentee()
    join(where)
    join(where, person)
    (before,) = entries(person, now=BEGINS - timedelta(seconds=1))
    (after,) = entries(person, now=BEGINS)
    assert (before.left_out, before.look) == (False, "open")
    assert (after.left_out, after.look) == (True, "off")
