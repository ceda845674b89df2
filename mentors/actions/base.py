"""What the verbs of the network share: the lock, the standing link, nobody judges their own case."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from mentoring.audit import Actor
from mentoring.links import actions as links
from mentoring.links.models import ActionLink
from mentoring.transitions import RuleViolation
from mentors.models import Mentor

CONSENT_LINK = "mentor-consent"
PARTED = ("former", "declined", "rejected")


def locked(mentor_id: uuid.UUID) -> Mentor:
    """The mentor, read after the lock (promise C3)."""
    return Mentor.objects.select_for_update(of=("self",)).select_related("user").get(pk=mentor_id)


def standing_link(mentor: Mentor, *, now: datetime) -> ActionLink:
    """The mentor's link to consent or withdraw: the live one, else a new one (standing, promise L5)."""
    found = ActionLink.objects.about(CONSENT_LINK, mentor).live().filter(holder=mentor.user).first()
    return found or links.issue(CONSENT_LINK, mentor, mentor.user, now=now)


def not_by_oneself(by: Actor) -> Callable[[Mentor], None]:
    """Nobody judges their own case (promises §2)."""

    def check(mentor: Mentor) -> None:
        if by.user_id is not None and by.user_id == mentor.user_id:
            raise RuleViolation(
                _("This is about yourself: somebody else has to decide."), code="own_case"
            )

    return check
