"""Asking for, recording and withdrawing a mentor's consent, and the effects of a withdrawal."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core import audit
from core.audit import Actor
from core.errors import RuleViolation
from core.links import actions as links
from core.links.models import ActionLink
from core.verbs import Step, Steps, verb
from mentors import mails
from mentors.actions.common import (
    CONSENT_LINK,
    ask_for_address,
    confirm_person,
    lock_mentor,
    lock_person_and_mentor,
    standing_link,
)
from mentors.actions.lifecycle import pause
from mentors.models import Mentor, PauseReason
from mentors.states import PARTED, MentorState
from programme import consents
from programme.models import Consent, ConsentNotice, ConsentPurpose


@verb("ask_for_consent", lock=lock_mentor)
def ask_for_consent(mentor: Mentor, *, by: Actor, now: datetime) -> Steps[ActionLink]:
    """Sends the mail that asks for the consent, with a fresh personal link; a repetition sends none. Raises
    RuleViolation without an address or a notice, when the consent is recorded already, and once the person
    has left the network."""
    _consent_possible(mentor, now)
    if consents.has_consent(mentor.user, ConsentPurpose.MENTOR):
        raise RuleViolation(_("The consent has already been recorded."), code="consented")
    if audit.is_repeated(mentor, "ask_for_consent", by=by, now=now):
        return standing_link(mentor, now=now)
    yield Step(mentor, save=False)
    link = links.issue(CONSENT_LINK, mentor, mentor.user, now=now)
    mails.consent_request(mentor, link=link, now=now)
    return link


@verb("record_consent", lock=lock_person_and_mentor)
def record_consent(mentor: Mentor, *, by: Actor, now: datetime, how: str = "") -> Steps[Consent]:
    """Records a consent that was given: by link, on paper, in a mail (``how``).

    A person who consents themselves also confirms the address (promise A7). Raises RuleViolation without an
    address or a notice, and once the person has left the network.
    """
    notice = _consent_possible(mentor, now)
    person = mentor.user
    assert person is not None
    yield from confirm_person(mentor, by=by, now=now)
    consent = consents.give(person, notice, by=by, now=now, how=how)
    if consent.given_at == now:
        yield Step(mentor, values={"notice": notice.version}, save=False)
    return consent


@verb("ask_to_confirm", lock=lock_mentor)
def ask_to_confirm(mentor: Mentor, *, by: Actor, now: datetime) -> Steps[None]:
    """Asks again whether the entered address is theirs; a repetition sends nothing. Raises RuleViolation once
    the person has confirmed, and unless the consent is recorded (then ``ask_for_consent`` asks for both)."""
    if mentor.confirmed_at is not None:
        raise RuleViolation(_("The address has already been confirmed."), code="confirmed")
    _consent_possible(mentor, now)
    if not consents.has_consent(mentor.user, ConsentPurpose.MENTOR):
        raise RuleViolation(_("Please ask for the consent first."), code="no_consent")
    if audit.is_repeated(mentor, "ask_to_confirm", by=by, now=now):
        return
    yield Step(mentor, save=False)
    ask_for_address(mentor, now=now)


@verb("confirm_address", lock=lock_person_and_mentor)
def confirm_address(mentor: Mentor, *, by: Actor, now: datetime) -> Steps[None]:
    """Records the answer “this is my address” of the mentor's own person; a repetition changes nothing."""
    yield from confirm_person(mentor, by=by, now=now)


@verb("consent_not_now", lock=lock_mentor)
def consent_not_now(mentor: Mentor, *, by: Actor, now: datetime) -> Steps[None]:
    """Records that the person does not consent for now; nothing else changes."""
    yield Step(mentor, save=False)


@verb("withdraw_consent", lock=lock_mentor)
def withdraw_consent(mentor: Mentor, *, by: Actor, now: datetime) -> Steps[int]:
    """Withdraws the consent; ``follow_withdrawal`` does the rest. Returns how many valid consents there were;
    none is no error."""
    if mentor.user is None:
        return 0
    withdrawn = consents.withdraw(mentor.user, ConsentPurpose.MENTOR, by=by, now=now)
    if withdrawn:
        yield Step(mentor, save=False)
    return withdrawn


def follow_withdrawal(consent: Consent, *, by: Actor, now: datetime) -> None:
    """Receiver of a withdrawn consent: the mentor is paused and the coordinators are notified."""
    if consent.notice.purpose != ConsentPurpose.MENTOR:
        return
    mentor = Mentor.objects.filter(user=consent.person_id).first()
    if mentor is None or mentor.state in PARTED:
        return
    mentor = lock_mentor(mentor)
    if mentor.state == MentorState.ACTIVE:
        mentor = pause(mentor, by=by, now=now, reason=PauseReason.CONSENT)
    mails.consent_withdrawn(mentor, consent, now=now)


def _consent_possible(mentor: Mentor, now: datetime) -> ConsentNotice:
    if mentor.state in PARTED:
        Mentor.TABLE.require(mentor, "review")
    if mentor.user is None:
        raise RuleViolation(
            _("There is no email address yet. Please enter it first."), code="address_needed"
        )
    return consents.current_notice(ConsentPurpose.MENTOR, now)
