"""A tandem's year as a piece for two voices: the mentee above, the mentor below, a bar for each month.

The notes are what happened, never what was said or written. The rule is in ``docs/lines.md``; the same events
give the same notes.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from core.voices.piece import Note, Piece

BAR = 8  # sixteenths, for a month
LONGEST = 4  # sixteenths of a figure
TONICS = 72, 60  # c'' of the mentee, c' of the mentor
SCALE = 0, 2, 4, 5, 7, 9, 11  # semitones of the steps of C major
STEPS = 14  # two octaves, then the lines begin again below


class Kind(StrEnum):
    """What can happen, in the order in which it is drawn on one day."""

    ASKED = "asked"  # one of the two was asked
    AGREED = "agreed"  # one of the two said yes
    MET = "met"
    WORKSHOP = "workshop"  # both were there
    COMPLETED = "completed"


BOTH = (0, 1)
# By kind, the notes of each voice: begin and length in sixteenths, steps above the line's present height.
_CALL, _YES = ((0, 2, -3),), ((0, 1, -3), (1, 2, 0))
FIGURES: dict[Kind, tuple[tuple[tuple[int, int, int], ...], tuple[tuple[int, int, int], ...]]] = {
    Kind.ASKED: (_CALL, _CALL),
    Kind.AGREED: (_YES, _YES),
    Kind.MET: (((0, 1, 0), (1, 1, 1), (2, 2, 2)), ((1, 1, 0), (2, 1, 1), (3, 1, 2))),
    Kind.WORKSHOP: (((0, 4, 2),), ((0, 4, 0),)),
    Kind.COMPLETED: (((0, 4, 0), (0, 4, 2), (0, 4, 4)), ((0, 4, 0), (0, 4, 7))),
}
_ORDER = list(Kind)


class Event(NamedTuple):
    """Something that happened on a day, to the mentee (0), the mentor (1) or both."""

    day: date
    kind: Kind
    voices: tuple[int, ...] = BOTH


class Year(NamedTuple):
    """The piece, and the month of each of its bars as its first day."""

    piece: Piece
    months: list[date]


def year(events: Iterable[Event], first: date, last: date) -> Year:
    """The year of a tandem in a cohort from ``first`` to ``last``; what happened before or after is told on its
    first or last day."""
    within = [one._replace(day=min(max(one.day, first), last)) for one in events]
    told = sorted(within, key=lambda one: (one.day, _ORDER.index(one.kind), one.voices))
    months = _months(first, last)
    voices: tuple[list[Note], list[Note]] = ([], [])
    met = 0
    for bar, month in enumerate(months):
        here = [one for one in told if one.day.replace(day=1) == month]
        found, met = _notes(here, met)
        for voice, note in _fitted(found):
            voices[voice].append(note._replace(begin=note.begin + bar * BAR))
    return Year(Piece(len(months), (tuple(voices[0]), tuple(voices[1])), BAR), months)


def _notes(events: list[Event], met: int) -> tuple[list[tuple[int, Note]], int]:
    """The notes of one month, counted from its beginning, and the number of meetings up to its end."""
    found, free = [], [0, 0]  # where each voice is silent again
    for event in events:
        met += event.kind == Kind.MET
        height = 0 if event.kind == Kind.COMPLETED else max(met - 1, 0) % STEPS
        days = monthrange(event.day.year, event.day.month)[1]
        place = (event.day.day - 1) * (BAR - LONGEST + 1) // days
        begin = max(place, *(free[voice] for voice in event.voices))
        for voice in event.voices:
            figure = FIGURES[event.kind][voice]
            found += [
                (voice, Note(begin + at, length, _pitch(voice, height + step)))
                for at, length, step in figure
            ]
            free[voice] = begin + max(at + length for at, length, _step in figure)
    return found, met


def _fitted(notes: list[tuple[int, Note]]) -> list[tuple[int, Note]]:
    """The notes drawn together where there are more than the month has room for, in 1024ths of a sixteenth:
    binary fractions, so that sums are exact and nothing reaches into the next month."""
    end = max((note.end for _voice, note in notes), default=0)
    if end <= BAR:
        return notes

    def at(place: float) -> float:
        return int(place * BAR * 1024 / end) / 1024

    return [
        (voice, Note(at(note.begin), at(note.end) - at(note.begin), note.pitch))
        for voice, note in notes
    ]


def _pitch(voice: int, step: int) -> int:
    octave, degree = divmod(step, len(SCALE))
    return TONICS[voice] + 12 * octave + SCALE[degree]


def _months(first: date, last: date) -> list[date]:
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [
        date(first.year + (first.month - 1 + number) // 12, (first.month - 1 + number) % 12 + 1, 1)
        for number in range(count)
    ]
