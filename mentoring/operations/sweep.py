"""The sweep: everything that becomes due with time, in one run. Celery beat, ``send_due`` and a system timer
run the same function; simultaneous runs do nothing twice (promise S3)."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from django.db import close_old_connections, connection
from django.utils import timezone

from core.audit import together
from mentoring.reminder_sources import REMINDER_SOURCES
from outbox.delivery import deliver
from outbox.models import Sweep
from outbox.planner import plan
from outbox.reminders import PlannedReminder

log = logging.getLogger(__name__)
# Rows withdrawn within this time may belong to a change that this sweep has not read yet.
SETTLED = timedelta(minutes=5)


@dataclass
class SweepReport:
    """The result of a sweep: verbs carried out by app, rows planned, mails by their new status, and the names
    of the parts that failed (each logged with its traceback)."""

    passed: Counter[str] = field(default_factory=Counter)
    planned: Counter[str] = field(default_factory=Counter)
    mails: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether every part succeeded."""
        return not self.failed


@together()
def sweep(now: datetime) -> SweepReport:
    """Carries out what is due at ``now``: deadlines, then planning, then delivery.

    ``now`` is read once by the caller and used for the whole run (promise S12). A part that fails stops no
    other. Start and end of the sweep itself are stored by the machine's time, since they show whether sweeps
    still run (promises S5, S14), even with ``--at`` for another day.
    """
    report = SweepReport()
    _note(started_at=timezone.now())
    for name, source in REMINDER_SOURCES.items():
        if (verbs := source.pass_deadlines) is not None:
            _part(report, f"{name}.deadlines", partial(_pass, report, name, verbs, now))
    for name, source in REMINDER_SOURCES.items():
        if (wanted := source.wanted) is not None:
            _part(report, f"{name}.reminders", partial(_plan, report, wanted, now))
    _part(report, "delivery", partial(_deliver, report, now))
    _note(completed_at=timezone.now())
    return report


def _pass(report: SweepReport, name: str, verbs: Callable[[datetime], int], now: datetime) -> None:
    report.passed.update({name: count} if (count := verbs(now)) else {})


def _plan(
    report: SweepReport, wanted: Callable[[datetime], Iterable[PlannedReminder]], now: datetime
) -> None:
    report.planned.update(plan(wanted(now), now, withdrawn_until=now - SETTLED))


def _deliver(report: SweepReport, now: datetime) -> None:
    report.mails.update(deliver(now))


def _part(report: SweepReport, name: str, run: Callable[[], object]) -> None:
    if not connection.in_atomic_block:
        close_old_connections()
    try:
        run()
    except Exception as error:
        log.exception("sweep.part_failed", extra={"task": name, "error": type(error).__name__})
        report.failed.append(name)


def _note(**moments: datetime) -> None:
    if not Sweep.objects.filter(pk=1).update(**moments):
        Sweep.objects.bulk_create([Sweep(pk=1, **moments)], ignore_conflicts=True)
