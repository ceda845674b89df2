"""Queueing, cancelling and triggering delivery. Delivery is in ``delivery.py``, planning in ``planner.py``."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from core.audit import Actor
from core.errors import RuleViolation
from core.links.models import ActionLink
from core.verbs import Step, Steps, verb
from outbox.kinds import mail_kinds
from outbox.models import (
    NEEDS_A_PERSON,
    WAITING,
    MailStatus,
    OutgoingMail,
    dedupe_key,
)

log = logging.getLogger(__name__)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_muted: ContextVar[bool] = ContextVar("outbox_muted", default=False)
_captured: ContextVar[list[uuid.UUID] | None] = ContextVar("outbox_captured", default=None)


@contextmanager
def capturing() -> Iterator[list[uuid.UUID]]:
    """Context manager: collects the keys of the mails queued inside, unless they were waiting before.
    ``leaving`` returns those still to be sent."""
    keys: list[uuid.UUID] = []
    token = _captured.set(keys)
    try:
        yield keys
    finally:
        _captured.reset(token)


def leaving(keys: Iterable[uuid.UUID]) -> models.QuerySet[OutgoingMail]:
    """The mails among ``keys`` that wait to be sent: not those that a later step of the same verb withdrew."""
    return OutgoingMail.objects.filter(pk__in=list(keys), status__in=WAITING)


@contextmanager
def muted() -> Iterator[None]:
    """Context manager: nothing is queued inside. For ``seed_demo``, which writes a past without mails."""
    token = _muted.set(True)
    try:
        yield
    finally:
        _muted.reset(token)


def is_muted() -> bool:
    """Whether queueing and planning are switched off here."""
    return _muted.get()


def queue(
    kind: str,
    recipient: Any,
    obj: models.Model,
    facts: Mapping[str, Any],
    *,
    now: datetime,
    due_at: datetime | None = None,
    useful_until: datetime | None = None,
    version: int | None = None,
    offset: str = "",
    link: ActionLink | None = None,
    thread: str = "",
    cohort_id: uuid.UUID | None = None,
    to_address: str = "",
) -> tuple[OutgoingMail | None, bool]:
    """Plans one mail to one person in the caller's transaction (promise S1) and triggers delivery.

    ``facts`` must be the facts the kind declares, as JSON values (moments as ISO strings, UTC or dates).
    ``version`` defaults to the object's version, so that each move of a state has its own mail.
    ``to_address`` fixes the address (default: the recipient's address at sending).

    Returns the row (None when muted, and for a closed account unless the kind reaches it) and whether this
    call queued it. A repetition (same kind, object, recipient, version, offset and facts) returns the
    existing row and queues nothing; with other facts it is another mail, so that no change is lost (promise
    S16). A row that was withdrawn before sending is queued again. Raises ValueError for facts the kind
    doesn't declare.
    """
    registered = mail_kinds[kind]
    if unknown := set(facts) - set(registered.facts):
        raise ValueError(f"{kind} does not announce {sorted(unknown)}")
    if missing := set(registered.facts) - set(facts):
        raise ValueError(f"{kind} needs {sorted(missing)}")
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a mail is queued inside the transaction of what it tells about")
    if _muted.get() or not registered.may_reach(recipient):
        return None, False
    if version is None:
        version = getattr(obj, "version", 0)
    object_id = uuid.UUID(str(obj.pk)) if not isinstance(obj.pk, int) else uuid.UUID(int=obj.pk)
    announced = storable(facts)
    key = dedupe_key(kind, object_id, recipient.pk, version, offset, announced)
    row = OutgoingMail(
        dedupe_key=key,
        kind=kind,
        recipient=recipient,
        to_address=to_address,
        object_type=obj._meta.label,
        object_id=object_id,
        cohort_id=cohort_id or getattr(obj, "cohort_id", None),
        facts=announced,
        link=link,
        schedule_version=version,
        offset=offset,
        thread=thread,
        created_at=now,
        due_at=due_at or now,
        useful_until=useful_until,
    )
    OutgoingMail.objects.bulk_create([row], ignore_conflicts=True)
    nudge()
    stored = OutgoingMail.objects.get(dedupe_key=key)
    queued = stored.pk == row.pk
    if stored.status == MailStatus.CANCELLED:
        queued = plan_again([(stored, row)], now=now) == 1
        stored.refresh_from_db()
    if queued and (captured := _captured.get()) is not None:
        captured.append(stored.pk)
    return stored, queued


# The columns a row is reset to when it is planned again: as if never tried or rendered.
UNTRIED = {
    "status": MailStatus.PLANNED,
    "attempt": 0,
    "last_error": "",
    "resend": False,
    "resolved_at": None,
    "withdrawn_at": None,
    "handed_over_at": None,
    "rendered_at": None,
    "subject": "",
    "text": "",
    "html": "",
    "message_id": "",
}


@transaction.atomic
def plan_again(pairs: Iterable[tuple[OutgoingMail, OutgoingMail]], *, now: datetime) -> int:
    """Plans withdrawn rows again, each with its new version; returns how many.

    Only rows that were cancelled before sending (promise S16) and not withdrawn by somebody else since: sent,
    missed or failed ones stay. Locks the rows by key (promise C4).
    """
    seen = {stored.pk: (stored, wanted) for stored, wanted in pairs}
    withdrawn = OutgoingMail.objects.filter(pk__in=seen, status=MailStatus.CANCELLED)
    locked = withdrawn.select_for_update(of=("self",)).order_by("pk")
    rows = [row for row in locked if row.resolved_at == seen[row.pk][0].resolved_at]
    for row in rows:
        for name in CARRIED:
            setattr(row, name, getattr(seen[row.pk][1], name))
        for name, value in UNTRIED.items():
            setattr(row, name, value)
        row.created_at = now
    OutgoingMail.objects.bulk_update(rows, [*CARRIED, *UNTRIED, "created_at"], batch_size=100)
    return len(rows)


# The columns a planned row takes over from the newly wanted one.
CARRIED = ("facts", "link_id", "due_at", "planned_for", "useful_until")


def storable(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts without NUL and lone surrogates, which a database may refuse in a text."""
    return {
        name: _UNSTORABLE.sub("", value) if isinstance(value, str) else value
        for name, value in facts.items()
    }


def cancel(obj: models.Model, *, now: datetime, kinds: tuple[str, ...] | None = None) -> int:
    """Cancels mails about ``obj`` that still wait (promise S11); returns how many rows.

    Rows that a worker holds now are marked, so that this attempt is the last one. Mails that remove an event
    from the calendar of a former mailbox stay: nothing else would remove it.
    """
    with_files = [one.kind for one in mail_kinds.values() if one.attachments is not None]
    rows = OutgoingMail.objects.about(obj).filter(
        models.Q(to_address="") | ~models.Q(kind__in=with_files),
        status__in=(*WAITING, MailStatus.CLAIMED),
    )
    if kinds is not None:
        rows = rows.filter(kind__in=kinds)
    return withdraw_rows(rows, now=now)


@transaction.atomic
def withdraw_rows(rows: models.QuerySet[OutgoingMail], *, now: datetime) -> int:
    """Cancels those of ``rows`` that wait and marks those a worker holds; returns how many were cancelled.

    Locks them first, by key, like every function that locks several rows of the outbox (promise C4).
    """
    keys = list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    if not keys:
        return 0
    locked = OutgoingMail.objects.filter(pk__in=keys)
    locked.filter(status=MailStatus.CLAIMED).update(withdrawn_at=now)
    return locked.filter(status__in=WAITING).update(status=MailStatus.CANCELLED, resolved_at=now)


@transaction.atomic
def withdraw_from(person: Any, *, now: datetime) -> int:
    """Cancels mails that still wait for somebody whose account was closed, except kinds that reach a closed
    account (promise P17); returns how many rows. Deletes the bodies of secret mails."""
    waiting = OutgoingMail.objects.filter(
        recipient=person, status__in=(*WAITING, MailStatus.CLAIMED)
    )
    reaching = [one.kind for one in mail_kinds.values() if one.reaches_closed]
    secret = [one.kind for one in mail_kinds.values() if one.secret]
    withdrawn = withdraw_rows(waiting.exclude(kind__in=reaching), now=now)
    OutgoingMail.objects.filter(
        recipient=person, kind__in=secret, status=MailStatus.CANCELLED
    ).update(facts={}, subject="", text="", html="")
    return withdrawn


def clear_former_calendar(person: Any, former: str, *, now: datetime) -> None:
    """Queues each waiting mail to ``person`` that removes an event from a calendar to the ``former`` address
    as well: the event is in that mailbox's calendar, while the information belongs at the present address.

    Call it before anything is withdrawn. Adds rows and locks none (promise C4).
    """
    waiting = OutgoingMail.objects.filter(recipient=person, to_address="", status__in=WAITING)
    copies = [
        row
        for row in waiting
        if row.kind in mail_kinds and mail_kinds[row.kind].ends_events(row.facts, person, now)
    ]
    for row in copies:
        row.dedupe_key = dedupe_key(
            row.kind, row.object_id, person.pk, row.schedule_version, former, row.facts
        )
        row.pk, row.to_address, row.created_at, row.due_at = uuid.uuid4(), former, now, now
        for name, value in UNTRIED.items():
            setattr(row, name, value)
    OutgoingMail.objects.bulk_create(copies, ignore_conflicts=True)
    nudge()


@transaction.atomic
def say_where_it_went(person: Any, former: str) -> None:
    """Fixes ``former`` as the address of mails to ``person`` that were, or may have been, sent there; a retry
    goes there only. Locks by key what a worker may hold (promise C4)."""
    went = OutgoingMail.objects.filter(recipient=person, to_address="")
    held = went.filter(status__in=(MailStatus.CLAIMED, MailStatus.IN_DOUBT))
    keys = list(held.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    went.filter(models.Q(pk__in=keys) | models.Q(status=MailStatus.SENT)).update(to_address=former)


def _lock_mail(mail: OutgoingMail) -> OutgoingMail:
    return OutgoingMail.objects.select_for_update(of=("self",)).get(pk=mail.pk)


def _require_waiting_for_a_person(mail: OutgoingMail) -> None:
    if mail.status not in NEEDS_A_PERSON or mail.resolved_at is not None:
        raise RuleViolation(_("This email is not waiting for a decision."), code="state")


@verb("send_again", lock=_lock_mail)
def send_again(mail: OutgoingMail, *, by: Actor, now: datetime) -> Steps[OutgoingMail]:
    """Sends a mail again that failed, was missed or is in doubt (promises S7, S8), for a coordinator.

    The rendered mail stays unchanged, with its Message-ID and Date, so that mail programs recognise a
    duplicate. Raises RuleViolation when it was sent or closed, its use is over, its secret body was deleted,
    or it would go to a closed account.
    """
    _require_waiting_for_a_person(mail)
    if mail.useful_until is not None and mail.useful_until < now:
        raise RuleViolation(_("The content of this email is out of date."), code="late")
    if mail_kinds[mail.kind].secret:
        raise RuleViolation(_("The content of this email has been deleted."), code="secret")
    if mail.recipient is None or not mail_kinds[mail.kind].may_reach(mail.recipient):
        raise RuleViolation(
            _("This person’s account is closed; nothing is sent to it any more."),
            code="closed",
        )
    mail.status, mail.due_at, mail.attempt, mail.resend = MailStatus.PLANNED, now, 0, False
    yield Step(mail, fields=["status"], save=["status", "due_at", "attempt", "resend"])
    nudge()
    return mail


@verb("close", lock=_lock_mail)
def close(mail: OutgoingMail, *, by: Actor, now: datetime) -> Steps[OutgoingMail]:
    """Marks a mail that needed a decision as seen to; its status stays, and it is no longer listed. Raises
    RuleViolation when there is nothing to decide."""
    _require_waiting_for_a_person(mail)
    mail.resolved_at, mail.resend = now, False
    yield Step(mail, fields=["resolved_at"], save=["resolved_at", "resend"])
    return mail


def nudge() -> None:
    """Sends “deliver” to the broker after the commit; the only function that talks to the broker.

    Once per transaction. Errors of the broker are logged and ignored, so that they never turn an accepted
    request into an error (promise S4): the sweep of the next minute delivers in any case.
    """
    connection = transaction.get_connection()
    if any(entry[1] is _publish for entry in connection.run_on_commit):
        return
    transaction.on_commit(_publish, robust=True)


def _publish() -> None:
    from outbox.broker import publish_sweep

    try:
        publish_sweep()
    except Exception as error:  # any error of the broker: the request was accepted
        log.warning("outbox.nudge_failed", extra={"error": type(error).__name__})
