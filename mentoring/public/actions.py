"""Verbs of visitors: writing to the office."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.errors import RuleViolation
from core.retries import retry_on_conflict
from mentoring.public import mails
from programme.models import Organisation


@retry_on_conflict
@transaction.atomic
def send_message(*, form_id: uuid.UUID, name: str, email: str, message: str, now: datetime) -> None:
    """Sends a visitor's message to the office's mailbox; the same form twice is one mail (C8).

    Nothing is stored except the mail, and the writer is not looked up. Raises RuleViolation before an office
    is entered.
    """
    organisation = Organisation.objects.select_related("office").first()
    if organisation is None:
        raise RuleViolation(
            _("There is no office set up yet that could read this."), code="no_office"
        )
    mails.contact_message(
        organisation, form_id=form_id, name=name, email=email, message=message, now=now
    )
