"""The tasks. They accept and ignore any arguments, so that a message of another release is understood during
a deployment (promise S13)."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone

from core.audit import together
from mentoring.operations import sweep as sweeping
from outbox.delivery import deliver


@shared_task(name="mentoring.sweep", ignore_result=True)
def sweep(*args: Any, **kwargs: Any) -> None:
    """Every minute, by the scheduler: deadlines, reminders and delivery."""
    sweeping.sweep(timezone.now())


@shared_task(name="mentoring.deliver", ignore_result=True)
@together()
def deliver_due(*args: Any, **kwargs: Any) -> None:
    """After each change that queued a mail: delivery alone."""
    deliver(timezone.now())
