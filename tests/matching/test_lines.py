"""A tandem's year as two lines: the rule of ``docs/lines.md``."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.lines import BAR, BOTH, FIGURES, Event, Kind, year

ROUNDS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FIRST, LAST = date(2026, 10, 1), date(2027, 7, 31)
SINGLE = st.sampled_from([Kind.ASKED, Kind.AGREED])
JOINT = st.sampled_from([Kind.MET, Kind.WORKSHOP, Kind.COMPLETED])
DAYS = st.integers(-40, 330).map(lambda number: FIRST + timedelta(days=number))
EVENTS = st.lists(
    st.builds(Event, DAYS, JOINT, st.just(BOTH))
    | st.builds(Event, DAYS, SINGLE, st.sampled_from([(0,), (1,)])),
    max_size=40,
)


@ROUNDS
@given(EVENTS, st.randoms())
def test_same_events_give_the_same_notes_in_any_order(events: list[Event], chance: Any) -> None:
    drawn = year(events, FIRST, LAST)
    chance.shuffle(events)
    again = year(events, FIRST, LAST)
    assert (again.piece.voices, again.months) == (drawn.piece.voices, drawn.months)
    assert [drawn.months[0], drawn.months[-1]] == [FIRST, LAST.replace(day=1)]


@ROUNDS
@given(EVENTS)
def test_each_event_is_drawn_in_its_month_and_voices_never_overlap(events: list[Event]) -> None:
    piece, months = year(events, FIRST, LAST)
    for bar, month in enumerate(months, 1):
        here = [one for one in events if min(max(one.day, FIRST), LAST).replace(day=1) == month]
        for voice, notes in enumerate(piece.span(bar, bar)):
            figures = [FIGURES[one.kind][voice] for one in here if voice in one.voices]
            assert len(notes) == sum(map(len, figures))
            assert all(0 <= note.pitch <= 127 for note in notes)
            for before, after in pairwise(sorted(notes)):
                chord = before.begin == after.begin
                assert chord or before.end <= after.begin
            assert all(note.end <= BAR for note in notes)


@ROUNDS
@given(EVENTS)
def test_year_grows_and_a_later_month_changes_no_earlier_one(events: list[Event]) -> None:
    begun = [Event(FIRST - timedelta(days=60), Kind.ASKED, (0,)), *events]
    later = Event(LAST, Kind.MET)
    short, long = year(begun, FIRST, LAST), year([*begun, later], FIRST, LAST)
    before = short.piece.bars - 1
    assert long.piece.span(1, before) == short.piece.span(1, before)
    assert [len(voice) for voice in long.piece.voices] == [
        len(voice) + 3 for voice in short.piece.voices
    ]


def test_who_was_asked_and_agreed_begins_below_the_first_meeting() -> None:
    before = FIRST - timedelta(days=30)
    asked = [Event(before, kind, (voice,)) for voice in BOTH for kind in (Kind.ASKED, Kind.AGREED)]
    for voice in year(
        [*asked, Event(FIRST + timedelta(days=40), Kind.MET)], FIRST, LAST
    ).piece.voices:
        pitches = [note.pitch for note in voice]
        assert pitches == sorted(pitches)


def test_each_meeting_lets_both_lines_rise_by_a_step() -> None:
    met = [Event(date(2026, 11, 5) + timedelta(days=31 * number), Kind.MET) for number in range(4)]
    piece = year(met, FIRST, LAST).piece
    for voice, tonic in zip(piece.voices, (72, 60), strict=True):
        assert [note.pitch - tonic for note in voice[::3]] == [0, 2, 4, 5]  # c, d, e, f
    upper, lower = piece.span(2, 2)
    assert [note.begin for note in lower] == [note.begin + 1 for note in upper[:2]] + [
        upper[2].begin + 1
    ]
