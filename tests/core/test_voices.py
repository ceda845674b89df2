"""Pieces for two voices: what is read, what a span of bars holds, and where it is drawn."""

from __future__ import annotations

import json
import re
from itertools import chain, pairwise
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.voices.drawing import Scale, draw
from core.voices.piece import Note, Piece, invention, parsed
from core.voices.svg import paths

FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def pieces(draw_one: Any) -> Piece:
    """Pieces of up to 12 bars of 4 to 16 sixteenths; notes of any length, over bar lines too."""
    bars, bar = draw_one(st.integers(1, 12)), draw_one(st.sampled_from([4, 6, 12, 16]))
    end = bars * bar
    quarters = st.integers(0, 4 * end - 1)
    notes = st.builds(
        lambda begin, length, pitch: Note(begin / 4, min(length, 4 * end - begin) / 4, pitch),
        quarters,
        st.integers(1, 4 * end),
        st.integers(0, 127),
    )
    voice = st.lists(notes, max_size=6).map(lambda found: tuple(sorted(found)))
    return Piece(bars, (draw_one(voice), draw_one(voice)), bar)


def sounding(piece: Piece, first: int, last: int) -> list[tuple[int, float, int]]:
    """Each quarter of a sixteenth in which a pitch of a voice sounds, counted from the piece's beginning."""
    shift = (first - 1) * piece.bar
    return sorted(
        (voice, shift + note.begin + step / 4, note.pitch)
        for voice, notes in enumerate(piece.span(first, last))
        for note in notes
        for step in range(int(note.length * 4))
    )


@FEW
@given(pieces(), st.data())
def test_spans_side_by_side_are_the_whole_piece(piece: Piece, data: Any) -> None:
    cut = data.draw(st.integers(0, piece.bars))
    halves = [(1, cut), (cut + 1, piece.bars)]
    parts = [sounding(piece, *half) for half in halves if half[0] <= half[1]]
    assert sorted(chain(*parts)) == sounding(piece, 1, piece.bars)


@FEW
@given(pieces(), st.data())
def test_heads_lie_in_the_drawing_and_say_their_notes(piece: Piece, data: Any) -> None:
    first = data.draw(st.integers(1, piece.bars))
    last = data.draw(st.integers(first, piece.bars))
    scale = Scale(sixteenth=8, gap=1, semitone=3, head=5)
    drawn = draw(piece, first, last, scale)
    assert (drawn.lines[0], drawn.lines[-1]) == (0, drawn.width)
    assert {right - left for left, right in pairwise(drawn.lines)} == {piece.bar * 8}
    assert drawn.is_end == (last == piece.bars)
    for head in drawn.heads:
        assert min(head.x, head.y) >= 0
        assert head.x + head.width <= drawn.width + scale.gap
        assert head.y + head.height <= drawn.height
        assert drawn.top - head.y / 3 == head.note.pitch
    assert [head.note for head in drawn.heads] == [
        note for voice in piece.span(first, last) for note in voice
    ]


def test_invention_is_drawn_to_its_last_chord() -> None:
    piece = invention()
    drawn = draw(piece, 21, 22)
    chord = [head for head in drawn.heads if head.note.begin == 16]
    assert [head.note.pitch for head in chord] == [72, 67, 64, 48, 36]
    assert drawn.is_end
    assert paths(drawn).end
    assert not paths(draw(piece, 1, 4)).end


def test_notes_can_be_read_from_the_path() -> None:
    piece, scale = invention(), Scale()
    drawn = draw(piece, 5, 6)
    read = [
        (
            (float(x) - scale.gap) / scale.sixteenth,
            (float(width) + 2 * scale.gap) / scale.sixteenth,
            drawn.top - (float(y) - scale.head / 2) / scale.semitone,
        )
        for x, y, width in re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)", paths(drawn).one)
    ]
    assert read == [tuple(note) for note in piece.span(5, 6)[0]]


GOOD: dict[str, Any] = {"bars": 2, "bar": 8, "title": "x", "voices": [[[0, 1, 60]], [[8, 8, 48]]]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"bars": 0}, "bars"),
        ({"bar": True}, "sixteenths"),
        ({"voices": [[]]}, "two lists"),
        ({"voices": [[], {}]}, "two lists"),
        ({"voices": [[[0, 1]], []]}, "begin, length and pitch"),
        ({"voices": [[[0, "1", 60]], []]}, "begin, length and pitch"),
        ({"voices": [[[15, 2, 60]], []]}, "outside"),
        ({"voices": [[[float("nan"), 1, 60]], []]}, "stored"),
        ({"voices": [[[0, float("inf"), 60]], []]}, "stored"),
        ({"title": "Menuett\0"}, "stored"),
        ({"composer": "\ud800"}, "stored"),
        ({"unit": float("nan")}, "stored"),
        ({"voices": [[[0, 1, 60.5]], []]}, "MIDI"),
        ({"voices": [[[0, 1, 60]] * 129, []]}, "128 notes"),
        ({"title": {"de": 1}}, "title"),
        ({"composer": None}, "composer"),
    ],
)
def test_broken_piece_is_refused_with_what_is_wrong(change: dict[str, Any], said: str) -> None:
    parsed(GOOD)
    with override("en"), pytest.raises(ValueError, match=said):
        parsed(GOOD | change)


def test_title_is_in_the_language_or_the_same_in_all() -> None:
    assert invention().title("de") != invention().title("en")
    assert parsed(GOOD).title("de") == parsed(GOOD).title("en") == "x"
    assert parsed(json.loads('{"bars": 1, "voices": [[], []]}')).title("de") == ""
