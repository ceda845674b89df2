"""The bars of the piece on a page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.utils.translation import get_language

from core.voices.drawing import LARGE, Scale, draw
from core.voices.piece import Piece
from core.voices.svg import Paths, paths
from mentoring.public.bars import bars_of_parts, piece_of, span_of

register = template.Library()
BAND = Scale(semitone=2, head=3)
PART = Scale(semitone=1, head=2.5)


@register.inclusion_tag("public/includes/voices.html", takes_context=True)
def voices(context: Any, large: bool = False, page: str = "") -> dict[str, Any]:
    """The bars of the page that is shown, or of ``page``, with a caption that says what they are; ``large`` on
    a cover, with a sentence about the piece. Nothing without a piece, or on a page that is not in
    ``bars.PAGES``."""
    match = context["request"].resolver_match
    piece = piece_of(context.get("organisation"))
    span = span_of(page or match.url_name, piece) if piece and match else None
    if piece is None or span is None:
        return {"paths": None}
    return {
        "paths": _drawn(piece, *span, LARGE if large else BAND),
        "large": large,
        "about": piece.about(get_language() or "de") if large else "",
        **_caption(piece, *span),
    }


@register.inclusion_tag("mentees/includes/parts.html", takes_context=True)
def form_parts(context: Any, steps: Sequence[Any]) -> dict[str, Any]:
    """The parts of the application form as links, each with a bar that fills once the part is answered
    (``steps.js``)."""
    piece = piece_of(context.get("organisation"))
    if piece is None:
        return {"parts": [(step, None) for step in steps]}
    bars = bars_of_parts(len(steps), piece)
    around = min(bars), max(bars)
    return {
        "parts": [
            (step, _drawn(piece, bar, bar, PART, around))
            for step, bar in zip(steps, bars, strict=True)
        ],
        "drawn": True,
        **_caption(piece, *around),
    }


@lru_cache(maxsize=64)
def _drawn(
    piece: Piece, first: int, last: int, scale: Scale, around: tuple[int, int] | None = None
) -> Paths:
    """The drawing of the bars; the last ones made are kept in the process."""
    return paths(draw(piece, first, last, scale, around))


def _caption(piece: Piece, first: int, last: int) -> dict[str, Any]:
    language = get_language() or "de"
    return {
        "first": first,
        "last": last,
        "title": piece.title(language),
        "composer": piece.composer,
    }
