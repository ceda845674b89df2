"""Local clock times and the UTC that is stored (promise S12).

Reads no clock: every moment is an argument.
"""

import datetime as dt
from zoneinfo import ZoneInfo

BERLIN = "Europe/Berlin"  # the clock of everybody who takes part


def local(moment: dt.datetime) -> dt.datetime:
    """Return `moment` in Berlin's zone. Raises ValueError for a moment without a zone."""
    return aware(moment, "moment").astimezone(ZoneInfo(BERLIN))


def wall_time(date: dt.date, time: dt.time) -> dt.datetime:
    """Return the moment, in UTC, at which the clock in Berlin shows `time` on `date`.

    Promises S12: a time that does not exist (spring) shifts forward by the gap, 02:30 becomes
    03:30; a time that exists twice (autumn) means the first. Both are what `fold=0` says
    (PEP 495), so a `fold` left in `time` by an earlier conversion is dropped.
    Raises ValueError when `time` carries a zone of its own.
    """
    if time.tzinfo is not None:
        raise ValueError("time must be a plain clock time without a zone")
    wall = dt.datetime.combine(date, time.replace(fold=0), tzinfo=ZoneInfo(BERLIN))
    return wall.astimezone(dt.UTC)


def last_day(deadline: dt.datetime) -> tuple[dt.date, bool]:
    """Return the last day in Berlin on which `deadline` is kept, and whether that whole day counts.

    A deadline at midnight ends with the day before: the 16th at 0:00 is the 15th at 24:00.
    """
    wall = local(deadline)
    whole = wall.time() == dt.time(0)
    return wall.date() - dt.timedelta(days=whole), whole


def end_of_day(day: dt.date) -> dt.datetime:
    """Return the last minute of `day` in Berlin, in UTC: deadlines end with a day."""
    return wall_time(day, dt.time(23, 59))


def days_after(moment: dt.datetime, days: int) -> dt.datetime:
    """Return the end of the day that lies `days` after the day of `moment` in Berlin."""
    return end_of_day(local(moment).date() + dt.timedelta(days=days))


def midnight(*, german: bool) -> str:
    """How midnight at the end of a day is written in a sentence or a time span."""
    return "24\N{NO-BREAK SPACE}Uhr" if german else "midnight"


def moment_of(text: str) -> dt.datetime:
    """Return the moment of an ISO 8601 text, in UTC; without a zone, Berlin time is assumed.

    Raises ValueError for anything else.
    """
    found = dt.datetime.fromisoformat(text)
    if found.tzinfo is None:
        return wall_time(found.date(), found.time())
    return found.astimezone(dt.UTC)


def before(moment: dt.datetime, *, days: int = 0, hours: float = 0) -> dt.datetime:
    """Return the moment, in UTC, that lies `days` and `hours` before `moment`.

    `days` go by the calendar in Berlin: "7 days before" a meeting at 10:00 is 10:00 there,
    also when the clocks changed in between (then 167 or 169 hours lie between, and the gap
    and fold rules of `wall_time` hold). `hours` are absolute time: "24 hours before" is
    always 24 hours. Both together: first the days, then the hours. A negative offset lies
    after the moment.
    """
    result = aware(moment, "moment").astimezone(dt.UTC)
    if days:
        wall = local(moment)
        result = wall_time(wall.date() - dt.timedelta(days=days), wall.time())
    return result - dt.timedelta(hours=hours)


def aware(moment: dt.datetime, name: str) -> dt.datetime:
    """``moment`` itself. Raises ValueError, naming it ``name``, when it has no zone."""
    if moment.utcoffset() is None:
        raise ValueError(f"{name} must carry a time zone")
    return moment
