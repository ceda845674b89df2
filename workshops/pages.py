"""The content of the pages: rows of the list, and what a visitor may do at one workshop."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.appointments import Appointment, appointments
from core.errors import RuleViolation
from workshops import rules
from workshops.eligibility import Audience
from workshops.models import Registration, Session, Workshop
from workshops.states import WorkshopState


def is_full(workshop: Workshop, waiting: int) -> bool:
    """Whether who registers now would wait."""
    return workshop.free <= 0 or waiting > 0


def places_sentence(workshop: Workshop, waiting: int, *, with_numbers: bool) -> str:
    """“9 of 16 free”, “fully booked, 4 waiting”; visitors without a role only read whether it is full."""
    if workshop.state == WorkshopState.CANCELLED:
        return _("cancelled")
    if is_full(workshop, waiting):
        if with_numbers and waiting:
            words = ngettext(
                "fully booked, %(number)d waiting", "fully booked, %(number)d waiting", waiting
            )
            return words % {"number": waiting}
        return _("fully booked")
    if with_numbers:
        return _("%(free)d of %(all)d free") % {"free": workshop.free, "all": workshop.capacity}
    return _("places free")


def places_look(workshop: Workshop, waiting: int) -> str:
    """The note head beside the places: hollow, or filled where nothing is free."""
    return "done" if is_full(workshop, waiting) else "open"


@dataclass(frozen=True)
class WorkshopRow:
    """One line of the list: the workshop, its next session, how many more follow, and the places in words."""

    workshop: Workshop
    next_session: Session
    more: int
    places: str
    with_numbers: bool
    registration: Registration | None = None

    @property
    def month(self) -> date:
        """The first day of the month of the next session."""
        return localtime(self.next_session.starts_at).date().replace(day=1)

    @property
    def look(self) -> str:
        """The note head beside the places."""
        return places_look(self.workshop, self.workshop.waiting)  # type: ignore[attr-defined]


def rows_of(
    workshops: Iterable[Workshop],
    audience: Audience,
    registrations: dict[Any, Registration],
    now: datetime,
) -> list[WorkshopRow]:
    """The rows of workshops that are loaded with ``sessions`` and ``waiting``; no query."""
    rows = []
    for workshop in workshops:
        ahead = [session for session in workshop.sessions.all() if session.starts_at > now]
        seen = audience.sees_places(workshop)
        waiting = workshop.waiting  # type: ignore[attr-defined]
        rows.append(
            WorkshopRow(
                workshop=workshop,
                next_session=ahead[0],
                more=len(ahead) - 1,
                places=places_sentence(workshop, waiting, with_numbers=seen),
                with_numbers=seen,
                registration=registrations.get(workshop.pk),
            )
        )
    return rows


@dataclass(frozen=True)
class Standing:
    """A visitor's status at a workshop: what they may do now, and why not where they may not."""

    registration: Registration | None = None
    rank: int = 0
    may_register: bool = False
    may_cancel: bool = False
    is_full: bool = False
    closed: str = ""
    clashes: list[Appointment] = field(default_factory=list)


def standing_of(
    user: Any, audience: Audience, workshop: Workshop, sessions: list[Session], now: datetime
) -> Standing:
    """The visitor's status. ``workshop`` has ``waiting``; two queries and those of the calendar."""
    begins = sessions[0].starts_at if sessions else None
    registration = None
    if user.is_authenticated:
        registration = (
            Registration.objects.of(user).filter(workshop=workshop).standing().with_rank().first()
        )
    if registration is not None:
        registration.workshop = workshop
    closed = ""
    try:
        rules.check_open(workshop, begins, now)
    except RuleViolation as violation:
        closed = str(violation)
    entitled = audience.may_register(workshop)
    clashes = []
    if (entitled or registration) and sessions and workshop.state == WorkshopState.PUBLISHED:
        clashes = clashes_of(user.pk, workshop, sessions, now)
    return Standing(
        registration=registration,
        rank=(registration.rank or 0) if registration else 0,
        may_register=entitled and not closed and registration is None,
        may_cancel=registration is not None and begins is not None and begins > now,
        is_full=is_full(workshop, workshop.waiting),  # type: ignore[attr-defined]
        closed=closed,
        clashes=clashes,
    )


def clashes_of(
    person_id: Any, workshop: Workshop, sessions: list[Session], now: datetime
) -> list[Appointment]:
    """The person's other appointments at the time of a future session."""
    ahead = [session for session in sessions if session.ends_at > now]
    if not ahead:
        return []
    own = f"/workshops/{workshop.slug}/"
    return [
        one
        for one in appointments(person_id, ahead[0].starts_at, max(s.ends_at for s in ahead))
        if one.url != own
        and any(one.starts_at < s.ends_at and s.starts_at < one.ends_at for s in ahead)
    ]
