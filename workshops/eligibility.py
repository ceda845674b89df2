"""A visitor's relation to workshops: who may register, and who sees how many places are left."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from mentees.models import Mentee
from mentors.models import Mentor
from mentors.states import TAKING_PART
from workshops.models import Workshop


@dataclass(frozen=True)
class Audience:
    """A visitor: the cohort they are a mentee of, whether they are a mentor, whether they are staff."""

    cohort_id: uuid.UUID | None = None
    mentor: bool = False
    staff: bool = False

    @property
    def role(self) -> str:
        """The role for audit events."""
        return "mentee" if self.cohort_id else "mentor" if self.mentor else "person"

    def may_register(self, workshop: Workshop) -> bool:
        """Mentees of the workshop's cohort, and mentors of the network."""
        return self.mentor or self.cohort_id == workshop.cohort_id

    def sees_places(self, workshop: Workshop) -> bool:
        """Visitors without a role only see whether a workshop is full."""
        return self.staff or self.may_register(workshop)


def eligibility_of(user: Any) -> Audience:
    """The audience of ``user``, who may be anonymous; without any role for a closed account. At most two
    queries."""
    if not user.is_authenticated or not user.is_active:
        return Audience()
    cohorts = Mentee.objects.of(user).taking_part().values_list("cohort_id", flat=True)
    return Audience(
        cohort_id=cohorts.first(),
        mentor=Mentor.objects.filter(user=user, state__in=TAKING_PART).exists(),
        staff=user.is_staff,
    )
