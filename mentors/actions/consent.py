"""Asking for, recording and withdrawing a mentor's consent, and what a withdrawal brings about."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentoring import audit
from mentoring.audit import Actor
from mentoring.links import actions as links
from mentoring.links.models import ActionLink
from mentoring.programme import consents
from mentoring.programme.models import Consent, ConsentNotice, ConsentPurpose
from mentoring.retries import patiently
from mentoring.transitions import RuleViolation
from mentors import mails
from mentors.actions.base import (
    CONSENT_LINK,
    PARTED,
    confirm_person,
    locked,
    standing_link,
)
from mentors.actions.course import pause
from mentors.models import Mentor, PauseReason
from mentors.states import MENTOR


@patiently
@transaction.atomic
def ask_for_consent(mentor: Mentor, *, by: Actor, now: datetime) -> ActionLink:
    """Sends the mail that asks for the consent, with a fresh personal link; one for a button pressed twice.
    Raises RuleViolation without
    an address or a notice, when the consent is there already, and once the person has parted."""
    mentor = locked(mentor.pk)
    _consent_possible(mentor, now)
    if consents.has_consent(mentor.user, ConsentPurpose.MENTOR):
        raise RuleViolation(_("The consent has already been recorded."), code="consented")
    if audit.is_repeated(mentor, "ask_for_consent", by=by, now=now):
        return standing_link(mentor, now=now)
    link = links.issue(CONSENT_LINK, mentor, mentor.user, now=now)
    audit.record(mentor, "ask_for_consent", by=by, now=now)
    mails.consent_request(mentor, link=link, now=now)
    return link


@patiently
@transaction.atomic
def record_consent(mentor: Mentor, *, by: Actor, now: datetime, how: str = "") -> Consent:
    """Records a consent that was given: by link, on paper, in a mail (``how``).

    Who consents for themselves also confirms that the address is theirs (promise A7). Raises RuleViolation
    without an address or a notice, and once the person has parted.
    """
    mentor = locked(mentor.pk)
    notice = _consent_possible(mentor, now)
    person = mentor.user
    assert person is not None
    confirm_person(mentor, by=by, now=now)
    consent = consents.give(person, notice, by=by, now=now, how=how)
    if consent.given_at == now:
        audit.record(mentor, "record_consent", by=by, now=now, values={"notice": notice.version})
    return consent


@patiently
@transaction.atomic
def consent_not_now(mentor: Mentor, *, by: Actor, now: datetime) -> None:
    """Notes that the person does not consent for now; nothing else changes."""
    audit.record(mentor, "consent_not_now", by=by, now=now)


@patiently
@transaction.atomic
def withdraw_consent(mentor: Mentor, *, by: Actor, now: datetime) -> int:
    """Withdraws the consent; what follows is a consequence (``follow_withdrawal``). Returns how many
    consents stood; none is no error."""
    mentor = locked(mentor.pk)
    if mentor.user is None:
        return 0
    withdrawn = consents.withdraw(mentor.user, ConsentPurpose.MENTOR, by=by, now=now)
    if withdrawn:
        audit.record(mentor, "withdraw_consent", by=by, now=now)
    return withdrawn


def follow_withdrawal(consent: Consent, *, by: Actor, now: datetime) -> None:
    """Consequence of a withdrawn consent: the mentor is paused and the coordinators are told."""
    if consent.notice.purpose != ConsentPurpose.MENTOR:
        return
    mentor = Mentor.objects.filter(user=consent.person_id).first()
    if mentor is None or mentor.state in PARTED:
        return
    mentor = locked(mentor.pk)
    if mentor.state == "active":
        mentor = pause(mentor, by=by, now=now, reason=PauseReason.CONSENT)
    mails.consent_withdrawn(mentor, consent, now=now)


def _consent_possible(mentor: Mentor, now: datetime) -> ConsentNotice:
    if mentor.state in PARTED:
        MENTOR.require(mentor, "review")
    if mentor.user is None:
        raise RuleViolation(
            _("There is no email address yet. Please enter it first."), code="address_needed"
        )
    return consents.current_notice(ConsentPurpose.MENTOR, now)
