"""Transports for finished mails: into a folder (embedded) or by SMTP (``smtp.py``)."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any, Literal, Protocol
from uuid import UUID

from django.core.mail.backends.base import BaseEmailBackend

from outbox import checkpoints

Result = Literal[
    "sent",  # the server took it
    "later",  # refused temporarily (4xx, or connection lost before the end of data)
    "refused",  # refused permanently (5xx)
    "silent",  # handed over, no answer: in doubt (RFC 1047)
    "unreachable",  # no connection, TLS or sign-in
    "untried",  # another mail found the server unreachable
    "dropped",  # withdrawn, or claimed by somebody else, before it was handed over
    "closed",  # the recipient's account was closed: never sent
]


@dataclass(frozen=True)
class Submission:
    """One finished mail being sent. ``careful``: asks before the end of data and is marked as handed over, so
    that a worker killed after it leaves a doubt and not a second mail (promises S2, S8)."""

    mail: UUID
    kind: str
    sender: str
    recipient: str
    data: bytes
    filename: str
    careful: bool = False


@dataclass(frozen=True)
class SendResult:
    """The result of sending a message, with the server's answer (at most 200 characters)."""

    submission: Submission
    result: Result
    answer: str = ""
    # Set once the outcome is committed: until then its connection sends nothing else (promise S2).
    written: Event = field(default_factory=Event, compare=False)


class HandOver:
    """A connection asks whether it may end the data of a careful message, and waits for the answer."""

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        self._granted = False
        self._answered = Event()

    def answer(self, granted: bool) -> None:
        """Called by the delivery run, which uses the database."""
        self._granted = granted
        self._answered.set()

    def wait(self, seconds: float) -> bool:
        """Called by the connection; returns whether the message may be handed over."""
        return self._answered.wait(seconds) and self._granted


class Transport(Protocol):
    """Takes messages and reports their outcomes. Uses no database."""

    def post(self, group: list[Submission]) -> None:
        """Takes messages to be sent in this order."""

    def waiting(self) -> int:
        """How many messages have no outcome yet."""

    def events(self, timeout: float) -> list[SendResult | HandOver]:
        """The events since the last call; waits up to ``timeout`` seconds for one."""

    def close(self) -> None:
        """Ends all connections."""


class FileTransport:
    """Writes each mail as ``<moment>-<id>.eml``. The same mail always has the same file name, so that a
    repetition makes no second file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._done: list[SendResult | HandOver] = []
        folder.mkdir(parents=True, exist_ok=True)

    def post(self, group: list[Submission]) -> None:
        """Writes the files, each under a temporary name first, so that no reader sees half a mail."""
        for submission in group:
            mail = str(submission.mail)
            checkpoints.checkpoint("after_connect", mail)
            half = self.folder / f".{submission.filename}.{os.getpid()}"
            try:
                half.write_bytes(submission.data)
                checkpoints.checkpoint("after_rcpt", mail)
                half.replace(self.folder / submission.filename)
            except OSError as error:
                self._done.append(SendResult(submission, "later", type(error).__name__))
                continue
            checkpoints.checkpoint("after_dot", mail)
            checkpoints.checkpoint("after_250", mail)
            self._done.append(SendResult(submission, "sent"))

    def waiting(self) -> int:
        """Messages whose outcome was not asked for yet."""
        return len(self._done)

    def events(self, timeout: float) -> list[SendResult | HandOver]:
        """All outcomes so far, at once."""
        done, self._done = self._done, []
        return done

    def close(self) -> None:
        """Nothing to close."""


class RefusingBackend(BaseEmailBackend):
    """Disables Django's own sending: every mail goes through the outbox (promise S1)."""

    def send_messages(self, email_messages: Any) -> int:
        raise RuntimeError("mails are queued with outbox.actions.queue")
