"""A second university: other names, colours and bars, to see that nothing of the first one is built in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from programme.models import Drawn

# "Frère Jacques", traditional: (pitch, length in sixteenths), line by line; each is sung twice.
_LINES = (
    ((60, 4), (62, 4), (64, 4), (60, 4)),
    ((64, 4), (65, 4), (67, 8)),
    ((67, 2), (69, 2), (67, 2), (65, 2), (64, 4), (60, 4)),
    ((60, 4), (55, 4), (60, 8)),
)
_BAR = 16
_ROUNDS = 2  # how often each voice sings the whole
_ENTRY = 2  # bars after which the second voice begins


def canon() -> dict[str, Any]:
    """The canon for two voices as the JSON of a piece; the second voice is an octave lower."""
    return {
        "title": {"de": "Bruder Jakob", "en": "Frère Jacques"},
        "about": {
            "de": "Ein Kanon: Die zweite Stimme singt dasselbe, zwei Takte später.",
            "en": "A canon: the second voice sings the same, two bars later.",
        },
        "bars": _ROUNDS * 2 * len(_LINES) + _ENTRY,
        "voices": [list(_sung(0, 0)), list(_sung(_ENTRY, -12))],
    }


def _sung(first: int, transposed: int) -> Iterator[list[int]]:
    """The notes of one voice that begins after ``first`` bars."""
    at = first * _BAR
    for _round in range(_ROUNDS):
        for line in _LINES:
            for pitch, length in line * 2:
                yield [at, length, pitch + transposed]
                at += length


def second() -> dict[str, Any]:
    """The settings of the second university, by field of ``Organisation``."""
    return {
        "name_de": "Hochschule der Künste am Hafen",
        "name_en": "Harbour University of the Arts",
        "programme_name": "Zweiklang",
        "ink": "#0b3d4a",
        "second_ink": "#7fb8ad",
        "highlight": "#ff9f5a",
        "drawn": Drawn.OWN,
        "piece": canon(),
    }
