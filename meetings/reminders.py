"""Reminders of fixed meetings and unanswered offers, and the deadline of offers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.db.models import OuterRef, Subquery

from core.links.models import ActionLink
from core.times import before, local, wall_time
from matching.mails import thread
from meetings import mails
from meetings.models import Meeting
from meetings.states import MeetingState
from outbox.reminders import PlannedReminder

PICK_DATE = "pick-date"
WEEK, DAY, ANSWER = "meeting-reminder-week", "meeting-reminder-day", "date-answer-reminder"
MEETING_REMINDERS = (WEEK, DAY)
ANSWER_DAYS, ANSWER_CLOCK = timedelta(days=2), time(9)
CHUNK = 500


def of_meeting(meeting: Meeting) -> Iterator[PlannedReminder]:
    """The reminders of a fixed meeting, to both: at the same local time seven days before, and 24 hours
    before.

    Those due before the date was fixed are not wanted: the calendar entry was just sent then. Both are useful
    until the meeting begins; of two that are late the outbox sends the newer.
    """
    fixed = meeting.state == MeetingState.SCHEDULED
    if not fixed or meeting.starts_at is None or meeting.fixed_at is None:
        return
    planned = (
        (WEEK, before(meeting.starts_at, days=7), "7d"),
        (DAY, before(meeting.starts_at, hours=24), "24h"),
    )
    for kind, due_at, offset in planned:
        if due_at <= meeting.fixed_at:
            continue
        for side, person in meeting.people():
            yield PlannedReminder(
                kind,
                person.pk,
                meeting,
                mails.reminder_facts(meeting, side),
                due_at,
                meeting.starts_at,
                meeting.schedule_version,
                offset,
                thread=thread(meeting.tandem),
            )


def of_offer(meeting: Meeting, link_id: object = None) -> Iterator[PlannedReminder]:
    """The reminder of an unanswered offer, in the morning two days before the deadline, to the side that has
    to answer.

    ``link_id`` is the mentor's live personal link; a mentee signs in. Not wanted where the deadline was
    nearer than two days from the start.
    """
    if meeting.state != MeetingState.PROPOSED or meeting.answer_by is None:
        return
    due_at = wall_time(local(meeting.answer_by).date() - ANSWER_DAYS, ANSWER_CLOCK)
    person = dict(meeting.people()).get(meeting.waits_for)
    if person is None or due_at <= meeting.state_since or meeting.unanswered_since is not None:
        return
    yield PlannedReminder(
        ANSWER,
        person.pk,
        meeting,
        mails.answer_facts(meeting, meeting.waits_for),
        due_at,
        meeting.answer_by,
        meeting.version,
        "2d",
        link_id=link_id if meeting.waits_for == "mentor" else None,  # type: ignore[arg-type]
        thread=thread(meeting.tandem),
    )


def wanted(now: datetime) -> Iterator[PlannedReminder]:
    """All wanted reminders: two queries for any number of meetings."""
    ahead = Meeting.objects.ahead(now).with_people()
    for meeting in ahead.iterator(chunk_size=CHUNK):
        yield from of_meeting(meeting)
    live = ActionLink.objects.live().filter(
        purpose=PICK_DATE, object_id=OuterRef("pk"), holder=OuterRef("tandem__mentor__user")
    )
    offers = Meeting.objects.proposed().filter(answer_by__gt=now).with_people()
    offers = offers.annotate(live_link=Subquery(live.values("pk")[:1]))
    for meeting in offers.iterator(chunk_size=CHUNK):
        yield from of_offer(meeting, meeting.live_link)
