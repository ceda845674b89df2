"""The texts of the public pages: built in, until coordinators replace them in the admin.

A text is written without HTML. Blank lines separate paragraphs; ``## `` begins a section of the page, ``- ``
a list item, ``> `` a large sentence; ``[words](/path/)`` is a link. Placeholders such as ``{places}`` are
replaced by the facts of the cohort and the organisation; a line that needs an unknown fact is left out, so
that no page shows an empty figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from core.page_cache import shared
from programme.models import PageText, in_language

# Every page with an editable text: its slug, and its address.
PAGES: dict[str, str] = {
    "start": "/",
    "start-tandem": "/",
    "start-mentors": "/",
    "about-mentees": "/about/mentees/",
    "about-mentors": "/about/mentors/",
    "about-matching": "/about/matching/",
    "contact": "/contact/",
    "imprint": "/imprint/",
    "privacy": "/privacy/",
    "accessibility": "/accessibility/",
}
PLACEHOLDER = re.compile(r"\{([A-Za-z_]+)\}")
_LINK = re.compile(r"\[([^\[\]\n]+)\]\(((?:/|https://|mailto:|tel:)[^()\s]*)\)")
_BARE = re.compile(r"(?<![\w@.])(?:(https://[\w./%#?=&-]*[\w/])|([\w.+-]+@[\w-]+(?:\.[\w-]+)+))")


@dataclass(frozen=True)
class Section:
    """A section of a page: its heading in the margin (empty for the opening) and its body as safe HTML."""

    heading: str
    body: SafeString


@dataclass(frozen=True)
class Text:
    """A page's text with all facts filled in: the title, the opening sentence and the sections."""

    title: str
    lead: str
    parts: tuple[Section, ...]


@lru_cache(maxsize=64)
def ours(page: str, language: str) -> tuple[str, str]:
    """The built-in title and body of a page, with placeholders. Raises KeyError for an unknown page."""
    PAGES[page]
    folder = Path(settings.BASE_DIR) / "templates" / "programme" / "pages"
    head, _, body = (
        (folder / f"{page}.{language}.txt").read_text(encoding="utf-8").partition("\n\n")
    )
    return head.removeprefix("title: ").strip(), body.strip()


def texts(pages: Iterable[str], facts: Mapping[str, str]) -> dict[str, Text]:
    """The texts of several pages in the language of the request; one query for all."""
    wanted = list(pages)
    language = "en" if (get_language() or "de").startswith("en") else "de"
    replaced = _replaced()
    found = {}
    for page in wanted:
        row = replaced.get(page)
        title, body = (
            (in_language(row, "title"), in_language(row, "body")) if row else ours(page, language)
        )
        found[page] = compose(title, body, facts)
    return found


@shared
def _replaced() -> dict[str, PageText]:
    """The coordinators' texts by page."""
    return {row.page: row for row in PageText.objects.all()}


def placeholders(text: str) -> set[str]:
    """The names of all facts a text mentions, in lower case."""
    return {name.lower() for name in PLACEHOLDER.findall(text)}


def compose(title: str, body: str, facts: Mapping[str, str]) -> Text:
    """A text with its facts filled in. The first paragraph before any ``## `` is the lead."""
    lines = body.replace("\r\n", "\n").split("\n")
    kept = [
        line for line in lines if all(_known(name, facts) for name in PLACEHOLDER.findall(line))
    ]
    blocks = [block.strip() for block in re.split(r"\n\s*\n", "\n".join(kept)) if block.strip()]
    lead = ""
    if blocks and not blocks[0].startswith(("## ", "- ", "> ")):
        lead = _fill(" ".join(blocks.pop(0).split("\n")), facts)
    parts: list[tuple[str, list[str]]] = []
    for block in blocks:
        if block.startswith("## "):
            heading, _, rest = block[3:].partition("\n")
            parts.append((_fill(heading.strip(), facts), []))
            block = rest.strip()
        elif not parts:
            parts.append(("", []))
        if block:
            parts[-1][1].append(_block(block, facts))
    return Text(
        _fill(title, facts),
        lead,
        tuple(Section(heading, mark_safe("\n".join(body))) for heading, body in parts if body),  # noqa: S308
    )


def _known(name: str, facts: Mapping[str, str]) -> bool:
    return bool(facts.get(name.lower()))


def _fill(text: str, facts: Mapping[str, str]) -> str:
    """``text`` with its placeholders replaced in a single pass; ``{Places}`` is capitalised."""

    def put(match: re.Match[str]) -> str:
        value = str(facts[match[1].lower()])
        return value[:1].upper() + value[1:] if match[1][0].isupper() else value

    return PLACEHOLDER.sub(put, text)


def _block(block: str, facts: Mapping[str, str]) -> str:
    """One paragraph, list or large sentence as HTML; all text is escaped."""
    lines = block.split("\n")
    if all(line.startswith("- ") for line in lines):
        return "<ul>" + "".join(f"<li>{_line(line[2:], facts)}</li>" for line in lines) + "</ul>"
    if all(line.startswith("> ") for line in lines):
        text = " ".join(_line(line[2:], facts) for line in lines)
        return f'<p class="statement">{text}</p>'
    return "<p>" + "<br>".join(_line(line, facts) for line in lines) + "</p>"


def _line(line: str, facts: Mapping[str, str]) -> str:
    """A line with facts and links. Links are parsed before facts are inserted, so that no fact becomes an
    unintended link; web and e-mail addresses are linked automatically."""
    out, end = [], 0
    for match in _LINK.finditer(line):
        out.append(_plain(line[end : match.start()], facts))
        out.append(f'<a href="{escape(match[2])}">{escape(_fill(match[1], facts))}</a>')
        end = match.end()
    out.append(_plain(line[end:], facts))
    return "".join(out)


def _plain(text: str, facts: Mapping[str, str]) -> str:
    text = _fill(text, facts)
    out, end = [], 0
    for match in _BARE.finditer(text):
        out.append(escape(text[end : match.start()]).replace("\n", "<br>"))
        target = match[1] or f"mailto:{match[2]}"
        out.append(f'<a href="{escape(target)}">{escape(match[0])}</a>')
        end = match.end()
    out.append(escape(text[end:]).replace("\n", "<br>"))
    return "".join(out)
