"""The verbs that end a mentee's participation: completed, or left before the end."""

from __future__ import annotations

from datetime import datetime

from core.audit import Actor
from core.verbs import Step, Steps, verb
from mentees import mails
from mentees.actions.common import lock_mentee
from mentees.models import Mentee
from mentees.signals import mentee_completed, mentee_left


@verb("leave", lock=lock_mentee)
def leave(mentee: Mentee, *, by: Actor, now: datetime, reason: str = "") -> Steps[Mentee]:
    """Ends the participation early. In the same transaction the tandem is dissolved and future registrations
    and meetings are cancelled (receivers of ``mentee_left``); an error in one undoes all."""
    mentee.left_reason = reason
    yield Step(mentee, fields=["left_reason"], signal=mentee_left)
    mails.mentee_left(mentee, now=now)
    return mentee


@verb("complete", lock=lock_mentee)
def complete(mentee: Mentee, *, by: Actor, now: datetime) -> Steps[Mentee]:
    """Records that the mentee completed the programme."""
    yield Step(mentee, signal=mentee_completed)
    return mentee
