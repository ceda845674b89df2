"""Meetings arranged through the verbs themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from accounts.models import User
from core.audit import Actor
from core.times import wall_time
from matching.models import Tandem
from meetings import actions
from meetings.models import DateProposal, Meeting
from meetings.rules import OfferedDate
from outbox.models import OutgoingMail
from tests import factories

NOW = factories.NOW
HOUR = timedelta(hours=1)


@dataclass
class Pair:
    """A confirmed tandem with its two people as actors."""

    tandem: Tandem
    mentee: User
    mentor: User

    @property
    def by_mentee(self) -> Actor:
        return Actor.person(self.mentee, "mentee")

    @property
    def by_mentor(self) -> Actor:
        return Actor.person(self.mentor, "mentor")

    def by(self, side: str) -> Actor:
        return self.by_mentee if side == "mentee" else self.by_mentor


def pair(
    state: str = "confirmed",
    mentee: str = "Leyla Arslan",
    mentor: str = "Henrike Osterloh",
    **values: object,
) -> Pair:
    """A tandem of two named people."""
    one = factories.mentee(applicant=factories.person(mentee))
    other = factories.mentor(user=factories.person(mentor), name=mentor)
    values.setdefault("confirmed_at", NOW)
    tandem = factories.tandem(state, mentee=one, mentor=other, **values)
    return Pair(tandem, one.user, other.user)


def on(
    day: date | str, clock: str = "17:30", place: str = "online", minutes: int = 60
) -> OfferedDate:
    """A date by the clock on the wall in Berlin."""
    if isinstance(day, str):
        day = date.fromisoformat(day)
    starts_at = wall_time(day, time.fromisoformat(clock))
    return OfferedDate(starts_at, starts_at + timedelta(minutes=minutes), place)


THREE = (on("2026-10-14"), on("2026-10-17", "11:00", "Foyer"), on("2026-10-23", "13:00"))


def offered(two: Pair, dates: Sequence[OfferedDate] = THREE, now: datetime = NOW) -> Meeting:
    """A meeting whose dates the mentor is asked about."""
    return actions.propose_dates(two.tandem, by=two.by_mentee, now=now, dates=dates, agenda="Mappe")


def proposal(meeting: Meeting, number: int = 0) -> DateProposal:
    """One of the dates of the latest round."""
    return meeting.proposals.filter(round=meeting.round).order_by("starts_at")[number]


def scheduled(
    two: Pair, dates: Sequence[OfferedDate] = THREE, number: int = 0, now: datetime = NOW
) -> Meeting:
    """A meeting with a fixed date."""
    made = offered(two, dates, now)
    return actions.pick_date(made, by=two.by_mentor, now=now, proposal_id=proposal(made, number).pk)


def mails(meeting: Meeting, kind: str, status: str = "planned") -> list[OutgoingMail]:
    """The rows about a meeting of one kind, in the order of their due moments."""
    rows = OutgoingMail.objects.about(meeting).filter(kind=kind, status=status)
    return list(rows.order_by("due_at", "schedule_version"))


def link_of(meeting: Meeting) -> str:
    """The path of the mentor's live link."""
    from core.links.actions import token_of
    from core.links.models import ActionLink

    live = ActionLink.objects.about("pick-date", meeting).live().get()
    return f"/l/{token_of(live)}/"
