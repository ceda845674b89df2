"""The course of a tandem once answered: begin, probation, completion, and the ends in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import User
from core.audit import Actor
from core.deadlines import in_turn
from core.errors import RuleViolation
from core.links import actions as links
from core.verbs import Step, Steps, verb
from matching import mails, reminders
from matching.actions.common import lock_tandem
from matching.actions.plans import lift_rule
from matching.models import PairRule, Tandem
from matching.reminders import INVITATION
from matching.signals import tandem_ended
from matching.states import HELD, LIVE, TandemState
from mentees.models import Mentee
from mentors import actions as mentors
from mentors.models import Mentor
from programme import reasons
from programme.models import Cohort

BATCH = 500


@verb("begin", lock=lock_tandem)
def begin(tandem: Tandem, *, by: Actor, now: datetime) -> Steps[Tandem]:
    """The time for undoing has ended: on to the probation the cohort agreed on, else to active.

    Raises RuleViolation before that, in another state, and where the cohort asks for an agreement: then
    a tandem begins when both have accepted it.
    """
    until = tandem.undo_until()
    if until is None or now < until or tandem.cohort.agreement_required:
        raise RuleViolation(_("It is too early for this."), code="early")
    tandem.probation_until = tandem.probation_ahead(localdate(now))
    yield Step(tandem, to=TandemState.PROBATION if tandem.probation_until else TandemState.ACTIVE)
    return tandem


@verb("pass_probation", lock=lock_tandem)
def pass_probation(tandem: Tandem, *, by: Actor, now: datetime) -> Steps[Tandem]:
    """Both go on: the probation ends and the tandem is active."""
    yield Step(tandem)
    return tandem


@verb("complete", lock=lock_tandem)
def complete(tandem: Tandem, *, by: Actor, now: datetime) -> Steps[Tandem]:
    """The year is over: the place is free again, and what still lies ahead is taken back."""
    tandem.ended_at = now
    yield Step(tandem, signal=tandem_ended)
    mentors.free_place(tandem.mentor_id)
    reminders.refresh_requests(tandem.mentor_id, now=now)
    return tandem


@verb("dissolve", lock=lock_tandem)
def dissolve(tandem: Tandem, *, by: Actor, now: datetime, reason: str = "") -> Steps[Tandem]:
    """Ends a proposal or tandem before its time.

    The place is free again, the mentor's question is withdrawn, both are told that it ends and nobody is
    told why: ``reason`` is for the coordinators. Raises RuleViolation once it has ended.
    """
    before, was_held = tandem.state, tandem.state in HELD
    tandem.ended_at, tandem.end_reason = now, reason.strip()[:300]
    tandem.answer_by = tandem.question_at = tandem.no_place_at = None
    yield Step(tandem, fields=["end_reason"], signal=tandem_ended if was_held else None)
    if was_held:
        mentors.free_place(tandem.mentor_id)
    else:
        links.withdraw(INVITATION, tandem, now=now)
    mails.dissolved(tandem, before=before, now=now)
    reminders.refresh(tandem, now=now)
    if was_held:
        reminders.refresh_requests(tandem.mentor_id, now=now)
    return tandem


@verb("expire", lock=lock_tandem)
def expire(tandem: Tandem, *, by: Actor, now: datetime) -> Steps[Tandem]:
    """Nobody answered in time: the mentee is free for another, and those concerned are told.

    Raises RuleViolation before the deadline, while a question rests it, and in another state.
    """
    if tandem.answer_by is None or now < tandem.answer_by:
        raise RuleViolation(_("It is too early for this."), code="early")
    before, tandem.ended_at = tandem.state, now
    yield Step(tandem)
    mails.expired(tandem, before=before, now=now)
    reminders.refresh(tandem, now=now)
    return tandem


# ── what others bring about ──────────────────────────────────────────────────
def dissolve_for_leaving(mentee: Mentee, *, by: Actor, now: datetime) -> None:
    """Consequence of ``mentees.leave``: nothing of the mentee's stays open."""
    live = Tandem.objects.live().filter(mentee=mentee)
    _dissolve_what_lives(live, reasons.MENTEE_LEFT, by=by, now=now)
    _lift_pins(PairRule.objects.filter(mentee=mentee), by=by, now=now)


def dissolve_for_completing(mentee: Mentee, *, by: Actor, now: datetime) -> None:
    """Consequence of ``mentees.complete``: nobody is asked for a mentee whose time is over. A tandem that is
    held goes on until it is completed itself."""
    open_ones = Tandem.objects.reserving().filter(mentee=mentee)
    _dissolve_what_lives(open_ones, reasons.MENTEE_COMPLETED, by=by, now=now)
    _lift_pins(PairRule.objects.filter(mentee=mentee), by=by, now=now)


def _dissolve_what_lives(
    tandems: QuerySet[Tandem], reason: str, *, by: Actor, now: datetime
) -> None:
    """Dissolves each but those that somebody declined in this very moment: what else happens goes on."""
    for tandem in tandems.order_by("pk"):
        if lock_tandem(tandem).state in LIVE:
            dissolve(tandem, by=by, now=now, reason=reason)


def dissolve_for_parting(mentor: Mentor, *, by: Actor, now: datetime) -> None:
    """Consequence of ``mentors.retire``: what was proposed or asked is taken back, and no answer given before
    can be (the link of a tandem decides nothing any more)."""
    live = Tandem.objects.live().filter(mentor=mentor)
    _dissolve_what_lives(live, reasons.MENTOR_LEFT, by=by, now=now)
    _lift_pins(PairRule.objects.filter(mentor=mentor), by=by, now=now)
    for tandem in Tandem.objects.filter(mentor=mentor).order_by("pk"):
        links.withdraw(INVITATION, tandem, now=now)


def dissolve_for_closing(user: User, *, by: Actor, now: datetime) -> None:
    """Consequence of ``accounts.close``, before the mentor parts: what is held ends too. What the person has
    as a mentee ends with leaving."""
    live = Tandem.objects.live().filter(mentor__user=user)
    _dissolve_what_lives(live, reasons.ACCOUNT_CLOSED, by=by, now=now)


def _lift_pins(rules: QuerySet[PairRule], *, by: Actor, now: datetime) -> None:
    """Who has parted keeps no place fixed; why a pair was excluded stays."""
    for rule in rules.filter(kind=PairRule.Kind.PIN).order_by("pk"):
        lift_rule(rule, by=by, now=now)


# ── what time brings ─────────────────────────────────────────────────────────
def pass_deadlines(now: datetime) -> int:
    """Lets what nobody answered expire and begins what nobody took back; returns how many moved.

    See ``in_turn`` for what becomes of one that somebody moved in the same moment.
    """
    overdue = Tandem.objects.filter(
        state__in=Tandem.TABLE.moves["expire"].sources, answer_by__lte=now
    ).order_by("answer_by")
    return in_turn((expire, overdue[:BATCH]), (begin, _settled(now)), now=now)


def _settled(now: datetime) -> Iterator[Tandem]:
    """Confirmed tandems whose time for undoing has ended."""
    hours = (
        Cohort.objects.filter(tandems__state=TandemState.CONFIRMED, agreement_required=False)
        .order_by()
        .values_list("undo_hours", flat=True)
        .distinct()
    )
    for number in list(hours):
        yield from Tandem.objects.filter(
            answered_at__lte=now - timedelta(hours=number),
            state=TandemState.CONFIRMED,
            cohort__agreement_required=False,
            cohort__undo_hours=number,
        ).order_by("answered_at")[:BATCH]
