"""The recipients of mails to coordinators."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.utils.timezone import localdate

from accounts.models import User
from programme.models import Organisation


def office() -> User | None:
    """The user of the office's mailbox, which receives messages to the programme; None before it is entered."""
    organisation = Organisation.objects.select_related("office").first()
    return organisation.office if organisation else None


def coordinators_of(cohort_id: uuid.UUID) -> list[User]:
    """The active coordinators of a cohort; the office's mailbox where there is none."""
    found = list(User.objects.filter(cohort_roles__cohort=cohort_id, is_active=True).order_by("pk"))
    return found or _office_alone()


def coordinators_on_duty(now: datetime) -> list[User]:
    """The active coordinators of every cohort that has not ended: for what belongs to no cohort, like
    mentors. The office's mailbox where there is none."""
    found = list(
        User.objects.filter(cohort_roles__cohort__ends_on__gte=localdate(now), is_active=True)
        .distinct()
        .order_by("pk")
    )
    return found or _office_alone()


def _office_alone() -> list[User]:
    postbox = office()
    return [postbox] if postbox else []
