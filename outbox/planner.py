"""The planner: turns the reminders that apps want into planned rows (promise S11)."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from django.contrib.auth import get_user_model
from django.db import connection, models, transaction

from outbox.actions import (
    CARRIED,
    is_muted,
    plan_again,
    storable,
    withdraw_rows,
)
from outbox.kinds import mail_kinds
from outbox.models import (
    WAITING,
    MailStatus,
    OutgoingMail,
    dedupe_key,
)
from outbox.reminders import PlannedReminder

BATCH = 2000
LIVE = (*WAITING, MailStatus.CLAIMED)


def plan(
    wanted: Iterable[PlannedReminder], now: datetime, *, withdrawn_until: datetime | None = None
) -> Counter[str]:
    """Upserts the planned rows of ``wanted`` under their unique keys, with a constant number of queries per
    2,000.

    Returns counts: ``planned`` (new rows, and those planned again), ``changed`` (still waiting, with other
    facts or times than before), ``cancelled`` (still waiting for an older version of the same object and
    kind, S11). Rows that were withdrawn for a reason that no longer holds are planned again (promise S16);
    claimed, sent or missed ones stay. Nothing is planned for a closed account (promise P17).

    Call it in the transaction that changes the object, with the object locked. The sweep calls it again for
    everything ahead; it has read without a lock and therefore plans nothing again that was withdrawn after
    ``withdrawn_until``, since somebody may be changing the object. Raises ValueError for facts a kind doesn't
    declare.
    """
    counts: Counter[str] = Counter()
    if is_muted():
        return counts
    if connection.vendor == "sqlite":
        # An open generator keeps an old snapshot, which prevents SQLite from writing.
        wanted = list(wanted)
    for batch in _batches(iter(wanted)):
        with transaction.atomic():
            counts += _plan(batch, now, withdrawn_until)
    return counts


def _batches(wanted: Iterator[PlannedReminder]) -> Iterator[list[PlannedReminder]]:
    while batch := list(islice(wanted, BATCH)):
        yield batch


def _plan(
    batch: list[PlannedReminder], now: datetime, withdrawn_until: datetime | None
) -> Counter[str]:
    closed = set(
        get_user_model()
        .objects.filter(pk__in={one.recipient_id for one in batch}, is_active=False)
        .values_list("pk", flat=True)
    )
    by_key = {
        _key(one): one
        for one in batch
        if one.recipient_id not in closed or mail_kinds[one.kind].reaches_closed
    }
    known: dict[str, OutgoingMail] = {}
    versions = {(one.obj.pk, one.kind): one.version for one in batch}
    stale = []
    rows = OutgoingMail.objects.filter(
        planned_for__isnull=False, object_id__in={_object_id(one.obj) for one in batch}
    ).only(
        "dedupe_key", "kind", "object_id", "schedule_version", "status", "facts", "due_at",
        "useful_until", "resolved_at", "link_id",
    )  # fmt: skip
    for row in rows:
        if row.dedupe_key in by_key:
            known[row.dedupe_key] = row
        elif (
            row.schedule_version < versions.get((row.object_id, row.kind), 0) and row.status in LIVE
        ):
            stale.append(row.pk)
    fresh = [_row(key, one, now) for key, one in by_key.items() if key not in known]
    if fresh:
        OutgoingMail.objects.bulk_create(fresh, ignore_conflicts=True)
    withdrawn = [
        (row, _row(key, by_key[key], now))
        for key, row in known.items()
        if row.status == MailStatus.CANCELLED
        and (withdrawn_until is None or (row.resolved_at or now) <= withdrawn_until)
    ]
    again = plan_again(withdrawn, now=now) if withdrawn else 0
    changed = [
        row
        for key, row in known.items()
        if row.status == MailStatus.PLANNED and _differs(row, by_key[key])
    ]
    for row in changed:
        one = by_key[row.dedupe_key]
        row.facts, row.useful_until = storable(one.facts), one.useful_until
        row.due_at = row.planned_for = one.due_at
        row.link_id = one.link_id
    if changed:
        OutgoingMail.objects.filter(status=MailStatus.PLANNED).bulk_update(changed, CARRIED)
    cancelled = withdraw_rows(OutgoingMail.objects.filter(pk__in=stale), now=now) if stale else 0
    return Counter(planned=len(fresh) + again, changed=len(changed), cancelled=cancelled)


def _object_id(obj: models.Model) -> uuid.UUID:
    return uuid.UUID(int=obj.pk) if isinstance(obj.pk, int) else obj.pk


def _key(one: PlannedReminder) -> str:
    return dedupe_key(one.kind, _object_id(one.obj), one.recipient_id, one.version, one.offset)


def _row(key: str, one: PlannedReminder, now: datetime) -> OutgoingMail:
    announced = set(mail_kinds[one.kind].facts)
    if set(one.facts) != announced:
        wrong = sorted(set(one.facts) ^ announced)
        raise ValueError(f"{one.kind}: unknown or missing facts {wrong}")
    return OutgoingMail(
        dedupe_key=key,
        kind=one.kind,
        recipient_id=one.recipient_id,
        object_type=one.obj._meta.label,
        object_id=_object_id(one.obj),
        cohort_id=getattr(one.obj, "cohort_id", None),
        facts=storable(one.facts),
        link_id=one.link_id,
        thread=one.thread,
        planned_for=one.due_at,
        schedule_version=one.version,
        offset=one.offset,
        created_at=now,
        due_at=one.due_at,
        useful_until=one.useful_until,
    )


def _differs(row: OutgoingMail, one: PlannedReminder) -> bool:
    return (row.facts, row.due_at, row.useful_until, row.link_id) != (
        storable(one.facts),
        one.due_at,
        one.useful_until,
        one.link_id,
    )
