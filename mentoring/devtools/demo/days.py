"""Days on which the university is closed; nothing in the demo data falls on one."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from core.times import local, wall_time

# Public holidays of Saxony with a fixed date, as (month, day).
FIXED = {(1, 1), (5, 1), (10, 3), (10, 31)}
# Days after Easter Sunday: Good Friday, Easter Monday, Ascension Day, Whit Monday.
AROUND_EASTER = (-2, 1, 39, 50)


def is_closed(day: date) -> bool:
    """Sundays, public holidays, and the days around Christmas and the turn of the year."""
    if day.weekday() == 6 or (day.month, day.day) in FIXED:
        return True
    if (day.month, day.day) >= (12, 22) or (day.month, day.day) <= (1, 6):
        return True
    easter = easter_of(day.year)
    return any(day == easter + timedelta(days=days) for days in AROUND_EASTER)


def on_a_weekday(moment: datetime) -> datetime:
    """The moment itself or, at the same local time, the next day from Monday to Friday that is no holiday."""
    here = local(moment)
    day = here.date()
    while day.weekday() > 4 or is_closed(day):
        day += timedelta(days=1)
    return wall_time(day, here.time())


def weekday(day: date) -> date:
    """The day itself or the next from Monday to Friday that is no holiday."""
    return local(on_a_weekday(wall_time(day, time(12)))).date()


def easter_of(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = (a + 11 * d + 22 * e) // 451
    month, day = divmod(d + e - 7 * f + 114, 31)
    return date(year, month, day + 1)
