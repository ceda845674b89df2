"""What happens to applications when something else happens to their person."""

from __future__ import annotations

from datetime import datetime

from mentees import actions
from mentees.models import Application
from mentees.states import OPEN
from mentoring.audit import Actor
from mentoring.programme.models import Consent


def withdraw_open_applications(consent: Consent, *, by: Actor, now: datetime) -> None:
    """A consent that is withdrawn takes the open applications it belonged to with it."""
    for application in Application.objects.filter(
        applicant=consent.person_id, notice=consent.notice_id, state__in=OPEN
    ).order_by("pk"):
        actions.withdraw(application, by=by, now=now)
