"""What the races of workshops prepare and read; runs in the process bound to the race's database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from mentoring.operations.verify import breaches
from outbox.models import OutgoingMail
from tests import factories
from workshops import actions
from workshops.models import Registration, Workshop


def people(number: int) -> list[str]:
    """Mentees of the usual cohort, as keys of their users."""
    return [str(factories.mentee().user_id) for _ in range(number)]


def workshop(capacity: int, full: bool = False) -> dict[str, Any]:
    """A published workshop four weeks ahead; ``full``: others have taken every place."""
    now = timezone.now()
    made = factories.workshop(capacity=capacity, starts_at=now + timedelta(days=28))
    Workshop.objects.filter(pk=made.pk).update(published_at=now)
    for _ in range(capacity if full else 0):
        user = factories.mentee().user
        actions.register(made, user, by=factories.by(user, "mentee"), now=now)
    return {"workshop": str(made.pk), "path": f"/workshops/{made.slug}/"}


def result(workshop: str, among: list[str]) -> dict[str, Any]:
    """How the registrations of ``among`` stand, in the order of the line, and the counts beside them."""
    held = Workshop.objects.get(pk=workshop)
    lined_up = Registration.objects.filter(workshop=held, person__in=among).order_by(
        "place_in_line"
    )
    mails = OutgoingMail.objects.filter(object_id__in=[one.pk for one in lined_up]).exclude(
        kind="workshop-reminder"
    )
    return {
        "states": [one.state for one in lined_up],
        "places": [one.place_in_line for one in lined_up],
        "people": len({one.person_id for one in lined_up}),
        "mails": mails.count(),
        "taken": held.taken,
    }


def breaches_of(workshops: list[str]) -> list[str]:
    """What ``verify`` has to say against these workshops and their waiting lists."""
    return [line for line in breaches(timezone.now()) if any(key in line for key in workshops)]


def integrity() -> str:
    """What SQLite says about its own file."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        return str(cursor.fetchone()[0])


def registered(workshop: str) -> list[str]:
    """The people with a standing registration."""
    standing = Registration.objects.standing().filter(workshop=workshop)
    return [str(key) for key in standing.values_list("person_id", flat=True)]
