"""A piece for two voices: notes as begin, length and pitch.

The unit of time is the sixteenth note, counted from the beginning of the piece; pitches are MIDI numbers
(60 = c'). The JSON of a piece is as ``invention.json``: ``title`` and ``about`` are texts, or texts by
language; ``about`` and ``composer`` may be missing; ``bar`` is the number of sixteenths in a bar, 16 if missing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

MOST_BARS, LONGEST_BAR, LONGEST_TEXT = 500, 64, 300
MOST_NOTES = (
    128  # that begin in a bar, in both voices: each is a sound of its own when they are played
)
_ANY = ""  # the language of a text that is the same in all


class Note(NamedTuple):
    """One note: begin and length in sixteenths, pitch as MIDI number."""

    begin: float
    length: float
    pitch: int

    @property
    def end(self) -> float:
        """The sixteenth at which it ends."""
        return self.begin + self.length


@dataclass(frozen=True, eq=False)
class Piece:
    """The notes of the upper and the lower voice, and what the piece is called. Compared by identity, so that
    what is drawn of it can be kept under it."""

    bars: int
    voices: tuple[tuple[Note, ...], tuple[Note, ...]]
    bar: int = 16  # sixteenths
    titles: Mapping[str, str] | None = None
    composer: str = ""
    abouts: Mapping[str, str] | None = None

    def title(self, language: str) -> str:
        """The title in the language, or in the first that there is."""
        return _in(self.titles, language)

    def about(self, language: str) -> str:
        """One or two sentences about the piece; empty if there are none."""
        return _in(self.abouts, language)

    def span(self, first: int, last: int) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
        """What sounds in bars ``first`` to ``last`` (from 1, both included), per voice, with begins counted
        from the first of them. A note tied over an end of the span is shortened to the part inside."""
        if not 1 <= first <= last <= self.bars:
            raise ValueError(f"bars {first} to {last} of {self.bars}")
        begin, end = (first - 1) * self.bar, last * self.bar
        upper, lower = (
            tuple(
                Note(
                    max(one.begin, begin) - begin,
                    min(one.end, end) - max(one.begin, begin),
                    one.pitch,
                )
                for one in voice
                if one.begin < end and one.end > begin
            )
            for voice in self.voices
        )
        return upper, lower


def parsed(data: Any) -> Piece:
    """The piece that ``data``, decoded from JSON, describes. Raises ValueError with what is wrong with it."""
    if not isinstance(data, dict):
        raise ValueError(_("a piece is an object"))
    if not _is_storable(data):
        raise ValueError(_("it has a number or a character that cannot be stored"))
    bars, bar = data.get("bars", 0), data.get("bar", 16)
    if not _is_count(bars, MOST_BARS):
        raise ValueError(_("“bars” is a number from 1 to %(most)s") % {"most": MOST_BARS})
    if not _is_count(bar, LONGEST_BAR):
        raise ValueError(
            _("“bar” is a number of sixteenths from 1 to %(most)s") % {"most": LONGEST_BAR}
        )
    voices = data.get("voices")
    if (
        not isinstance(voices, list)
        or len(voices) != 2
        or not all(isinstance(v, list) for v in voices)
    ):
        raise ValueError(_("“voices” are two lists of notes"))
    composer = data.get("composer", "")
    if not isinstance(composer, str) or len(composer) > LONGEST_TEXT:
        raise ValueError(_("“composer” is a name"))
    upper, lower = (tuple(_note(one, bars * bar) for one in voice) for voice in voices)
    begun = Counter(one.begin // bar for one in (*upper, *lower))
    if begun and max(begun.values()) > MOST_NOTES:
        raise ValueError(_("at most %(most)s notes begin in a bar") % {"most": MOST_NOTES})
    return Piece(bars, (upper, lower), bar, _texts(data, "title"), composer, _texts(data, "about"))


@cache
def invention() -> Piece:
    """Johann Sebastian Bach's Invention in C major (BWV 772), 22 bars."""
    return parsed(json.loads(Path(__file__).with_name("invention.json").read_text("utf-8")))


def _is_count(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most


def _is_storable(data: Any) -> bool:
    """Whether every database takes it as JSON and every page can show it: Python also reads NaN, infinity, the
    character NUL and halves of characters."""
    try:
        text = json.dumps(data, ensure_ascii=False, allow_nan=False)
        text.encode()
    except ValueError:
        return False
    return "\\u0000" not in text


def _note(value: Any, end: int) -> Note:
    if (
        not isinstance(value, list)
        or len(value) != 3
        or not all(isinstance(one, int | float) and not isinstance(one, bool) for one in value)
    ):
        raise ValueError(_("a note is a list of begin, length and pitch"))
    note = Note(*value)
    if not (note.begin >= 0 and note.length > 0 and note.end <= end):
        raise ValueError(_("the note %(note)s is outside the bars") % {"note": value})
    if not isinstance(note.pitch, int) or not 0 <= note.pitch <= 127:
        raise ValueError(_("the pitch of the note %(note)s is no MIDI number") % {"note": value})
    return note


def _texts(data: dict[str, Any], name: str) -> dict[str, str]:
    value = data.get(name, "")
    texts = value if isinstance(value, dict) else {_ANY: value}
    if not all(isinstance(one, str) and len(one) <= LONGEST_TEXT for one in texts.values()):
        raise ValueError(
            _("“%(name)s” is a text of at most %(most)s characters, or one for each language")
            % {"name": name, "most": LONGEST_TEXT}
        )
    return texts


def _in(texts: Mapping[str, str] | None, language: str) -> str:
    if not texts:
        return ""
    return texts.get(language) or next(iter(texts.values()))
