"""Kinds of mail for tests, with letters of their own, so that tests do not lean on an app's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from core import ical
from outbox import markup
from outbox.kinds import Attachment, MailKind, mail_kinds


def placeholders(letter: markup.Letter) -> set[str]:
    """The names of all facts in the letter, including those in conditions."""
    lines = [line for block in letter.blocks for line in block.lines]
    names = {
        match[1]
        for text in (letter.subject, letter.preview, *lines)
        for match in markup.PLACEHOLDER.finditer(text)
    }
    return names | {block.needs for block in letter.blocks if block.needs}


TEMPLATES = Path(__file__).parent / "templates"
_START = datetime(2026, 10, 20, 15, 0, tzinfo=UTC)


def _files(facts: Mapping[str, Any], recipient: Any, now: datetime) -> list[Attachment]:
    event = ical.CalendarEvent(
        uid="probe@example.org",
        sequence=0,
        starts_at=_START,
        ends_at=_START + timedelta(hours=1),
        summary="Gespräch",
        organizer_email="office@example.org",
        organizer_name="Büro",
        attendee_email=recipient.email,
        attendee_name=recipient.name,
        last_modified=now,
    )
    content = ical.invitation(event, stamped_at=now)
    return [
        Attachment("treffen.ics", content, "text/calendar; method=REQUEST; charset=utf-8", True),
        Attachment("vereinbarung.pdf", b"%PDF-1.7\n\x00\xff", "application/pdf"),
    ]


KINDS = (
    MailKind("probe-question", "probe", "question", {"name": "Anna", "words": "Hallo"}),
    MailKind(
        "probe-reminder",
        "probe",
        "reminder",
        {"at": "2026-10-20T15:00:00+00:00", "version": "1"},
        lost_reply="resend",
    ),
    MailKind("probe-code", "probe", "code", {"code": "K7QW"}, lost_reply="resend", secret=True),
    MailKind("probe-calendar", "probe", "calendar", {"name": "Anna"}, attachments=_files),
    MailKind("probe-broken", "probe", "broken", {"name": "Anna"}),
)


def install() -> None:
    """Registers the kinds and their letters; twice is once."""
    if TEMPLATES not in markup.ROOTS:
        markup.ROOTS.insert(0, TEMPLATES)
    for kind in KINDS:
        if kind.kind not in mail_kinds:
            mail_kinds.add(kind.kind, kind)


def remove() -> None:
    """Takes them out again."""
    markup.ROOTS.remove(TEMPLATES)
    for kind in KINDS:
        mail_kinds._items.pop(kind.kind, None)
    markup.load.cache_clear()
