"""The dates of a cohort as steps, for the start page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import formats
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.times import last_day
from programme.models import Cohort


@dataclass(frozen=True)
class ScheduleEntry:
    """One step: its date in short form, a title, and a description. ``to_get_in`` are those of people who
    apply."""

    when: str
    title: str
    text: str
    is_past: bool = False
    to_get_in: bool = False


def steps_of(cohort: Cohort, facts: dict[str, str], now: datetime) -> list[ScheduleEntry]:
    """The steps that have a date, in their order."""
    today = localtime(now).date()
    opens = localtime(cohort.applications_open_at).date()
    closes = last_day(cohort.applications_close_at)[0]
    first = cohort.kickoff_on or cohort.starts_on
    last = cohort.closing_on or cohort.ends_on
    steps = [
        ScheduleEntry(
            span(opens, closes) if now < cohort.applications_open_at else until(closes),
            _("Application"),
            _("Applications to this cohort are closed.")
            if now >= cohort.applications_close_at
            else _(
                "Tell us where you want to go and what you hope to gain from the tandem. "
                "We do not ask for marks."
            ),
            now >= cohort.applications_close_at,
            to_get_in=True,
        )
    ]
    if cohort.talks_from:
        end = cohort.talks_until or cohort.talks_from
        steps.append(
            ScheduleEntry(
                span(cohort.talks_from, end),
                _("Selection interview"),
                _("Half an hour with the coordinators. It is about you, not about your playing."),
                end < today,
                to_get_in=True,
            )
        )
    steps.append(
        ScheduleEntry(
            month(cohort.starts_on, today),
            _("Matching"),
            _(
                "You suggest mentors and we draw on our network. A tandem comes about "
                "only when both sides say yes."
            ),
            first < today,
        )
    )
    if cohort.kickoff_on:
        steps.append(
            ScheduleEntry(
                short(cohort.kickoff_on, today),
                _("Kick-off"),
                _("All the tandems get to know each other."),
                cohort.kickoff_on < today,
            )
        )
    steps.append(
        ScheduleEntry(
            months(first, last),
            _("Tandem and workshops"),
            _(
                "At least %(meetings)s a month. You choose the topics and propose the "
                "dates. There are also workshops of about %(workshop_hours)s hours in "
                "all, online and in person."
            )
            % facts,
            last < today,
        )
    )
    steps.append(
        ScheduleEntry(
            whole(last),
            _("Closing event"),
            _(
                "We look back together. You receive a certificate and, with enough workshop"
                " hours, %(points)s."
            )
            % facts,
            last < today,
        )
    )
    return steps


# ── dates in few words ───────────────────────────────────────────────────────
def _shape(german: str, english: str) -> str:
    return english if (get_language() or "de").startswith("en") else german


def short(day: date, today: date | None = None) -> str:
    """“23. Okt.” / “23 Oct”, with its year where that is not the year of ``today``."""
    if today is not None and day.year != today.year:
        return formats.date_format(day, _shape("j. N Y", "j M Y"))
    return formats.date_format(day, _shape("j. N", "j M"))


def whole(day: date) -> str:
    """“2. Juli 2027” / “2 July 2027”."""
    return formats.date_format(day, _shape("j. F Y", "j F Y"))


def until(day: date) -> str:
    """“bis 13. Sept.” / “until 13 Sep”."""
    return _("until %(day)s") % {"day": short(day)}


def span(first: date, last: date) -> str:
    """“21.–30. Sept.” / “21–30 Sep”, over two months “28. Sept.–2. Okt.”."""
    if first == last:
        return short(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{formats.date_format(first, _shape('j.', 'j'))}–{short(last)}"
    return f"{short(first)} – {short(last)}"


def month(day: date, today: date) -> str:
    """“Oktober” / “October”, with its year where that is not the year of ``today``."""
    return formats.date_format(day, "F" if day.year == today.year else "F Y")


def months(first: date, last: date) -> str:
    """“Okt. bis Juli” / “Oct to Jul”."""
    shape: Any = _shape("N", "M")
    return _("%(first)s to %(last)s") % {
        "first": formats.date_format(first, shape),
        "last": formats.date_format(last, shape),
    }
