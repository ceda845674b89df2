"""The link that confirms the address of an application: yes, or “that wasn't me”; can be changed for a while."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.audit import Actor
from core.errors import RuleViolation
from core.http import Sent
from core.links.forms import AnswerForm
from core.links.models import ActionLink
from core.links.purposes import LinkPage, LinkPurpose
from mentees import actions
from mentees.actions.common import lock_with_person
from mentees.actions.sending import other_standing
from mentees.models import Application
from mentees.states import APPLICATION, BEFORE_THE_TALK, ApplicationState
from programme.choices import Choice

TEMPLATE = "mentees/links/confirm.html"
ANSWERS: list[tuple[str, Any]] = [
    (
        "confirm",
        Choice(
            _("Yes, this is my application"),
            _("The coordinators will receive and read it. You can withdraw it at any time."),
        ),
    ),
    (
        "deny",
        Choice(
            _("I didn’t apply, or I no longer want to"),
            _("Nobody will read it, and it will be deleted."),
        ),
    ),
]


class ConfirmForm(AnswerForm):
    """Yes, or “that wasn't me”. ``given`` is the present answer: it is accepted again (promise L3), but only
    the other one is offered."""

    def __init__(self, *args: Any, given: str = "", **kwargs: Any) -> None:
        super().__init__(*args, answers=ANSWERS, **kwargs)
        field: Any = self.fields["answer"]
        field.label = _("Is this application yours?")
        field.widget.choices = [one for one in field.choices if one[0] != given]


def find(link: ActionLink) -> Application | None:
    """The application of a link; None once it was deleted."""
    return Application.objects.with_words().filter(pk=link.object_id).first()


def may_change(application: Application, link: ActionLink, now: datetime) -> bool:
    """Whether the answer given by the link can still be changed by it (promise L2): within the cohort's
    hours, as long as nothing was decided, and after a “that wasn't me” until the deadline for confirming; a
    confirmation can be restored only where no other application was confirmed meanwhile."""
    if link.used_at is None or application.state == ApplicationState.UNCONFIRMED:
        return application.state == ApplicationState.UNCONFIRMED and now < application.confirm_until
    if now >= link.used_at + timedelta(hours=application.cohort.undo_hours):
        return False
    if application.state == ApplicationState.WITHDRAWN:
        if application.withdrawn_from == ApplicationState.UNCONFIRMED:
            return now < application.confirm_until
        return (
            application.withdrawn_from in BEFORE_THE_TALK
            and application.can_undo(now)
            and other_standing(application) is None
        )
    return application.state in BEFORE_THE_TALK


def describe(link: ActionLink, sent: Sent, now: datetime) -> LinkPage:
    """The page: what is to be confirmed, or the present state of the application; never an error (promises
    L3, L5)."""
    application = find(link)
    if application is None:
        return LinkPage(
            title=_("This application has been deleted"),
            lead=_(
                "It was never confirmed. There is nothing left to decide, and we have "
                "kept nothing from it."
            ),
            template=TEMPLATE,
            context={"application": None},
            closed=True,
        )
    waits = application.state == ApplicationState.UNCONFIRMED
    if waits and (first := other_standing(application)) is not None:
        return _second_application(application, first)
    changeable = may_change(application, link, now)
    title, lead = _words(application, changeable)
    return LinkPage(
        title=title,
        lead=lead,
        template=TEMPLATE,
        context={"application": application, "confirmed": bool(application.confirmed_at)},
        form=ConfirmForm(*sent, given=_given(application)) if changeable else None,
        deadline=application.confirm_until if waits else None,
        button=_("Send your answer"),
        action="confirm-application",
        after=ngettext(
            "You can change your answer with the same link for one hour.",
            "You can change your answer with the same link for %(hours)d hours.",
            application.cohort.undo_hours,
        )
        % {"hours": application.cohort.undo_hours},
    )


def _given(application: Application) -> str:
    """The present answer; empty while there is none."""
    if application.state == ApplicationState.WITHDRAWN:
        return "deny"
    return "confirm" if application.confirmed_at else ""


def _second_application(application: Application, first: Application) -> LinkPage:
    if APPLICATION.allows(first.state, "withdraw"):
        lead = _(
            "You have already applied for %(cohort)s. This second application is not "
            "needed and will be deleted automatically. To send a new application, "
            "withdraw the first one."
        )
    else:
        lead = _(
            "A decision on your application for %(cohort)s has already been made. This "
            "second application will be deleted automatically. If anything is unclear, "
            "please write to us."
        )
    return LinkPage(
        title=_("You have already applied"),
        lead=lead % {"cohort": application.cohort.name},
        template=TEMPLATE,
        context={"application": application, "confirmed": True},
    )


def _words(application: Application, changeable: bool) -> tuple[Any, Any]:
    """Heading and first sentence for the application's state."""
    cohort = {"cohort": application.cohort.name}
    if application.state == ApplicationState.UNCONFIRMED:
        if not changeable:
            return _("It is too late to confirm"), _(
                "The time to confirm this application is over. If you still want to take "
                "part, write to us."
            )
        return _("Is this your application?"), _(
            "An application for the mentoring programme %(cohort)s was sent with your "
            "address. The coordinators read it only once you have confirmed it."
        ) % cohort
    if application.state == ApplicationState.WITHDRAWN:
        return _("This application has been withdrawn"), _(
            "We will not read it any further. You do not need to do anything."
        )
    if application.state in (ApplicationState.ACCEPTED, ApplicationState.REJECTED):
        return _("Your application has been decided"), _(
            "We have written to you; you can also read the answer in your area."
        )
    return _("Your application is confirmed"), _(
        "It is now with the coordinators of %(cohort)s. You do not need to do anything at"
        " the moment."
    ) % cohort


def decide(link: ActionLink, cleaned: Mapping[str, Any], now: datetime) -> None:
    """Carries out the answer; a repetition changes nothing (promise L3)."""
    application = Application.objects.filter(pk=link.object_id).first()
    if application is None:
        return
    application = lock_with_person(application)
    link.refresh_from_db()
    by = Actor.person(link.holder, "applicant")
    wanted = cleaned["answer"]
    if wanted == _given(application):
        return
    if not may_change(application, link, now):
        raise RuleViolation(_("This answer can no longer be changed."), code="deadline")
    if wanted == "deny":
        actions.withdraw(application, by=by, now=now)
        return
    if application.state == ApplicationState.WITHDRAWN:
        application = actions.undo_withdrawal(application, by=by, now=now)
    if application.state == ApplicationState.UNCONFIRMED:
        actions.confirm(application, by=by, now=now)


def renew(link: ActionLink, now: datetime) -> None:
    """Sends a fresh link to the address on file. Raises RuleViolation when there is nothing to confirm."""
    application = find(link)
    if application is None:
        raise RuleViolation(_("This application has been deleted."), code="gone")
    actions.renew_confirmation(application, by=Actor.person(link.holder, "applicant"), now=now)


PURPOSE = LinkPurpose(describe=describe, decide=decide, renew=renew)
