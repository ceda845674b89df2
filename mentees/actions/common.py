"""The locks of the verbs, in the common order: cohort, person, mentee, application."""

from __future__ import annotations

from accounts.models import User
from mentees.models import Application, Mentee
from programme.models import Cohort


def lock_application(application: Application) -> Application:
    """The application with its cohort and its person, read after the lock (promise C3)."""
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("cohort", "applicant", "notice")
        .get(pk=application.pk)
    )


def lock_with_person(application: Application) -> Application:
    """Like ``lock_application``, with the person locked first (promise C4): of two applications of one person
    the second verb sees the result of the first."""
    User.objects.select_for_update(no_key=True).get(pk=application.applicant_id)
    return lock_application(application)


def lock_with_cohort(application: Application) -> Application:
    """Like ``lock_with_person``, with the cohort locked before both: two acceptances for the last place are
    decided one after the other."""
    Cohort.objects.select_for_update().get(pk=application.cohort_id)
    return lock_with_person(application)


def lock_mentee(mentee: Mentee) -> Mentee:
    """The mentee, read after the cohort and the mentee were locked. Whatever proposes a tandem locks the
    cohort too, so that no tandem is proposed to a mentee who is just leaving."""
    Cohort.objects.select_for_update().get(pk=mentee.cohort_id)
    return (
        Mentee.objects.select_for_update(of=("self",))
        .select_related("user", "cohort")
        .get(pk=mentee.pk)
    )
