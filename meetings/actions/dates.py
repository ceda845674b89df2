"""Fixing, moving and cancelling; what becomes of meetings when their tandem ends."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from matching.models import Tandem
from meetings import mails
from meetings.actions.common import (
    live_link,
    locked,
    offers_of,
    plan_reminders,
    record,
    release,
    require_ahead,
    require_answer,
    require_held,
    require_side,
    withdraw_reminders,
)
from meetings.mails import Released
from meetings.models import Meeting, Side
from meetings.reminders import PICK_DATE
from meetings.rules import OfferedDate, check_date
from meetings.states import MEETING
from mentoring.accounts.actions import NewAddress
from mentoring.accounts.models import User
from mentoring.audit import Actor
from mentoring.links import actions as links
from mentoring.retries import patiently
from mentoring.transitions import RuleViolation
from mentors.models import Mentor


@patiently
@transaction.atomic
def pick_date(meeting: Meeting, *, by: Actor, now: datetime, proposal_id: int) -> Meeting:
    """Fixes one of the offered dates; both get the calendar entry, the reminders are planned.

    Picking the same twice changes nothing (promise L3); within the hours to undo another of the dates may
    be picked instead (L2). Raises RuleViolation when it is not this side's to choose, the date is not
    offered (any more) or has passed.
    """
    meeting = locked(meeting)
    side = require_side(meeting, by)
    offers = offers_of(meeting)
    chosen = next((one for one in offers if one.pk == proposal_id), None)
    if chosen is None:
        raise RuleViolation(_("This date is no longer on offer."), field="answer", code="gone")
    if meeting.state == "scheduled" and chosen.picked and meeting.starts_at == chosen.starts_at:
        return meeting
    require_answer(meeting, side, offers, now)
    if chosen.starts_at <= now:
        raise RuleViolation(_("This date has already passed."), field="answer", code="past")
    before = release(meeting)
    MEETING.move(meeting, "pick", now=now)
    _fix(meeting, OfferedDate(chosen.starts_at, chosen.ends_at, chosen.place), before, now=now)
    meeting.proposals.filter(picked=True).update(picked=False)
    meeting.proposals.filter(pk=chosen.pk).update(picked=True)
    link = live_link(meeting)
    if link is not None:
        links.mark_used(link, now=now)
    record(meeting, "pick", "starts_at", "ends_at", "place", by=by, now=now)
    return meeting


@patiently
@transaction.atomic
def move_meeting(meeting: Meeting, *, by: Actor, now: datetime, date: OfferedDate) -> Meeting:
    """Fixes another date or place that both sides have agreed on; both calendars are told (§1f, S11).

    Moving to what stands changes nothing. Raises RuleViolation for a meeting without a fixed date or one
    that has begun, and for a date that ``check_date`` refuses.
    """
    meeting = locked(meeting)
    require_side(meeting, by)
    if (
        meeting.state == "scheduled"
        and (meeting.starts_at, meeting.ends_at) == (date.starts_at, date.ends_at)
        and meeting.place == date.place
    ):
        return meeting
    MEETING.require(meeting, "move")
    require_held(meeting.tandem)
    require_ahead(meeting, now)
    check_date(date, meeting.tandem.cohort, now)
    before = release(meeting)
    MEETING.move(meeting, "move", now=now)
    _fix(meeting, date, before, now=now)
    # What was picked is no longer what holds: the link has nothing to take back.
    meeting.proposals.filter(picked=True).update(picked=False)
    record(meeting, "move", "starts_at", "ends_at", "place", by=by, now=now)
    return meeting


@patiently
@transaction.atomic
def cancel(meeting: Meeting, *, by: Actor, now: datetime, reason: str = "") -> Meeting:
    """Either side calls the meeting off, or takes the offer back; a reason is voluntary.

    A fixed date leaves both calendars. Raises RuleViolation once the meeting has begun.
    """
    meeting = locked(meeting)
    side = require_side(meeting, by)
    if meeting.state == "cancelled":
        return meeting
    MEETING.require(meeting, "cancel")
    require_ahead(meeting, now)
    other = Side.MENTOR if side == Side.MENTEE else Side.MENTEE
    return _cancel(meeting, by=by, now=now, reason=reason, tell=other)


@patiently
@transaction.atomic
def end_with_tandem(tandem: Tandem, *, by: Actor, now: datetime) -> None:
    """A tandem ends: what lies ahead is cancelled, its reminders and links withdrawn (design §4).

    Both are told of fixed dates, since those stand in their calendars; of open offers the mail about the
    tandem's end tells enough. Meetings that have begun stay, to be reported.
    """
    Tandem.objects.select_for_update().get(pk=tandem.pk)
    ahead = Meeting.objects.filter(tandem=tandem.pk).ending_with_tandem(now)
    for meeting in ahead.with_people().select_for_update(of=("self",)).order_by("number"):
        _cancel(meeting, by=by, now=now, reason="", tell="")


def hold_for_closing(user: User, *, by: Actor, now: datetime) -> None:
    """Before ``accounts.close``: locks what ends with the person's tandems, which are locked (promise C4)."""
    ahead = Meeting.objects.of_tandem_members(user).ending_with_tandem(now).order_by("pk")
    list(ahead.select_for_update(of=("self",)).values_list("pk"))


def withdraw_links(mentor: Mentor, *, by: Actor, now: datetime) -> None:
    """Consequence of ``mentors.retire``: no date is picked or moved by who has parted (promise P17)."""
    for meeting in Meeting.objects.filter(tandem__mentor=mentor).order_by("pk"):
        links.withdraw(PICK_DATE, meeting, now=now)


def follow_new_address(moved: NewAddress, *, by: Actor, now: datetime) -> None:
    """Consequence of ``accounts.new_address``: the fixed meetings that lie ahead leave the calendar of the
    former mailbox and come into that of the new one.

    SEQUENCE rises, so that each mailbox holds what it was sent last, also when the person comes back to it;
    the other side's calendar stays right as it is.
    """
    ahead = Meeting.objects.of_tandem_members(moved.person).ahead(now)
    tandems = Tandem.objects.filter(pk__in=ahead.order_by().values("tandem")).order_by("pk")
    list(tandems.select_for_update().values_list("pk"))
    for meeting in ahead.with_people().select_for_update(of=("self",)).order_by("pk"):
        meeting.schedule_version += 1
        meeting.changed_at = now
        meeting.save(update_fields=["schedule_version", "changed_at"])
        withdraw_reminders(meeting, now)
        mails.mailbox_changed(meeting, meeting.side_of(moved.person.pk), moved.former, now=now)
        record(meeting, "mailbox_changed", by=by, now=now)
        plan_reminders(meeting, now)


@patiently
@transaction.atomic
def change_agenda(meeting: Meeting, *, by: Actor, now: datetime, agenda: str) -> Meeting:
    """The mentee sets what the meeting is about (design §1); reminders will say it.

    Raises RuleViolation for the mentor, and for a meeting that is over or cancelled.
    """
    meeting = locked(meeting)
    if require_side(meeting, by) != Side.MENTEE:
        raise RuleViolation(_("The mentee decides what the meeting is about."), code="who")
    if meeting.state not in ("proposed", "scheduled"):
        raise RuleViolation(_("This meeting is over."), code="state")
    if agenda == meeting.agenda:
        return meeting
    meeting.agenda = agenda
    meeting.save(update_fields=["agenda"])
    record(meeting, "change_agenda", "agenda", by=by, now=now)
    plan_reminders(meeting, now, live_link(meeting))
    return meeting


def _fix(meeting: Meeting, date: OfferedDate, before: Released | None, *, now: datetime) -> None:
    """Saves the date, tells both and plans the reminders; ``before`` is the date it replaces."""
    if before is None:
        meeting.schedule_version += 1
    meeting.starts_at, meeting.ends_at, meeting.place = date.starts_at, date.ends_at, date.place
    meeting.waits_for, meeting.word = "", ""
    meeting.answer_by = meeting.unanswered_since = None
    meeting.fixed_at = meeting.changed_at = now
    meeting.save()
    withdraw_reminders(meeting, now)
    if before is None:
        mails.fixed(meeting, now=now)
    else:
        mails.moved(meeting, before, now=now)
    plan_reminders(meeting, now)


def _cancel(meeting: Meeting, *, by: Actor, now: datetime, reason: str, tell: str) -> Meeting:
    before = release(meeting)
    MEETING.move(meeting, "cancel", now=now)
    meeting.cancel_reason, meeting.changed_at = reason, now
    meeting.waits_for, meeting.answer_by = "", None
    meeting.save()
    withdraw_reminders(meeting, now)
    links.withdraw(PICK_DATE, meeting, now=now)
    if before is not None:
        mails.cancelled(meeting, before, now=now)
    elif tell:
        mails.dates_withdrawn(meeting, tell, now=now)
    record(meeting, "cancel", "cancel_reason", by=by, now=now)
    return meeting
