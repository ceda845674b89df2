"""What runs inside a ``Ground`` for the proofs about sending: real processes that are really killed.

Each worker is forked from the prepared process, so that a round costs milliseconds and not the start of
an interpreter. The shape is Celery's: a *parent* with a *child* that sends; whoever is told to is killed
with SIGKILL at a checkpoint.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from sys import modules
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from django.utils import timezone

from accounts.models import User
from mentoring.operations.sweep import sweep
from outbox import (
    actions,
    checkpoints,
    claims,
    delivery,
)
from outbox.models import OutgoingMail, dedupe_key
from outbox.planner import plan
from outbox.reminders import PlannedReminder
from tests.outbox import kinds

NOW = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)


def prepare(url: str, people: int = 10, connections: int = 2) -> None:
    """Kinds for tests, the server at ``url``, and people to write to; no app's own deadlines."""
    kinds.install()
    modules["mentoring.operations.sweep"].REMINDER_SOURCES = {}
    settings.MAIL_URL, settings.MAIL_CONNECTIONS = url, connections
    for number in range(people):
        User.objects.get_or_create(
            email=f"person{number}@example.org", defaults={"name": f"Person {number}"}
        )


def fill(kinds_by_number: dict[str, int]) -> int:
    """Replaces all rows by so many due ones of each kind; returns how many there are."""
    OutgoingMail.objects.all().delete()
    people = list(User.objects.all())
    samples = {one.kind: dict(one.sample) for one in kinds.KINDS}
    rows = []
    for kind, number in kinds_by_number.items():
        for index in range(number):
            person = people[index % len(people)]
            row = OutgoingMail(
                kind=kind,
                recipient=person,
                object_type="accounts.User",
                facts=samples[kind],
                created_at=NOW,
                due_at=NOW,
            )
            row.object_id = row.id
            row.dedupe_key = dedupe_key(kind, row.id, person.pk, 0, "")
            rows.append(row)
    OutgoingMail.objects.bulk_create(rows)
    return len(rows)


def rows() -> list[dict[str, Any]]:
    """All rows."""
    return list(OutgoingMail.objects.values("kind", "status", "message_id", "attempt"))


def claims_interleaved() -> list[int]:
    """Two claims, the second while the first has looked and not yet written: how many mails each got."""
    looked, done = threading.Event(), threading.Event()
    found: dict[str, int] = {}
    honest = claims.F

    def between(name: str) -> object:
        if threading.current_thread().name == "first":
            looked.set()
            done.wait(20)
        return honest(name)

    def claim(name: str) -> None:
        if name == "second":
            looked.wait(20)
        try:
            found[name] = len(claims.claim(NOW, name, 100))
        finally:
            done.set()
            connections.close_all()

    claims.F = between  # type: ignore[assignment, misc]
    try:
        threads = [
            threading.Thread(target=claim, args=(one,), name=one) for one in ("first", "second")
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        claims.F = honest  # type: ignore[misc]
    return [found["first"], found["second"]]


def plan_of_claim() -> str:
    """How the database looks for what may be claimed."""
    return str(claims.claimable(NOW, "nobody", timezone.now()).explain())


# ── processes ────────────────────────────────────────────────────────────────
def _fork(work: Callable[[], object], done: int) -> int:
    """A process of its own that does ``work`` and ends; holds ``done`` open as long as it lives."""
    connections.close_all()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


def _until_all_are_gone(read: int, write: int) -> None:
    os.close(write)
    while os.read(read, 100):
        pass
    os.close(read)


def crash(at: str, nth: int, who: str, kind_of_run: str = "deliver") -> None:
    """One parent and its child, which sends; at the ``nth`` passing of checkpoint ``at`` the ``child``, its
    ``parent`` or ``both`` (the container) are killed. Returns when no process is left."""
    read, write = os.pipe()

    def child() -> None:
        passed = 0

        def killer(name: str, mail: str = "") -> None:
            nonlocal passed
            passed += name == at
            if name != at or passed != nth:
                return
            if who in {"parent", "both"}:
                os.kill(os.getppid(), signal.SIGKILL)
            if who in {"child", "both"}:
                os.kill(os.getpid(), signal.SIGKILL)

        checkpoints.checkpoint = killer
        run()

    def run() -> None:
        if kind_of_run == "deliver":
            delivery.deliver(NOW)
        else:
            sweep(NOW)

    def parent() -> None:
        _, status = os.waitpid(_fork(child, write), 0)
        assert status is not None

    pid = _fork(parent, write)
    os.waitpid(pid, 0)
    _until_all_are_gone(read, write)


def recover_now() -> dict[str, int]:
    """The next run after the leases ended, by the real clock."""
    return recover(6, timezone.now())


def recover(minutes: int = 6, since: datetime = NOW) -> dict[str, int]:
    """The next run after the leases ended."""
    real = claims.clock
    claims.clock = lambda: real() + timedelta(minutes=minutes)
    try:
        return dict(delivery.deliver(since + timedelta(minutes=minutes)))
    finally:
        claims.clock = real


def without_claims(everybody_has_looked: Callable[[], object]) -> None:
    """The control: who is about to send looks what is due and keeps nobody out (promise C2).

    Nothing of the guard is left: no lease, no question to the row before it is frozen or handed over.
    ``everybody_has_looked`` stands between looking and sending, so that each round tells on any machine,
    however its processes are scheduled.
    """
    seen: set[uuid.UUID] = set()

    def claim(now: datetime, holder: str, limit: int) -> list[OutgoingMail]:
        due = OutgoingMail.objects.filter(status="planned").exclude(pk__in=seen)
        found = list(due.select_related("recipient", "link")[:limit])
        if not seen:
            everybody_has_looked()
        seen.update(row.pk for row in found)
        return found

    claims.claim = claim
    claims.freeze = lambda rows, holder: {row.pk for row in rows}
    claims.hand_over = lambda mail, holder, now: True


def together(workers: int, beats: int, commands: int, control: bool = False) -> list[int]:
    """So many workers that deliver until nothing is due, sweeps and ``send_due`` at one moment; their
    exit codes. ``control``: with the guard taken away in each of them."""
    at = time.monotonic() + 0.2
    looked = multiprocessing.get_context("fork").Barrier(workers)

    def start(work: Callable[[], object]) -> Callable[[], object]:
        def waiting() -> object:
            time.sleep(max(0.0, at - time.monotonic()))
            if control:
                without_claims(partial(looked.wait, timeout=60))
            return work()

        return waiting

    works: list[Callable[[], object]] = [start(lambda: delivery.deliver(NOW))] * workers
    works += [start(lambda: sweep(NOW))] * beats
    works += [
        start(lambda: call_command("send_due", at=NOW.isoformat(), stdout=sys.stderr))
    ] * commands
    read, write = os.pipe()
    pids = [_fork(work, write) for work in works]
    codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
    _until_all_are_gone(read, write)
    return codes


def move_against_workers(workers: int, moved: int) -> list[int]:
    """Reminders that are due this moment, workers that send them, and somebody who moves their objects
    meanwhile: the old reminder withdrawn, a new one planned, the change told, in one transaction."""
    OutgoingMail.objects.all().delete()
    people = list(User.objects.order_by("email")[:moved])

    def wanted(person: User, version: int, due: datetime) -> PlannedReminder:
        facts = {"at": (due + timedelta(days=1)).isoformat(), "version": str(version)}
        until = due + timedelta(days=1)
        return PlannedReminder(
            "probe-reminder", person.pk, person, facts, due, until, version, "24h"
        )

    plan((wanted(person, 1, NOW) for person in people), NOW)

    def move() -> None:
        for person in people:
            with transaction.atomic():
                plan([wanted(person, 2, NOW + timedelta(days=7))], NOW)
                facts = {"name": "moved", "words": "version 2"}
                actions.queue("probe-question", person, person, facts, now=NOW, version=2)

    def work() -> None:
        end = time.monotonic() + 0.2
        while delivery.deliver(NOW) or time.monotonic() < end:
            pass

    read, write = os.pipe()
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {}
    actions._publish = lambda: None
    pids = [_fork(work, write) for _ in range(workers)]
    pids.append(_fork(move, write))
    codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
    _until_all_are_gone(read, write)
    delivery.deliver(NOW)
    return codes


# ── with a real worker ───────────────────────────────────────────────────────
def code_for(address: str) -> str:
    """Queues a sign-in code as the site does, nudge included; returns the row's key."""
    from accounts.mails import sign_in_code

    now = timezone.now()
    person, _ = User.objects.get_or_create(email=address, defaults={"name": "Anna"})
    with transaction.atomic():
        sign_in_code(person, "K7QW-PX2M", now=now)
    return str(OutgoingMail.objects.filter(recipient=person).latest("created_at").pk)


def status_of(key: str) -> str:
    """The status of a row."""
    return OutgoingMail.objects.get(pk=key).status


def sweep_now() -> bool:
    """A whole sweep, as the scheduler would."""
    return sweep(timezone.now()).ok
