"""Pictures of an organisation as PNG: its icon, and the one shown where a page is shared.

All are drawn from colours, names and bars alone; the same arguments give the same bytes, and the last ones
made are kept in the process.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import TypeAlias

import fontpkg
from PIL import Image, ImageDraw, ImageFont

from core.voices.drawing import Drawing
from programme.look import Inks

Box: TypeAlias = tuple[float, float, float, float]  # left, top, right, bottom
# The mark: the upper and the lower voice, on a square with sides of 1.
MARK: tuple[Box, Box] = ((12 / 32, 9 / 32, 28 / 32, 15 / 32), (4 / 32, 18 / 32, 20 / 32, 24 / 32))
SAFE = 0.8  # the share of a maskable icon that no mask cuts off
SHARE = (1200, 630)
MARGIN = 72


@lru_cache(maxsize=32)
def icon(inks: Inks, size: int, *, maskable: bool = False) -> bytes:
    """The mark on the ink, ``size`` pixels wide and high."""
    image = Image.new("RGB", (size, size), inks.ink)
    canvas = ImageDraw.Draw(image)
    scale = size * (SAFE if maskable else 1)
    for box, colour in zip(MARK, ("#ffffff", inks.second_ink), strict=True):
        left, top, right, bottom = (round((size - scale) / 2 + scale * at) for at in box)
        canvas.rectangle((left, top, right - 1, bottom - 1), fill=colour)
    return _png(image)


@lru_cache(maxsize=64)
def share(inks: Inks, soft: str, programme: str, organisation: str, bars: Drawing | None) -> bytes:
    """The picture of a page: both names above its bars, on the ink; ``soft`` is the colour of the second name.
    ``bars`` is drawn with steps of one pixel, which are stretched. Without bars the mark stands below the names."""
    image = Image.new("RGB", SHARE, inks.ink)
    canvas = ImageDraw.Draw(image)
    width, height = SHARE[0] - 2 * MARGIN, SHARE[1] - 2 * MARGIN
    canvas.text((MARGIN, MARGIN), programme, "#ffffff", _font(84, 700, programme, width), "lt")
    below = MARGIN + 108
    canvas.text((MARGIN, below), organisation, soft, _font(40, 400, organisation, width), "lt")
    top = below + 100
    if bars is None:
        side = MARGIN + height - top
        for box, colour in zip(MARK, ("#ffffff", inks.second_ink), strict=True):
            canvas.rectangle(_placed(box, side * 2, MARGIN - side / 4, top - side / 2), fill=colour)
        return _png(image)
    across = width / bars.width
    step = (MARGIN + height - top) / max(bars.height, 12)
    middle = (max(bars.height, 12) - bars.height) / 2
    for x in bars.lines:
        at = MARGIN + round(x * across)
        canvas.line((at, top, at, MARGIN + height), fill=_between(inks.ink, inks.second_ink))
    for head in bars.heads:
        left, upper = MARGIN + head.x * across, top + (head.y + middle) * step
        box = (left, upper, left + head.width * across, upper + min(max(step, 8), 14))
        canvas.rectangle(_whole(box), fill=inks.second_ink if head.voice else "#ffffff")
    return _png(image)


def _placed(box: Box, side: float, left: float, top: float) -> tuple[int, ...]:
    return _whole(
        (left + box[0] * side, top + box[1] * side, left + box[2] * side, top + box[3] * side)
    )


def _whole(box: Box) -> tuple[int, ...]:
    left, top, right, bottom = map(round, box)
    return left, top, max(right - 1, left), max(bottom - 1, top)


def _between(one: str, other: str) -> tuple[int, ...]:
    """The colour halfway between two."""
    return tuple((int(one[at : at + 2], 16) + int(other[at : at + 2], 16)) // 2 for at in (1, 3, 5))


def _font(size: int, weight: int, text: str, width: int) -> ImageFont.FreeTypeFont:
    """The site's typeface, as much smaller than ``size`` as the text needs to be no wider than ``width``."""
    font = ImageFont.truetype(fontpkg.path("Hanken Grotesk"), size)
    font.set_variation_by_axes([weight])
    if (length := font.getlength(text)) > width:
        font = ImageFont.truetype(
            fontpkg.path("Hanken Grotesk"), max(int(size * width / length), 8)
        )
        font.set_variation_by_axes([weight])
    return font


def _png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
