"""The way into the network, pauses, and parting: the verbs of the state table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentoring import audit
from mentoring.accounts.models import User
from mentoring.audit import Actor
from mentoring.links import actions as links
from mentoring.outbox import actions as outbox
from mentoring.programme import consents
from mentoring.programme.models import ConsentPurpose
from mentoring.retries import patiently
from mentoring.transitions import RuleViolation
from mentors import mails
from mentors.actions.base import CONSENT_LINK, locked, not_by_oneself, standing_link
from mentors.models import Criterion, Mentor, PauseReason, Verdict
from mentors.signals import mentor_paused, mentor_resumed, mentor_retired, mentor_retiring
from mentors.states import MENTOR


def _plain_move(
    mentor: Mentor,
    verb: str,
    *,
    by: Actor,
    now: datetime,
    check: Callable[[Mentor], None] | None = None,
    **values: Any,
) -> Mentor:
    """Lock, re-read, check, move, save, audit: what all verbs of the table share."""
    mentor = locked(mentor.pk)
    MENTOR.require(mentor, verb)
    if check is not None:
        check(mentor)
    MENTOR.move(mentor, verb, now=now)
    for name, value in values.items():
        setattr(mentor, name, value)
    mentor.save()
    audit.record(mentor, verb, by=by, now=now, values={"state": mentor.state, **values})
    return mentor


@patiently
@transaction.atomic
def contact(mentor: Mentor, *, by: Actor, now: datetime) -> Mentor:
    """Notes that somebody of the programme got in touch."""
    return _plain_move(mentor, "contact", by=by, now=now)


@patiently
@transaction.atomic
def note_interest(mentor: Mentor, *, by: Actor, now: datetime) -> Mentor:
    """Records that the person would like to take part."""
    return _plain_move(mentor, "note_interest", by=by, now=now)


@patiently
@transaction.atomic
def review(mentor: Mentor, *, by: Actor, now: datetime) -> Mentor:
    """Starts the review against the five criteria."""
    return _plain_move(mentor, "review", by=by, now=now)


@patiently
@transaction.atomic
def decline(mentor: Mentor, *, by: Actor, now: datetime) -> Mentor:
    """Records that the person does not want to take part."""
    return _parted(_plain_move(mentor, "decline", by=by, now=now), now=now)


@patiently
@transaction.atomic
def reject(mentor: Mentor, *, by: Actor, now: datetime) -> Mentor:
    """Ends the review without taking the person on."""
    mentor = _plain_move(mentor, "reject", by=by, now=now, check=not_by_oneself(by))
    return _parted(mentor, now=now)


def missing(mentor: Mentor) -> list[str]:
    """What still stands between the mentor and being active, each in words; empty when nothing does."""
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
    if lacking := missing(mentor):
        raise RuleViolation(
            _("Not possible yet. Still missing: %(missing)s.") % {"missing": "; ".join(lacking)},
            code="incomplete",
        )


@patiently
@transaction.atomic
def activate(mentor: Mentor, *, by: Actor, now: datetime) -> Mentor:
    """Makes a reviewed mentor active and welcomes them.

    Needs all five criteria met, a recorded consent and an address (design §3); raises RuleViolation
    naming what is missing.
    """

    def check(found: Mentor) -> None:
        not_by_oneself(by)(found)
        _complete(found)

    mentor = _plain_move(mentor, "activate", by=by, now=now, check=check)
    mails.welcome(mentor, link=standing_link(mentor, now=now), now=now)
    return mentor


@patiently
@transaction.atomic
def pause(mentor: Mentor, *, by: Actor, now: datetime, reason: str = PauseReason.WISH) -> Mentor:
    """No new matches until further notice; running tandems go on."""
    mentor = _plain_move(mentor, "pause", by=by, now=now, paused_because=str(reason))
    mentor_paused.send(Mentor, obj=mentor, by=by, now=now)
    return mentor


@patiently
@transaction.atomic
def resume(mentor: Mentor, *, by: Actor, now: datetime) -> Mentor:
    """Ends the pause under the conditions of ``activate``."""
    mentor = _plain_move(mentor, "resume", by=by, now=now, check=_complete, paused_because="")
    mentor_resumed.send(Mentor, obj=mentor, by=by, now=now)
    return mentor


@patiently
@transaction.atomic
def retire(mentor: Mentor, *, by: Actor, now: datetime) -> Mentor:
    """Parts with thanks. Raises RuleViolation while a tandem still holds a place."""

    def check(found: Mentor) -> None:
        if found.held:
            raise RuleViolation(
                _("Not possible while a tandem is running. Complete or dissolve it first."),
                code="held",
            )

    mentor_retiring.send(Mentor, obj=mentor, by=by, now=now)  # locks the cohorts (C4)
    mentor = _plain_move(mentor, "retire", by=by, now=now, check=check, paused_because="")
    mentor_retired.send(Mentor, obj=mentor, by=by, now=now)
    return _parted(mentor, now=now)


def _parted(mentor: Mentor, *, now: datetime) -> Mentor:
    """What was still to be asked of somebody who has parted is not asked any more (promise P17). Where a
    consent stands its link stays, since withdrawing must be as easy as giving it was (GDPR 7(3))."""
    outbox.cancel(mentor, now=now, kinds=mails.TO_THE_MENTOR)
    if not consents.has_consent(mentor.user, ConsentPurpose.MENTOR):
        links.withdraw(CONSENT_LINK, mentor, now=now)
    return mentor


def end_part(user: User, *, by: Actor, now: datetime) -> None:
    """Consequence of ``accounts.close``: the mentor parts, by the verb their state has for it. Tandems have
    been dissolved before."""
    mentor = Mentor.objects.filter(user=user).first()
    verbs = {"retire": retire, "decline": decline, "reject": reject}
    if mentor is None:
        return
    for name, verb in verbs.items():
        if MENTOR.allows(mentor.state, name):
            verb(mentor, by=by, now=now)
            return
