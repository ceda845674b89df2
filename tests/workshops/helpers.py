"""What the tests of workshops share."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from outbox.models import OutgoingMail
from tests import factories
from tests.conftest import NOW
from workshops import actions
from workshops.models import Registration, Session, Workshop

BEGINS = NOW + timedelta(days=28)
OFFICE = factories.SYSTEM


def workshop(capacity: int = 10, **values: Any) -> Workshop:
    """A published workshop four weeks from NOW, with its page."""
    values.setdefault("published_at", NOW)
    return factories.workshop(capacity=capacity, **values)


def mentee(name: str = "", **values: Any) -> User:
    """A mentee of the usual cohort, as the person."""
    user: User = factories.mentee(applicant=factories.person(name, **values)).user
    return user


def join(where: Workshop, person: User | None = None, now: datetime = NOW) -> Registration:
    """A registration of a (new) mentee."""
    user = person or mentee()
    return actions.register(where, user, by=factories.by(user, "mentee"), now=now)


def leave(registration: Registration, now: datetime = NOW) -> Registration:
    """The person cancels."""
    by = factories.by(registration.person, "mentee")
    return actions.cancel_registration(registration, by=by, now=now)


def states(where: Workshop) -> list[str]:
    """The states of all registrations in the order of the line."""
    return list(
        Registration.objects.filter(workshop=where)
        .order_by("place_in_line")
        .values_list("state", flat=True)
    )


def kinds(person: User) -> list[str]:
    """The kinds of mail that will reach or have reached a person, reminders left out."""
    return list(
        OutgoingMail.objects.filter(recipient=person)
        .exclude(kind="workshop-reminder")
        .exclude(status="cancelled")
        .order_by("created_at", "kind")
        .values_list("kind", flat=True)
    )


def reminders(person: User) -> list[datetime]:
    """When the reminders planned for a person are due."""
    planned = OutgoingMail.objects.filter(
        recipient=person, kind="workshop-reminder", status="planned"
    )
    return list(planned.order_by("due_at").values_list("due_at", flat=True))


def add_session(where: Workshop, days: int) -> Session:
    """One more session of three hours, ``days`` after the first."""
    starts = BEGINS + timedelta(days=days)
    return Session.objects.create(
        workshop=where, starts_at=starts, ends_at=starts + timedelta(hours=3)
    )
