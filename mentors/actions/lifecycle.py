"""The verbs of a mentor's state table: joining the network, pausing, leaving."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.audit import Actor
from core.errors import RuleViolation
from core.links import actions as links
from core.verbs import Step, Steps, verb
from mentors import mails
from mentors.actions.common import (
    CONSENT_LINK,
    ask_for_address,
    lock_for_retiring,
    lock_mentor,
    not_by_oneself,
    standing_link,
)
from mentors.models import Criterion, Mentor, PauseReason, Verdict
from mentors.signals import mentor_availability_changed, mentor_retired
from outbox import actions as outbox
from programme import consents
from programme.models import ConsentPurpose


@verb("contact", lock=lock_mentor)
def contact(mentor: Mentor, *, by: Actor, now: datetime) -> Steps[Mentor]:
    """Records that somebody of the programme got in touch."""
    yield Step(mentor)
    return mentor


@verb("note_interest", lock=lock_mentor)
def note_interest(mentor: Mentor, *, by: Actor, now: datetime) -> Steps[Mentor]:
    """Records that the person would like to take part."""
    yield Step(mentor)
    return mentor


@verb("review", lock=lock_mentor)
def review(mentor: Mentor, *, by: Actor, now: datetime) -> Steps[Mentor]:
    """Starts the review against the five criteria."""
    yield Step(mentor)
    return mentor


@verb("decline", lock=lock_mentor)
def decline(mentor: Mentor, *, by: Actor, now: datetime) -> Steps[Mentor]:
    """Records that the person does not want to take part."""
    yield Step(mentor)
    _ask_no_more(mentor, now=now)
    return mentor


@verb("reject", lock=lock_mentor)
def reject(mentor: Mentor, *, by: Actor, now: datetime) -> Steps[Mentor]:
    """Ends the review without taking the person on."""
    not_by_oneself(mentor, by)
    yield Step(mentor)
    _ask_no_more(mentor, now=now)
    return mentor


def missing(mentor: Mentor) -> list[str]:
    """What the mentor lacks for being active, each as a phrase; empty when nothing is missing."""
    met = set(mentor.checks.filter(verdict=Verdict.MET).values_list("criterion", flat=True))
    lacking: list[Any] = [
        _("criterion %(number)d (%(criterion)s)")
        % {"number": one.value, "criterion": Criterion(one).label}
        for one in Criterion
        if one.value not in met
    ]
    if mentor.user is None:
        lacking.append(_("an email address"))
    if not consents.has_consent(mentor.user, ConsentPurpose.MENTOR):
        lacking.append(_("the recorded consent"))
    return [str(one) for one in lacking]


def _complete(mentor: Mentor) -> None:
    """Raises RuleViolation that names what is missing, unless nothing is."""
    if lacking := missing(mentor):
        raise RuleViolation(
            _("Not possible yet. Still missing: %(missing)s.") % {"missing": "; ".join(lacking)},
            code="incomplete",
        )


@verb("activate", lock=lock_mentor)
def activate(mentor: Mentor, *, by: Actor, now: datetime) -> Steps[Mentor]:
    """Makes a reviewed mentor active and sends the welcome mail. An address that nobody has confirmed may be
    anybody's (promise A7): it gets the request to confirm it, and the welcome follows the confirmation.

    Needs all five criteria met, a recorded consent and an address; raises RuleViolation that names what is
    missing.
    """
    not_by_oneself(mentor, by)
    _complete(mentor)
    yield Step(mentor)
    if mentor.confirmed_at is None:
        ask_for_address(mentor, now=now)
    else:
        mails.welcome(mentor, link=standing_link(mentor, now=now), now=now)
    return mentor


@verb("pause", lock=lock_mentor)
def pause(
    mentor: Mentor, *, by: Actor, now: datetime, reason: str = PauseReason.WISH
) -> Steps[Mentor]:
    """No new matches until further notice; present tandems continue."""
    yield _because(mentor, str(reason), mentor_availability_changed)
    return mentor


@verb("resume", lock=lock_mentor)
def resume(mentor: Mentor, *, by: Actor, now: datetime) -> Steps[Mentor]:
    """Ends the pause under the conditions of ``activate``."""
    _complete(mentor)
    yield _because(mentor, "", mentor_availability_changed)
    return mentor


@verb("retire", lock=lock_for_retiring)
def retire(mentor: Mentor, *, by: Actor, now: datetime) -> Steps[Mentor]:
    """The mentor leaves the network. Raises RuleViolation while a tandem still holds a place."""
    if mentor.held:
        raise RuleViolation(
            _("Not possible while a tandem is running. Complete or dissolve it first."),
            code="held",
        )
    yield _because(mentor, "", mentor_retired)
    _ask_no_more(mentor, now=now)
    return mentor


def _because(mentor: Mentor, reason: str, signal: Signal) -> Step:
    """A step with the reason of a pause: set when it begins, empty when it ends."""
    mentor.paused_because = reason
    return Step(mentor, values={"paused_because": reason}, signal=signal)


def _ask_no_more(mentor: Mentor, *, now: datetime) -> None:
    """Withdraws open requests to a person who has left (promise P17). Where a consent is valid its link
    stays, since withdrawing must be as easy as giving it was (GDPR 7(3))."""
    outbox.cancel(mentor, now=now, kinds=mails.TO_THE_MENTOR)
    if not consents.has_consent(mentor.user, ConsentPurpose.MENTOR):
        links.withdraw(CONSENT_LINK, mentor, now=now)


def end_part(user: User, *, by: Actor, now: datetime) -> None:
    """Receiver of ``account_closed``: the mentor leaves, by the verb that their state allows. Tandems have
    been dissolved before."""
    mentor = Mentor.objects.filter(user=user).first()
    if mentor is None:
        return
    for name, end in {"retire": retire, "decline": decline, "reject": reject}.items():
        if Mentor.TABLE.allows(mentor.state, name):
            end(mentor, by=by, now=now)
            return
