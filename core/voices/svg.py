"""A drawing as the path data of an SVG: one path for each voice, its heads as strokes as thick as a head.

A head is ``M<x> <y>h<width>`` with ``y`` in its middle, so that a script can read the notes from the path.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from core.voices.drawing import Drawing


class Paths(NamedTuple):
    """The ``d`` attributes of a drawing and its numbers as texts: templates would write them by language."""

    view: str  # the viewBox
    height: str
    head: str  # the width of the strokes of one and two
    one: str
    two: str
    lines: str
    end: str  # the thick line after the last bar; empty within the piece
    data: Mapping[str, str]  # what a script needs to read the notes: see play.js


def paths(drawing: Drawing) -> Paths:
    """The drawing as path data."""
    one, two = (
        "".join(
            f"M{_said(head.x)} {_said(head.y + head.height / 2)}h{_said(head.width)}"
            for head in drawing.heads
            if head.voice == voice
        )
        for voice in (0, 1)
    )
    height, last = _said(drawing.height), drawing.lines[-1]
    thin = drawing.lines[:-1] + (
        (last - drawing.scale.sixteenth / 4,) if drawing.is_end else (last,)
    )
    return Paths(
        view=f"0 0 {_said(drawing.width)} {height}",
        height=height,
        head=_said(drawing.scale.head),
        one=one,
        two=two,
        lines="".join(f"M{_said(x)} 0v{height}" for x in thin),
        end=f"M{_said(last)} 0v{height}" if drawing.is_end else "",
        data={
            "sixteenth": _said(drawing.scale.sixteenth),
            "gap": _said(drawing.scale.gap),
            "semitone": _said(drawing.scale.semitone),
            "middle": _said(drawing.scale.head / 2),  # of the head of the highest pitch
            "top": str(drawing.top),
        },
    )


def _said(number: float) -> str:
    """The number with at most two decimals, as short as can be."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
