"""Reminders of workshops: on the day before each session, by local time (S12)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Prefetch

from core.times import before
from outbox.reminders import PlannedReminder
from workshops import mails
from workshops.mails.kinds import REMINDER
from workshops.models import Registration, Session
from workshops.states import RegistrationState, WorkshopState

# Rows are planned when somebody gets a place; the sweep checks again those due within this time.
HORIZON = timedelta(hours=48)


def of_registration(registration: Registration, now: datetime) -> Iterator[PlannedReminder]:
    """The reminders wanted for one registration whose workshop is loaded. One query for the sessions, unless
    they are loaded too."""
    for session in registration.workshop.sessions.all():
        yield from _wanted(registration, session, now)


def wanted(now: datetime) -> Iterator[PlannedReminder]:
    """The reminders wanted for all places, as far as they are due within ``HORIZON``. Two queries."""
    places = Registration.objects.places().select_related("person").order_by("pk")
    sessions = (
        Session.objects.filter(
            workshop__state=WorkshopState.PUBLISHED,
            starts_at__gt=now,
            starts_at__lte=now + HORIZON + timedelta(hours=25),
        )
        .select_related("workshop")
        .prefetch_related(
            Prefetch("workshop__registrations", queryset=places, to_attr="held_places")
        )
    )
    for session in sessions:
        for registration in session.workshop.held_places:  # type: ignore[attr-defined]
            registration.workshop = session.workshop
            for one in _wanted(registration, session, now):
                if one.due_at <= now + HORIZON:
                    yield one


def _wanted(
    registration: Registration, session: Session, now: datetime
) -> Iterator[PlannedReminder]:
    """Nothing when the time has passed: a person who registers later has just got a mail."""
    due_at = before(session.starts_at, days=1)
    if registration.state != RegistrationState.CONFIRMED or due_at <= now:
        return
    yield PlannedReminder(
        REMINDER,
        registration.person_id,
        registration,
        mails.reminder_facts(registration, session),
        due_at=due_at,
        useful_until=session.starts_at,
        version=registration.workshop.schedule_version,
        offset=f"{session.pk}-1d",
    )
