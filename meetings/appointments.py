"""A person's meetings as appointments, for other apps that do not import this one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from core.appointments import Appointment
from meetings.models import Meeting
from meetings.states import TAKES_PLACE


def of_meetings(meetings: Iterable[Meeting], person_id: uuid.UUID) -> Iterator[Appointment]:
    """The fixed ones among a person's meetings, whenever they are."""
    for meeting in meetings:
        fixed = meeting.state in TAKES_PLACE
        if not fixed or meeting.starts_at is None or meeting.ends_at is None:
            continue
        partner = meeting.partner_of(meeting.side_of(person_id))
        yield Appointment(
            meeting.starts_at,
            meeting.ends_at,
            _("Meeting with %(name)s") % {"name": partner},
            reverse("meetings:meeting", args=[meeting.pk]),
        )


def of_person(person_id: uuid.UUID, since: datetime, until: datetime) -> Iterator[Appointment]:
    """The fixed meetings of a person that overlap the given time. One query."""
    mine = Q(tandem__mentee__user=person_id) | Q(tandem__mentor__user=person_id)
    found = Meeting.objects.filter(
        mine, state__in=TAKES_PLACE, starts_at__lt=until, ends_at__gt=since
    )
    return of_meetings(found.with_people().order_by("starts_at"), person_id)
