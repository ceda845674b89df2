"""What workshops enter into the registries."""

from __future__ import annotations

from accounts.participation import participation
from core.appointments import calendar
from outbox.kinds import register
from workshops import appointments
from workshops.mails.kinds import KINDS
from workshops.models import Registration

register(KINDS)
calendar.add("workshops", appointments.of_person)
participation.add(
    "workshops",
    lambda person_id: (
        Registration.objects.filter(person=person_id)
        .order_by()
        .values_list("workshop__cohort_id", flat=True)
        .distinct()
    ),
)
