"""Deadlines of applications: ends those nobody confirms, and deletes them once this can't be undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from core.deadlines import in_turn
from mentees.actions.sending import forget, lapse
from mentees.models import CONFIRMATION_GRACE, Application
from mentees.states import ApplicationState


def pass_deadlines(now: datetime) -> int:
    """Withdraws what was not confirmed in time and deletes what was withdrawn unconfirmed; returns the number
    of both. The coordinators' deadline (``decide_by``) never decides anything by itself."""
    late = Application.objects.filter(
        state=ApplicationState.UNCONFIRMED,
        cohort__applications_close_at__lte=now - CONFIRMATION_GRACE,
    ).order_by("pk")
    return in_turn((lapse, late), (forget, _gone(now)), now=now)


def _gone(now: datetime) -> Iterator[Application]:
    """Withdrawn without ever having been confirmed, and past the time for undoing."""
    dead = Application.objects.filter(
        state=ApplicationState.WITHDRAWN, confirmed_at=None
    ).select_related("cohort")
    yield from (one for one in dead.order_by("pk") if not one.can_undo(now))
