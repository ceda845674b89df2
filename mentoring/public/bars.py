"""Which bars of the piece stand on which page: whoever walks through the site walks through the piece."""

from __future__ import annotations

import json
from functools import lru_cache

from core.voices.piece import Piece, invention, parsed
from programme.models import Drawn, Organisation

# The public pages by the name of their address, in their order, and how many bars each has. After the last
# bar comes the first; a page whose bars would pass the end has those up to it.
PAGES = {
    "start": 4,
    "about_mentees": 2,
    "about_mentors": 2,
    "about_matching": 2,
    "workshops": 2,
    "workshop": 2,
    "mentors": 2,
    "mentor_join": 2,
    "contact": 2,
    "account_login": 2,
    "imprint": 2,
    "privacy": 2,
    "accessibility": 2,
}
# The pages after something was sent end the piece.
ENDINGS = frozenset({"apply_sent", "contact_received", "mentor_join_received"})
END = 2  # bars


def piece_of(organisation: Organisation | None) -> Piece | None:
    """The piece that is drawn on the organisation's pages; None where it wants none."""
    if not organisation or organisation.drawn == Drawn.BUILT_IN:  # a lazy None is no None
        return invention()
    return _own(json.dumps(organisation.piece)) if organisation.drawn == Drawn.OWN else None


@lru_cache(maxsize=4)
def _own(text: str) -> Piece:
    """The piece of this JSON; the same object as long as the text is the same."""
    return parsed(json.loads(text))


def span_of(page: str, piece: Piece) -> tuple[int, int] | None:
    """The first and the last bar on the page of this name; None for a page without bars."""
    if page in ENDINGS:
        return max(piece.bars - END, 0) + 1, piece.bars
    last = 0
    for name, count in PAGES.items():
        first = last % piece.bars + 1
        last = min(first + count - 1, piece.bars)
        if name == page:
            return first, last
    return None


def bars_of_parts(count: int, piece: Piece) -> list[int]:
    """A bar for each of the ``count`` parts of the application form: those before the page that follows it."""
    first = piece.bars - END - count
    return [(first + number) % piece.bars + 1 for number in range(count)]
