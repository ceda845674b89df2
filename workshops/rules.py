"""The rules of workshops, used by pages and enforced by verbs. Each raises RuleViolation or returns a value."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from django.db.models import Max, Min
from django.utils.translation import gettext_lazy as _

from core.errors import RuleViolation
from workshops.models import Workshop
from workshops.states import WorkshopState

LONGEST = timedelta(hours=14)


def begins_at(workshop: Workshop) -> datetime | None:
    """When the first session begins; None for a workshop without sessions. One query."""
    first: datetime | None = workshop.sessions.aggregate(at=Min("starts_at"))["at"]
    return first


def ends_at(workshop: Workshop) -> datetime | None:
    """When the last session ends; None for a workshop without sessions. One query."""
    last: datetime | None = workshop.sessions.aggregate(at=Max("ends_at"))["at"]
    return last


def check_open(workshop: Workshop, begins: datetime | None, now: datetime) -> None:
    """Raises RuleViolation unless places can be given now: published, before closing, before the start.

    The same rule holds for registering and for moving up (promise C6).
    """
    if workshop.state == WorkshopState.CANCELLED:
        raise RuleViolation(_("This workshop has been cancelled."), code="cancelled")
    if workshop.state != WorkshopState.PUBLISHED or begins is None:
        raise RuleViolation(_("This workshop is not open for registration yet."), code="draft")
    if begins <= now:
        raise RuleViolation(
            _("The workshop has already begun; you can no longer register."),
            code="begun",
        )
    closes = workshop.registration_closes_at
    if closes is not None and closes <= now:
        raise RuleViolation(_("Registration for this workshop is closed."), code="closed")


def is_open(workshop: Workshop, begins: datetime | None, now: datetime) -> bool:
    """Whether places can be given now."""
    try:
        check_open(workshop, begins, now)
    except RuleViolation:
        return False
    return True


def check_sessions(sessions: list[tuple[datetime, datetime]]) -> None:
    """Raises RuleViolation where a session has no length, is longer than 14 hours, or overlaps another:
    attendance would count the same hour twice."""
    for starts, ends in sessions:
        if not timedelta(0) < ends - starts <= LONGEST:
            raise RuleViolation(
                _("A session has to end after it begins, and on the same day."), code="length"
            )
    in_order = sorted(sessions)
    if any(following < ends for (_begins, ends), (following, _end) in pairwise(in_order)):
        raise RuleViolation(_("Two sessions overlap."), code="overlap")


def check_publishable(workshop: Workshop, begins: datetime | None) -> None:
    """Raises RuleViolation unless the workshop has a session and closes before the first one begins."""
    if begins is None:
        raise RuleViolation(
            _("A workshop needs at least one session before people can register."), code="sessions"
        )
    closes = workshop.registration_closes_at
    if closes is not None and closes > begins:
        raise RuleViolation(
            _("Registration has to close before the first session begins."),
            field="registration_closes_at",
            code="closes",
        )
