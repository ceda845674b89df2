"""The mentor's verbs: yes, no, a question first, and undoing the answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from core import audit
from core.audit import Actor
from core.errors import RuleViolation
from core.links import actions as links
from core.verbs import Step, Steps, verb
from matching import mails, reminders
from matching.actions.common import (
    in_time,
    live_link,
    lock_tandem,
    lock_tandem_and_cohort,
    mentee_is_free,
    new_link,
    reopen_link,
    takes_part,
    use_link,
)
from matching.models import Tandem
from matching.signals import tandem_ended
from matching.states import ANSWERED, TandemState
from mentors import actions as mentors
from mentors.models import Mentor
from mentors.states import PARTED


class AnswerResult(StrEnum):
    """The result of an answer."""

    DONE = "done"
    ALREADY = "already"  # answered before, by link or otherwise; nothing changed (promise L3)
    NO_PLACE = "no_place"  # another mentee got the place; coordinators are notified (promise C7)


@verb("confirm", lock=lock_tandem, state_first=False)
def confirm(tandem: Tandem, *, by: Actor, now: datetime, word: str = "") -> Steps[AnswerResult]:
    """The mentor accepts; takes one of the mentor's places if one is still free (promise C7).

    The place is taken by one conditional UPDATE: of fifty simultaneous confirmations as many succeed as there
    are places. Without a place the tandem stays unchanged and the coordinators are notified. Contact data are
    sent now, not before. Raises RuleViolation after the deadline, for a mentor who gets no new tandems, and
    in another state.
    """
    if tandem.state in ANSWERED:
        return AnswerResult.ALREADY
    Tandem.TABLE.require(tandem, "confirm")
    in_time(tandem, now)
    takes_part(tandem.mentor)
    if not mentors.take_place(tandem.mentor_id):
        if tandem.no_place_at is None:
            tandem.no_place_at, tandem.word_to_office = now, word.strip()
            yield Step(tandem, verb="no_place", fields=["no_place_at"])
            mails.no_place(tandem, now=now)
        return AnswerResult.NO_PLACE
    tandem.answered_at = tandem.confirmed_at = now
    tandem.answer_by = tandem.question_at = tandem.no_place_at = None
    tandem.word_to_office = word.strip()
    yield Step(tandem)
    yield from mentors.confirm_person(tandem.mentor, by=by, now=now)
    use_link(tandem, now=now)
    mails.confirmed(tandem, link=live_link(tandem), now=now)
    others = list(
        Tandem.objects.without_place()
        .filter(mentor=tandem.mentor_id)
        .select_related("mentee__user")
    )
    if others:
        mails.places_taken(tandem, others, now=now)
        reminders.refresh_requests(tandem.mentor_id, now=now)
    reminders.refresh(tandem, now=now)
    return AnswerResult.DONE


@verb("decline", lock=lock_tandem, state_first=False)
def decline(tandem: Tandem, *, by: Actor, now: datetime, reason: str = "") -> Steps[AnswerResult]:
    """The mentor declines, with an optional text to the office; the mentee is free for another proposal.

    Raises RuleViolation after the deadline and in another state.
    """
    if tandem.state in ANSWERED:
        return AnswerResult.ALREADY
    Tandem.TABLE.require(tandem, "decline")
    in_time(tandem, now)
    tandem.answered_at = tandem.ended_at = now
    tandem.answer_by = tandem.question_at = tandem.no_place_at = None
    tandem.word_to_office = reason.strip()
    yield Step(tandem)
    use_link(tandem, now=now)
    mails.declined(tandem, now=now)
    reminders.refresh(tandem, now=now)
    return AnswerResult.DONE


@verb("ask_question", lock=lock_tandem)
def ask_question(tandem: Tandem, *, by: Actor, now: datetime, question: str) -> Steps[AnswerResult]:
    """The mentor asks something first: the state stays, the deadline is suspended, the coordinators are
    notified.

    Raises RuleViolation for an empty question, after the deadline, and in another state.
    """
    if tandem.state in ANSWERED:
        return AnswerResult.ALREADY
    Tandem.TABLE.require(tandem, "confirm")
    in_time(tandem, now)
    if not question.strip():
        raise RuleViolation(
            _("Please say what you would like to know."), field="question", code="question"
        )
    if tandem.question_at is not None and tandem.question == question.strip():
        return AnswerResult.ALREADY
    tandem.question, tandem.question_at, tandem.answer_by = question.strip(), now, None
    yield Step(tandem, fields=["question", "question_at", "answer_by"])
    reopen_link(tandem, now=now)
    mails.question(tandem, now=now)
    reminders.refresh(tandem, now=now)
    return AnswerResult.DONE


@verb("answer_question", lock=lock_tandem)
def answer_question(tandem: Tandem, *, by: Actor, now: datetime, answer: str = "") -> Steps[Tandem]:
    """The coordinators answer the mentor's question, which sets a new deadline.

    ``answer`` is put in the mail; empty when they talked. Raises RuleViolation without an open question.
    """
    if tandem.question_at is None or tandem.state != TandemState.MENTOR_ASKED:
        raise RuleViolation(_("There is no open question."), code="no_question")
    tandem.question_at = None
    tandem.answer_by = tandem.cohort_deadline("mentor_answer_days", now)
    yield Step(tandem, values={"answer_by": tandem.answer_by})
    link = reopen_link(tandem, now=now) or new_link(tandem, now=now)
    mails.question_answered(tandem, answer.strip(), link=link, now=now)
    reminders.refresh(tandem, now=now)
    return tandem


@verb("send_again", lock=lock_tandem)
def send_again(tandem: Tandem, *, by: Actor, now: datetime) -> Steps[Tandem]:
    """Sends the mentor a fresh link; the previous one is replaced. The deadline stays. A repetition sends
    nothing, unless another person has become the mentor's account.

    Raises RuleViolation unless the mentor is being asked, after the deadline, and while a question is open:
    then the mail could name no deadline, and the answer to the question contains the link.
    """
    Tandem.TABLE.require(tandem, "confirm")
    if tandem.question_at is not None:
        raise RuleViolation(
            _(
                "There is an open question. Please answer it; the email with your answer "
                "contains the link."
            ),
            code="question_open",
        )
    if tandem.answer_by is not None and now >= tandem.answer_by:
        raise RuleViolation(
            _(
                "The mentor’s time to answer is over. Propose the tandem again if you "
                "still want it to come about."
            ),
            code="late",
        )
    held = live_link(tandem)
    to_the_same = held is not None and held.holder_id == tandem.mentor.user_id
    if to_the_same and audit.is_repeated(tandem, "send_again", by=by, now=now):
        return tandem
    yield Step(tandem, save=False)
    mails.invitation(tandem, link=new_link(tandem, now=now), now=now)
    reminders.refresh(tandem, now=now)
    return tandem


def ask_at_new_address(mentor: Mentor, *, by: Actor, now: datetime) -> None:
    """Receiver of a mentor's changed address: open questions to the mentor are sent there with a fresh link.
    Where the mentor asked something first, the coordinators' answer will contain it."""
    asked = Tandem.objects.filter(
        mentor=mentor, state=TandemState.MENTOR_ASKED, question_at__isnull=True
    ).exclude(answer_by__lte=now)
    for tandem in asked.order_by("pk"):
        send_again(tandem, by=by, now=now)


@verb("undo", lock=lock_tandem_and_cohort, state_first=False)
def undo(tandem: Tandem, *, by: Actor, now: datetime) -> Steps[Tandem]:
    """The mentor takes the answer back within the cohort's hours and is asked again (promise L2).

    A place that was taken is freed, and what depended on the yes is cancelled (``tandem_ended``). There are
    at least the same hours to decide again. Raises RuleViolation after the time for it, when the mentor has
    left the network, and when the mentee left or has a proposal from somebody else meanwhile.
    """
    if tandem.state == TandemState.MENTOR_ASKED:
        return tandem
    Tandem.TABLE.require(tandem, "undo")
    if not tandem.may_undo(now):
        raise RuleViolation(
            _("It is too late to change the answer here. Please write to the coordinators."),
            code="late",
        )
    if tandem.mentor.state in PARTED:
        raise RuleViolation(
            _("The mentor has left the programme; the answer cannot be changed."), code="parted"
        )
    mentee_is_free(tandem)
    was_confirmed = tandem.state == TandemState.CONFIRMED
    asked_until = live_link(tandem)
    tandem.answered_at = tandem.confirmed_at = tandem.ended_at = None
    again = now + timedelta(hours=tandem.cohort.undo_hours)
    # A question had extended the link without a deadline; that extension is not used as time to answer.
    before = min(
        asked_until.expires_at if asked_until and asked_until.expires_at else again,
        tandem.cohort_deadline("mentor_answer_days", now),
    )
    tandem.answer_by = max(again, before)
    yield Step(tandem, signal=tandem_ended if was_confirmed else None)
    if was_confirmed:
        mentors.free_place(tandem.mentor_id)
    link = live_link(tandem)
    if link is not None:
        links.reopen(link, now=now, expires_at=tandem.answer_by)
    mails.undone(tandem, was_confirmed=was_confirmed, now=now)
    reminders.refresh_requests(tandem.mentor_id, now=now)
    return tandem
