"""What ``/dev/mail/`` shows: the finished mails in ``var/mail/`` and those still in the outbox."""

from __future__ import annotations

import contextlib
import email
import email.policy
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings

from outbox.kinds import mail_kinds
from outbox.message import build, message_id
from outbox.models import MailStatus, OutgoingMail
from outbox.render import letterhead_in, render

FILE_NAME = re.compile(r"\d{8}-\d{6}-([0-9a-f-]{36})")
# The symbol beside the status of a mail (templates/ui/includes/state.html).
LOOKS = {
    MailStatus.PLANNED: "open",
    MailStatus.CLAIMED: "running",
    MailStatus.SENT: "done",
    MailStatus.RETRY: "paused",
    MailStatus.FAILED: "alert",
    MailStatus.IN_DOUBT: "alert",
    MailStatus.CANCELLED: "off",
    MailStatus.MISSED: "alert",
}


@dataclass(frozen=True)
class Entry:
    """One line of the list."""

    key: str
    moment: datetime | None
    name: str
    recipient: str
    subject: str
    kind: str
    status: str
    look: str


@dataclass(frozen=True)
class MimePart:
    """A part of a mail: an attachment, or what a calendar program reads beside text and HTML."""

    index: int
    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Opened:
    """A mail parsed into its parts for display."""

    source: bytes
    subject: str
    headers: list[tuple[str, str]]
    text: str
    html: str
    parts: list[MimePart]
    finished: bool


def folder() -> Path:
    """The folder of finished mails."""
    return Path(unquote(urlsplit(settings.MAIL_URL).path))


def finished_keys(recipient: str = "") -> list[str]:
    """The names of all finished mails, newest first; only those to ``recipient`` (a part of the address)."""
    names = sorted((path.stem for path in folder().glob("*.eml")), reverse=True)
    names = [name for name in names if FILE_NAME.fullmatch(name)]
    if recipient:
        wanted = recipient.casefold()
        names = [name for name in names if wanted in str(_head(name).get("To", "")).casefold()]
    return names


def _head(key: str) -> EmailMessage:
    with (folder() / f"{key}.eml").open("rb") as file:
        found: Any = BytesHeaderParser(policy=email.policy.default).parse(file)
    return found  # type: ignore[no-any-return]


def entries(keys: Iterable[str]) -> list[Entry]:
    """The lines of finished mails, their status from the outbox in one query."""
    keys = list(keys)
    ids = {key: uuid.UUID(key[-36:]) for key in keys}
    status = dict(OutgoingMail.objects.filter(pk__in=ids.values()).values_list("pk", "status"))
    lines = []
    for key in keys:
        head = _head(key)
        word = MailStatus(status.get(ids[key], MailStatus.SENT))
        date = head["Date"].datetime if head["Date"] else None
        lines.append(
            Entry(
                key,
                date,
                *parseaddr(str(head.get("To", ""))),
                str(head.get("Subject", "")),
                str(head.get("X-Mentoring-Kind", "")),
                str(word.label),
                LOOKS[word],
            )
        )
    return lines


def waiting(limit: int = 100) -> list[Entry]:
    """Mails not sent (yet), the next first."""
    rows = (
        OutgoingMail.objects.exclude(status__in=[MailStatus.SENT, MailStatus.CANCELLED])
        .select_related("recipient")
        .order_by("due_at")[:limit]
    )
    return [
        Entry(
            str(row.pk),
            row.due_at,
            row.recipient.name if row.recipient else "",
            row.address,
            row.subject or row.kind,
            row.kind,
            str(MailStatus(row.status).label),
            LOOKS[MailStatus(row.status)],
        )
        for row in rows
    ]


def open_mail(key: str, now: datetime) -> Opened | None:
    """The mail of a key: a finished one from its file, a waiting one rendered as it would be sent at ``now``;
    None when there is no such mail or it cannot be shown."""
    if FILE_NAME.fullmatch(key):
        path = folder() / f"{key}.eml"
        return _opened(path.read_bytes(), finished=True) if path.exists() else None
    with contextlib.suppress(ValueError):
        row = (
            OutgoingMail.objects.select_related("recipient", "link")
            .filter(pk=uuid.UUID(key))
            .first()
        )
        if row is not None and row.recipient is not None and row.kind in mail_kinds:
            return _opened(_as_it_would_leave(row, now), finished=False)
    return None


def _as_it_would_leave(row: OutgoingMail, now: datetime) -> bytes:
    kind = mail_kinds[row.kind]
    if row.rendered_at is None:
        mail = render(kind, row.facts, row.recipient, has_link=row.link_id is not None)
        row.rendered_at, row.language, row.subject = now, mail.language, mail.subject
        row.text, row.html, row.message_id = mail.text, mail.html, message_id(row.dedupe_key)
    return build(row, kind, letterhead_in(row.language)).data


def _opened(source: bytes, *, finished: bool) -> Opened:
    message = email.message_from_bytes(source, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    bodies = {kind: message.get_body((kind,)) for kind in ("plain", "html")}
    shown = {id(part) for part in bodies.values()}
    leaves = [part for part in message.walk() if not part.is_multipart() and id(part) not in shown]
    parts = [
        MimePart(
            index,
            part.get_filename() or f"{part.get_content_type().replace('/', '.')}",
            str(part["Content-Type"]),
            part.get_payload(decode=True) or b"",  # type: ignore[arg-type]
        )
        for index, part in enumerate(leaves)
    ]
    text, html = (body.get_content() if body else "" for body in bodies.values())
    headers = [(name, str(value)) for name, value in message.items() if name != "Subject"]
    return Opened(source, str(message.get("Subject", "")), headers, text, html, parts, finished)
