"""What happened in a tandem, and its two lines by months."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import formats
from django.utils.timezone import localdate

from core.voices.drawing import Scale, draw
from core.voices.svg import paths
from matching.lines import Event, Kind, year
from matching.models import Tandem
from matching.states import HELD, TandemState
from meetings.models import Meeting
from meetings.states import MeetingState
from workshops.models import Attendance, Registration

SCALE = Scale(semitone=2, head=3)
SHOWN = (*HELD, TandemState.MENTOR_ASKED, TandemState.COMPLETED)
MENTEE, MENTOR = (0,), (1,)


@dataclass(frozen=True)
class Lines:
    """The months as bars (for ``measures.html``), and how often the two met and were at a workshop together."""

    measures: list[dict[str, Any]]
    meetings: int
    workshops: int


def lines_of(
    tandem: Tandem,
    meetings: Iterable[Meeting],
    registrations: Iterable[Registration],
    now: datetime,
) -> Lines:
    """The lines of a tandem with its meetings and the mentee's registrations, read ``with_company`` of the
    mentor and ``with_hours``. No query."""
    events = [*_answers(tandem), *_met(meetings), *_workshops(registrations)]
    cohort, today = tandem.cohort, localdate(now)
    drawn = year(events, cohort.starts_on, cohort.ends_on)
    this = today.replace(day=1)
    return Lines(
        measures=[
            {
                "label": formats.date_format(month, "F Y"),
                "short": formats.date_format(month, "F")[0],
                "state": "done" if month < this else "now" if month == this else "ahead",
                "drawn": paths(draw(drawn.piece, bar, bar, SCALE, (1, drawn.piece.bars))),
            }
            for bar, month in enumerate(drawn.months, 1)
        ],
        meetings=sum(event.kind == Kind.MET for event in events),
        workshops=sum(event.kind == Kind.WORKSHOP for event in events),
    )


def read_lines(tandem: Tandem, now: datetime) -> Lines | None:
    """The lines of a tandem, read from the database in five queries; None before the mentor is asked and
    after a tandem that came to nothing."""
    if tandem.state not in SHOWN:
        return None
    registrations = Registration.objects.of(tandem.mentee.user_id)
    return lines_of(
        tandem,
        Meeting.objects.of_tandems([tandem]),
        registrations.with_company(tandem.mentor.user_id).with_hours(),
        now,
    )


def _answers(tandem: Tandem) -> list[Event]:
    """What was asked and agreed; a question of the mentor is no event: the mentee does not see it."""
    told = [
        (tandem.proposed_at, Kind.ASKED, MENTEE),
        (tandem.mentee_answered_at, Kind.AGREED, MENTEE),
        (tandem.approved_at, Kind.ASKED, MENTOR),
        (tandem.confirmed_at, Kind.AGREED, MENTOR),
        (
            tandem.ended_at if tandem.state == TandemState.COMPLETED else None,
            Kind.COMPLETED,
            MENTEE + MENTOR,
        ),
    ]
    return [Event(localdate(at), kind, voices) for at, kind, voices in told if at is not None]


def _met(meetings: Iterable[Meeting]) -> list[Event]:
    return [
        Event(localdate(one.starts_at), Kind.MET)
        for one in meetings
        if one.state == MeetingState.HELD and one.starts_at is not None
    ]


def _workshops(registrations: Iterable[Registration]) -> list[Event]:
    """The first day of each workshop at which both were present."""
    days: list[date] = []
    for one in registrations:
        attended = {
            attendance.session_id
            for attendance in one.attendance_list
            if attendance.presence == Attendance.Presence.PRESENT
        }
        sessions = [each.starts_at for each in one.workshop.session_list if each.pk in attended]
        if one.in_company and sessions:
            days.append(localdate(min(sessions)))
    return [Event(day, Kind.WORKSHOP) for day in days]
