"""Offering dates, refusing all of them, and offers nobody answers."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from core import audit
from core.audit import Actor
from core.deadlines import in_turn
from core.errors import RuleViolation
from core.links import actions as links
from core.links.models import ActionLink
from core.verbs import Steps, verb
from matching.models import Tandem
from meetings import mails
from meetings.actions.common import (
    live_link,
    lock_meeting,
    lock_tandem_alone,
    offers_of,
    other_side,
    picker_of,
    plan_reminders,
    release,
    require_ahead,
    require_answer,
    require_held,
    require_side,
    step,
    withdraw_reminders,
)
from meetings.actions.dates import change_agenda
from meetings.mails import Released
from meetings.models import DateProposal, Meeting, Side
from meetings.reminders import PICK_DATE
from meetings.rules import OfferedDate, answer_deadline, check_dates
from meetings.states import MeetingState
from mentors.models import Mentor


@verb("propose", lock=lock_tandem_alone)
def propose_dates(
    tandem: Tandem, *, by: Actor, now: datetime, dates: Sequence[OfferedDate], agenda: str = ""
) -> Steps[Meeting]:
    """The mentee offers one to five dates for the next meeting; the mentor is asked by a personal link.

    Offering the same dates again (a form sent twice) returns the existing meeting. Raises RuleViolation for
    anybody else, a tandem not yet confirmed or ended, dates that ``check_dates`` refuses, or while another
    offer is open.
    """
    if by.user_id != tandem.mentee.user_id:
        raise RuleViolation(_("The mentee proposes the dates."), code="who")
    require_held(tandem)
    offered = check_dates(dates, tandem.cohort, now)
    standing = Meeting.objects.proposed().with_people().filter(tandem=tandem).first()
    if standing is not None:
        if _same(standing, offered):
            return standing  # sent twice
        raise RuleViolation(
            _("You have already offered dates for a meeting. Please change those instead."),
            code="open_offer",
        )
    last = Meeting.objects.filter(tandem=tandem).aggregate(last=Max("number"))["last"] or 0
    meeting = Meeting(
        tandem=tandem,
        number=last + 1,
        agenda=agenda,
        created_at=now,
        changed_at=now,
        state_since=now,
    )
    yield from _offer(meeting, Side.MENTEE, offered, "agenda", "proposals", now=now)
    return meeting


@verb("offer_again", lock=lock_meeting, state_first=False)
def offer_again(
    meeting: Meeting,
    *,
    by: Actor,
    now: datetime,
    dates: Sequence[OfferedDate],
    agenda: str | None = None,
) -> Steps[Meeting]:
    """The mentee offers other dates, also instead of a date that was fixed.

    A fixed date is cleared: SEQUENCE rises, its reminders are withdrawn in the same transaction, both
    calendars are updated. ``agenda`` None leaves it unchanged. Raises RuleViolation like ``propose_dates``,
    and once the meeting has begun.
    """
    if require_side(meeting, by) != Side.MENTEE:
        raise RuleViolation(_("The mentee proposes the dates."), code="who")
    require_held(meeting.tandem)
    offered = check_dates(dates, meeting.tandem.cohort, now)
    if _same(meeting, offered):
        return meeting if agenda is None else change_agenda(meeting, by=by, now=now, agenda=agenda)
    meeting.TABLE.require(meeting, "offer_again")
    require_ahead(meeting, now)
    _require_no_other_offer(meeting)
    named = ["proposals"]
    if agenda is not None and agenda != meeting.agenda:
        meeting.agenda = agenda
        named.append("agenda")
    yield from _offer(meeting, Side.MENTEE, offered, *named, now=now)
    return meeting


@verb("refuse", lock=lock_meeting, state_first=False)
def refuse_dates(
    meeting: Meeting,
    *,
    by: Actor,
    now: datetime,
    word: str = "",
    dates: Sequence[OfferedDate] = (),
) -> Steps[Meeting]:
    """Refuses all offered dates, by the side that has to choose: with a text, and optionally other ``dates``.

    Without dates the mentee has to offer new ones. Within the hours for undoing this also undoes a picked
    date. A repetition changes nothing. Raises RuleViolation when the other side has to choose, or for dates
    that ``check_dates`` refuses.
    """
    side = require_side(meeting, by)
    offers = offers_of(meeting)
    offered = check_dates(dates, meeting.tandem.cohort, now) if dates else []
    if _refused_already(meeting, side, offers, word, offered):
        return meeting
    require_answer(meeting, side, offers, now)
    if meeting.state == MeetingState.SCHEDULED:
        _require_no_other_offer(meeting)
    link = live_link(meeting) if side == Side.MENTOR else None
    meeting.word = word
    yield from _offer(meeting, side, offered, "word", "proposals", now=now)
    if link is not None:
        links.mark_used(link, now=now)
    return meeting


@verb("lapse", lock=lock_meeting)
def lapse(meeting: Meeting, *, by: Actor, now: datetime) -> Steps[Meeting]:
    """Records that the time to answer has passed; notifies the side that offered the dates, and the desk
    shows it.

    The dates can still be picked until others are offered. Raises RuleViolation when the deadline has not
    passed or this is recorded already.
    """
    late = meeting.answer_by is not None and meeting.answer_by <= now
    if not late or meeting.unanswered_since is not None:
        raise RuleViolation(_("The time to answer has not passed yet."), code="early")
    meeting.waits_for = Side.MENTEE
    meeting.unanswered_since = meeting.changed_at = now
    yield step(meeting, "waits_for", "unanswered_since")
    mails.date_released(meeting, withdraw_reminders(meeting, now), now=now)
    mails.dates_unanswered(meeting, other_side(picker_of(offers_of(meeting))), now=now)
    return meeting


def pass_deadlines(now: datetime) -> int:
    """Carries out ``lapse`` for every overdue offer, each in its own transaction; returns how many."""
    return in_turn((lapse, Meeting.objects.overdue(now).order_by("answer_by")), now=now)


@verb("ask_again", lock=lock_meeting)
def ask_again(
    meeting: Meeting, *, by: Actor, now: datetime, keeps_deadline: bool = False
) -> Steps[Meeting]:
    """Sends the mentor a fresh link for the dates that still lie ahead, with a new deadline unless the
    present one is to be kept and has not passed. A repetition sends nothing, unless another person has become
    the mentor's account.

    Raises RuleViolation when the mentor has not to choose, or no date lies ahead.
    """
    offers = offers_of(meeting)
    require_answer(meeting, Side.MENTOR, offers, now)
    held = live_link(meeting)
    to_the_same = held is not None and held.holder == meeting.mentor
    if to_the_same and audit.is_repeated(meeting, "ask_again", by=by, now=now):
        return meeting
    ahead = [one for one in offers if one.starts_at > now]
    deadline = meeting.answer_by
    if not keeps_deadline or deadline is None or deadline <= now:
        days = meeting.tandem.cohort.date_answer_days
        deadline = answer_deadline(now, ahead[0].starts_at, days)
    _reopen(meeting, Side.MENTOR, deadline, now)
    yield step(meeting, "answer_by")
    gone = withdraw_reminders(meeting, now).get(Side.MENTOR.value)
    plan_reminders(meeting, now, _ask_mentor(meeting, ahead, gone, now=now))
    return meeting


def ask_at_new_address(mentor: Mentor, *, by: Actor, now: datetime) -> None:
    """Receiver of a mentor's changed address: open offers are sent there with a fresh link and their present
    deadline."""
    waiting = Meeting.objects.proposed().filter(tandem__mentor=mentor, waits_for=Side.MENTOR)
    for meeting in waiting.order_by("pk"):
        with suppress(RuleViolation):  # every date has passed: nothing to ask
            ask_again(meeting, by=by, now=now, keeps_deadline=True)


def _offer(
    meeting: Meeting, side: str, offered: Sequence[OfferedDate], *fields: str, now: datetime
) -> Steps[None]:
    """Clears a fixed date and asks the other side to choose among the next round of dates; without dates the
    mentee has to offer some."""
    before, other = release(meeting), other_side(side)
    if offered:
        days = meeting.tandem.cohort.date_answer_days
        meeting.round += 1
        _reopen(meeting, other, answer_deadline(now, offered[0].starts_at, days), now)
    else:
        _reopen(meeting, Side.MENTEE, None, now)
    yield step(meeting, *fields)
    unsent = withdraw_reminders(meeting, now)
    gone = before or unsent.pop(other, None)
    proposals = DateProposal.objects.bulk_create(
        DateProposal(
            meeting=meeting,
            round=meeting.round,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            place=one.place,
            by_mentor=side == Side.MENTOR,
        )
        for one in offered
    )
    link = None
    if not offered:
        mails.dates_refused(meeting, other, gone, now=now)
    elif other == Side.MENTOR:
        link = _ask_mentor(meeting, proposals, gone, now=now)
    else:
        mails.dates_offered_back(meeting, proposals, gone, now=now)
    if before is not None:
        unsent[side] = before
    mails.date_released(meeting, unsent, now=now)
    plan_reminders(meeting, now, link)


def _ask_mentor(
    meeting: Meeting,
    proposals: Sequence[DateProposal],
    released: Released | None,
    *,
    now: datetime,
) -> ActionLink:
    if meeting.mentor is None:
        raise RuleViolation(
            _("We have no address for your mentor. Please write to the coordinators."),
            code="no_address",
        )
    link = links.issue(PICK_DATE, meeting, meeting.mentor, now=now, expires_at=meeting.answer_by)
    mails.dates_offered(meeting, proposals, link, released, now=now)
    return link


def _reopen(meeting: Meeting, turn: str, deadline: datetime | None, now: datetime) -> None:
    """Clears the date and makes it the turn of ``turn`` until ``deadline``; the caller saves."""
    meeting.waits_for, meeting.answer_by = turn, deadline
    meeting.starts_at = meeting.ends_at = meeting.fixed_at = meeting.unanswered_since = None
    meeting.place, meeting.changed_at = "", now
    if not meeting._state.adding:
        meeting.proposals.filter(picked=True).update(picked=False)


def _same(meeting: Meeting, offered: Sequence[OfferedDate]) -> bool:
    """Whether exactly these dates are the mentee's present offer to the mentor."""
    if meeting.state != MeetingState.PROPOSED or meeting.waits_for != Side.MENTOR:
        return False
    standing = [
        OfferedDate(one.starts_at, one.ends_at, one.place)
        for one in offers_of(meeting)
        if not one.by_mentor
    ]
    return standing == list(offered)


def _refused_already(
    meeting: Meeting,
    side: str,
    offers: list[DateProposal],
    word: str,
    offered: Sequence[OfferedDate],
) -> bool:
    if meeting.state != MeetingState.PROPOSED or meeting.word != word:
        return False
    if not offered:
        return meeting.answer_by is None and side == picker_of(offers)
    standing = [OfferedDate(one.starts_at, one.ends_at, one.place) for one in offers]
    return standing == list(offered) and side != picker_of(offers)


def _require_no_other_offer(meeting: Meeting) -> None:
    others = Meeting.objects.proposed().filter(tandem=meeting.tandem_id)
    if others.exclude(pk=meeting.pk).exists():
        raise RuleViolation(
            _("Dates are already on offer for another meeting. Please settle those first."),
            code="open_offer",
        )
