"""Where an application stands, in words: for the person's pages, and for any page that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentees.models import Application

# Nouns, so that a step reads right before, while and after it is taken.
STEPS = (
    ("sent", pgettext_lazy("step", "Sending")),
    ("confirmed", pgettext_lazy("step", "Confirming")),
    ("read", pgettext_lazy("step", "Reading")),
    ("talk", pgettext_lazy("step", "Interview")),
    ("decided", pgettext_lazy("step", "Decision")),
)
# How many steps are done. The next one is being taken, but for “submitted”: there nobody reads yet.
REACHED = {
    "draft": 0,
    "unconfirmed": 1,
    "submitted": 2,
    "in_review": 2,
    "invited": 3,
    "waitlisted": 4,
    "accepted": 5,
    "rejected": 5,
}


@dataclass(frozen=True)
class Standing:
    """One sentence for the state, and one for what happens next until when (None when nothing does)."""

    sentence: Any
    next_step: Any
    deadline: datetime | None


def latest(user: Any) -> Application | None:
    """The application a person means by “my application”: the newest that is not withdrawn, else the
    newest. With everything its answers name."""
    mine = Application.objects.of(user).without_spare().exclude(state="draft")
    mine = mine.with_words().order_by("-sent_at")
    return mine.exclude(state="withdrawn").first() or mine.first()


def steps(application: Application) -> list[dict[str, Any]]:
    """The steps as bars of music (``house/includes/measures.html``); empty for a withdrawn one. A talk that
    was never held is left out once the application is past it."""
    if application.state == "withdrawn":
        return []
    reached = REACHED[application.state]
    being_taken = None if application.state == "submitted" else reached
    return [
        {"label": label, "state": "done" if n < reached else "now" if n == being_taken else "ahead"}
        for n, (code, label) in enumerate(STEPS)
        if not (code == "talk" and n < reached and application.talk_at is None)
    ]


def standing(application: Application, now: datetime) -> Standing:
    """The state in sentences, with the deadline both sides see."""
    until = application.waits_until
    sentence: Any
    next_step: Any = ""
    match application.state:
        case "unconfirmed" if now < application.confirm_until:
            sentence = _("Your address is not confirmed yet.")
            next_step = _(
                "Please confirm it; only then will the coordinators read the application."
            )
        case "unconfirmed":
            sentence, until = _("The time to confirm this application is over."), None
        case "submitted":
            sentence = _("Your application has arrived and is waiting to be read.")
            next_step = _(
                "The coordinators will decide whether to offer you an interview or a place."
            )
        case "in_review":
            sentence = _("The coordinators are reading your application.")
            next_step = _("They will decide whether to offer you an interview or a place.")
        case "invited":
            sentence = _("You are invited to a selection interview.")
            next_step = _("The coordinators will decide after the interview.")
        case "waitlisted":
            sentence = _("You are on the waiting list.")
            next_step = _(
                "If a place becomes free, we will write to you at once; you will hear "
                "from us in any case."
            )
        case "accepted":
            sentence = _("You have a place.")
        case "rejected":
            sentence = _("We can’t offer you a place this time.")
        case _other:
            sentence = _("This application has been withdrawn.")
            if application.can_undo(now):
                next_step = _("You can undo the withdrawal.")
            else:
                until = None
    return Standing(sentence, next_step, until)
