"""How the pages of an organisation look: three colours of its own, from which all others are derived.

The built-in colours are those of ``static/ui/tokens.css``. Another first ink turns every colour of that sheet
to its hue and keeps the lightness, on which contrast depends; where a pair still has too little of it, the
colour in front is moved to the nearest that has enough. What states mean (good, warn, bad) stays as it is.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings

from core.colours import GRAPHICS, TEXT, Wanted, nearest, oklch, passes, to_hex


class Inks(NamedTuple):
    """The colours of an organisation: ``ink`` behind headings and in buttons and links, ``second_ink`` for the
    second voice, ``highlight`` for what is somebody's next step."""

    ink: str = "#32143a"
    second_ink: str = "#b98cc2"
    highlight: str = "#ffd23f"


BUILT_IN = Inks()


class Look(NamedTuple):
    """What templates need of an organisation's look. ``version`` is part of every address below ``/look/`` and
    changes with what is found there."""

    version: str
    inks: Inks

    @property
    def is_built_in(self) -> bool:
        """Whether the colours are those of ``tokens.css``, so that no page needs another style sheet."""
        return self.inks == BUILT_IN


def look_of(organisation: Any) -> Look:
    """The look of an organisation; the built-in one for None."""
    if organisation is None:
        return Look(_digest(BUILT_IN), BUILT_IN)
    one = organisation
    names = one.programme_name, one.name_de, one.name_en
    return Look(_digest(one.inks, names, one.drawn, one.piece), one.inks)


def _digest(*values: Any) -> str:
    return hashlib.sha256(json.dumps([_FORMAT, *values]).encode()).hexdigest()[:12]


_FORMAT = 1  # to be raised when what is drawn from the same settings changes
WHITE = "#ffffff"
_DARKER = 0.925  # the lightness of the cover on dark screens, as a share of the ink's
_MOST_COLOUR = 1.5  # times the chroma of the built-in sheet, however colourful the ink is
_OF_STATES = ("good", "warn", "bad", "bad-tint")
# What stands on what, and how much contrast it needs: (in front, behind, ratio).
PAIRS = (
    ("ink", "paper paper-tint paper-deep level-1 level-2 level-3 level-4", TEXT),
    ("ink-soft", "paper paper-tint paper-deep", TEXT),
    ("plum", "paper paper-tint paper-deep", TEXT),
    ("good warn bad", "paper paper-tint", TEXT),
    ("bad", "bad-tint", TEXT),
    ("action action-hover", "on-action", TEXT),
    ("action edge", "paper", GRAPHICS),
    ("edge", "paper-tint", GRAPHICS),
    ("on-cover on-cover-soft", "cover", TEXT),
    ("voice-2", "cover", GRAPHICS),
    ("voice-2-on-paper", "paper", GRAPHICS),
    ("on-next-action", "next-action", TEXT),
    ("focus", "paper", GRAPHICS),
    ("next-action", "cover", GRAPHICS),
)


def suggestions(inks: Inks) -> dict[str, str]:
    """For each colour that lacks contrast the nearest that has it, by the name in ``Inks``. With all of them
    taken nothing is lacking. Empty where all is well."""
    ink = nearest(inks.ink, [Wanted(WHITE, TEXT)])
    dark = _turned("on-next-action", ink)
    wanted = {
        "ink": [Wanted(WHITE, TEXT)],
        "second_ink": [Wanted(ink, GRAPHICS)],
        "highlight": [Wanted(ink, GRAPHICS), Wanted(dark, TEXT)],
    }
    given = inks._asdict()
    return {
        name: nearest(given[name], all_of)
        for name, all_of in wanted.items()
        if not passes(given[name], all_of)
    }


@cache
def tokens() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The colours of ``tokens.css`` by name, for light and for dark screens."""
    sheet = (Path(settings.BASE_DIR) / "static" / "ui" / "tokens.css").read_text(encoding="utf-8")
    light, dark = sheet.split("@media screen and (prefers-color-scheme: dark)")
    found = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", part)) for part in (light, dark)]
    return found[0], {**found[0], **found[1]}


@cache
def palette(inks: Inks) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Every colour of the pages by name, for light and for dark screens; ``inks`` has no ``suggestions``."""
    light, dark = tokens()
    if inks == BUILT_IN:
        return light, dark
    own = oklch(inks.ink)
    darker = to_hex(own._replace(lightness=own.lightness * _DARKER))
    return _derived(light, inks, inks.ink), _derived(dark, inks, darker)


def _derived(built_in: Mapping[str, str], inks: Inks, cover: str) -> Mapping[str, str]:
    found = {
        name: colour if name in _OF_STATES else _turned_colour(colour, inks.ink)
        for name, colour in built_in.items()
    } | {
        "cover": cover,
        "voice-2": inks.second_ink,
        "voice-2-on-paper": inks.second_ink,
        "next-action": inks.highlight,
    }
    if built_in["focus"] == BUILT_IN.highlight:
        found["focus"] = inks.highlight
    wanted: dict[str, list[Wanted]] = defaultdict(list)
    for front, behind, ratio in PAIRS:
        for name in front.split():
            wanted[name] += [Wanted(found[other], ratio) for other in behind.split()]
    return found | {name: nearest(found[name], all_of) for name, all_of in wanted.items()}


def _turned(name: str, ink: str) -> str:
    return _turned_colour(tokens()[0][name], ink)


def _turned_colour(colour: str, ink: str) -> str:
    """A colour of the built-in sheet, of the same lightness in the hue of ``ink``; greyer or more colourful as
    ``ink`` is than the built-in one."""
    if ink == BUILT_IN.ink:
        return colour
    was, own, base = oklch(colour), oklch(ink), oklch(BUILT_IN.ink)
    share = min(own.chroma / base.chroma, _MOST_COLOUR)
    hue = own.hue + was.hue - base.hue
    return to_hex(was._replace(chroma=was.chroma * share, hue=hue))


def style_sheet(inks: Inks) -> str:
    """The colours as custom properties; loaded after ``tokens.css``. On paper the light ones."""
    light, dark = (
        " ".join(f"--{name}: {colour};" for name, colour in colours.items())
        for colours in palette(inks)
    )
    return f":root {{ {light} }}\n@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
