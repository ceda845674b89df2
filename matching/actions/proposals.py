"""The verbs from a suggestion to the question to the mentor: propose, agree, decline, approve."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.audit import Actor
from core.errors import RuleViolation
from core.verbs import Step, Steps, verb
from matching import explanation_text, mails, reminders
from matching.actions.common import (
    by_a_person,
    in_time,
    lock_pair,
    lock_tandem,
    new_link,
    not_ones_own,
    only_open_tandem,
    takes_part,
    undecided,
)
from matching.models import Suggestion, Tandem
from matching.profiles import exclusions_of
from matching.states import TandemState
from mentees.models import Mentee
from mentors.models import Mentor


@verb("propose", lock=lock_pair)
def propose_tandem(
    mentee: Mentee,
    mentor: Mentor,
    *,
    by: Actor,
    now: datetime,
) -> Steps[Tandem]:
    """Proposes a pair: a draft that the mentee answers within the cohort's days. The only function that
    creates a tandem, and always for a person as actor (GDPR 22).

    Score and reasons are those of the pair in the latest run. Raises RuleViolation for
    the system as actor, for a mentee who has a proposal or an open tandem, and for a pair that a hard rule
    excludes.
    """
    by_a_person(by)
    _may_be_proposed(mentee, mentor)
    suggestion = _latest(mentee, mentor)
    tandem = Tandem(
        cohort=mentee.cohort,
        mentee=mentee,
        mentor=mentor,
        suggestion=suggestion,
        reasons=suggestion.reasons if suggestion else [],
        score=suggestion.score if suggestion else None,
        proposed_by_id=by.user_id,
        proposed_at=now,
        state_since=now,
    )
    tandem.answer_by = tandem.cohort_deadline("mentee_answer_days", now)
    not_ones_own(tandem, by)
    yield Step(tandem, values={"state": tandem.state, "answer_by": tandem.answer_by})
    mails.proposal(tandem, now=now)
    reminders.refresh(tandem, now=now)
    return tandem


def _may_be_proposed(mentee: Mentee, mentor: Mentor) -> None:
    undecided(mentee)
    if codes := exclusions_of(mentee, mentor):
        raise RuleViolation(
            _("This pair can’t be proposed: %(reason)s.")
            % {"reason": explanation_text.exclusion(codes[0])},
            code=codes[0],
        )
    takes_part(mentor)


def _latest(mentee: Mentee, mentor: Mentor) -> Suggestion | None:
    return (
        Suggestion.objects.filter(mentee=mentee, mentor=mentor, run__cohort=mentee.cohort_id)
        .order_by("-run__number")
        .first()
    )


@verb("agree", lock=lock_tandem, state_first=False)
def agree(tandem: Tandem, *, by: Actor, now: datetime, word: str = "") -> Steps[Tandem]:
    """The mentee agrees; the coordinators have the cohort's days to approve.

    Agreeing twice changes nothing. Raises RuleViolation after the deadline, in another state, and when
    the mentee has an open tandem already.
    """
    if tandem.state == TandemState.MENTEE_AGREED:
        return tandem
    Tandem.TABLE.require(tandem, "agree")
    in_time(tandem, now)
    only_open_tandem(tandem)
    tandem.answer_by = tandem.cohort_deadline("approval_days", now)
    tandem.mentee_answered_at, tandem.mentee_word = now, word.strip()
    yield Step(tandem)
    mails.to_approve(tandem, now=now)
    reminders.refresh(tandem, now=now)
    return tandem


@verb("decline_proposal", lock=lock_tandem, state_first=False)
def decline_proposal(tandem: Tandem, *, by: Actor, now: datetime, word: str = "") -> Steps[Tandem]:
    """The mentee declines, with an optional reason; the office is notified.

    Declining twice changes nothing. Raises RuleViolation in another state.
    """
    if tandem.state == TandemState.DECLINED:
        return tandem
    tandem.answer_by, tandem.ended_at = None, now
    tandem.mentee_answered_at, tandem.mentee_word = now, word.strip()
    yield Step(tandem)
    mails.proposal_declined(tandem, now=now)
    reminders.refresh(tandem, now=now)
    return tandem


@verb("approve", lock=lock_tandem)
def approve(tandem: Tandem, *, by: Actor, now: datetime) -> Steps[Tandem]:
    """A coordinator approves, and the mentor is asked by one mail with a personal link.

    Asking for more mentees than the mentor has places is possible, with a warning (``crowded``); the first
    confirmation gets the place. Raises RuleViolation for the system as actor, for one's own tandem, for a
    mentor who gets no new tandems or has no place at all, and in another state.
    """
    by_a_person(by)
    not_ones_own(tandem, by)
    takes_part(tandem.mentor)
    if tandem.mentor.free <= 0:
        raise RuleViolation(
            _(
                "%(mentor)s has no free place left. Ask about one more place, or dissolve "
                "this tandem."
            )
            % {"mentor": tandem.mentor.name},
            code="no_capacity",
        )
    tandem.approved_by_id, tandem.approved_at = by.user_id, now
    yield Step(tandem)
    tandem.answer_by = tandem.cohort_deadline("mentor_answer_days", now)
    yield Step(tandem, verb="ask_mentor", values={"answer_by": tandem.answer_by})
    mails.invitation(tandem, link=new_link(tandem, now=now), now=now)
    reminders.refresh(tandem, now=now)
    return tandem
