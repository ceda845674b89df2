"""From a suggestion to the question put to the mentor: propose, agree, decline, approve."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from matching import mails, reminders, sentences
from matching.actions.common import (
    by_a_person,
    in_time,
    lock_mentor,
    locked,
    new_link,
    not_ones_own,
    save_open,
    takes_part,
    undecided,
)
from matching.models import Suggestion, Tandem
from matching.profiles import exclusions_of
from matching.states import TANDEM
from mentees.models import Mentee
from mentoring import audit
from mentoring.audit import Actor
from mentoring.programme.models import Cohort
from mentoring.retries import patiently
from mentoring.transitions import RuleViolation
from mentors.models import Mentor


@patiently
@transaction.atomic
def propose_tandem(
    mentee: Mentee,
    mentor: Mentor,
    *,
    by: Actor,
    now: datetime,
    suggestion: Suggestion | None = None,
) -> Tandem:
    """Puts a pair forward: a draft the mentee answers within the cohort's days. The one place where a
    tandem comes into being, and always by a person (GDPR 22).

    Score and reasons are those of ``suggestion`` or of the pair in the latest run. Raises RuleViolation
    for the system as actor, for a mentee who has a proposal or an open tandem, and for a pair that a hard
    rule excludes.
    """
    by_a_person(by)
    Cohort.objects.select_for_update().get(pk=mentee.cohort_id)
    mentor = lock_mentor(mentor.pk)
    mentee = Mentee.objects.select_related("user", "cohort").get(pk=mentee.pk)
    _may_be_proposed(mentee, mentor)
    if suggestion is None:
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
    tandem.save(force_insert=True)
    audit.record(
        tandem,
        "propose",
        by=by,
        now=now,
        values={"state": tandem.state, "answer_by": tandem.answer_by},
    )
    mails.proposal(tandem, now=now)
    reminders.refresh(tandem, now=now)
    return tandem


def _may_be_proposed(mentee: Mentee, mentor: Mentor) -> None:
    undecided(mentee)
    if codes := exclusions_of(mentee, mentor):
        raise RuleViolation(
            _("This pair can’t be proposed: %(reason)s.")
            % {"reason": sentences.exclusion(codes[0])},
            code=codes[0],
        )
    takes_part(mentor)


def _latest(mentee: Mentee, mentor: Mentor) -> Suggestion | None:
    return (
        Suggestion.objects.filter(mentee=mentee, mentor=mentor, run__cohort=mentee.cohort_id)
        .order_by("-run__number")
        .first()
    )


@patiently
@transaction.atomic
def agree(tandem: Tandem, *, by: Actor, now: datetime, word: str = "") -> Tandem:
    """The mentee agrees; the coordinators have the cohort's days to approve.

    Agreeing twice changes nothing. Raises RuleViolation after the deadline, in another state, and when
    the mentee has an open tandem already.
    """
    tandem = locked(tandem)
    if tandem.state == "mentee_agreed":
        return tandem
    TANDEM.require(tandem, "agree")
    in_time(tandem, now)
    TANDEM.move(tandem, "agree", now=now)
    tandem.answer_by = tandem.cohort_deadline("approval_days", now)
    tandem.mentee_answered_at, tandem.mentee_word = now, word.strip()
    save_open(tandem)
    audit.record(tandem, "agree", by=by, now=now, values={"state": tandem.state})
    mails.to_approve(tandem, now=now)
    reminders.refresh(tandem, now=now)
    return tandem


@patiently
@transaction.atomic
def decline_proposal(tandem: Tandem, *, by: Actor, now: datetime, word: str = "") -> Tandem:
    """The mentee declines, without giving a reason if they like; the office is told.

    Declining twice changes nothing. Raises RuleViolation in another state.
    """
    tandem = locked(tandem)
    if tandem.state == "declined":
        return tandem
    TANDEM.move(tandem, "decline_proposal", now=now)
    tandem.answer_by, tandem.ended_at = None, now
    tandem.mentee_answered_at, tandem.mentee_word = now, word.strip()
    tandem.save()
    audit.record(tandem, "decline_proposal", by=by, now=now, values={"state": tandem.state})
    mails.proposal_declined(tandem, now=now)
    reminders.refresh(tandem, now=now)
    return tandem


@patiently
@transaction.atomic
def approve(tandem: Tandem, *, by: Actor, now: datetime) -> Tandem:
    """A coordinator approves, and the mentor is asked by one mail with a personal link.

    Asking more mentors than there are places is possible and warned of (``crowded``); resolved by who
    confirms first. Raises RuleViolation for the system as actor, for one's own tandem, for a mentor who
    gets no new tandems or has no place at all, and in another state.
    """
    by_a_person(by)
    tandem = locked(tandem)
    TANDEM.require(tandem, "approve")
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
    TANDEM.move(tandem, "approve", now=now)
    tandem.approved_by_id, tandem.approved_at = by.user_id, now
    audit.record(tandem, "approve", by=by, now=now, values={"state": tandem.state})
    TANDEM.move(tandem, "ask_mentor", now=now)
    tandem.answer_by = tandem.cohort_deadline("mentor_answer_days", now)
    tandem.save()
    audit.record(
        tandem,
        "ask_mentor",
        by=by,
        now=now,
        values={"state": tandem.state, "answer_by": tandem.answer_by},
    )
    mails.invitation(tandem, link=new_link(tandem, now=now), now=now)
    reminders.refresh(tandem, now=now)
    return tandem
