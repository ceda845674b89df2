"""Builds finished mails (promises S9, S15, P8): from a frozen row to the bytes that are sent."""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.header import Header, decode_header, make_header
from email.headerregistry import Address
from email.message import Message
from email.utils import format_datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.html import escape

from core.links.actions import url_of
from outbox.kinds import Attachment, MailKind
from outbox.markup import clean
from outbox.models import OutgoingMail
from outbox.render import LINK_HERE

# Characters that could end a display name early or make it look like an address (promise P8).
_NOT_IN_A_NAME = re.compile(r'[@:;,"<>()\[\]\\]')


@dataclass(frozen=True)
class Finished:
    """A mail as it is sent: the two envelope addresses and the whole message with CRLF line ends."""

    sender: str
    recipient: str
    data: bytes


def message_id(key: str) -> str:
    """The Message-ID of a row: derived from the dedupe key, so the same for every build (promise S9)."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{settings.MAIL_DOMAIN}>"


def display_name(name: str) -> str:
    """A name made safe for a header: one line, without characters of addresses, at most 75 characters."""
    return " ".join(_NOT_IN_A_NAME.sub(" ", clean(name)).split())[:75].strip()


def build(row: OutgoingMail, kind: MailKind, letterhead: Mapping[str, str]) -> Finished:
    """The finished mail of a rendered row; the personal link is inserted here, in memory only (L4).

    Raises BadHeaderError, ValueError (an invalid address, a link that no longer exists) and whatever the
    kind's attachments raise: the caller fails that one mail.
    """
    if row.recipient is None or row.rendered_at is None:
        raise ValueError("a mail is built for a recipient after it was rendered")
    text, html = _with_link(row)
    sender, recipient = _envelope(settings.MAIL_FROM), _envelope(row.address)
    mail = EmailMultiAlternatives(
        subject=row.subject,
        body=text,
        from_email=_mailbox(letterhead.get("programme", ""), sender),
        # an unconfirmed address may be a stranger's: no name is sent to it
        to=[recipient if row.to_address else _mailbox(row.recipient.name, recipient)],
        reply_to=_reply_to(row, letterhead),
        headers=_headers(row),
    )
    mail.attach_alternative(html, "text/html")
    parameters = _attach(mail, row, kind)
    message = mail.message()
    _set_parameters(message, parameters)
    _fold(message)
    return Finished(
        sender,
        recipient,
        message.as_bytes(linesep="\r\n"),  # type: ignore[call-arg]
    )


def _fold(message: Message[Any, Any]) -> None:
    """Folds every header of every part so that it begins on its first line. Django folds a value without its
    name; what does not fit behind the name then moves to the next line as a whole, which spam filters rate as
    forged."""
    for part in message.walk():
        for name, value in part.items():
            if (folded := _folded(name, str(value))) is not None:
                part.replace_header(name, folded)


def _folded(name: str, value: str) -> Header | None:
    """The header in lines of 76 characters (RFC 2047, 2), longer for a single long word; None where the value
    contains a line break."""
    chunks = decode_header(value)
    if any(sign in str(make_header(chunks)) for sign in "\r\n"):
        return None
    folded = make_header(chunks, 76, name)
    if folded.encode().startswith("\n"):
        folded.__class__ = _Unbroken
    return folded


class _Unbroken(Header):
    """A header of one word, such as a long Message-ID, which can't be folded."""

    def encode(self, *args: Any, **options: Any) -> str:
        """The header in one line."""
        return super().encode(maxlinelen=0)


def _with_link(row: OutgoingMail) -> tuple[str, str]:
    if LINK_HERE not in row.text and LINK_HERE not in row.html:
        return row.text, row.html
    if row.link is None:
        raise ValueError("the personal link of this mail is gone")
    url = url_of(row.link)
    return row.text.replace(LINK_HERE, url), row.html.replace(LINK_HERE, escape(url))


def _reply_to(row: OutgoingMail, letterhead: Mapping[str, str]) -> list[str] | None:
    """The Reply-To address: the office, or the sender of a message to the office (kinds with the fact
    ``reply_to``)."""
    writer = row.facts.get("reply_to")
    if isinstance(writer, str) and writer:
        return [_envelope(writer)]
    return [letterhead["office_email"]] if letterhead.get("office_email") else None


def _headers(row: OutgoingMail) -> dict[str, str]:
    headers = {
        "Message-ID": row.message_id,
        "Date": format_datetime(row.rendered_at) if row.rendered_at else "",
        "Content-Language": row.language,
        "Auto-Submitted": "auto-generated",
        # Suppress absence notes and receipts; bounces are welcome.
        "X-Auto-Response-Suppress": "OOF, AutoReply, RN, NRN",
        "X-Mentoring-Kind": row.kind,
    }
    if row.thread:
        root = message_id(f"thread\x1f{row.thread}")
        headers |= {"In-Reply-To": root, "References": root}
    return headers


def _mailbox(name: str, address: str) -> str:
    """Name and address for a header; Django encodes and folds non-ASCII text."""
    shown = display_name(name)
    return f'"{shown}" <{address}>' if shown else address


def _envelope(email: str) -> str:
    """The address in ASCII, its domain in punycode. Raises ValueError for an address no server would accept."""
    local, _, domain = email.rpartition("@")
    try:
        domain = domain.encode("idna").decode()
        return Address(username=local.encode("ascii").decode(), domain=domain).addr_spec
    except (UnicodeError, IndexError) as error:
        raise ValueError("the address cannot be written to") from error


def _attach(
    mail: EmailMultiAlternatives, row: OutgoingMail, kind: MailKind
) -> dict[str, dict[str, str]]:
    """Adds the kind's files; returns the parameters of their media types, by type (method=REQUEST …)."""
    if kind.attachments is None:
        return {}
    addressee = copy.copy(row.recipient)
    addressee.email = row.address  # type: ignore[union-attr]
    files: list[Attachment] = kind.attachments(row.facts, addressee, row.rendered_at)  # type: ignore[arg-type]
    parameters: dict[str, dict[str, str]] = {}
    for file in files:
        media, found = _media_type(file.mimetype)
        parameters[media] = found
        if file.alternative:
            mail.attach_alternative(file.content.decode(), media)
        mail.attach(display_name(file.filename), file.content, media)
    return parameters


def _media_type(value: str) -> tuple[str, dict[str, str]]:
    media, *rest = (part.strip() for part in value.split(";"))
    pairs = (part.partition("=") for part in rest if part)
    return media, {key: text for key, _, text in pairs if key.lower() != "charset"}


def _set_parameters(
    message: Message[Any, Any], parameters: Mapping[str, Mapping[str, str]]
) -> None:
    # Django splits a media type at its slash, so that parameters would become part of the subtype.
    for part in message.walk() if parameters else ():
        for key, value in parameters.get(part.get_content_type(), {}).items():
            part.set_param(key, value)
