"""Colours of the screen: contrast as WCAG 2.2 defines it, and the nearest colour that has enough of it.

A colour is ``#rrggbb``. Lightness, chroma and hue are those of OKLCH (CSS Color 4, section 9): steps that are
equal there look equal.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

HEX = re.compile(r"#[0-9a-f]{6}\Z")
TEXT, GRAPHICS = 4.5, 3.0  # WCAG 2.2: 1.4.3 for text, 1.4.11 for what a picture or a control says
_STEPS = 512  # lightnesses that are tried between black and white


class Oklch(NamedTuple):
    """A colour by lightness (0 black to 1 white), chroma (0 grey, up to about 0.3) and hue (radians)."""

    lightness: float
    chroma: float
    hue: float


class Wanted(NamedTuple):
    """A contrast of at least ``ratio`` with the colour ``against``."""

    against: str
    ratio: float


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def passes(colour: str, wanted: Iterable[Wanted]) -> bool:
    """Whether the colour has every contrast that is wanted."""
    return all(contrast(colour, one.against) >= one.ratio for one in wanted)


def nearest(colour: str, wanted: Sequence[Wanted]) -> str:
    """The colour itself if it passes, else the nearest lightness of its hue that does; chroma is reduced only
    where the screen has no such colour. Raises ValueError where none passes, black and white included."""
    if passes(colour, wanted):
        return colour
    start = oklch(colour)
    tried = (
        to_hex(start._replace(lightness=step / _STEPS))
        for step in sorted(range(_STEPS + 1), key=lambda step: abs(step / _STEPS - start.lightness))
    )
    for found in tried:
        if passes(found, wanted):
            return found
    raise ValueError(f"no lightness of {colour} has all of {wanted}")


def oklch(colour: str) -> Oklch:
    """The colour in OKLCH."""
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    return Oklch(lightness, math.hypot(a, b), math.atan2(b, a))


def to_hex(colour: Oklch) -> str:
    """The colour of the screen with this lightness and hue, its chroma reduced until the screen has it."""
    low, high = 0.0, colour.chroma
    rgb = _rgb(colour)
    if not _on_screen(rgb):
        for _halved in range(12):
            middle = (low + high) / 2
            low, high = (
                (middle, high)
                if _on_screen(_rgb(colour._replace(chroma=middle)))
                else (low, middle)
            )
        rgb = _rgb(colour._replace(chroma=low))
    return "#" + "".join(f"{round(255 * _encoded(min(max(one, 0), 1))):02x}" for one in rgb)


def _on_screen(rgb: Iterable[float]) -> bool:
    return all(-1e-4 <= one <= 1 + 1e-4 for one in rgb)


def _rgb(colour: Oklch) -> tuple[float, float, float]:
    """Linear red, green and blue; outside 0 to 1 where the screen has no such colour."""
    a, b = colour.chroma * math.cos(colour.hue), colour.chroma * math.sin(colour.hue)
    long = (colour.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (colour.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (colour.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _linear(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _decoded(red), _decoded(green), _decoded(blue)


def _decoded(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _encoded(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
