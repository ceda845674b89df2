"""What the verbs of the network share: the lock, the standing link, nobody judges their own case."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from mentoring import audit
from mentoring.accounts.models import User
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


def locked_with_person(mentor_id: uuid.UUID) -> Mentor:
    """As ``locked``, the person behind first (promise C4): for what may change both. A person who came or
    went between the two locks is no deadlock, only a second look."""
    list(User.objects.select_for_update(no_key=True).filter(mentor=mentor_id).values_list("pk"))
    return locked(mentor_id)


def confirm_person(mentor: Mentor, *, by: Actor, now: datetime) -> None:
    """The person behind answers for themselves: from now on the record is theirs, and the desk reads name and
    address from the account (promise A7). Nothing when somebody else acts or it is known; the caller holds
    the mentor's lock."""
    if mentor.confirmed_at is not None or by.user_id is None or by.user_id != mentor.user_id:
        return
    mentor.confirmed_at = now
    mentor.email = mentor.salutation = mentor.phone = ""
    mentor.save(update_fields=["confirmed_at", "email", "salutation", "phone"])
    audit.record(mentor, "confirm_person", by=by, now=now)


def standing_link(mentor: Mentor, *, now: datetime) -> ActionLink:
    """The mentor's link to consent or withdraw: the live one, else a new one (standing, promise L5)."""
    found = ActionLink.objects.about(CONSENT_LINK, mentor).live().filter(holder=mentor.user).first()
    return found or links.issue(CONSENT_LINK, mentor, mentor.user, now=now)


def not_by_oneself(by: Actor) -> Callable[[Mentor], None]:
    """Nobody judges their own case (promises §2)."""

    def check(mentor: Mentor) -> None:
        if by.user_id is not None and by.user_id == mentor.user_id:
            raise RuleViolation(
                _("This concerns you personally: somebody else has to decide."), code="own_case"
            )

    return check
