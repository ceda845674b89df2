"""Workshop hours towards credit points."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from programme.models import Cohort
from workshops.models import Attendance, Registration
from workshops.states import RegistrationState, WorkshopState


@dataclass(frozen=True)
class Credit:
    """Minutes of workshops in a cohort: attended so far, expected (registered, not yet recorded), needed for
    the credit points, and offered in all; and the number of credit points."""

    minutes: int
    soon_minutes: int
    needed_minutes: int
    whole_minutes: int
    points: int


def credit(registrations: Iterable[Registration], cohort: Cohort) -> Credit:
    """The credit in a cohort of the person whose registrations, read ``with_hours``, these are.

    Attended minutes count whatever happened to the registration since. Expected minutes are limited to the
    needed ones, so that a bar can show them.
    """
    own = [one for one in registrations if one.workshop.cohort_id == cohort.pk]
    recorded = [attendance for one in own for attendance in one.attendance_list]
    minutes = sum(one.minutes for one in recorded if one.presence == Attendance.Presence.PRESENT)
    over = {attendance.session_id for attendance in recorded}
    soon = sum(
        session.minutes
        for one in own
        if one.state == RegistrationState.CONFIRMED
        for session in one.workshop.session_list
        if session.pk not in over
    )
    whole = cohort.workshop_hours * 60
    return Credit(
        minutes=minutes,
        soon_minutes=max(0, min(soon, whole - minutes)),
        needed_minutes=int(whole * Decimal(cohort.credit_share)),
        whole_minutes=max(whole, minutes),
        points=cohort.credit_points,
    )


@dataclass(frozen=True)
class Entry:
    """One workshop of a person on their page: its first beginning, minutes attended of minutes offered, and
    the rank on the waiting list (0 for none). ``left_out``: still waiting when the workshop began."""

    registration: Registration
    begins: datetime
    minutes: int
    of_minutes: int
    recorded: bool
    rank: int
    left_out: bool = False

    @property
    def look(self) -> str:
        """The symbol of the state: visited, partly visited, registered, waiting, cancelled."""
        if self.left_out:
            return "off"
        if self.recorded and self.registration.state == RegistrationState.CONFIRMED:
            return (
                "done" if self.minutes == self.of_minutes else "running" if self.minutes else "off"
            )
        return self.registration.state_word().look


def entries(registrations: Iterable[Registration], *, now: datetime | None = None) -> list[Entry]:
    """A person's workshops by their first session, without cancelled registrations of workshops that still
    take place, from registrations read ``with_hours``; with ``now``, people who waited in vain are marked."""
    found = (
        one
        for one in registrations
        if one.state != RegistrationState.CANCELLED or one.workshop.state != WorkshopState.PUBLISHED
    )
    listed = [
        Entry(
            registration=one,
            begins=sessions[0].starts_at,
            minutes=sum(entry.minutes for entry in one.attendance_list),
            of_minutes=sum(session.minutes for session in sessions),
            recorded=len(one.attendance_list) >= len(sessions),
            rank=one.rank or 0,
            left_out=one.state == RegistrationState.WAITLISTED
            and one.workshop.state == WorkshopState.PUBLISHED
            and now is not None
            and sessions[0].starts_at <= now,
        )
        for one in found
        if (sessions := one.workshop.session_list)
    ]
    return sorted(listed, key=lambda one: (one.begins, one.registration.workshop.title))
