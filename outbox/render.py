"""From facts to a finished mail: subject, text and HTML, in the recipient's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString, mark_safe

from core.ical import CLOCK_TIME
from outbox.kinds import MailKind
from outbox.markup import (
    PLACEHOLDER,
    Block,
    Letter,
    fill,
    load,
    value_of,
)

# Placeholder for the personal link, which delivery inserts in memory only (promise L4). No value can contain
# it: ``clean`` removes control characters from all of them.
LINK_HERE = "\x01link\x01"
_SERIF = (
    "font-family:'Iowan Old Style','Palatino Linotype',Palatino,P052,Georgia,serif;"
    "font-weight:normal;line-height:1;"
)


@dataclass(frozen=True)
class Rendered:
    """A rendered mail; ``LINK_HERE`` still stands in place of the personal link."""

    subject: str
    text: str
    html: str
    language: str


def render(
    kind: MailKind,
    facts: Mapping[str, Any],
    recipient: Any,
    *,
    has_link: bool,
    language: str = "",
    letterhead: Mapping[str, str] | None = None,
) -> Rendered:
    """Renders one mail.

    ``recipient`` is a User; ``letterhead`` is looked up unless given (a batch looks it up once). Raises
    KeyError when the letter mentions a fact that was not given.
    """
    language = language or recipient.language
    if letterhead is None:
        letterhead = letterhead_in(language)
    known = {**letterhead, "greeting": recipient.greeting, **facts}
    letter = load(kind.app, kind.kind, language)
    target = LINK_HERE if has_link else _absolute(str(facts.get("url", "")))
    shown = _joined(block for block in letter.blocks if _wanted(block, known))
    subject = " ".join(fill(letter.subject, known, language).split())[:200]
    preview = fill(letter.preview, known, language)
    context = {
        "language": language,
        "subject": subject,
        "preview": preview,
        "letterhead": letterhead,
        "base_url": settings.BASE_URL,
        "has_link": has_link,
        # One of them signs; replies go to that person's own mailbox.
        "to_staff": recipient.is_staff or recipient.email == letterhead.get("office_email"),
        "to_office": recipient.email == letterhead.get("office_email"),
        "reply_to_writer": bool(facts.get("reply_to")),
        "target": target,
    }
    text_blocks = "\n\n".join(_text(block, known, language, target) for block in shown)
    context["has_clock"] = CLOCK_TIME.search(text_blocks) is not None
    html_blocks = [_html(block, known, language) for block in shown]
    html = render_to_string("outbox/mail.html", {**context, "blocks": html_blocks})
    text = render_to_string("outbox/mail.txt", {**context, "body": text_blocks})
    return Rendered(subject, text.strip() + "\n", html, language)


def letterhead_in(language: str) -> Mapping[str, str]:
    """The facts available in every letter, from the function that MAIL_LETTERHEAD names."""
    found: Mapping[str, str] = import_string(settings.MAIL_LETTERHEAD)(language)
    return found


def _absolute(path: str) -> str:
    return f"{settings.BASE_URL}{path}" if path.startswith("/") else path


def _wanted(block: Block, facts: Mapping[str, Any]) -> bool:
    if not block.needs:
        return True
    return bool(facts.get(block.needs)) != block.needs_empty


def _joined(blocks: Iterable[Block]) -> list[Block]:
    """The blocks, with consecutive rows merged into one table: in the source blank lines separate those that
    depend on a fact."""
    found: list[Block] = []
    for block in blocks:
        if found and block.form == found[-1].form == "rows":
            found[-1] = replace(found[-1], lines=found[-1].lines + block.lines)
        else:
            found.append(block)
    return found


def _text(block: Block, facts: Mapping[str, Any], language: str, target: str) -> str:
    lines = [fill(line, facts, language) for line in block.lines]
    if block.form == "button":
        return f"{lines[0]}:\n{target}"
    if block.form == "rows":
        return "\n".join(": ".join(part.strip() for part in line.split("|", 1)) for line in lines)
    if block.form == "items":
        return "\n".join(f"– {line}" for line in lines)
    if block.form == "quote":
        return "\n".join(f"  {line}" for one in lines for line in one.splitlines())
    return "\n".join(lines)


def _html(block: Block, facts: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The block for the HTML template: its form and its lines as safe HTML (rows as pairs)."""
    if block.form == "rows":
        pairs = [tuple(part.strip() for part in line.split("|", 1)) for line in block.lines]
        return {
            "form": "rows",
            "rows": [tuple(_rich(part, facts, language) for part in pair) for pair in pairs],
        }
    return {"form": block.form, "lines": [_rich(line, facts, language) for line in block.lines]}


def _rich(text: str, facts: Mapping[str, Any], language: str) -> SafeString:
    """Escaped text; persons in serif (``{fact:name}``)."""

    def put(match: re.Match[str]) -> str:
        value: str = escape(value_of(match, facts, language))
        if match[2] == "name":
            return f'<span style="{_SERIF}">{value}</span>'
        return value.replace("\n", "<br>")

    parts: list[str] = []
    end = 0
    for match in PLACEHOLDER.finditer(text):
        parts += [str(escape(text[end : match.start()])), put(match)]
        end = match.end()
    parts.append(str(escape(text[end:])))
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above


__all__ = ["LINK_HERE", "Letter", "Rendered", "letterhead_in", "render"]
