"""Delivery: claims what is due, renders it once, hands it over and writes the outcome.

Only the thread that calls ``deliver`` uses the database; connections live in threads of their own
(``smtp.py``). No transaction is open and no row locked while a server is talked to (promise S6).
"""

from __future__ import annotations

import logging
import time
import uuid
from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from outbox import checkpoints, claims
from outbox.kinds import MailKind, mail_kinds
from outbox.mail_url import open_transport
from outbox.message import build, message_id
from outbox.models import MailStatus, OutgoingMail
from outbox.render import letterhead_in, render
from outbox.transport import (
    HandOver,
    SendResult,
    Submission,
    Transport,
)

log = logging.getLogger(__name__)

BATCH = 40
# After this many seconds a run claims nothing more: the next run, a minute later, continues.
RUN_SECONDS = 240.0
RENEW_SECONDS = 60.0
# An unavailable or busy database says nothing about the mail itself: the run ends, and its rows are claimed
# again when the leases have expired.
NOT_THE_MAILS_FAULT = (OperationalError, InterfaceError)


def deliver(now: datetime) -> Counter[str]:
    """Sends what is due at ``now`` until nothing is; returns the number of rows per resulting status.

    ``now`` is used for the whole run (promise S12): it decides what is due and becomes the Date header of
    what is rendered. Safe beside any number of other runs (S3). Raises database errors; rows claimed by then
    are claimed again when their lease has expired (S2).
    """
    run = _Run(now)
    try:
        run.go()
    finally:
        run.transport.close()
    return run.counts


class _Run:
    def __init__(self, now: datetime) -> None:
        self.now = now
        self.holder = uuid.uuid4().hex
        self.counts: Counter[str] = Counter()
        self.rows: dict[uuid.UUID, OutgoingMail] = {}  # claimed, without outcome
        self.letterheads: dict[str, Mapping[str, str]] = {}
        self.careful = not settings.MAIL_URL.startswith("file:")
        self.transport: Transport = open_transport(settings.MAIL_URL, settings.MAIL_CONNECTIONS)
        self.began = self.renewed = time.monotonic()
        self.unreachable = False  # then rows not yet claimed need not be tried

    def go(self) -> None:
        self.counts += claims.tidy_up(self.now)
        claiming, waited = True, False
        while True:
            if claiming and self.transport.waiting() < BATCH // 2:
                claiming = self._next_batch() and not self._late()
                # Rows left out because another mail to the same person was in sending.
                waited = bool(self.rows)
            if not self.rows:
                if not (waited and not self._late()):
                    return
                claiming, waited = True, False
                continue
            self._read_news(0 if claiming and self.transport.waiting() < BATCH // 2 else 5.0)
            self._renew()

    def _late(self) -> bool:
        return self.unreachable or time.monotonic() - self.began > RUN_SECONDS

    def _renew(self) -> None:
        if time.monotonic() - self.renewed > RENEW_SECONDS:
            self.renewed = time.monotonic()
            claims.renew(self.holder)

    def _next_batch(self) -> bool:
        """Claims, renders and posts a batch; returns whether there was one."""
        if not connection.in_atomic_block:
            close_old_connections()
        checkpoints.checkpoint("before_claim")
        batch = claims.claim(self.now, self.holder, BATCH)
        if not batch:
            return False
        checkpoints.checkpoint("after_claim")
        self.rows |= {row.pk: row for row in batch}
        batch = [row for row in batch if self._reachable(row)]
        fresh = [row for row in batch if row.rendered_at is None and self._rendered(row)]
        kept = claims.freeze(fresh, self.holder) if fresh else set()
        groups: dict[tuple[uuid.UUID, uuid.UUID | None], list[Submission]] = {}
        for row in batch:
            if row.pk not in self.rows:
                continue  # could not be rendered
            if row in fresh and row.pk not in kept:
                self._settle(SendResult(_empty(row), "dropped"))
            elif submission := self._submission(row):
                # In this order for any number of connections: a change never overtakes.
                groups.setdefault((row.object_id, row.recipient_id), []).append(submission)
            self._read_news(0)
        for group in groups.values():
            self.transport.post(group)
        return True

    def _reachable(self, row: OutgoingMail) -> bool:
        """Checks once more that the recipient may still be written to (promise P17)."""
        if row.recipient is None or row.kind not in mail_kinds:
            return True  # reported where it is rendered
        if mail_kinds[row.kind].may_reach(row.recipient):
            return True
        self._settle(SendResult(_empty(row), "closed", "the account is closed"))
        return False

    def _rendered(self, row: OutgoingMail) -> bool:
        """Renders the row and stores the result in it; returns False, and fails this one mail, where
        rendering raises."""
        try:
            kind = mail_kinds[row.kind]
        except LookupError:
            # Queued by a newer version of this software: this process may be replaced soon (S13).
            self._settle(SendResult(_empty(row), "later", f"unknown kind {row.kind}"))
            return False
        try:
            if row.recipient is None:
                raise ValueError("no recipient")
            language = row.recipient.language
            mail = render(
                kind,
                row.facts,
                row.recipient,
                has_link=row.link_id is not None,
                letterhead=self._letterhead(language),
            )
        except NOT_THE_MAILS_FAULT:
            raise
        except Exception as error:
            self._failed(row, error)
            return False
        row.rendered_at, row.language = self.now, mail.language
        row.subject, row.text, row.html = mail.subject, mail.text, mail.html
        row.message_id = message_id(row.dedupe_key)
        return True

    def _letterhead(self, language: str) -> Mapping[str, str]:
        if language not in self.letterheads:
            self.letterheads[language] = letterhead_in(language)
        return self.letterheads[language]

    def _submission(self, row: OutgoingMail) -> Submission | None:
        try:
            kind: MailKind = mail_kinds[row.kind]
            finished = build(row, kind, self._letterhead(row.language))
        except NOT_THE_MAILS_FAULT:
            raise
        except Exception as error:  # such as BadHeaderError for a hostile name
            self._failed(row, error)
            return None
        moment = row.rendered_at or self.now
        return Submission(
            mail=row.pk,
            kind=row.kind,
            sender=finished.sender,
            recipient=finished.recipient,
            data=finished.data,
            filename=f"{moment:%Y%m%d-%H%M%S}-{row.pk}.eml",
            careful=self.careful and kind.lost_reply == "ask",
        )

    def _failed(self, row: OutgoingMail, error: Exception) -> None:
        log.error(
            "outbox.unbuildable",
            extra={"mail": str(row.pk), "kind": row.kind, "error": type(error).__name__},
        )
        self._settle(SendResult(_empty(row), "refused", f"{type(error).__name__}: {error}"))

    def _read_news(self, timeout: float) -> None:
        for event in self.transport.events(timeout):
            if isinstance(event, HandOver):
                event.answer(claims.hand_over(event.submission.mail, self.holder, self.now))
            else:
                self._settle(event)

    def _settle(self, outcome: SendResult) -> None:
        row = self.rows.pop(outcome.submission.mail)
        self.unreachable |= outcome.result == "unreachable"
        status = claims.settle(row, outcome, self.now)
        self.counts[status] += 1
        if status == MailStatus.SENT:
            checkpoints.checkpoint("after_commit", str(row.pk))
        outcome.written.set()


def _empty(row: OutgoingMail) -> Submission:
    return Submission(row.pk, row.kind, "", "", b"", "")
