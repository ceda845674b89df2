"""Reports of both sides after a meeting: only whether it took place."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.audit import Actor
from core.errors import RuleViolation
from core.verbs import Steps, verb
from meetings import mails
from meetings.actions.common import lock_meeting, require_side, step, withdraw_reminders
from meetings.models import Meeting, Report, Side
from meetings.rules import outcome
from outbox.actions import cancel


@verb("report_held", lock=lock_meeting, state_first=False)
def report_held(meeting: Meeting, *, by: Actor, now: datetime) -> Steps[Meeting]:
    """One side reports that the meeting took place. See ``report_missed``."""
    return (yield from _report(meeting, Report.HELD, by=by, now=now))


@verb("report_missed", lock=lock_meeting, state_first=False)
def report_missed(meeting: Meeting, *, by: Actor, now: datetime) -> Steps[Meeting]:
    """One side reports that the meeting did not take place.

    Where the two differ it counts as held, marked as disputed, and the coordinators are notified. Each side
    may correct its own report. A repetition changes nothing. Raises RuleViolation before the meeting begins,
    and for a meeting without a fixed date.
    """
    return (yield from _report(meeting, Report.MISSED, by=by, now=now))


def _report(meeting: Meeting, said: Report, *, by: Actor, now: datetime) -> Steps[Meeting]:
    side = require_side(meeting, by)
    meeting.TABLE.require(meeting, f"report_{said}")
    if meeting.starts_at is None or meeting.starts_at > now:
        raise RuleViolation(_("The meeting has not started yet."), code="early")
    if meeting.report_of(side) == said:
        return meeting
    if side == Side.MENTEE:
        meeting.reported_by_mentee = said
    else:
        meeting.reported_by_mentor = said
    target, differ = outcome(meeting.reported_by_mentee, meeting.reported_by_mentor)
    was_disputed, meeting.disputed = meeting.disputed, differ
    yield step(meeting, f"reported_by_{side}", "disputed", to=target)
    withdraw_reminders(meeting, now)
    if differ and not was_disputed:
        mails.disputed(meeting, now=now)
    elif was_disputed and not differ:
        cancel(meeting, now=now, kinds=("meeting-disputed",))  # the reports agree now
    return meeting
