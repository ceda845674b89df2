"""What the coordinators do with an application: read, invite, accept, waiting list, reject."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mentees import deadlines, mails, traces
from mentees.actions.sending import locked
from mentees.models import Application, Mentee
from mentees.states import APPLICATION
from mentoring import audit
from mentoring.accounts.models import User
from mentoring.audit import Actor
from mentoring.outbox.actions import cancel
from mentoring.programme.models import Cohort
from mentoring.retries import patiently
from mentoring.transitions import RuleViolation


@patiently
@transaction.atomic
def begin_reading(application: Application, *, by: Actor, now: datetime) -> Application:
    """Notes that somebody reads it; the applicant sees it, nobody is mailed."""
    application = locked(application.pk)
    APPLICATION.move(application, "read", now=now)
    return _keep(application, "read", by=by, now=now)


@patiently
@transaction.atomic
def invite(
    application: Application,
    *,
    by: Actor,
    now: datetime,
    talk_at: datetime,
    talk_place: str,
    verb: str = "invite",
) -> Application:
    """Invites to the selection talk; a decision is due within a week after it at the earliest.

    Raises RuleViolation when the talk lies in the past.
    """
    application = locked(application.pk)
    APPLICATION.require(application, verb)  # who was not invited has no talk to compare with
    if talk_at <= now:
        raise RuleViolation(_("The interview must be in the future."), field="talk_at", code="past")
    APPLICATION.move(application, verb, now=now)
    application.talk_at, application.talk_place = talk_at, talk_place
    application.decide_by = deadlines.after_talk(application.cohort, application.decide_by, talk_at)
    cancel(application, now=now, kinds=mails.OVERTAKEN)
    told = {"talk_at": talk_at, "decide_by": application.decide_by}
    fields = ("talk_at", "talk_place") if verb == "move_talk" else ()
    _keep(application, verb, by=by, now=now, fields=fields, **told)
    mails.application_invited(application, now=now, moved=verb == "move_talk")
    return application


def move_talk(
    application: Application, *, by: Actor, now: datetime, talk_at: datetime, talk_place: str
) -> Application:
    """Moves the talk to another time or place and says so. Raises RuleViolation as ``invite`` does."""
    return invite(
        application, by=by, now=now, talk_at=talk_at, talk_place=talk_place, verb="move_talk"
    )


@patiently
@transaction.atomic
def accept(
    application: Application, *, by: Actor, now: datetime, beyond_places: bool = False
) -> Mentee:
    """Makes the applicant a mentee of the cohort and leaves the trace by which nobody takes part twice.

    Raises RuleViolation when the person took part before, and when all places are taken unless
    ``beyond_places`` says that this is meant.
    """
    # Cohort first (C4): two acceptances for the last place are decided one after the other.
    cohort = Cohort.objects.select_for_update().get(pk=application.cohort_id)
    person = User.objects.select_for_update(no_key=True).get(pk=application.applicant_id)
    application = locked(application.pk)
    APPLICATION.require(application, "accept")
    if traces.took_part(person):
        raise RuleViolation(
            _("%(name)s has taken part before; nobody can take part twice.")
            % {"name": application.name},
            code="twice",
        )
    if not beyond_places and places_left(cohort) < 1:
        raise RuleViolation(
            ngettext(
                "The one place in %(cohort)s is taken. Tick the box below to accept one "
                "more mentee.",
                "All %(places)d places in %(cohort)s are taken. Tick the box below to "
                "accept one more mentee.",
                cohort.places,
            )
            % {"places": cohort.places, "cohort": cohort.name},
            field="beyond_places",
            code="places",
        )
    APPLICATION.move(application, "accept", now=now)
    cancel(application, now=now, kinds=mails.OVERTAKEN)
    _keep(application, "accept", by=by, now=now)
    mentee = Mentee(
        user=person, cohort=cohort, application=application, joined_at=now, state_since=now
    )
    mentee.save(force_insert=True)
    traces.leave_trace(person, now)
    audit.record(mentee, "join", by=by, now=now, values={"state": mentee.state})
    mails.application_accepted(application, now=now)
    return mentee


def places_left(cohort: Cohort) -> int:
    """Places of the cohort not taken by a mentee who takes part or completed; below zero beyond them."""
    return cohort.places - Mentee.objects.filter(cohort=cohort).exclude(state="left").count()


@patiently
@transaction.atomic
def waitlist(
    application: Application, *, by: Actor, now: datetime, decide_on: date | None = None
) -> Application:
    """Puts the application on the waiting list until the end of ``decide_on`` (the cohort's first day
    unless told). Raises RuleViolation for a day that is over."""
    application = locked(application.pk)
    until = (
        deadlines.end_of(decide_on)
        if decide_on
        else deadlines.waiting_list_ends(application.cohort, now)
    )
    if until <= now:
        raise RuleViolation(_("This day has already passed."), field="decide_on", code="past")
    APPLICATION.move(application, "waitlist", now=now)
    application.decide_by = until
    cancel(application, now=now, kinds=mails.OVERTAKEN)
    _keep(application, "waitlist", by=by, now=now, decide_by=until)
    mails.application_waitlisted(application, now=now)
    return application


@patiently
@transaction.atomic
def reject(application: Application, *, by: Actor, now: datetime, words: str = "") -> Application:
    """Says no; ``words`` of the coordinators stand in the mail and nowhere else."""
    application = locked(application.pk)
    APPLICATION.move(application, "reject", now=now)
    cancel(application, now=now, kinds=mails.OVERTAKEN)
    _keep(application, "reject", by=by, now=now)
    mails.application_rejected(application, words, now=now)
    return application


def _keep(
    application: Application,
    verb: str,
    *,
    by: Actor,
    now: datetime,
    fields: tuple[str, ...] = (),
    **values: Any,
) -> Application:
    application.save()
    told = {"state": application.state, **values}
    audit.record(application, verb, by=by, now=now, fields=fields, values=told)
    return application
