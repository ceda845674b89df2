"""Fixtures of the outbox: kinds for tests, a mailbox in a folder, and one way to queue."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable, Iterator
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from outbox import actions
from outbox.models import OutgoingMail
from tests import factories
from tests.outbox import kinds


@pytest.fixture(autouse=True)
def probe_kinds() -> Iterator[None]:
    """The kinds of ``kinds.py``."""
    kinds.install()
    yield
    kinds.remove()


class Mailbox:
    """The folder finished mails are written to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def files(self) -> list[Path]:
        """The mails, oldest first."""
        return sorted(self.folder.glob("*.eml"))

    def mails(self) -> list[EmailMessage]:
        """The mails, parsed."""
        return [parse(path.read_bytes()) for path in self.files()]


def parse(data: bytes) -> EmailMessage:
    """A finished mail as its reader's program understands it."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.fixture
def mailbox(settings: Any, tmp_path: Path) -> Mailbox:
    """Mails go into a folder of this test."""
    settings.MAIL_URL = tmp_path.joinpath("mail").as_uri()
    return Mailbox(tmp_path / "mail")


@pytest.fixture
def queued(now: datetime) -> Callable[..., OutgoingMail]:
    """Queues a mail of a test kind to a new person about an object of its own."""

    def queue(kind: str = "probe-question", **options: Any) -> OutgoingMail:
        recipient = options.pop("recipient", None) or factories.person()
        obj = options.pop("obj", None) or factories.person()
        samples = {one.kind: one.sample for one in kinds.KINDS}
        facts = options.pop("facts", None) or dict(samples[kind])
        options.setdefault("now", now)
        options.setdefault("version", 1)
        with transaction.atomic():
            row, _new = actions.queue(kind, recipient, obj, facts, **options)
        assert row is not None
        return row

    return queue
