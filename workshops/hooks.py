"""What workshops tell the house."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.participation import participation
from core.appointments import Appointment, calendar
from outbox.kinds import register
from workshops.mails.kinds import KINDS
from workshops.models import Registration, Session
from workshops.states import RegistrationState, WorkshopState

register(KINDS)


def appointments_of(
    person_id: uuid.UUID, since: datetime, until: datetime
) -> Iterator[Appointment]:
    """The sessions somebody has a place in between the two moments. One query."""
    sessions = (
        Session.objects.filter(
            workshop__state=WorkshopState.PUBLISHED,
            workshop__registrations__person=person_id,
            workshop__registrations__state=RegistrationState.CONFIRMED,
            starts_at__lt=until,
            ends_at__gt=since,
        )
        .select_related("workshop")
        .order_by("starts_at")
    )
    for session in sessions:
        yield Appointment(
            session.starts_at,
            session.ends_at,
            _("Workshop “%(title)s”") % {"title": session.workshop.title},
            reverse("workshop", args=[session.workshop.slug]),
        )


calendar.add("workshops", appointments_of)
participation.add(
    "workshops",
    lambda person_id: (
        Registration.objects.filter(person=person_id)
        .order_by()
        .values_list("workshop__cohort_id", flat=True)
        .distinct()
    ),
)
