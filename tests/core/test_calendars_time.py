"""Time zones in calendar files and wall-clock time (promise S12)."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ical import invitation
from core.times import (
    before,
    days_after,
    end_of_day,
    local,
    moment_of,
    wall_time,
)
from tests.core.calendar_samples import (
    STAMP,
    an_event,
    at,
    every_reader,
)
from tests.core.rfc5546_client import READERS, written_zone

DST_DAYS = [
    dt.date(2027, 3, 28),
    dt.date(2027, 10, 31),
    dt.date(2028, 3, 26),
    dt.date(2028, 10, 29),
]


@every_reader
@pytest.mark.parametrize("day", DST_DAYS)
def test_every_quarter_of_a_dst_night_survives_the_file(day: dt.date, reader: str) -> None:
    """Also the hour that local time names twice: its second half is written in UTC."""
    midnight = wall_time(day, dt.time())
    events = [
        an_event(uid=f"{n}@x", starts_at=start, ends_at=start + dt.timedelta(minutes=15))
        for n in range(24)
        for start in [midnight + n * dt.timedelta(minutes=15)]
    ]
    for event in events:
        [message] = READERS[reader](invitation(event, stamped_at=STAMP))
        assert (message.starts_at, message.ends_at) == (event.starts_at, event.ends_at)


def test_the_written_time_zone_agrees_with_the_zone_data() -> None:
    """Asked every 5 hours of 2026 to 2036."""
    zone = written_zone(invitation(an_event(), stamped_at=STAMP))
    moment = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    while moment.year < 2037:
        wall = local(moment)
        if not wall.fold:
            assert wall.replace(tzinfo=zone).utcoffset() == wall.utcoffset()
        moment += dt.timedelta(hours=5)


# --- S12: an independent rule to compare with ------------------------------------------------


def last_sunday_1h_utc(year: int, month: int) -> dt.datetime:
    last = dt.datetime(year, month, 31, 1)
    return last - dt.timedelta(days=(last.weekday() + 1) % 7)


CHANGES = {
    year: (last_sunday_1h_utc(year, 3), last_sunday_1h_utc(year, 10)) for year in range(2025, 2038)
}
HOUR = dt.timedelta(hours=1)
QUARTER = dt.timedelta(minutes=15)
FIRST = dt.datetime(2026, 1, 1)
QUARTERS = (dt.datetime(2037, 1, 1) - FIRST) // QUARTER


def rule_utc(wall: dt.datetime) -> dt.datetime:
    """Directive 2000/84/EC by hand: naive Berlin wall time to naive UTC, S12 for gap and fold."""
    spring, autumn = CHANGES[wall.year]
    in_gap_or_winter = wall < spring + 2 * HOUR or wall >= autumn + 2 * HOUR
    return wall - (HOUR if in_gap_or_winter else 2 * HOUR)


def rule_wall(moment: dt.datetime) -> dt.datetime:
    spring, autumn = CHANGES[moment.year]
    return moment + (2 * HOUR if spring <= moment < autumn else HOUR)


def naive(moment: dt.datetime) -> dt.datetime:
    assert moment.tzinfo is dt.UTC
    return moment.replace(tzinfo=None)


def assert_s12(wall: dt.datetime) -> None:
    stored = wall_time(wall.date(), wall.time())
    assert naive(stored) == rule_utc(wall)
    shown = local(stored).replace(tzinfo=None, fold=0)
    spring = CHANGES[wall.year][0]
    in_gap = spring + HOUR <= wall < spring + 2 * HOUR
    assert shown == (wall + HOUR if in_gap else wall)
    assert naive(before(stored, hours=1)) == rule_utc(wall) - HOUR
    assert naive(before(stored, hours=24)) == rule_utc(wall) - 24 * HOUR
    assert naive(before(stored, days=7)) == rule_utc(shown - dt.timedelta(days=7))


def assert_s12_of_a_moment(moment: dt.datetime) -> None:
    """Every stored moment, the second of a doubled hour too, not only those wall times name."""
    aware = moment.replace(tzinfo=dt.UTC)
    wall = rule_wall(moment)
    assert local(aware).replace(tzinfo=None, fold=0) == wall
    assert naive(before(aware, days=1)) == rule_utc(wall - dt.timedelta(days=1))
    assert naive(before(aware, days=7)) == rule_utc(wall - dt.timedelta(days=7))
    assert before(aware, hours=24) == aware - dt.timedelta(hours=24)


@settings(max_examples=600, deadline=None)
@given(st.integers(0, QUARTERS - 1))
def test_s12_any_quarter_of_an_hour_from_2026_to_2036(quarter: int) -> None:
    assert_s12(FIRST + quarter * QUARTER)
    assert_s12_of_a_moment(FIRST + quarter * QUARTER)


def test_s12_every_quarter_around_every_change_from_2026_to_2036() -> None:
    """From eight days before each change to eight after: where the offsets can go wrong."""
    for year in range(2026, 2037):
        for change in CHANGES[year]:
            for n in range(-8 * 96, 8 * 96):
                assert_s12(change + n * QUARTER)
                assert_s12_of_a_moment(change + n * QUARTER)


def test_s12_the_whole_span_in_steps_of_97_quarters() -> None:
    """97 is prime to the 96 quarters of a day, so every time of day comes up in every season."""
    for quarter in range(0, QUARTERS, 97):
        assert_s12(FIRST + quarter * QUARTER)


@pytest.mark.parametrize("day", DST_DAYS)
def test_s12_fixed_days_by_quarter(day: dt.date) -> None:
    midnight = dt.datetime.combine(day, dt.time())
    assert rule_wall(CHANGES[day.year][0 if day.month == 3 else 1]).date() == day
    for n in range(96):
        assert_s12(midnight + n * QUARTER)


@pytest.mark.parametrize(
    ("day", "clock", "stored", "shown"),
    [
        ("2027-03-28", "01:59", "2027-03-28T00:59", "01:59"),
        ("2027-03-28", "02:00", "2027-03-28T01:00", "03:00"),
        ("2027-03-28", "02:30", "2027-03-28T01:30", "03:30"),
        ("2027-03-28", "03:00", "2027-03-28T01:00", "03:00"),
        ("2027-10-31", "01:59", "2027-10-30T23:59", "01:59"),
        ("2027-10-31", "02:00", "2027-10-31T00:00", "02:00"),
        ("2027-10-31", "02:30", "2027-10-31T00:30", "02:30"),
        ("2027-10-31", "03:00", "2027-10-31T02:00", "03:00"),
        ("2028-03-26", "02:15", "2028-03-26T01:15", "03:15"),
        ("2028-10-29", "02:45", "2028-10-29T00:45", "02:45"),
    ],
)
def test_s12_gap_shifts_forward_and_fold_takes_the_first(
    day: str, clock: str, stored: str, shown: str
) -> None:
    date, time = dt.date.fromisoformat(day), dt.time.fromisoformat(clock)
    moment = wall_time(date, time)
    assert moment == dt.datetime.fromisoformat(f"{stored}+00:00")
    assert local(moment).strftime("%H:%M") == shown
    assert wall_time(date, time.replace(fold=1)) == moment


@pytest.mark.parametrize(
    ("moment", "offset", "wanted"),
    [
        # Seven days by the clock on the wall, over a change: 167 and 169 hours.
        (("2027-03-30", "10:00"), {"days": 7}, "2027-03-23T09:00"),
        (("2027-11-03", "10:00"), {"days": 7}, "2027-10-27T08:00"),
        # A day before falls into the gap and into the doubled hour.
        (("2027-03-29", "02:30"), {"days": 1}, "2027-03-28T01:30"),
        (("2027-11-01", "02:30"), {"days": 1}, "2027-10-31T00:30"),
        # Hours are absolute, so the clock shows another hour the day before.
        (("2027-03-28", "10:00"), {"hours": 24}, "2027-03-27T08:00"),
        (("2027-10-31", "10:00"), {"hours": 24}, "2027-10-30T09:00"),
        (("2027-03-28", "03:30"), {"hours": 1}, "2027-03-28T00:30"),
        (("2027-03-29", "10:00"), {"days": 1, "hours": 2}, "2027-03-28T06:00"),
        # A negative offset lies after.
        (("2027-10-30", "10:00"), {"days": -1}, "2027-10-31T09:00"),
    ],
)
def test_s12_days_go_by_the_wall_and_hours_by_the_world(
    moment: tuple[str, str], offset: dict[str, int], wanted: str
) -> None:
    assert before(at(*moment), **offset) == dt.datetime.fromisoformat(f"{wanted}+00:00")  # type: ignore[arg-type]


def test_s12_what_has_no_clear_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        local(dt.datetime(2027, 1, 1))
    with pytest.raises(ValueError, match="time zone"):
        before(dt.datetime(2027, 1, 1), days=1)
    with pytest.raises(ValueError, match="without a zone"):
        wall_time(dt.date(2027, 1, 1), dt.time(10, tzinfo=dt.UTC))


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2027-03-28T02:30", 1),  # does not exist: 03:30 in summer time
        ("2027-10-31T02:30", 0),  # twice: the first
        ("2027-03-28T02:30+00:00", 2),
        ("2027-03-28T02:30Z", 2),
    ],
)
def test_s12_a_moment_that_is_typed_is_berlins_unless_it_says_so(text: str, hour: int) -> None:
    assert moment_of(text) == dt.datetime.fromisoformat(text[:10] + f"T{hour:02}:30Z")


@pytest.mark.parametrize("text", ["gestern", "", "2027-13-01", "31.12.2026"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        moment_of(text)


def test_deadlines_end_with_the_day_in_berlin() -> None:
    """In winter time from 25 October on; nine in the evening of the 15th, in UTC, is still the 15th there."""
    assert end_of_day(dt.date(2026, 10, 25)).isoformat() == "2026-10-25T22:59:00+00:00"
    assert end_of_day(dt.date(2026, 10, 24)).isoformat() == "2026-10-24T21:59:00+00:00"
    late = dt.datetime(2026, 9, 15, 21, tzinfo=dt.UTC)
    assert days_after(late, 1).isoformat() == "2026-09-16T21:59:00+00:00"
