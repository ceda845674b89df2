"""The organisation, its coordinators and three cohorts: past, running, open for applications."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from accounts.models import User
from core.audit import Actor
from core.times import wall_time
from mentoring.devtools.demo.days import weekday
from mentoring.devtools.demo.stage import Stage
from programme import actions
from programme.models import Cohort, Organisation

OFFICE = "mentoring@hochschule.example"
# The running cohort is in its twelfth week, so that every step of a year occurs somewhere.
DAYS_RUNNING = 77
LENGTH = 302


@dataclass(frozen=True)
class Cohorts:
    """The three cohorts of the demo."""

    past: Cohort
    running: Cohort
    open: Cohort


def organisation(at: datetime, look: Mapping[str, Any]) -> Organisation:
    """The organisation that runs the programme, with its mailbox and, where given, a look of its own."""
    names = {
        "name_de": "Hochschule für Musik und Theater",
        "name_en": "University of Music and Theatre",
    }
    return actions.save_organisation(
        Organisation(
            **{**names, **look},
            office_phone="+49 341 555 0 628",
            signed_by="Katrin Behrend",
            address="Beispielstraße 8\n04107 Leipzig",
            represented_by="die Rektorin",
            supervised_by="das zuständige Staatsministerium",
        ),
        office_email=OFFICE,
        by=Actor.system(),
        now=at - timedelta(days=900),
        fields=[],
    )


def three(stage: Stage, coordinators: list[User]) -> Cohorts:
    """Enters the cohorts, oldest first, and assigns the coordinators."""
    first = stage.day(-DAYS_RUNNING)
    running = _enter(
        stage,
        first,
        probation_until=stage.day(-2),
        note_de="Der Stammtisch trifft sich an jedem ersten Mittwoch im Monat.",
        note_en="The informal get-together is on the first Wednesday of each month.",
    )
    past = _enter(stage, _year(first, -1))
    coming = _enter(
        stage,
        _year(first, 1),
        applications_open_at=wall_time(stage.day(-24), time(9)),
        applications_close_at=wall_time(stage.day(17), time(23, 59)),
        talks_from=weekday(stage.day(-4)),
        talks_until=weekday(stage.day(30)),
    )
    for cohort in (past, running, coming):
        for person in coordinators:
            actions.assign_coordinator(
                cohort, person, by=Actor.system(), now=_opened(cohort) - timedelta(days=20)
            )
    return Cohorts(past, running, coming)


def _year(day: date, years: int) -> date:
    """The same date in another year; the 29th of February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _opened(cohort: Cohort) -> datetime:
    return cohort.applications_open_at


def _enter(stage: Stage, first: date, **values: Any) -> Cohort:
    last = first + timedelta(days=LENGTH)
    usual: dict[str, Any] = {
        "name": f"{first.year}/{(first.year + 1) % 100:02}",
        "starts_on": first,
        "ends_on": last,
        "applications_open_at": wall_time(first - timedelta(days=150), time(9)),
        "applications_close_at": wall_time(first - timedelta(days=62), time(23, 59)),
        "talks_from": weekday(first - timedelta(days=55)),
        "talks_until": weekday(first - timedelta(days=40)),
        "kickoff_on": weekday(first + timedelta(days=6)),
        "probation_until": first + timedelta(days=75),
        "closing_on": weekday(last - timedelta(days=12)),
        "places": max(25, stage.sizes.mentees),
    }
    cohort = Cohort(**{**usual, **values})
    actions.enter_cohort(
        cohort, by=Actor.system(), now=cohort.applications_open_at - timedelta(days=20)
    )
    cohort.languages.set(stage.pick(stage.words.languages, "de en"))
    return cohort
