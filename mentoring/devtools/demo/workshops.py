"""Workshops: twenty a year, Tuesdays online and Fridays on site, with places, waiting lists and attendance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from accounts.models import User
from core.times import wall_time
from mentees.models import Mentee
from mentoring.devtools.demo.days import is_closed
from mentoring.devtools.demo.material.offers import OFFERS, ONLINE_ROOM, ROOMS
from mentoring.devtools.demo.network import Network
from mentoring.devtools.demo.stage import Stage, as_person
from outbox.actions import muted
from programme.models import Cohort
from workshops import actions
from workshops.models import Attendance, Registration, Session, Workshop
from workshops.states import RegistrationState

TUESDAY, FRIDAY = 1, 4
# Weeks without a workshop: holidays.
PAUSES = {6, 12, 13}
CANCELLED, DRAFTS, IN_TWO_PARTS, CROWDED = {9}, 3, {1}, {3, 10, 12, 14}
PAST_WORKSHOPS = 6


def _days(cohort: Cohort, number: int, every: int = 1) -> list[date]:
    """This many workshop days, this many weeks apart; none in the holidays."""
    monday, week = _monday(cohort), 0
    found: list[date] = []
    while len(found) < number:
        day = monday + timedelta(weeks=every * week, days=FRIDAY if len(found) % 2 else TUESDAY)
        if week not in PAUSES and not is_closed(day):
            found.append(day)
        week += 1
    return found


def _sessions(day: date, number: int) -> list[actions.PlannedSession]:
    if number % 2 == 0:
        spans = [(time(9), time(12))]
    elif number in IN_TWO_PARTS:
        spans = [(time(9, 30), time(11, 45)), (time(12, 15), time(14, 30))]
    else:
        spans = [(time(9, 30), time(14, 30))]
    return [actions.PlannedSession(wall_time(day, a), wall_time(day, b)) for a, b in spans]


def _workshop(
    stage: Stage, cohort: Cohort, number: int, day: date, created_at: datetime
) -> Workshop:
    offer, online = OFFERS[number % len(OFFERS)], number % 2 == 0
    again = number // len(OFFERS)
    begins = wall_time(day, time(9))
    return actions.create_workshop(
        Workshop(
            cohort=cohort,
            title=f"{offer.title} ({again + 1})" if again else offer.title,
            summary=offer.summary,
            description=offer.description,
            led_by=offer.led_by,
            place="" if online else ROOMS[number // 2 % len(ROOMS)],
            online=online,
            access=ONLINE_ROOM
            if online
            else "Der Eingang ist im Hof, bitte bei der Pforte melden.",
            language="en" if offer.english else "de",
            capacity=offer.capacity,
            registration_closes_at=begins - timedelta(days=2),
        ),
        by=stage.by,
        now=created_at,
        sessions=_sessions(day, number),
    )


def _monday(cohort: Cohort) -> date:
    """The Monday of the cohort's second full week."""
    first = cohort.starts_on + timedelta(days=7)
    return first + timedelta(days=-first.weekday() % 7)


def of_the_past(stage: Stage, cohort: Cohort, mentees: Sequence[Mentee]) -> None:
    """Some of the workshops of the past year, held, with all attendance."""
    with muted():
        for number, day in enumerate(_days(cohort, PAST_WORKSHOPS, every=4)):
            announced = wall_time(day, time(12)) - timedelta(days=40)
            workshop = _workshop(stage, cohort, number, day, announced)
            workshop = actions.publish_workshop(workshop, by=stage.by, now=announced)
            people = [one.user for one in stage.rng.sample(list(mentees), min(9, len(mentees)))]
            places = _register(stage, workshop, people, announced + timedelta(days=3))
            _record(stage, workshop, places)


def of_the_year(stage: Stage, cohort: Cohort, network: Network) -> None:
    """Held ones with attendance, the last one still to be recorded; future ones with free places, full ones
    with a waiting list; one cancelled; the last ones still drafts."""
    announced = wall_time(cohort.starts_on, time(10)) - timedelta(days=12)
    number_of_all = stage.sizes.workshops
    plan = list(enumerate(_days(cohort, number_of_all)))
    later = [number for number, day in plan if day > stage.day(10) and number not in CANCELLED]
    drafts = {*later[:1], *later[-DRAFTS + 1 :]}
    held = [number for number, day in plan if day < stage.today]
    taking_part = Mentee.objects.taking_part().filter(cohort=cohort)
    people = [one.user for one in taking_part.select_related("user").order_by("user__email")]
    mentors = [one.user for one in network.active if one.user is not None]
    with muted():
        for number, day in plan:
            workshop = _workshop(stage, cohort, number, day, announced)
            if number in drafts:
                continue
            workshop = actions.publish_workshop(workshop, by=stage.by, now=announced)
            crowd = _crowd(stage, workshop, people, mentors, number)
            places = _register(stage, workshop, crowd, announced + timedelta(days=2))
            if number in CANCELLED:
                actions.cancel_workshop(
                    workshop,
                    by=stage.by,
                    now=min(wall_time(day, time(9)) - timedelta(days=3), stage.hours_ago(3)),
                    reason="Die Leitung ist erkrankt; wir suchen einen neuen Termin.",
                )
            elif day < stage.today:
                if number != held[-1]:
                    _record(stage, workshop, places)
            elif number in CROWDED and places:
                _moves_up(stage, workshop, places)


def _crowd(
    stage: Stage, workshop: Workshop, people: list[User], mentors: list[User], number: int
) -> list[User]:
    """The people who register: for popular workshops a few more than there are places."""
    rng = stage.rng
    wanted = workshop.capacity + 3 if number in CROWDED else rng.randint(5, workshop.capacity)
    chosen = rng.sample(people, min(wanted, len(people)))
    if mentors and rng.random() < 0.4:
        chosen.insert(rng.randrange(len(chosen) + 1), rng.choice(mentors))
    return chosen


def _register(
    stage: Stage, workshop: Workshop, people: Sequence[User], since: datetime
) -> list[Registration]:
    """Registers one after the other, a few hours apart."""
    found = []
    for number, person in enumerate(people):
        role = "mentee" if Mentee.objects.filter(user=person).exists() else "mentor"
        now = since + timedelta(hours=3 * number, minutes=stage.rng.randrange(60))
        by = as_person(person, role)
        found.append(actions.register(workshop, person, by=by, now=now))
    return [one for one in found if one.state == RegistrationState.CONFIRMED]


def _record(stage: Stage, workshop: Workshop, places: Sequence[Registration]) -> None:
    """Attendance at each session: most were present, some late, some excused."""
    for session in Session.objects.filter(workshop=workshop).order_by("starts_at"):
        for registration in places:
            presence, minutes = _presence(stage, session)
            actions.record_attendance(
                session,
                registration,
                presence,
                minutes,
                by=stage.by,
                now=min(session.ends_at + timedelta(hours=1), stage.at),
            )


def _presence(stage: Stage, session: Session) -> tuple[str, int | None]:
    chance = stage.rng.random()
    if chance < 0.82:
        return Attendance.Presence.PRESENT.value, None
    if chance < 0.88:
        return Attendance.Presence.PRESENT.value, session.minutes - 45
    if chance < 0.96:
        return Attendance.Presence.EXCUSED.value, None
    return Attendance.Presence.ABSENT.value, None


def _moves_up(stage: Stage, workshop: Workshop, places: Sequence[Registration]) -> None:
    """Somebody gave a place back the day before yesterday; the first of the waiting list has it now."""
    left = places[-1]
    actions.cancel_registration(left, by=as_person(left.person, "person"), now=stage.some_hour(-2))
