"""The applicant's verbs: send, confirm the address, change the answers, withdraw, undo that. And the verbs
that end and delete applications nobody confirms."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from accounts import actions as accounts
from accounts.models import User
from core import audit
from core.audit import Actor
from core.errors import RuleViolation
from core.links import actions as links
from core.links.models import ActionLink
from core.verbs import (
    Step,
    Steps,
    unlocked,
    verb,
)
from mentees import decision_deadline, mails, questions
from mentees.actions.common import lock_application, lock_with_person
from mentees.application_data import ApplicationData
from mentees.models import Application
from mentees.states import APPLICATION, ApplicationState
from outbox.actions import cancel
from programme import consents
from programme.models import Cohort

CONFIRM_LINK = "confirm-application"
# How many mails an address can get from everybody who enters it in the form. The pair of sender and address
# has a closer limit (``core.limits``), so that one or two senders cannot use this one up.
POSTS = ((timedelta(hours=1), 20), (timedelta(days=1), 60))


@verb("send", lock=unlocked)
def send_application(
    cohort: Cohort,
    *,
    by: Actor,
    now: datetime,
    application_data: ApplicationData,
    form_id: uuid.UUID,
    language: str = "de",
) -> Steps[Application]:
    """Stores a sent form as ``unconfirmed`` and mails the link that confirms the address.

    The same form sent again returns the first row and sends no mail (promise C8). A known and an unknown
    address cost the same queries and one mail each (promise P3). A known person stays unchanged; a new one
    has no name until the address is confirmed, so that no mail greets somebody with a stranger's text. Raises
    RuleViolation outside the application window and when ``POSTS`` are used up for one address.
    """
    key = application_data.key(form_id, cohort.pk)
    if found := Application.objects.filter(form_id=key).first():
        return found
    cohort = Cohort.objects.get(pk=cohort.pk)
    if not cohort.takes_applications(now):
        raise RuleViolation(
            _("Applications for %(cohort)s are not open at the moment.") % {"cohort": cohort.name},
            code="window",
        )
    applicant = _person_of(application_data["email"], language, now)
    _limit_posts(applicant, now)
    fresh = Application(cohort=cohort, applicant=applicant, form_id=key, sent_at=now)
    for one in questions.every():
        one.put(fresh, application_data[one.name])
    # A simultaneous post of the same form waits here for the first, is retried and finds its row.
    yield Step(fresh)
    for one in questions.every():
        one.put_related(fresh, application_data[one.name])
    _mail_confirmation(fresh, now=now)
    return fresh


def _person_of(email: str, language: str, now: datetime) -> User:
    """The person with this address, created if unknown, in two queries either way (promise P3)."""
    fresh = User(email=email, language=language, password=make_password(None), date_joined=now)
    User.objects.bulk_create([fresh], ignore_conflicts=True)
    return User.objects.get(email=email)


def _limit_posts(applicant: User, now: datetime) -> None:
    sent = Application.objects.filter(applicant=applicant)
    if any(sent.filter(sent_at__gt=now - span).count() >= most for span, most in POSTS):
        raise RuleViolation(
            _(
                "Many applications with this address have been sent recently. Please open the "
                "link in the email we sent there, or try again later."
            ),
            field="email",
            code="limit",
        )


def _mail_confirmation(application: Application, *, now: datetime, offset: str = "") -> None:
    link = links.issue(
        CONFIRM_LINK,
        application,
        application.applicant,
        now=now,
        expires_at=application.confirm_until,
    )
    mails.application_confirm(application, link, now=now, offset=offset)


@verb("renew_link", lock=lock_application)
def renew_confirmation(application: Application, *, by: Actor, now: datetime) -> Steps[Application]:
    """Mails a fresh link to the address on file (promise L5). Raises RuleViolation when there is nothing to
    confirm."""
    APPLICATION.require(application, "confirm")
    _require_time_to_confirm(application, now)
    if audit.is_repeated(application, "renew_link", by=by, now=now):
        return application
    yield Step(application, save=False)
    _mail_confirmation(application, now=now, offset=f"renewed-{now.isoformat()}")
    return application


@verb("confirm", lock=lock_with_person)
def confirm(application: Application, *, by: Actor, now: datetime) -> Steps[Application]:
    """Confirms that the address is the applicant's; the application counts from the moment it was sent.

    Unknown data of the person (name, form of address) is taken from it, the consent is recorded, applicant
    and coordinators are notified. Raises RuleViolation after the deadline, and when the person already has a
    confirmed application to this cohort that is not withdrawn.
    """
    _require_time_to_confirm(application, now)
    require_none_standing(application)
    application.confirmed_at = now
    application.decide_by = decision_deadline.decision_due(application.cohort, now)
    yield Step(application, values={"decide_by": application.decide_by})
    _complete_person(application, now=now)
    consents.give(application.applicant, application.notice, by=by, now=now, how="/apply/")
    _use_link(application, now=now)
    mails.application_received(application, now=now)
    mails.application_arrived(application, now=now)
    return application


def _require_time_to_confirm(application: Application, now: datetime) -> None:
    if now >= application.confirm_until:
        raise RuleViolation(_("The time to confirm this application is over."), code="deadline")


def require_none_standing(application: Application) -> None:
    """Raises RuleViolation (code "standing") when ``other_standing`` finds an application."""
    other = other_standing(application)
    if other is None:
        return
    if APPLICATION.allows(other.state, "withdraw"):
        sentence = _(
            "You have already applied for %(cohort)s. To send a new application, withdraw"
            " the first one."
        )
    else:
        sentence = _(
            "A decision on your application for %(cohort)s has already been made. If "
            "anything is unclear, please write to us."
        )
    raise RuleViolation(sentence % {"cohort": application.cohort.name}, code="standing")


def other_standing(application: Application) -> Application | None:
    """Another application of the same person to the same cohort that is confirmed and not withdrawn."""
    return (
        Application.objects.standing()
        .filter(cohort=application.cohort_id, applicant=application.applicant_id)
        .exclude(pk=application.pk)
        .first()
    )


def _complete_person(application: Application, *, now: datetime) -> None:
    """Fills in unknown data of the person, who confirms it here: nobody else's text is taken over (promise
    A7)."""
    person = application.applicant
    missing = {
        field: getattr(application, field)
        for field in ("name", "salutation")
        if getattr(application, field) and not getattr(person, field)
    }
    by = Actor.person(person, "applicant")
    application.applicant = accounts.change_person(person, by=by, now=now, values=missing)


def _use_link(application: Application, *, now: datetime) -> None:
    for link in ActionLink.objects.about(CONFIRM_LINK, application).live():
        links.mark_used(link, now=now)


@verb("revise", lock=lock_with_person)
def revise(
    application: Application, *, by: Actor, now: datetime, application_data: ApplicationData
) -> Steps[Application]:
    """Changes the answers; address and consent stay. The history names the changed fields, not their old
    values.

    Unchanged answers change nothing. Raises RuleViolation once the window is closed, or when somebody was
    invited or decided on.
    """
    if not application.can_revise(now):
        raise RuleViolation(
            _(
                "These answers can no longer be changed. If something needs correcting, "
                "please write to us."
            ),
            code="revise",
        )
    changed = {
        one.name: one
        for one in questions.every()
        if one.revisable and one.differs(application, application_data[one.name])
    }
    if not changed:
        return application
    person = application.applicant
    if "name" in changed and person.name == application.name and by.user_id == person.pk:
        # a corrected name in the form also corrects the account's
        accounts.change_person(person, by=by, now=now, values={"name": application_data["name"]})
    for name, one in changed.items():
        one.put(application, application_data[name])
    application.revised_at = now
    yield Step(application, fields=sorted(changed))
    for name, one in changed.items():
        one.put_related(application, application_data[name])
    return application


@verb("withdraw", lock=lock_application)
def withdraw(application: Application, *, by: Actor, now: datetime) -> Steps[Application]:
    """Withdraws; can be undone for ``cohort.undo_hours``, for which the former state is stored.

    Also carries out the answer “that wasn't me” to the link: then no mail is sent, since the address never
    asked for anything.
    """
    before = application.withdrawn_from = application.state
    yield Step(application)
    cancel(application, now=now, kinds=mails.OVERTAKEN)
    if before == ApplicationState.UNCONFIRMED:
        _use_link(application, now=now)
    else:
        mails.application_withdrawn(application, now=now)
    return application


@verb("undo_withdrawal", lock=lock_with_person)
def undo_withdrawal(application: Application, *, by: Actor, now: datetime) -> Steps[Application]:
    """Restores the state before the withdrawal. Raises RuleViolation after ``cohort.undo_hours`` and when
    another application of the person was confirmed meanwhile."""
    if not application.can_undo(now):
        raise RuleViolation(_("It is too late to undo the withdrawal."), code="deadline")
    before, application.withdrawn_from = application.withdrawn_from, ""
    if before != ApplicationState.UNCONFIRMED:
        require_none_standing(application)
    yield Step(application, to=before)
    cancel(application, now=now, kinds=mails.OVERTAKEN)
    # Mails that the withdrawal cancelled are wanted again (promise S16).
    invited = before == ApplicationState.INVITED
    if invited and application.talk_at and application.talk_at > now:
        mails.application_invited(application, now=now)
    elif before == ApplicationState.WAITLISTED:
        mails.application_waitlisted(application, now=now)
    return application


@verb("lapse", lock=lock_application)
def lapse(application: Application, *, by: Actor, now: datetime) -> Steps[Application]:
    """Withdraws an application that was not confirmed in time, without a mail (the address never answered)
    and without undo. Raises RuleViolation before the deadline."""
    APPLICATION.require(application, "confirm")
    if now < application.confirm_until:
        raise RuleViolation(_("There is still time to confirm this application."), code="deadline")
    yield Step(application, move="withdraw")
    links.withdraw(CONFIRM_LINK, application, now=now)
    cancel(application, now=now, kinds=mails.OVERTAKEN)
    return application


@verb("forget", lock=lock_application)
def forget(application: Application, *, by: Actor, now: datetime) -> Steps[None]:
    """Deletes an application whose address was never confirmed, once its withdrawal can't be undone: text
    that a stranger may have typed is not kept. Raises RuleViolation otherwise."""
    withdrawn = application.state == ApplicationState.WITHDRAWN
    if not withdrawn or application.confirmed_at or application.can_undo(now):
        raise RuleViolation(
            _(
                "Only applications that were never confirmed and are finally withdrawn can "
                "be deleted."
            ),
            code="keep",
        )
    yield Step(application, save=False)
    application.delete()
