"""The status of an application in words, for all pages that show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentees.models import Application, without_spare
from mentees.states import ApplicationState

# Nouns, so that a step reads well before, while and after it is taken.
STEPS = (
    ("sent", pgettext_lazy("step", "Sending")),
    ("confirmed", pgettext_lazy("step", "Confirming")),
    ("read", pgettext_lazy("step", "Reading")),
    ("talk", pgettext_lazy("step", "Interview")),
    ("decided", pgettext_lazy("step", "Decision")),
)
# How many steps are done. The next one is in progress, except after “submitted”, when nobody reads yet.
REACHED: dict[str, int] = {
    ApplicationState.DRAFT: 0,
    ApplicationState.UNCONFIRMED: 1,
    ApplicationState.SUBMITTED: 2,
    ApplicationState.IN_REVIEW: 2,
    ApplicationState.INVITED: 3,
    ApplicationState.WAITLISTED: 4,
    ApplicationState.ACCEPTED: 5,
    ApplicationState.REJECTED: 5,
}


@dataclass(frozen=True)
class Standing:
    """One sentence for the state, and one for what happens next and until when (None when nothing does)."""

    sentence: Any
    next_step: Any
    deadline: datetime | None


def latest(user: Any) -> Application | None:
    """The application meant by “my application”: the newest that is not withdrawn, else the newest. With all
    vocabulary entries of its answers."""
    mine = without_spare(Application.objects.sent_by(user).with_words().order_by("-sent_at"))
    standing = (one for one in mine if one.state != ApplicationState.WITHDRAWN)
    return next(standing, None) or next(iter(mine), None)


def steps(application: Application) -> list[dict[str, Any]]:
    """The steps for the progress bars (``ui/includes/measures.html``); empty for a withdrawn application. A
    talk that never took place is left out once the application is past that step."""
    if application.state == ApplicationState.WITHDRAWN:
        return []
    reached = REACHED[application.state]
    being_taken = None if application.state == ApplicationState.SUBMITTED else reached
    return [
        {"label": label, "state": "done" if n < reached else "now" if n == being_taken else "ahead"}
        for n, (code, label) in enumerate(STEPS)
        if not (code == "talk" and n < reached and application.talk_at is None)
    ]


def standing(application: Application, now: datetime) -> Standing:
    """The state in sentences, with the deadline that both sides see."""
    until = application.waits_until
    sentence: Any
    next_step: Any = ""
    match application.state:
        case ApplicationState.UNCONFIRMED if now < application.confirm_until:
            sentence = _("Your address is not confirmed yet.")
            next_step = _(
                "Please confirm it; only then will the coordinators read the application."
            )
        case ApplicationState.UNCONFIRMED:
            sentence, until = _("The time to confirm this application is over."), None
        case ApplicationState.SUBMITTED:
            sentence = _("Your application has arrived and is waiting to be read.")
            next_step = _(
                "The coordinators will decide whether to offer you an interview or a place."
            )
        case ApplicationState.IN_REVIEW:
            sentence = _("The coordinators are reading your application.")
            next_step = _("They will decide whether to offer you an interview or a place.")
        case ApplicationState.INVITED:
            sentence = _("You are invited to a selection interview.")
            next_step = _("The coordinators will decide after the interview.")
        case ApplicationState.WAITLISTED:
            sentence = _("You are on the waiting list.")
            next_step = _(
                "If a place becomes free, we will write to you at once; you will hear "
                "from us in any case."
            )
        case ApplicationState.ACCEPTED:
            sentence = _("You have a place.")
        case ApplicationState.REJECTED:
            sentence = _("We can’t offer you a place this time.")
        case _other:
            sentence = _("This application has been withdrawn.")
            if application.can_undo(now):
                next_step = _("You can undo the withdrawal.")
            else:
                until = None
    return Standing(sentence, next_step, until)
