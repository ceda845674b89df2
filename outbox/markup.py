"""The small language mails are written in: one file per kind and language, without HTML.

A letter is parsed into blocks before any value is put in, so that no value can become structure
(promise P8). Placeholders are ``{fact}`` or ``{fact:form}`` and nothing else: no attributes, no calls.

    subject: Bitte antworten bis {deadline:day}: Möchten Sie {mentee} begleiten?
    preview: Ein Treffen im Monat, bis {ends:month}.

    # Möchten Sie {mentee:name} begleiten?

    Guten Tag {greeting},

    {mentee:name} studiert {subject}.

    | Wann | {starts_at:datetime}
    | Ort | {place}

    -> Ansehen und antworten

    ~ Antwort bitte bis {deadline:date}.

    ?note> {note}

Blocks are parted by blank lines. ``# `` heading, ``-> `` the one button (to the fact ``url`` or the mail's
personal link), ``~ `` small print, ``> `` a quotation, ``| label | value`` rows, ``- `` items. A block that
begins with ``?fact`` appears only when the fact is neither empty nor false, ``?!fact`` only when it is.

Web and mail addresses in facts are defused (promise P8), but for facts that are there to be used: those
with ``email``, ``phone``, ``place`` or ``url`` as a word of their name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import formats, translation

from core.formats.de.formats import TIME_FORMAT as CLOCK
from core.times import last_day, midnight

Form = Literal["heading", "text", "button", "small", "quote", "rows", "items"]
PLACEHOLDER = re.compile(r"\{([a-z_]+)(?::([a-z]+))?\}")
CONDITION = re.compile(r"^\?(!?)([a-z_]+)(?=[>|~#\- :])\s?:?\s?")
ZONE = ZoneInfo("Europe/Berlin")
# Facts that people must be able to follow or copy: contact details and meeting places. All others may contain
# text a stranger wrote.
USABLE = re.compile(r"(?:^|_)(?:email|phone|place|url)(?:_|$)")
# Facts that name an end: midnight is shown as the end of the day before.
END = re.compile(r"(?:^|_)(?:deadline|until|by|ends_at)$")
_TOKEN = re.compile(r"\S+")
_JOINTS = re.compile(r"([.:@/])(?=\S)")
_ADDRESS = re.compile(r"(?i)[a-z]+:/|\bwww\.|\w@\w|mailto:|\w\.[^\W\d_]{2,}")
# Control characters, bidirectional overrides and zero-width characters are removed from mails.
_UNWANTED = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]"
)


@dataclass(frozen=True)
class Block:
    """One block of a letter: its form, its raw lines, and the fact it depends on."""

    form: Form
    lines: tuple[str, ...]
    needs: str = ""
    needs_empty: bool = False


@dataclass(frozen=True)
class Letter:
    """A parsed letter: subject and preview lines and the blocks."""

    subject: str
    preview: str
    blocks: tuple[Block, ...]


_MARKS: tuple[tuple[str, Form], ...] = (
    ("# ", "heading"),
    ("-> ", "button"),
    ("~ ", "small"),
    ("> ", "quote"),
    ("| ", "rows"),
    ("- ", "items"),
)


def parse(source: str) -> Letter:
    """The letter of a source text. Raises ValueError where the head is missing."""
    head, _, body = source.strip().partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    if "subject" not in fields:
        raise ValueError("a letter begins with “subject: …”")
    blocks = (_block(part) for part in re.split(r"\n\s*\n", body.strip()))
    return Letter(fields["subject"], fields.get("preview", ""), tuple(blocks))


def _block(part: str) -> Block:
    needs, needs_empty = "", False
    if match := CONDITION.match(part):
        needs, needs_empty = match[2], bool(match[1])
        part = part[match.end() :].lstrip(": ")
    for mark, form in _MARKS:
        if part.startswith((mark, mark.rstrip() + "\n")):
            lines = tuple(line.removeprefix(mark.rstrip()).strip() for line in part.splitlines())
            return Block(form, lines, needs, needs_empty)
    return Block(
        "text", (" ".join(line.strip() for line in part.splitlines()),), needs, needs_empty
    )


# Folders searched for letters; the first hit is used.
ROOTS: list[Path] = [Path(settings.BASE_DIR) / "templates"]


def path_of(app: str, kind: str, language: str) -> Path:
    """The file of the letter of a kind."""
    places = [root / app / "mail" / f"{kind}.{language}.txt" for root in ROOTS]
    return next((place for place in places if place.exists()), places[-1])


@lru_cache(maxsize=256)
def load(app: str, kind: str, language: str) -> Letter:
    """The parsed letter of a kind in a language. Raises FileNotFoundError when there is none."""
    return parse(path_of(app, kind, language).read_text(encoding="utf-8"))


def clean(value: str, *, lines: bool = False) -> str:
    """A value without control characters; on one line unless ``lines``."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    value = _UNWANTED.sub("", value)
    return value.strip() if lines else " ".join(value.split())


def show(value: Any, form: str, language: str, *, is_end: bool = False) -> str:
    """A fact as shown in a mail: ISO moments by ``form`` (day, date, datetime, time, month), in the
    programme's time zone and the recipient's language; everything else as clean text. ``is_end``: midnight is
    shown as the end of the day before."""
    if value is None or value is False:
        return ""
    german = language == "de"
    if form in {"day", "date", "datetime", "time", "month"}:
        moment: date | datetime = (
            datetime.fromisoformat(value).astimezone(ZONE)
            if "T" in value
            else date.fromisoformat(value)
        )
        if is_end and isinstance(moment, datetime) and last_day(moment)[1]:
            return _end_of_day(last_day(moment)[0], form, language)
        shape = {
            "day": "l, j. F" if german else "l, j F",
            "date": "l, j. F Y" if german else "l, j F Y",
            "datetime": "l, j. F Y, " + CLOCK if german else "l, j F Y, H:i",
            "time": CLOCK if german else "H:i",
            "month": "F Y",
        }[form]
        with translation.override(language):
            return formats.date_format(moment, shape)
    if isinstance(value, float):
        with translation.override(language):
            return formats.number_format(value)
    if isinstance(value, list):
        return ", ".join(clean(str(one)) for one in value)
    return clean(str(value), lines=form == "lines")


def _end_of_day(day: date, form: str, language: str) -> str:
    """“Dienstag, 15. Dezember, 24 Uhr” / “Tuesday, 15 December, midnight”."""
    hour = midnight(german=language == "de")
    if form in {"time", "month"}:
        return hour if form == "time" else show(day.isoformat(), form, language)
    shown = show(day.isoformat(), "date" if form == "datetime" else form, language)
    return f"{shown}, {hour}"


def fill(text: str, facts: Mapping[str, Any], language: str) -> str:
    """``text`` with its placeholders replaced in a single pass. Raises KeyError for an unknown fact."""
    return PLACEHOLDER.sub(lambda match: value_of(match, facts, language), text)


def value_of(match: re.Match[str], facts: Mapping[str, Any], language: str) -> str:
    """The text for a placeholder: the fact as shown, its web and mail addresses defused."""
    is_end = END.search(match[1]) is not None
    value = show(facts[match[1]], match[2] or "", language, is_end=is_end)
    return value if USABLE.search(match[1]) else defuse(value)


def defuse(value: str) -> str:
    """The value with a word joiner (invisible) after the dots, colons, slashes and at signs of its addresses,
    so that no mail program turns them into links (promise P8). Times and amounts stay unchanged."""
    return _TOKEN.sub(
        lambda match: _JOINTS.sub("\\1\u2060", match[0]) if _ADDRESS.search(match[0]) else match[0],
        value,
    )
