"""Verbs of visitors: writing to the office."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.audit import Actor
from core.errors import RuleViolation
from core.verbs import Step, Steps, verb
from mentoring.public import mails
from programme.models import Organisation


def _organisation() -> Organisation | None:
    """The organisation with its office, unlocked: nothing of it changes."""
    return Organisation.objects.select_related("office").first()


@verb("send_message", lock=_organisation)
def send_message(
    organisation: Organisation | None,
    *,
    form_id: uuid.UUID,
    name: str,
    email: str,
    message: str,
    now: datetime,
) -> Steps[None]:
    """Sends a visitor's message to the office's mailbox; the same form twice is one mail (C8).

    Nothing of the message is stored except the mail, and the writer is not looked up. Raises RuleViolation
    before an office is entered.
    """
    if organisation is None:
        raise RuleViolation(
            _("There is no office set up yet that could read this."), code="no_office"
        )
    sent = mails.contact_message(
        organisation, form_id=form_id, name=name, email=email, message=message, now=now
    )
    if sent:
        yield Step(organisation, save=False, by=Actor(None, "person"))
