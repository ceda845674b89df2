"""A person's workshops as appointments, for other apps that do not import this one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from core.appointments import Appointment
from workshops.models import Registration, Session, Workshop
from workshops.states import RegistrationState, WorkshopState


def of_person(person_id: uuid.UUID, since: datetime, until: datetime) -> Iterator[Appointment]:
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
        yield _appointment(session, session.workshop)


def of_registrations(registrations: Iterable[Registration]) -> Iterator[Appointment]:
    """The sessions of those that hold a place, whenever they are. They are read ``with_hours``."""
    for one in registrations:
        takes_place = one.workshop.state == WorkshopState.PUBLISHED
        if takes_place and one.state == RegistrationState.CONFIRMED:
            for session in one.workshop.session_list:
                yield _appointment(session, one.workshop)


def _appointment(session: Session, workshop: Workshop) -> Appointment:
    return Appointment(
        session.starts_at,
        session.ends_at,
        _("Workshop “%(title)s”") % {"title": workshop.title},
        reverse("workshop", args=[workshop.slug]),
    )
