"""The site's two typefaces as WOFF2, made at set-up from the installed packages, with the style sheet that
declares them. Nothing of it is in the repository, and nothing is fetched.

A family is split by ``unicode-range``, so that a page loads the parts whose letters it shows: German and
English need the Latin part alone.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any

import fontpkg

FONTS = Path(__file__).resolve().parents[2] / "static" / "fonts"
STYLE_SHEET = "fonts.css"
WEIGHTS = (400, 700)  # the lightest and the boldest that the style sheets ask for

# A letter is in the first part that names it. The last part holds whatever else a family has.
PARTS: dict[str, tuple[range, ...]] = {
    "latin": (
        range(0x20, 0x100),
        range(0x152, 0x154),  # Œ œ
        range(0x2C6, 0x2DD),
        range(0x1E9E, 0x1E9F),  # ẞ
        range(0x2000, 0x2070),  # spaces, dashes, quotation marks
        range(0x20AC, 0x20AD),  # €
        range(0x2122, 0x2123),  # ™
        range(0x2190, 0x2194),  # arrows
        range(0x2212, 0x2213),  # −
        range(0xFB01, 0xFB03),  # ligatures
    ),
    "vietnamese": (
        range(0x102, 0x104),
        range(0x110, 0x112),
        range(0x128, 0x12A),
        range(0x168, 0x16A),
        range(0x1A0, 0x1A2),
        range(0x1AF, 0x1B1),
        range(0x300, 0x324),
        range(0x1EA0, 0x1EFA),
        range(0x20AB, 0x20AC),
    ),
    "extended": (range(0x110000),),
}


@dataclass(frozen=True)
class Fallback:
    """A typeface of the machine that stands in until ours has arrived: its names for ``local()`` by weight,
    and the mean advance of ``SAMPLE`` in it, in em. All its names are typefaces of the same widths."""

    names: dict[int, tuple[str, ...]]
    advance: dict[int, float]


@dataclass(frozen=True)
class Family:
    """A family: its name, the axes that are fixed, and what stands in for it."""

    name: str
    fallback: Fallback
    fixed: dict[str, float] = field(default_factory=dict)

    def file(self, part: str) -> str:
        """The name of the file with this part of it."""
        return f"{self.name.lower().replace(' ', '-')}-{part}.woff2"


# Ordinary German text: its letters in their usual frequency decide how wide a line is.
SAMPLE = (
    "Ein Mensch, der dort arbeitet, wo Sie hinwollen, begleitet Sie zwei Semester lang: mit "
    "Erfahrung, offenen Worten und Zeit. Sie schreiben, was Sie sich vom Tandem erhoffen; wir "
    "suchen mit Ihnen, wer zu Ihnen passt. Kostenlos, vertraulich, unabhängig von Unterricht "
    "und Prüfung."
)
FAMILIES = (
    Family(
        "Hanken Grotesk",
        Fallback(
            {
                400: ("Arial", "Liberation Sans", "Helvetica"),
                700: ("Arial Bold", "Liberation Sans Bold", "Helvetica Bold"),
            },
            {400: 0.4479, 700: 0.4812},
        ),
    ),
    Family(
        "Newsreader",
        Fallback(
            {
                400: ("Times New Roman", "Liberation Serif", "Tinos"),
                700: ("Times New Roman Bold", "Liberation Serif Bold", "Tinos Bold"),
            },
            {400: 0.4087, 700: 0.4348},
        ),
        fixed={"opsz": 18},  # names in running text and in headings: one design for both
    ),
)


def make_all(folder: Path = FONTS) -> list[Path]:
    """Writes the files of ``FAMILIES`` and the style sheet to ``folder``, unless they are there and made from
    the same sources; returns those written. The same sources give the same bytes. Files are replaced
    atomically, the style sheet last."""
    mark = _mark(fontpkg.path(family.name).read_bytes() for family in FAMILIES)
    sheet = folder / STYLE_SHEET
    files = [folder / family.file(part) for family in FAMILIES for part in PARTS]
    if all(one.exists() for one in (sheet, *files)) and sheet.read_text().startswith(mark):
        return []
    from fontTools.ttLib import TTFont  # here, since most set-ups have nothing to make

    folder.mkdir(parents=True, exist_ok=True)
    written, rules = [], [mark]
    for family in FAMILIES:
        source = _limited(family)
        face, covered = TTFont(BytesIO(source)), set[int]()
        for part, ranges in PARTS.items():
            letters = sorted(set(face.getBestCmap()) & set(chain(*ranges)) - covered)
            covered.update(letters)
            target = folder / family.file(part)
            written.append(_replaced(target, _subset(source, letters)))
            rules.append(_rule(family, target.name, letters))
        rules += _stand_ins(family, source)
    written.append(_replaced(sheet, "\n".join(rules).encode()))
    return written


def _mark(sources: Iterable[bytes]) -> str:
    """The first line of the style sheet: what all files were made from."""
    digest = hashlib.sha256()
    for source in (Path(__file__).read_bytes(), version("fonttools").encode(), *sources):
        digest.update(hashlib.sha256(source).digest())
    return f"/* fonts.css, made at set-up from {digest.hexdigest()} */"


def _replaced(target: Path, content: bytes) -> Path:
    half = target.with_suffix(f".{os.getpid()}")
    half.write_bytes(content)
    return half.replace(target)


def _limited(family: Family) -> bytes:
    """The family as a font whose only axis is the weight, within ``WEIGHTS``."""
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    font = TTFont(fontpkg.path(family.name), recalcTimestamp=False)
    instantiateVariableFont(font, {**family.fixed, "wght": WEIGHTS}, inplace=True)
    return _saved(font)


def _subset(source: bytes, letters: Iterable[int], flavor: str | None = "woff2") -> bytes:
    """The font, as WOFF2, with these letters alone."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    font = TTFont(BytesIO(source), recalcTimestamp=False)
    # Names 13 and 14 are the licence.
    options = Options(hinting=False, notdef_outline=True, name_IDs=[1, 2, 4, 6, 13, 14])
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    font.flavor = flavor
    return _saved(font)


def _saved(font: Any) -> bytes:
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def _rule(family: Family, name: str, letters: Iterable[int]) -> str:
    lightest, boldest = WEIGHTS
    return (
        f'@font-face {{ font-family: "{family.name}"; font-weight: {lightest} {boldest}; '
        f'font-style: normal; font-display: swap; src: url("{name}") format("woff2"); '
        f"unicode-range: {', '.join(_ranges(letters))}; }}"
    )


def _ranges(letters: Iterable[int]) -> Iterator[str]:
    """Sorted code points as ``U+20-7E``."""
    found = list(letters)
    start = 0
    for place, letter in enumerate(found):
        if place + 1 == len(found) or found[place + 1] != letter + 1:
            first = found[start]
            yield f"U+{first:X}" + (f"-{letter:X}" if letter > first else "")
            start = place + 1


def _stand_ins(family: Family, source: bytes) -> Iterator[str]:
    """One rule for each weight: the machine's typeface, as wide and as high as ours, so that nothing moves
    when ours arrives."""
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    few = _subset(source, map(ord, SAMPLE), flavor=None)
    for weight in WEIGHTS:
        font = TTFont(BytesIO(few))
        instantiateVariableFont(font, {"wght": weight}, inplace=True)
        size = mean_advance(font) / family.fallback.advance[weight]
        em, metrics = font["head"].unitsPerEm, font["hhea"]
        names = ", ".join(f'local("{name}")' for name in family.fallback.names[weight])
        yield (
            f'@font-face {{ font-family: "{family.name} Fallback"; font-weight: {weight}; '
            f"src: {names}; size-adjust: {size:.2%}; "
            f"ascent-override: {metrics.ascent / em / size:.2%}; "
            f"descent-override: {-metrics.descent / em / size:.2%}; line-gap-override: 0%; }}"
        )


def mean_advance(font: Any) -> float:
    """The mean advance of ``SAMPLE`` in a font without axes, in em; kerning is not counted."""
    letters, widths = font.getBestCmap(), font["hmtx"]
    total = sum(widths[letters[ord(letter)]][0] for letter in SAMPLE)
    return total / len(SAMPLE) / font["head"].unitsPerEm
