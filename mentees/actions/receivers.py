"""Receivers of other apps' signals: what happens to applications and mentees when their person changes."""

from __future__ import annotations

from datetime import datetime

from accounts.actions import NewAddress
from accounts.models import User
from core.audit import Actor
from mentees import past_participation
from mentees.actions.sending import withdraw
from mentees.actions.taking_part import leave
from mentees.models import Application, FormerMentee, Mentee
from mentees.states import OPEN
from programme import reasons
from programme.models import Consent


def withdraw_open_applications(consent: Consent, *, by: Actor, now: datetime) -> None:
    """Withdraws open applications that depend on a consent which was withdrawn."""
    for application in Application.objects.filter(
        applicant=consent.person_id, notice=consent.notice_id, state__in=OPEN
    ).order_by("pk"):
        withdraw(application, by=by, now=now)


def end_parts(user: User, *, by: Actor, now: datetime) -> None:
    """Receiver of ``account_closed``: ends participations and withdraws open applications, which are locked
    last (promise C4)."""
    for mentee in Mentee.objects.of(user).taking_part():
        leave(mentee, by=by, now=now, reason=reasons.ACCOUNT_CLOSED)
    for application in Application.objects.of(user).filter(state__in=OPEN).order_by("pk"):
        withdraw(application, by=by, now=now)


def remember_participation(moved: NewAddress, *, by: Actor, now: datetime) -> None:
    """Receiver of ``address_changed``: a person who took part under the former address also counts under this
    one."""
    former = past_participation.address_hash(moved.former)
    if FormerMentee.objects.filter(address_hash=former).exists():
        past_participation.remember(moved.person, now)
