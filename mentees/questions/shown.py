"""How the answers to an application are shown on pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, ngettext

from mentees.models import Application


@dataclass(frozen=True)
class Shown:
    """How an answer is shown: ``text`` of the application, under ``heading``; an empty text is left out.

    Neighbours of one heading share it, each on a line of its own, or on the line before after a comma
    (``continues``). ``soft``: the line is less prominent. ``words``: a text of several lines.
    """

    heading: Any
    text: Callable[[Application], Any]
    continues: bool = False
    soft: bool = False
    words: bool = False


@dataclass
class Line:
    """One line of a row."""

    text: Any
    soft: bool


@dataclass
class AnswerRow:
    """A heading and the lines below it; ``words``: one text as the person wrote it."""

    heading: str
    words: bool
    lines: list[Line] = field(default_factory=list)


def rows_of(application: Application, answers: Iterable[Shown | None]) -> list[AnswerRow]:
    """The rows for these answers, in their order; None stands for an answer that isn't shown."""
    found: list[AnswerRow] = []
    for one in answers:
        text = one.text(application) if one is not None else ""
        if one is None or not text:
            continue
        if not found or found[-1].heading != str(one.heading):
            found.append(AnswerRow(str(one.heading), one.words))
        lines = found[-1].lines
        if one.continues and lines:
            lines[-1].text = format_html("{}, {}", lines[-1].text, text)
        else:
            lines.append(Line(text, one.soft))
    return found


# ── answers as text, "" where there is nothing to show ───────────────────────
def words(name: str, heading: Any) -> Shown:
    """The text in column ``name`` as the person wrote it."""
    return Shown(heading=heading, words=True, text=lambda one: linebreaksbr(getattr(one, name)))


def entries(name: str, none: str = "") -> Callable[[Application], str]:
    """The vocabulary entries of relation ``name``, else ``none``."""
    return lambda one: ", ".join(map(str, getattr(one, name).all())) or none


def numbered_topics(application: Application) -> str:
    """The topics by rank, each on a line of its own."""
    topics = enumerate(application.topics.all(), start=1)
    return format_html_join(mark_safe("<br>"), "{}. {}", topics) or "–"


def semester(application: Application) -> str:
    """“semester 3”"""
    return gettext("semester %(number)s") % {"number": application.semester}


def semesters_left(application: Application) -> str:
    """“enrolled for 2 more semesters”"""
    number = application.semesters_left
    said = ngettext(
        "enrolled for %(number)s more semester", "enrolled for %(number)s more semesters", number
    )
    return said % {"number": number}


def meetings_a_month(application: Application) -> str:
    """“2 meetings a month”"""
    number = application.meetings_a_month
    if not number:
        return ""
    said = ngettext("%(number)s meeting a month", "%(number)s meetings a month", number)
    return said % {"number": number}


def meeting_format(application: Application) -> str:
    """The preferred way to meet."""
    return application.get_meeting_format_display() or gettext("no preference on how to meet")
