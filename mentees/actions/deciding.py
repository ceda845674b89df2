"""The coordinators' verbs on an application: read, invite, accept, waiting list, reject."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.audit import Actor
from core.errors import RuleViolation
from core.times import end_of_day
from core.verbs import Step, Steps, verb
from mentees import decision_deadline, mails, past_participation
from mentees.actions.common import lock_application, lock_with_cohort
from mentees.models import Application, Mentee
from mentees.states import MenteeState
from outbox.actions import cancel
from programme.models import Cohort


@verb("read", lock=lock_application)
def begin_reading(application: Application, *, by: Actor, now: datetime) -> Steps[Application]:
    """Records that a coordinator reads it; shown to the applicant without a mail."""
    yield Step(application)
    return application


@verb("invite", lock=lock_application)
def invite(
    application: Application, *, by: Actor, now: datetime, talk_at: datetime, talk_place: str
) -> Steps[Application]:
    """Invites to the selection talk; a decision is due within a week after it at the earliest.

    Raises RuleViolation when the talk lies in the past.
    """
    yield _set_talk(application, talk_at, talk_place, now=now)
    cancel(application, now=now, kinds=mails.OVERTAKEN)
    mails.application_invited(application, now=now)
    return application


@verb("move_talk", lock=lock_application)
def move_talk(
    application: Application, *, by: Actor, now: datetime, talk_at: datetime, talk_place: str
) -> Steps[Application]:
    """Moves the talk to another time or place and notifies the applicant. Raises RuleViolation as ``invite``
    does."""
    yield _set_talk(application, talk_at, talk_place, now=now, fields=("talk_at", "talk_place"))
    cancel(application, now=now, kinds=mails.OVERTAKEN)
    mails.application_invited(application, now=now, moved=True)
    return application


def _set_talk(
    application: Application,
    talk_at: datetime,
    talk_place: str,
    *,
    now: datetime,
    fields: tuple[str, ...] = (),
) -> Step:
    if talk_at <= now:
        raise RuleViolation(_("The interview must be in the future."), field="talk_at", code="past")
    application.talk_at, application.talk_place = talk_at, talk_place
    application.decide_by = decision_deadline.after_talk(
        application.cohort, application.decide_by, talk_at
    )
    values = {"talk_at": talk_at, "decide_by": application.decide_by}
    return Step(application, fields=fields, values=values)


@verb("accept", lock=lock_with_cohort)
def accept(
    application: Application, *, by: Actor, now: datetime, beyond_places: bool = False
) -> Steps[Mentee]:
    """Makes the applicant a mentee of the cohort and stores the hash by which a second participation is
    refused.

    Raises RuleViolation when the person took part before, and when all places are taken unless
    ``beyond_places`` is set.
    """
    cohort, person = application.cohort, application.applicant
    if past_participation.took_part(person):
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
    yield Step(application)
    cancel(application, now=now, kinds=mails.OVERTAKEN)
    mentee = Mentee(
        user=person, cohort=cohort, application=application, joined_at=now, state_since=now
    )
    yield Step(mentee, verb="join", values={"state": mentee.state})
    past_participation.remember(person, now)
    mails.application_accepted(application, now=now)
    return mentee


def places_left(cohort: Cohort) -> int:
    """Places of the cohort not taken by mentees who take part or completed; negative when more were accepted."""
    taken = Mentee.objects.filter(cohort=cohort).exclude(state=MenteeState.LEFT)
    return cohort.places - taken.count()


@verb("waitlist", lock=lock_application, state_first=False)
def waitlist(
    application: Application, *, by: Actor, now: datetime, decide_on: date | None = None
) -> Steps[Application]:
    """Puts the application on the waiting list until the end of ``decide_on`` (by default the cohort's first
    day). Raises RuleViolation for a past day."""
    until = (
        end_of_day(decide_on)
        if decide_on
        else decision_deadline.waiting_list_ends(application.cohort, now)
    )
    if until <= now:
        raise RuleViolation(_("This day has already passed."), field="decide_on", code="past")
    application.decide_by = until
    yield Step(application, values={"decide_by": until})
    cancel(application, now=now, kinds=mails.OVERTAKEN)
    mails.application_waitlisted(application, now=now)
    return application


@verb("reject", lock=lock_application)
def reject(
    application: Application, *, by: Actor, now: datetime, words: str = ""
) -> Steps[Application]:
    """Rejects the application; the coordinators' ``words`` are put in the mail and not stored elsewhere."""
    yield Step(application)
    cancel(application, now=now, kinds=mails.OVERTAKEN)
    mails.application_rejected(application, words, now=now)
    return application
