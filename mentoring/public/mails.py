"""The mail that passes a visitor's message on."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from outbox.actions import queue
from outbox.kinds import MailKind
from programme.models import Organisation

CONTACT = MailKind(
    "contact-message",
    "public",
    _("message from the contact form"),
    {
        "name": "Leyla Arslan",
        "email": "leyla@example.org",
        "message": "Kann ich mich auch im Urlaubssemester bewerben?",
        "reply_to": "leyla@example.org",
        "url": "mailto:leyla@example.org",
    },
    shared=True,
    lost_reply="resend",
)
KINDS = (CONTACT,)


def contact_message(
    organisation: Organisation,
    *,
    form_id: uuid.UUID,
    name: str,
    email: str,
    message: str,
    now: datetime,
) -> bool:
    """To the office; an answer goes to who wrote (``reply_to``). Returns False for the same form again."""
    _mail, queued = queue(
        CONTACT.kind,
        organisation.office,
        organisation,
        {
            "name": name,
            "email": email,
            "message": message,
            "reply_to": email,
            "url": f"mailto:{email}",
        },
        now=now,
        version=0,
        offset=str(form_id),
    )
    return queued
