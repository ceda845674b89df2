"""What time does to applications: it ends those nobody confirms, and deletes them once they can't return."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from mentees import actions
from mentees.models import CONFIRMATION_GRACE, Application
from mentoring.audit import Actor
from mentoring.registries import TimeTable
from mentoring.transitions import RuleViolation


def pass_deadlines(now: datetime) -> int:
    """Withdraws what was not confirmed in time and deletes what was withdrawn unconfirmed; how many of
    both. A deadline of the coordinators (``decide_by``) never decides anything by itself."""
    by = Actor.system()
    late = Application.objects.filter(
        state="unconfirmed", cohort__applications_close_at__lte=now - CONFIRMATION_GRACE
    ).order_by("pk")
    passed = 0
    for application in late:
        passed += _unless_overtaken(actions.lapse, application, by=by, now=now)
    dead = Application.objects.filter(state="withdrawn", confirmed_at=None).select_related("cohort")
    for application in dead.order_by("pk"):
        if not application.can_undo(now):
            passed += _unless_overtaken(actions.forget, application, by=by, now=now)
    return passed


def _unless_overtaken(
    verb: Callable[..., object], application: Application, *, by: Actor, now: datetime
) -> int:
    """1 when the verb was carried out, 0 when the person was faster."""
    try:
        verb(application, by=by, now=now)
    except (RuleViolation, Application.DoesNotExist):
        return 0
    return 1


TIME_TABLE = TimeTable(pass_deadlines=pass_deadlines)
