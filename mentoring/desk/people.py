"""Which people a coordinator may know: those whose admin page they may open."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from mentees.models import Application, Mentee
from mentors.models import Mentor
from programme.models import Cohort, CohortRole
from workshops.models import Registration


def seen_by(user: Any, cohorts: Any = None) -> QuerySet[Any]:
    """The people whose page a coordinator may open, with their roles, without a query per person. ``cohorts``:
    the keys of theirs, where they have been read."""
    own = Cohort.objects.coordinated_by(user) if cohorts is None else cohorts
    mine = OuterRef("pk")
    confirmed = Application.objects.filter(confirmed_at__isnull=False)
    applied = Exists(confirmed.filter(applicant=mine, cohort__in=own))
    mentee = Exists(Mentee.objects.filter(user=mine, cohort__in=own))
    mentor = Exists(Mentor.objects.filter(user=mine, confirmed_at__isnull=False))
    office = Exists(CohortRole.objects.filter(user=mine, cohort__in=own))
    guest = Exists(Registration.objects.filter(person=mine, workshop__cohort__in=own))
    found = User.objects.annotate(
        applied=applied, is_mentee=mentee, is_mentor=mentor, is_office=office
    )
    if not getattr(user, "is_superuser", False):
        found = found.filter(applied | mentee | mentor | office | guest)
    return found
