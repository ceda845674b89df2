"""What mentees registers: its mails, its link, whose cohorts it knows."""

import uuid
from collections.abc import Iterator

from accounts.participation import participation
from core.links.purposes import link_purposes
from mentees import links, mails
from mentees.actions import CONFIRM_LINK
from mentees.models import Application, Mentee
from outbox.kinds import register

register(mails.KINDS)
link_purposes.add(CONFIRM_LINK, links.PURPOSE)


def _participation(person_id: uuid.UUID) -> Iterator[uuid.UUID]:
    """The cohorts of what the person confirmed; a form anybody may have sent counts for nothing."""
    confirmed = Application.objects.filter(applicant=person_id, confirmed_at__isnull=False)
    yield from confirmed.values_list("cohort_id", flat=True)
    yield from Mentee.objects.filter(user=person_id).values_list("cohort_id", flat=True)


participation.add("mentees", _participation)
