"""The timeline of a tandem: what each side did, what they did together, what lies ahead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.models import AuditEvent
from core.times import last_day
from matching import timeline
from matching.models import Tandem
from meetings.models import Meeting
from meetings.states import MeetingState

Side = Literal["mentee", "mentor", "both"]
When = Literal["done", "now", "ahead"]


@dataclass(frozen=True)
class Point:
    """One point of the timeline: the day (with ``until``, a deadline), who did it, the text, and whether it
    is past, now or ahead."""

    day: date
    side: Side
    title: Any
    detail: Any = ""
    when: When = "done"
    obj: Any = None
    until: bool = False

    @property
    def css(self) -> str:
        """The CSS classes of the point's line."""
        tail = {"done": "", "now": " is-now", "ahead": " is-ahead"}[self.when]
        return f"by-{self.side}{tail}"


def timeline_of(tandem: Tandem, meetings: Iterable[Meeting], now: datetime) -> list[Point]:
    """The points in the order of their days. One query, for the tandem's events."""
    points = [*_moves(tandem), *_meetings(meetings, now), *_ahead(tandem, timezone.localdate(now))]
    return sorted(points, key=lambda point: point.day)


def _moves(tandem: Tandem) -> list[Point]:
    mentor = tandem.mentor.name
    words: dict[str, tuple[Side, Any]] = {
        "agree": ("mentee", _("You agreed to the proposal")),
        "confirm": ("mentor", _("%(mentor)s said yes") % {"mentor": mentor}),
        "undo": ("mentor", _("%(mentor)s withdrew the answer") % {"mentor": mentor}),
        "begin": ("both", _("The tandem began")),
        "pass_probation": ("both", _("End of the trial period: you are both continuing")),
        "complete": ("both", _("The tandem has been completed")),
    }
    events = AuditEvent.objects.of(tandem).filter(verb__in=words).order_by("at")
    return [
        Point(timezone.localdate(at), *words[verb]) for at, verb in events.values_list("at", "verb")
    ]


def _meetings(meetings: Iterable[Meeting], now: datetime) -> list[Point]:
    points = []
    for meeting in meetings:
        if meeting.state == MeetingState.CANCELLED:
            continue
        moment = meeting.starts_at or meeting.answer_by or meeting.created_at
        proposed = meeting.state == MeetingState.PROPOSED
        points.append(
            Point(
                timezone.localdate(moment),
                "both",
                _("Meeting %(number)d") % {"number": meeting.number},
                when="now" if proposed else "ahead" if moment > now else "done",
                obj=meeting,
                until=meeting.starts_at is None and meeting.answer_by is not None,
            )
        )
    return points


def _ahead(tandem: Tandem, today: date) -> list[Point]:
    points = []
    if tandem.state == "mentor_asked" and tandem.answer_by:
        points.append(
            Point(
                last_day(tandem.answer_by)[0],
                "mentor",
                _("Answer from %(mentor)s") % {"mentor": tandem.mentor.name},
                when="now",
                until=True,
            )
        )
    milestones = timeline.ahead(tandem, today)
    return points + [Point(one.when, one.side, one.title, when="ahead") for one in milestones]
