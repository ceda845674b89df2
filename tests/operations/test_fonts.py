"""The typefaces that are made at set-up."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path

import polib
import pytest
from django.conf import settings
from fontTools.ttLib import TTFont

from mentoring.operations import fonts

RULE = re.compile(
    r'font-family: "(?P<family>[^"]+)"[^}]+url\("(?P<file>[^"]+)"\)[^}]+unicode-range: (?P<ranges>[^;]+);'
)


@pytest.fixture(scope="module")
def made() -> dict[str, dict[str, set[int]]]:
    """What the style sheet declares: family → file → the letters it is loaded for."""
    fonts.make_all()
    found: dict[str, dict[str, set[int]]] = {}
    sheet = (fonts.FONTS / fonts.STYLE_SHEET).read_text(encoding="utf-8")
    for rule in RULE.finditer(sheet):
        ends = [part.strip()[2:].split("-") for part in rule["ranges"].split(",")]
        letters = set(chain(*(range(int(e[0], 16), int(e[-1], 16) + 1) for e in ends)))
        found.setdefault(rule["family"], {})[rule["file"]] = letters
    return found


def test_each_letter_is_in_one_file_which_has_it(made):
    assert set(made) == {family.name for family in fonts.FAMILIES}
    for files in made.values():
        together = [letter for letters in files.values() for letter in letters]
        assert len(together) == len(set(together))
        for name, letters in files.items():
            assert letters == set(TTFont(fonts.FONTS / name).getBestCmap())


def test_names_are_written_in_letters_of_their_own(made):
    for family, files in made.items():
        parts = {name.rpartition("-")[2].partition(".")[0]: found for name, found in files.items()}
        for part, letters in {
            "latin": "aÄöüßẞéøñ„“‚‘’–…€0",
            "extended": "łŁğĞşİıčřžőț",
            "vietnamese": "ễạơưđă",
        }.items():
            assert set(map(ord, letters)) <= parts[part], (family, part)


def test_a_german_page_loads_at_most_90_kb(made):
    """Two files, and all that the product itself says in German is in them."""
    latin = [fonts.FONTS / name for files in made.values() for name in files if "latin" in name]
    assert len(latin) == 2
    assert sum(path.stat().st_size for path in latin) <= 90_000
    said = "".join(entry.msgstr for entry in polib.pofile(str(_german())))
    said += "".join(page.read_text("utf-8") for page in _pages())
    for path in latin:
        assert set(map(ord, said)) - {ord("\n")} <= set(TTFont(path).getBestCmap())


def _german() -> Path:
    return Path(settings.BASE_DIR) / "locale" / "de" / "LC_MESSAGES" / "django.po"


def _pages() -> list[Path]:
    return list((Path(settings.BASE_DIR) / "templates" / "programme" / "pages").glob("*.de.txt"))


def test_every_weight_of_the_style_sheets_is_there_and_figures_have_one_width(made):
    for path in fonts.FONTS.glob("*.woff2"):
        font = TTFont(path)
        (axis,) = font["fvar"].axes
        assert (axis.axisTag, axis.minValue, axis.maxValue) == ("wght", *map(float, fonts.WEIGHTS))
        letters = font.getBestCmap()
        figures = {font["hmtx"][letters[ord(f)]][0] for f in "0123456789" if ord(f) in letters}
        assert len(figures) == ("latin" in path.name)
    weights = re.findall(
        r"font-weight: (\d+)|font: (\d+) ",
        "".join(sheet.read_text("utf-8") for sheet in fonts.FONTS.parent.glob("ui/*.css")),
    )
    assert {int(one or other) for one, other in weights} <= set(fonts.WEIGHTS)


def test_fonts_are_made_once_and_again_when_their_source_has_changed(tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "FAMILIES", fonts.FAMILIES[:1])
    monkeypatch.setattr(fonts, "PARTS", {"latin": (range(0x41, 0x44),)})
    first = {path.name: path.read_bytes() for path in fonts.make_all(tmp_path)}
    assert list(first) == ["hanken-grotesk-latin.woff2", "fonts.css"]
    assert fonts.make_all(tmp_path) == []
    monkeypatch.setattr(fonts, "version", lambda name: "another")
    again = {path.name: path.read_bytes() for path in fonts.make_all(tmp_path)}
    assert again["hanken-grotesk-latin.woff2"] == first["hanken-grotesk-latin.woff2"]
    assert again["fonts.css"] != first["fonts.css"]
    assert fonts.make_all(tmp_path) == []
    (tmp_path / "hanken-grotesk-latin.woff2").unlink()
    assert fonts.make_all(tmp_path)
