"""The rules of dates and reports, as pure functions: they use no database and read no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from core.times import BERLIN, days_after, end_of_day, local, wall_time
from meetings.states import MeetingState

if TYPE_CHECKING:
    from programme.models import Cohort

MOST_DATES = 5
LONGEST = timedelta(hours=8)
HALF_A_DAY = timedelta(hours=12)


@dataclass(frozen=True, order=True)
class OfferedDate:
    """One date to offer: two moments with a zone, and the place."""

    starts_at: datetime
    ends_at: datetime
    place: str = ""


def check_date(offered: OfferedDate, cohort: Cohort, now: datetime) -> None:
    """Raises RuleViolation unless the date lies ahead, within the cohort, and lasts up to 8 hours."""
    if offered.starts_at <= now:
        raise RuleViolation(_("This time has already passed."), code="past")
    if not timedelta(0) < offered.ends_at - offered.starts_at <= LONGEST:
        raise RuleViolation(_("A meeting can last up to eight hours."), code="length")
    if not cohort.starts_on <= local(offered.starts_at).date() <= cohort.ends_on:
        raise RuleViolation(
            _("The cohort runs from %(first)s to %(last)s; please choose a day within that period.")
            % {"first": _plain_day(cohort.starts_on), "last": _plain_day(cohort.ends_on)},
            code="cohort",
        )


def check_dates(dates: Sequence[OfferedDate], cohort: Cohort, now: datetime) -> list[OfferedDate]:
    """The dates in their order in time. Raises RuleViolation for none, too many, two that begin at
    once, or one that ``check_date`` refuses."""
    if not dates:
        raise RuleViolation(_("Please offer at least one date."), code="none")
    if len(dates) > MOST_DATES:
        raise RuleViolation(
            _("Please offer at most %(most)d dates.") % {"most": MOST_DATES}, code="many"
        )
    for offered in dates:
        check_date(offered, cohort, now)
    if len({offered.starts_at for offered in dates}) < len(dates):
        raise RuleViolation(_("Two of the dates start at the same time."), code="twice")
    return sorted(dates)


def answer_deadline(now: datetime, first_start: datetime, days: int) -> datetime:
    """The deadline for an answer: the end of the day ``days`` from now, at the latest of the day before the
    first date; half of the remaining time where that would be less than twelve hours."""
    eve = end_of_day(local(first_start).date() - timedelta(days=1))
    deadline = min(days_after(now, days), eve)
    return deadline if deadline >= now + HALF_A_DAY else now + (first_start - now) / 2


def outcome(mentee: str, mentor: str) -> tuple[str, bool]:
    """The state that both reports lead to, and whether they differ: then it counts as held.

    At least one of them must be given; both are ``held``, ``missed`` or "".
    """
    given = {report for report in (mentee, mentor) if report}
    state = MeetingState.HELD if MeetingState.HELD in given else MeetingState.MISSED
    return state, len(given) == 2


def clock_note(day: date, clock: time) -> str:
    """A sentence where the local time does not exist or is ambiguous on that day, else "".

    In spring an hour is skipped: the time is shifted. In autumn an hour occurs twice: the first is meant.
    """
    meant = local(wall_time(day, clock))
    words = {"day": _plain_day(day), "asked": _plain_clock(clock)}
    if meant.time() != clock:
        return _(
            "On %(day)s the clocks go forward and there is no %(asked)s; we have used "
            "%(meant)s instead."
        ) % {**words, "meant": _plain_clock(meant.time())}
    wall = datetime.combine(day, clock, tzinfo=ZoneInfo(BERLIN))
    if wall.utcoffset() != wall.replace(fold=1).utcoffset():
        return (
            _(
                "On %(day)s the clocks go back and %(asked)s comes twice; we have used "
                "the first, in summer time."
            )
            % words
        )
    return ""


def _plain_day(day: date) -> str:
    return str(formats.date_format(day, "DATE_FORMAT"))


def _plain_clock(clock: time) -> str:
    return str(formats.time_format(clock, "TIME_FORMAT"))
