"""The verbs after the answer: begin, probation, completion, and early ends."""

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
from matching.states import AWAITED, HELD, LIVE, TandemState
from mentees.models import Mentee
from mentors import actions as mentors
from mentors.models import Mentor
from programme import reasons
from programme.models import Cohort

BATCH = 500


@verb("begin", lock=lock_tandem)
def begin(tandem: Tandem, *, by: Actor, now: datetime) -> Steps[Tandem]:
    """Begins the tandem once the answer can't be undone: with the cohort's probation, else as active.

    Raises RuleViolation before that, in another state, and where the cohort asks for an agreement: then a
    tandem begins when both have accepted it.
    """
    until = tandem.undo_until()
    if until is None or now < until or tandem.cohort.agreement_required:
        raise RuleViolation(_("It is too early for this."), code="early")
    tandem.probation_until = tandem.probation_ahead(localdate(now))
    yield Step(tandem, to=TandemState.PROBATION if tandem.probation_until else TandemState.ACTIVE)
    return tandem


@verb("pass_probation", lock=lock_tandem)
def pass_probation(tandem: Tandem, *, by: Actor, now: datetime) -> Steps[Tandem]:
    """Ends the probation: the tandem is active."""
    yield Step(tandem)
    return tandem


@verb("complete", lock=lock_tandem)
def complete(tandem: Tandem, *, by: Actor, now: datetime) -> Steps[Tandem]:
    """Completes the tandem: frees the mentor's place and cancels what still lies ahead."""
    tandem.ended_at = now
    yield Step(tandem, signal=tandem_ended)
    mentors.free_place(tandem.mentor_id)
    reminders.refresh_requests(tandem.mentor_id, now=now)
    return tandem


@verb("dissolve", lock=lock_tandem)
def dissolve(tandem: Tandem, *, by: Actor, now: datetime, reason: str = "") -> Steps[Tandem]:
    """Ends a proposal or tandem early.

    The place is freed, the mentor's question is withdrawn, and both are notified without the reason:
    ``reason`` is for coordinators only. Raises RuleViolation once it has ended.
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
    """Ends a question nobody answered in time: the mentee is free for another proposal; those involved are
    notified.

    Raises RuleViolation before the deadline, while an open question suspends it, and in another state.
    """
    if tandem.answer_by is None or now < tandem.answer_by:
        raise RuleViolation(_("It is too early for this."), code="early")
    before, tandem.ended_at = tandem.state, now
    yield Step(tandem)
    mails.expired(tandem, before=before, now=now)
    reminders.refresh(tandem, now=now)
    return tandem


# ── receivers of other apps' signals ──────────────────────────────────────────
def dissolve_for_leaving(mentee: Mentee, *, by: Actor, now: datetime) -> None:
    """Receiver of ``mentees.leave``: dissolves the mentee's proposals and tandems."""
    live = Tandem.objects.live().filter(mentee=mentee)
    _dissolve_what_lives(live, reasons.MENTEE_LEFT, by=by, now=now)
    _lift_pins(PairRule.objects.filter(mentee=mentee), by=by, now=now)


def dissolve_for_completing(mentee: Mentee, *, by: Actor, now: datetime) -> None:
    """Receiver of ``mentees.complete``: no mentor is asked for a mentee whose participation is over. A
    confirmed tandem continues until it is completed itself."""
    open_ones = Tandem.objects.reserving().filter(mentee=mentee)
    _dissolve_what_lives(open_ones, reasons.MENTEE_COMPLETED, by=by, now=now)
    _lift_pins(PairRule.objects.filter(mentee=mentee), by=by, now=now)


def _dissolve_what_lives(
    tandems: QuerySet[Tandem], reason: str, *, by: Actor, now: datetime
) -> None:
    """Dissolves each except those declined at the same time: the verb that caused this continues."""
    for tandem in tandems.order_by("pk"):
        if lock_tandem(tandem).state in LIVE:
            dissolve(tandem, by=by, now=now, reason=reason)


def dissolve_for_parting(mentor: Mentor, *, by: Actor, now: datetime) -> None:
    """Receiver of ``mentors.retire``: dissolves proposals and open questions, and makes earlier answers final
    (the tandem's link becomes invalid)."""
    live = Tandem.objects.live().filter(mentor=mentor)
    _dissolve_what_lives(live, reasons.MENTOR_LEFT, by=by, now=now)
    _lift_pins(PairRule.objects.filter(mentor=mentor), by=by, now=now)
    for tandem in Tandem.objects.filter(mentor=mentor).order_by("pk"):
        links.withdraw(INVITATION, tandem, now=now)


def dissolve_for_closing(user: User, *, by: Actor, now: datetime) -> None:
    """Receiver of ``account_closed``, before the mentor leaves: also dissolves confirmed tandems. Those the
    person has as a mentee end with ``leave``."""
    live = Tandem.objects.live().filter(mentor__user=user)
    _dissolve_what_lives(live, reasons.ACCOUNT_CLOSED, by=by, now=now)


def _lift_pins(rules: QuerySet[PairRule], *, by: Actor, now: datetime) -> None:
    """Lifts the fixed pairs of a person who has left; exclusions stay with their reasons."""
    for rule in rules.filter(kind=PairRule.Kind.PIN).order_by("pk"):
        lift_rule(rule, by=by, now=now)


# ── deadlines ────────────────────────────────────────────────────────────────
def pass_deadlines(now: datetime) -> int:
    """Expires unanswered questions and begins tandems whose time for undoing is over; returns how many moved.

    Objects that somebody moved at the same time are skipped, see ``in_turn``.
    """
    overdue = Tandem.objects.filter(state__in=AWAITED, answer_by__lte=now).order_by("answer_by")
    return in_turn((expire, overdue[:BATCH]), (begin, _settled(now)), now=now)


def _settled(now: datetime) -> Iterator[Tandem]:
    """Confirmed tandems whose time for undoing is over."""
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
