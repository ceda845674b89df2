"""What the mentor answers: yes, no, a question first, and taking the answer back."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from matching import mails, reminders
from matching.actions.common import (
    in_time,
    live_link,
    lock_tandem,
    locked,
    locked_with_cohort,
    mentee_is_free,
    new_link,
    reopen_link,
    takes_part,
    use_link,
)
from matching.models import Tandem
from matching.states import HELD, TANDEM
from mentoring import audit
from mentoring.audit import Actor
from mentoring.links import actions as links
from mentoring.registries import consequences
from mentoring.retries import patiently
from mentoring.transitions import RuleViolation
from mentors import actions as mentors
from mentors.models import Mentor

ANSWERED = (*HELD, "declined")


class Outcome(StrEnum):
    """What became of an answer."""

    DONE = "done"
    ALREADY = "already"  # answered before, by whatever way; nothing changed (promise L3)
    NO_PLACE = "no_place"  # somebody else was faster; the coordinators know (promise C7)


@patiently
@transaction.atomic
def confirm(tandem: Tandem, *, by: Actor, now: datetime, word: str = "") -> Outcome:
    """The mentor accepts and one of their places is taken, if one is still free (promise C7).

    The place is taken by one conditional update before the tandem is read: of fifty confirmations at one
    moment as many succeed as there are places. Without a place the tandem stays as it is and the
    coordinators are told. Contact data leave now, and not before. Raises RuleViolation after the deadline,
    for a mentor who gets no new tandems, and in another state.
    """
    mentor_id = Tandem.objects.values_list("mentor_id", flat=True).get(pk=tandem.pk)
    got_a_place = mentors.take_place(mentor_id)
    tandem = lock_tandem(tandem.pk)
    if tandem.state in ANSWERED:
        if got_a_place:
            mentors.free_place(mentor_id)
        return Outcome.ALREADY
    TANDEM.require(tandem, "confirm")
    in_time(tandem, now)
    takes_part(tandem.mentor)
    if not got_a_place:
        return _without_place(tandem, by=by, now=now, word=word)
    TANDEM.move(tandem, "confirm", now=now)
    tandem.answered_at = tandem.confirmed_at = now
    tandem.answer_by = tandem.question_at = tandem.no_place_at = None
    tandem.word_to_office = word.strip()
    tandem.save()
    mentors.confirm_person(tandem.mentor, by=by, now=now)
    use_link(tandem, now=now)
    audit.record(tandem, "confirm", by=by, now=now, values={"state": tandem.state})
    mails.confirmed(tandem, link=live_link(tandem), now=now)
    others = list(
        Tandem.objects.without_place().filter(mentor=mentor_id).select_related("mentee__user")
    )
    if others:
        mails.places_taken(tandem, others, now=now)
        reminders.refresh_requests(mentor_id, now=now)
    reminders.refresh(tandem, now=now)
    consequences.run("matching.confirm", tandem, by=by, now=now)
    return Outcome.DONE


def _without_place(tandem: Tandem, *, by: Actor, now: datetime, word: str) -> Outcome:
    """Notes a yes that found no place, once, and tells the coordinators."""
    if tandem.no_place_at is None:
        tandem.no_place_at, tandem.word_to_office = now, word.strip()
        tandem.save()
        audit.record(tandem, "no_place", by=by, now=now, fields=["no_place_at"])
        mails.no_place(tandem, now=now)
    return Outcome.NO_PLACE


@patiently
@transaction.atomic
def decline(tandem: Tandem, *, by: Actor, now: datetime, reason: str = "") -> Outcome:
    """The mentor declines, with a word to the office if they like; the mentee is free for another.

    Raises RuleViolation after the deadline and in another state.
    """
    tandem = locked(tandem)
    if tandem.state in ANSWERED:
        return Outcome.ALREADY
    TANDEM.require(tandem, "decline")
    in_time(tandem, now)
    TANDEM.move(tandem, "decline", now=now)
    tandem.answered_at = tandem.ended_at = now
    tandem.answer_by = tandem.question_at = tandem.no_place_at = None
    tandem.word_to_office = reason.strip()
    tandem.save()
    use_link(tandem, now=now)
    audit.record(tandem, "decline", by=by, now=now, values={"state": tandem.state})
    mails.declined(tandem, now=now)
    reminders.refresh(tandem, now=now)
    return Outcome.DONE


@patiently
@transaction.atomic
def ask_question(tandem: Tandem, *, by: Actor, now: datetime, question: str) -> Outcome:
    """The mentor asks something first: the state stays, the deadline rests, the coordinators are told.

    Raises RuleViolation for an empty question, after the deadline, and in another state.
    """
    tandem = locked(tandem)
    if tandem.state in ANSWERED:
        return Outcome.ALREADY
    TANDEM.require(tandem, "confirm")
    in_time(tandem, now)
    if not question.strip():
        raise RuleViolation(
            _("Please say what you would like to know."), field="question", code="question"
        )
    if tandem.question_at is not None and tandem.question == question.strip():
        return Outcome.ALREADY
    tandem.question, tandem.question_at, tandem.answer_by = question.strip(), now, None
    tandem.save()
    reopen_link(tandem, now=now)
    audit.record(
        tandem, "ask_question", by=by, now=now, fields=["question", "question_at", "answer_by"]
    )
    mails.question(tandem, now=now)
    reminders.refresh(tandem, now=now)
    return Outcome.DONE


@patiently
@transaction.atomic
def answer_question(tandem: Tandem, *, by: Actor, now: datetime, answer: str = "") -> Tandem:
    """The coordinators answer the mentor's question, which sets a new deadline.

    ``answer`` stands in the mail; empty when they talked. Raises RuleViolation without an open question.
    """
    tandem = locked(tandem)
    if tandem.question_at is None or tandem.state != "mentor_asked":
        raise RuleViolation(_("There is no open question."), code="no_question")
    tandem.question_at = None
    tandem.answer_by = tandem.cohort_deadline("mentor_answer_days", now)
    tandem.save()
    link = reopen_link(tandem, now=now) or new_link(tandem, now=now)
    audit.record(tandem, "answer_question", by=by, now=now, values={"answer_by": tandem.answer_by})
    mails.question_answered(tandem, answer.strip(), link=link, now=now)
    reminders.refresh(tandem, now=now)
    return tandem


@patiently
@transaction.atomic
def send_again(tandem: Tandem, *, by: Actor, now: datetime) -> Tandem:
    """Sends the mentor a fresh link; the one before is replaced. The deadline stays. A button pressed twice
    sends one; another person behind the mentor is asked all the same.

    Raises RuleViolation unless the mentor is asked at the moment, after the deadline, and while a question
    is open: then no deadline runs that the mail could name, and the answer comes with the link.
    """
    tandem = locked(tandem)
    TANDEM.require(tandem, "confirm")
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
    link = new_link(tandem, now=now)
    audit.record(tandem, "send_again", by=by, now=now)
    mails.invitation(tandem, link=link, now=now)
    reminders.refresh(tandem, now=now)
    return tandem


def ask_at_new_address(mentor: Mentor, *, by: Actor, now: datetime) -> None:
    """Consequence of ``mentors.new_address``: what the mentor still has to decide goes there with a fresh
    link. Where the mentor asked something first, the coordinators' answer brings it."""
    asked = Tandem.objects.filter(
        mentor=mentor, state="mentor_asked", question_at__isnull=True
    ).exclude(answer_by__lte=now)
    for tandem in asked.order_by("pk"):
        send_again(tandem, by=by, now=now)


@patiently
@transaction.atomic
def undo(tandem: Tandem, *, by: Actor, now: datetime) -> Tandem:
    """The mentor takes the answer back within the cohort's hours and is asked again (promise L2).

    A place that was taken is free again, and what hung on the yes follows (``matching.end``). There are
    at least the same hours to decide anew. Raises RuleViolation after the time for it, when the mentor has
    parted, and when the mentee left or was proposed to somebody else meanwhile.
    """
    tandem = locked_with_cohort(tandem)
    if tandem.state == "mentor_asked":
        return tandem
    TANDEM.require(tandem, "undo")
    if not tandem.may_undo(now):
        raise RuleViolation(
            _("It is too late to change the answer here. Please write to the coordinators."),
            code="late",
        )
    if tandem.mentor.state in mentors.PARTED:
        raise RuleViolation(
            _("The mentor has left the programme; the answer cannot be changed."), code="parted"
        )
    mentee_is_free(tandem)
    was_confirmed = tandem.state == "confirmed"
    asked_until = live_link(tandem)
    TANDEM.move(tandem, "undo", now=now)
    tandem.answered_at = tandem.confirmed_at = tandem.ended_at = None
    again = now + timedelta(hours=tandem.cohort.undo_hours)
    # A question had let the link live on without a deadline; that long rest is no time to answer.
    before = min(
        asked_until.expires_at if asked_until and asked_until.expires_at else again,
        tandem.cohort_deadline("mentor_answer_days", now),
    )
    tandem.answer_by = max(again, before)
    tandem.save()
    if was_confirmed:
        mentors.free_place(tandem.mentor_id)
    link = live_link(tandem)
    if link is not None:
        links.reopen(link, now=now, expires_at=tandem.answer_by)
    audit.record(tandem, "undo", by=by, now=now, values={"state": tandem.state})
    mails.undone(tandem, was_confirmed=was_confirmed, now=now)
    reminders.refresh_requests(tandem.mentor_id, now=now)
    if was_confirmed:
        consequences.run("matching.end", tandem, by=by, now=now)
    return tandem
