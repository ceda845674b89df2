"""What the network enters into the registries."""

import uuid

from accounts.participation import participation
from core.links.purposes import link_purposes as links
from mentors import actions, mails
from mentors.links import PURPOSE
from mentors.models import Mentor
from outbox.kinds import register

register(mails.KINDS)
links.add(actions.CONSENT_LINK, PURPOSE)


def _participation(person_id: uuid.UUID) -> list[None]:
    """Somebody who confirmed to be in the network belongs to all coordinators."""
    known = Mentor.objects.in_network().filter(user=person_id, confirmed_at__isnull=False)
    return [None] if known.exists() else []


participation.add("mentors", _participation)
