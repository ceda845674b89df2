"""Fixing, moving and cancelling; what happens to meetings when their tandem ends."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.actions import NewAddress
from accounts.models import User
from core.audit import Actor
from core.errors import RuleViolation
from core.links import actions as links
from core.verbs import Steps, carry_out, verb
from matching.models import Tandem
from meetings import mails
from meetings.actions.common import (
    live_link,
    lock_meeting,
    lock_tandem_alone,
    offers_of,
    other_side,
    plan_reminders,
    release,
    require_ahead,
    require_answer,
    require_held,
    require_side,
    step,
    withdraw_reminders,
)
from meetings.models import Meeting, Side
from meetings.reminders import PICK_DATE
from meetings.rules import OfferedDate, check_date
from meetings.states import OPEN, MeetingState
from mentors.models import Mentor


@verb("pick", lock=lock_meeting, state_first=False)
def pick_date(meeting: Meeting, *, by: Actor, now: datetime, proposal_id: int) -> Steps[Meeting]:
    """Fixes one of the offered dates; both get the calendar entry, the reminders are planned.

    Picking the same twice changes nothing; within the hours for undoing another of the dates may be picked
    instead. Raises RuleViolation when the other side has to choose, or the date is not offered (any more) or
    has passed.
    """
    side = require_side(meeting, by)
    offers = offers_of(meeting)
    chosen = next((one for one in offers if one.pk == proposal_id), None)
    if chosen is None:
        raise RuleViolation(_("This date is no longer on offer."), field="answer", code="gone")
    if (
        meeting.state == MeetingState.SCHEDULED
        and chosen.picked
        and meeting.starts_at == chosen.starts_at
    ):
        return meeting
    require_answer(meeting, side, offers, now)
    if chosen.starts_at <= now:
        raise RuleViolation(_("This date has already passed."), field="answer", code="past")
    date = OfferedDate(chosen.starts_at, chosen.ends_at, chosen.place)
    yield from _fix(meeting, date, now=now)
    meeting.proposals.filter(pk=chosen.pk).update(picked=True)
    link = live_link(meeting)
    if link is not None:
        links.mark_used(link, now=now)
    return meeting


@verb("move", lock=lock_meeting, state_first=False)
def move_meeting(
    meeting: Meeting, *, by: Actor, now: datetime, date: OfferedDate
) -> Steps[Meeting]:
    """Fixes another date or place that both sides have agreed on; both calendars are updated.

    Without a change does nothing. Raises RuleViolation for a meeting without a fixed date or one that has
    begun, and for a date that ``check_date`` refuses.
    """
    require_side(meeting, by)
    if (
        meeting.state == MeetingState.SCHEDULED
        and (meeting.starts_at, meeting.ends_at) == (date.starts_at, date.ends_at)
        and meeting.place == date.place
    ):
        return meeting
    meeting.TABLE.require(meeting, "move")
    require_held(meeting.tandem)
    require_ahead(meeting, now)
    check_date(date, meeting.tandem.cohort, now)
    yield from _fix(meeting, date, now=now)
    return meeting


@verb("cancel", lock=lock_meeting, state_first=False)
def cancel(meeting: Meeting, *, by: Actor, now: datetime, reason: str = "") -> Steps[Meeting]:
    """Cancels the meeting, or withdraws the offer, by either side; a reason is optional.

    A fixed date is removed from both calendars. Raises RuleViolation once the meeting has begun.
    """
    side = require_side(meeting, by)
    if meeting.state == MeetingState.CANCELLED:
        return meeting
    meeting.TABLE.require(meeting, "cancel")
    require_ahead(meeting, now)
    yield from _cancel(meeting, reason, tell=other_side(side), now=now)
    return meeting


@verb("cancel", lock=lock_tandem_alone)
def end_with_tandem(tandem: Tandem, *, by: Actor, now: datetime) -> Steps[None]:
    """Receiver of a tandem's end: cancels future meetings, withdraws their reminders and links.

    Both are notified of cancelled fixed dates, since those are in their calendars; for open offers the mail
    about the tandem's end is enough. Meetings that have begun stay and can be reported.
    """
    ahead = Meeting.objects.filter(tandem=tandem.pk).ending_with_tandem(now)
    for meeting in ahead.with_people().select_for_update(of=("self",)).order_by("number"):
        yield from _cancel(meeting, "", tell="", now=now)


def lock_for_closing(user: User, *, by: Actor, now: datetime) -> None:
    """Before ``accounts.deactivate``: locks the meetings that end with the person's tandems, which are locked
    already."""
    ahead = Meeting.objects.of_tandem_members(user).ending_with_tandem(now).order_by("pk")
    list(ahead.select_for_update(of=("self",)).values_list("pk"))


def withdraw_links(mentor: Mentor, *, by: Actor, now: datetime) -> None:
    """Receiver of ``mentors.retire``: a mentor who has left can't pick or move dates by link."""
    for meeting in Meeting.objects.filter(tandem__mentor=mentor).order_by("pk"):
        links.withdraw(PICK_DATE, meeting, now=now)


def follow_new_address(moved: NewAddress, *, by: Actor, now: datetime) -> None:
    """Receiver of ``address_changed``: moves future fixed meetings from the calendar of the former mailbox to
    that of the new one.

    SEQUENCE rises, so that each mailbox shows what it was sent last, also when the person returns to it; the
    other side's calendar needs no change.
    """
    ahead = Meeting.objects.of_tandem_members(moved.person).ahead(now)
    tandems = Tandem.objects.filter(pk__in=ahead.order_by().values("tandem")).order_by("pk")
    list(tandems.select_for_update().values_list("pk"))
    for meeting in ahead.with_people().select_for_update(of=("self",)).order_by("pk"):
        meeting.schedule_version += 1
        meeting.changed_at = now
        changed = step(meeting, save=["schedule_version", "changed_at"])
        carry_out(changed, "mailbox_changed", by=by, now=now)
        withdraw_reminders(meeting, now)
        mails.mailbox_changed(meeting, meeting.side_of(moved.person.pk), moved.former, now=now)
        plan_reminders(meeting, now)


@verb("change_agenda", lock=lock_meeting)
def change_agenda(meeting: Meeting, *, by: Actor, now: datetime, agenda: str) -> Steps[Meeting]:
    """Sets the subject of the meeting, by the mentee; reminders contain it.

    Raises RuleViolation for the mentor, and for a meeting that is over or cancelled.
    """
    if require_side(meeting, by) != Side.MENTEE:
        raise RuleViolation(_("The mentee decides what the meeting is about."), code="who")
    if meeting.state not in OPEN:
        raise RuleViolation(_("This meeting is over."), code="state")
    if agenda == meeting.agenda:
        return meeting
    meeting.agenda = agenda
    yield step(meeting, "agenda", save=["agenda"])
    plan_reminders(meeting, now, live_link(meeting))
    return meeting


def _fix(meeting: Meeting, date: OfferedDate, *, now: datetime) -> Steps[None]:
    """Sets the date, notifies both and plans the reminders; closes the offer."""
    before = release(meeting)
    if before is None:
        meeting.schedule_version += 1
    meeting.starts_at, meeting.ends_at, meeting.place = date.starts_at, date.ends_at, date.place
    meeting.waits_for, meeting.word = "", ""
    meeting.answer_by = meeting.unanswered_since = None
    meeting.fixed_at = meeting.changed_at = now
    yield step(meeting, "starts_at", "ends_at", "place")
    meeting.proposals.filter(picked=True).update(picked=False)
    withdraw_reminders(meeting, now)
    if before is None:
        mails.fixed(meeting, now=now)
    else:
        mails.moved(meeting, before, now=now)
    plan_reminders(meeting, now)


def _cancel(meeting: Meeting, reason: str, *, tell: str, now: datetime) -> Steps[None]:
    before = release(meeting)
    meeting.cancel_reason, meeting.changed_at = reason, now
    meeting.waits_for, meeting.answer_by = "", None
    yield step(meeting, "cancel_reason")
    unsent = withdraw_reminders(meeting, now, "dates-refused")
    links.withdraw(PICK_DATE, meeting, now=now)
    gone = unsent if before is None else {side: before for side, _ in meeting.people()}
    mails.cancelled(meeting, gone, now=now)
    if tell and tell not in gone:
        mails.dates_withdrawn(meeting, tell, now=now)
