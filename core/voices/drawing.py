"""The geometry of a span of bars: heads of notes and bar lines in pixels, origin at the top left.

A head is a rectangle as long as its note sounds; higher notes stand higher. Whoever draws it, on a page or in
a picture, takes the numbers from here. A drawing may be stretched in width: thickness and height stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from core.voices.piece import Note, Piece


class Scale(NamedTuple):
    """How large things are, in pixels."""

    sixteenth: float = 10  # the width of a sixteenth note, with the gap on both sides
    gap: float = 1  # left free at each end of a note
    semitone: float = 4  # the step from one pitch to the next
    head: float = 4  # the thickness of a head


class Head(NamedTuple):
    """One note drawn; ``y`` is its top."""

    voice: int  # 0 the upper, 1 the lower
    x: float
    y: float
    width: float
    height: float
    note: Note


LARGE = Scale()  # the four bars of the start page


@dataclass(frozen=True)
class Drawing:
    """Two voices over a span of bars."""

    width: float
    height: float
    heads: tuple[Head, ...]  # the upper voice first, each from left to right
    lines: tuple[float, ...]  # x of each bar line, the first and the last at the ends
    is_end: bool  # whether the last line is the end of the piece
    top: int  # the highest pitch, whose head is at y = 0
    scale: Scale


def draw(
    piece: Piece, first: int, last: int, scale: Scale = LARGE, around: tuple[int, int] | None = None
) -> Drawing:
    """Bars ``first`` to ``last`` (from 1, both included), from the highest to the lowest pitch in them, or in
    the bars ``around`` them: drawings of bars side by side then have one height."""
    voices = piece.span(first, last)
    pitches = [
        note.pitch for voice in piece.span(*(around or (first, last))) for note in voice
    ] or [0]
    top, bar = max(pitches), piece.bar * scale.sixteenth
    heads = tuple(
        Head(
            voice,
            note.begin * scale.sixteenth + scale.gap,
            (top - note.pitch) * scale.semitone,
            max(note.length * scale.sixteenth - 2 * scale.gap, scale.gap),
            scale.head,
            note,
        )
        for voice, notes in enumerate(voices)
        for note in notes
    )
    return Drawing(
        width=(last - first + 1) * bar,
        height=(top - min(pitches)) * scale.semitone + scale.head,
        heads=heads,
        lines=tuple(number * bar for number in range(last - first + 2)),
        is_end=last == piece.bars,
        top=top,
        scale=scale,
    )
