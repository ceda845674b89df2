"""The kinds of mail: the facts each contains and how it is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from core.registry import Registry


@dataclass(frozen=True)
class Attachment:
    """A file attached to a mail; ``alternative`` adds it beside text and HTML as well."""

    filename: str
    content: bytes
    mimetype: str
    alternative: bool = False


@dataclass(frozen=True)
class MailKind:
    """One kind of mail.

    ``label``: what it is called on the desk; short, and without anything the mail says. ``sample``: facts for
    showing an example; their names are the names of its facts (JSON values), no others are accepted.
    ``shared``: a mail of no cohort may be seen by every coordinator; otherwise by administrators alone.
    ``lost_reply``: what happens when the server stops answering after the mail was handed over (promise S8):
    ``resend`` once, or ``ask`` a coordinator. ``attachments``: function of facts and recipient that returns
    files. ``secret``: the body is deleted once sent. ``reaches_closed``: also sent to a closed account
    (promise P17): mails that end something the person has in the calendar or was promised, and mails that
    ask somebody to begin again. ``for_coordinators``: tells the coordinators of a cohort or of the network;
    withdrawn from somebody who is none any more (promise P17).
    """

    kind: str
    app: str
    label: Any
    sample: Mapping[str, Any]
    shared: bool = False
    lost_reply: Literal["resend", "ask"] = "ask"
    secret: bool = False
    attachments: Callable[[Mapping[str, Any], Any, datetime], list[Attachment]] | None = None
    reaches_closed: bool = False
    for_coordinators: bool = False

    @property
    def facts(self) -> tuple[str, ...]:
        """The names of the facts it announces."""
        return tuple(self.sample)

    def may_reach(self, person: Any) -> bool:
        """Whether ``person`` (a User) may still be written to with this kind."""
        return bool(person.is_active) or self.reaches_closed

    def ends_events(self, facts: Mapping[str, Any], recipient: Any, now: datetime) -> bool:
        """Whether its attachments only remove events from a calendar."""
        files = self.attachments(facts, recipient, now) if self.attachments else []
        return bool(files) and all("method=CANCEL" in one.mimetype for one in files)


mail_kinds: Registry[MailKind] = Registry("mail kind")


def register(kinds: Iterable[MailKind]) -> None:
    """Enters the kinds of an app; from its ``hooks.py``."""
    for one in kinds:
        mail_kinds.add(one.kind, one)


def label_of(kind: str) -> str:
    """The words for a kind; the kind itself where none is registered any more."""
    return str(mail_kinds[kind].label) if kind in mail_kinds else kind


def is_secret(kind: str) -> bool:
    """Whether mails of this kind carry what nobody else may read."""
    return kind in mail_kinds and mail_kinds[kind].secret
