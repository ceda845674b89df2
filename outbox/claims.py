"""Claiming rows and writing results: every change of a row's status during delivery.

A claim is a lease in the row, committed before anything is sent (promise S2). Leases use the machine's time
(``clock``), not the ``now`` of the run, so that ``send_due --at`` beside running workers takes nothing from
them. No function here holds a lock when it returns; those that lock several rows skip locked ones, so that
they can't take part in a deadlock.
"""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from outbox.kinds import is_secret, mail_kinds
from outbox.models import WAITING, MailStatus, OutgoingMail
from outbox.transport import SendResult

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
# Promise S7: waiting time after the first, second … attempt; after the last a coordinator decides.
LADDER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 4 * 60, 12 * 60))
RESEND_AFTER = timedelta(minutes=15)
NOTHING_LEFT = {"facts": {}, "subject": "", "text": "", "html": ""}
_FREE = {"claimed_by": "", "claim_until": None}


def clock() -> datetime:
    """The machine's time, used for leases only."""
    return timezone.now()


def claim(now: datetime, holder: str, limit: int) -> list[OutgoingMail]:
    """Up to ``limit`` due rows, oldest first, leased to ``holder``; committed when it returns.

    Leaves out rows whose object and recipient have another mail in sending: a change never overtakes the
    reminder before it (S11). Two simultaneous claims never return the same row: PostgreSQL skips locked rows,
    SQLite allows one writing transaction at a time (S3).
    """
    moment = clock()
    with transaction.atomic():
        keys = list(
            claimable(now, holder, moment)
            .order_by("due_at", "created_at")
            .select_for_update(skip_locked=True, of=("self",))
            .values_list("pk", flat=True)[:limit]
        )
        if not keys:
            return []
        OutgoingMail.objects.filter(pk__in=keys).update(
            status=MailStatus.CLAIMED,
            claimed_by=holder,
            claim_until=moment + LEASE,
            attempt=F("attempt") + 1,
            handed_over_at=None,
        )
    rows = OutgoingMail.objects.filter(pk__in=keys, claimed_by=holder)
    return list(rows.select_related("recipient", "link").order_by("due_at", "created_at"))


def claimable(now: datetime, holder: str, moment: datetime) -> QuerySet[OutgoingMail]:
    """The rows ``holder`` may claim at ``now``, leases judged at ``moment``: due, not withdrawn, and without
    another mail in sending to the same recipient about the same object (S11)."""
    in_flight = OutgoingMail.objects.filter(
        object_id=OuterRef("object_id"),
        recipient_id=OuterRef("recipient_id"),
        status=MailStatus.CLAIMED,
        claim_until__gte=moment,
    )
    due = OutgoingMail.objects.due(now, clock=moment)
    return due.filter(~Exists(in_flight), withdrawn_at=None).exclude(claimed_by=holder)


def renew(holder: str) -> int:
    """Extends the leases of a holder that is still working; returns how many."""
    held = OutgoingMail.objects.filter(claimed_by=holder, status=MailStatus.CLAIMED)
    return held.update(claim_until=clock() + LEASE)


def freeze(rows: Iterable[OutgoingMail], holder: str) -> set[UUID]:
    """Stores the rendered mails, once for all attempts; returns the keys of the rows still held.

    Rows withdrawn since the claim are not among them (S11).
    """
    by_key = {row.pk: row for row in rows}
    kept: set[UUID] = set()
    with transaction.atomic():
        mine = _mine(holder).filter(pk__in=by_key).select_for_update(skip_locked=True, of=("self",))
        for key in list(mine.values_list("pk", flat=True)):
            _write_frozen(by_key[key])
            kept.add(key)
    for key in by_key.keys() - kept:  # somebody may be cancelling it: wait for the result
        with transaction.atomic():
            if _mine(holder).filter(pk=key).select_for_update(of=("self",)).exists():
                _write_frozen(by_key[key])
                kept.add(key)
    return kept


def _mine(holder: str) -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(
        claimed_by=holder, status=MailStatus.CLAIMED, withdrawn_at=None
    )


def _write_frozen(row: OutgoingMail) -> None:
    OutgoingMail.objects.filter(pk=row.pk).update(
        rendered_at=row.rendered_at,
        language=row.language,
        subject=row.subject,
        text=row.text,
        html=row.html,
        message_id=row.message_id,
    )


def hand_over(mail: UUID, holder: str, now: datetime) -> bool:
    """Notes that the server may have the mail from now on; False when ``holder`` no longer holds the row."""
    return _mine(holder).filter(pk=mail).update(handed_over_at=now) == 1


def settle(row: OutgoingMail, outcome: SendResult, now: datetime) -> str:
    """Writes the outcome of a claimed row; returns its new status, or "lost" when somebody else holds it.

    One row, one statement: nothing else is locked meanwhile (promise C4).
    """
    held = OutgoingMail.objects.filter(
        pk=row.pk, claimed_by=row.claimed_by, status=MailStatus.CLAIMED
    )
    if outcome.result in {"later", "unreachable", "untried", "dropped"} and held.filter(
        withdrawn_at__isnull=False
    ).update(status=MailStatus.CANCELLED, resolved_at=now, **_FREE):
        status = str(MailStatus.CANCELLED)
    else:
        values = _values(row, outcome, now)
        if is_secret(row.kind) and values["status"] in {
            MailStatus.SENT,
            MailStatus.FAILED,
            MailStatus.CANCELLED,
        }:
            values |= NOTHING_LEFT
        status = str(values["status"]) if held.update(**values) else "lost"
    _tell(row, outcome, status)
    return status


def _values(row: OutgoingMail, outcome: SendResult, now: datetime) -> dict[str, Any]:
    answer = {"last_error": outcome.answer[:200], **_FREE}
    if outcome.result == "sent":
        return {**answer, "status": MailStatus.SENT, "sent_at": now, "resend": False}
    if outcome.result == "closed":
        return {**answer, "status": MailStatus.CANCELLED, "resolved_at": now}
    if outcome.result == "refused":
        return {**answer, "status": MailStatus.FAILED}
    if outcome.result == "silent":
        return {**answer, **doubt(row, now)}
    if outcome.result in {"untried", "dropped"}:  # an outcome that says nothing about this mail
        due = now + _jittered(LADDER[0])
        return {**answer, "status": MailStatus.RETRY, "due_at": due, "attempt": row.attempt - 1}
    if row.attempt > len(LADDER):
        return {**answer, "status": MailStatus.FAILED}
    due = now + _jittered(LADDER[row.attempt - 1])
    return {**answer, "status": MailStatus.RETRY, "due_at": due}


def doubt(row: OutgoingMail, now: datetime) -> dict[str, Any]:
    """The columns for a mail that the server may or may not have taken (promise S8): depending on its kind it
    is sent once more, unchanged, after 15 minutes, or waits for a coordinator."""
    again = (
        row.kind in mail_kinds and mail_kinds[row.kind].lost_reply == "resend" and not row.resend
    )
    due = {"due_at": now + RESEND_AFTER} if again else {}
    return {"status": MailStatus.IN_DOUBT, "resend": again, **due}


def _jittered(delay: timedelta) -> timedelta:
    return delay * random.uniform(1.0, 1.2)  # noqa: S311 - spreads load, hides nothing


def _tell(row: OutgoingMail, outcome: SendResult, status: str) -> None:
    code = outcome.answer[:3] if outcome.answer[:3].isdigit() else ""
    level = logging.INFO if status in {"sent", "cancelled"} else logging.WARNING
    log.log(
        level,
        f"outbox.{status}",  # the event only: columns filled in later are not logged (P10)
        extra={"mail": str(row.pk), "kind": row.kind, "attempt": row.attempt, "code": code},
    )


def tidy_up(now: datetime) -> Counter[str]:
    """Settles what has to be decided before claiming; returns counts per decision.

    - the lease of a handed-over mail expired: in doubt (S8); of a withdrawn one: cancelled
    - its use is over: ``missed``, shown to a coordinator (S10)
    - of several due reminders for the same object and recipient only the newest is sent; the others become
      ``missed``, with nothing to do (S10)
    """
    counts: Counter[str] = Counter()
    moment = clock()
    abandoned = OutgoingMail.objects.filter(
        status=MailStatus.CLAIMED, due_at__lte=now, claim_until__lt=moment
    )
    for row in abandoned.filter(handed_over_at__isnull=False):
        still = abandoned.filter(pk=row.pk, claimed_by=row.claimed_by)
        if still.update(**doubt(row, now), **_FREE, last_error="the sender was interrupted"):
            counts["in_doubt"] += 1
            log.warning("outbox.in_doubt", extra={"mail": str(row.pk), "kind": row.kind})
    counts["cancelled"] += abandoned.filter(withdrawn_at__isnull=False).update(
        status=MailStatus.CANCELLED, resolved_at=now, **_FREE
    )
    due = OutgoingMail.objects.due(now, clock=moment)
    too_late = due.filter(useful_until__lt=now)
    too_late.filter(status=MailStatus.IN_DOUBT).update(resend=False)
    counts["missed"] += _miss(too_late, last_error="its use was over")
    newer = OutgoingMail.objects.filter(
        object_id=OuterRef("object_id"),
        recipient_id=OuterRef("recipient_id"),
        schedule_version=OuterRef("schedule_version"),
        planned_for__gt=OuterRef("planned_for"),
        planned_for__lte=now,
        status__in=(*WAITING, MailStatus.CLAIMED, MailStatus.SENT, MailStatus.IN_DOUBT),
    )
    counts["missed"] += _miss(due.filter(Exists(newer)), resolved_at=now)
    return +counts


def _miss(rows: QuerySet[OutgoingMail], **values: Any) -> int:
    with transaction.atomic():
        waiting = rows.exclude(status=MailStatus.IN_DOUBT).select_for_update(
            skip_locked=True, of=("self",)
        )
        found = list(waiting.values_list("pk", "kind"))
        if not found:
            return 0
        keys = [key for key, _ in found]
        secret = [key for key, kind in found if is_secret(kind)]
        OutgoingMail.objects.filter(pk__in=keys).update(status=MailStatus.MISSED, **_FREE, **values)
        OutgoingMail.objects.filter(pk__in=secret).update(**NOTHING_LEFT)
    for key, kind in found:
        log.warning("outbox.missed", extra={"mail": str(key), "kind": kind})
    return len(found)
