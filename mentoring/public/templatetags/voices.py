"""The bars of the piece on a page."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language

from core.voices.drawing import LARGE, Scale, draw
from core.voices.svg import paths
from mentoring.public.bars import piece_of, span_of

register = template.Library()
BAND = Scale(semitone=2, head=3)


@register.inclusion_tag("public/includes/voices.html", takes_context=True)
def voices(context: Any, large: bool = False) -> dict[str, Any]:
    """The bars of the page that is shown, with a caption that says what they are; ``large`` on a cover, with
    a sentence about the piece. Nothing without a piece, or on a page that is not in ``bars.PAGES``."""
    match = context["request"].resolver_match
    piece = piece_of(context.get("organisation"))
    span = span_of(match.url_name, piece) if piece and match else None
    if piece is None or span is None:
        return {"paths": None}
    language = get_language() or "de"
    return {
        "paths": paths(draw(piece, *span, LARGE if large else BAND)),
        "large": large,
        "first": span[0],
        "last": span[1],
        "title": piece.title(language),
        "composer": piece.composer,
        "about": piece.about(language) if large else "",
    }
