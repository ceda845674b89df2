"""What happens to applications when something else happens to their person."""

from __future__ import annotations

from datetime import datetime

from mentees import actions, traces
from mentees.models import Application, FormerMentee, Mentee
from mentees.states import OPEN
from mentoring.accounts.actions import NewAddress
from mentoring.accounts.models import User
from mentoring.audit import Actor
from mentoring.programme import reasons
from mentoring.programme.models import Consent


def withdraw_open_applications(consent: Consent, *, by: Actor, now: datetime) -> None:
    """A consent that is withdrawn takes the open applications it belonged to with it."""
    for application in Application.objects.filter(
        applicant=consent.person_id, notice=consent.notice_id, state__in=OPEN
    ).order_by("pk"):
        actions.withdraw(application, by=by, now=now)


def end_parts(user: User, *, by: Actor, now: datetime) -> None:
    """Consequence of ``accounts.close``: who takes part leaves, and open applications are withdrawn, which
    are locked last (promise C4)."""
    for mentee in Mentee.objects.of(user).taking_part():
        actions.leave(mentee, by=by, now=now, reason=reasons.ACCOUNT_CLOSED)
    for application in Application.objects.of(user).filter(state__in=OPEN).order_by("pk"):
        actions.withdraw(application, by=by, now=now)


def keep_traces(moved: NewAddress, *, by: Actor, now: datetime) -> None:
    """Consequence of ``accounts.new_address``: who took part under the former address did so under this one."""
    former = traces.address_hash(moved.former)
    if FormerMentee.objects.filter(address_hash=former).exists():
        traces.leave_trace(moved.person, now)
