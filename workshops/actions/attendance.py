"""Attendance at the sessions."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.audit import Actor
from core.errors import RuleViolation
from core.verbs import Step, Steps, verb
from workshops.actions.places import lock_session
from workshops.models import Attendance, Registration, Session
from workshops.states import RegistrationState

Line = tuple[str, int | None]
"""Presence and minutes; None for the whole session."""


def record_attendance(
    session: Session,
    registration: Registration,
    presence: str,
    minutes: int | None = None,
    *,
    by: Actor,
    now: datetime,
) -> Attendance:
    """Records that somebody was present (for ``minutes``, by default the whole session), excused or absent (0
    minutes); recording again corrects it. Raises RuleViolation as ``record_sheet`` does."""
    lines = {registration.pk: (presence, minutes)}
    return record_sheet(session, by=by, now=now, lines=lines)[registration.pk]


@verb("record", lock=lock_session)
def record_sheet(
    session: Session, *, by: Actor, now: datetime, lines: Mapping[uuid.UUID, Line]
) -> Steps[dict[uuid.UUID, Attendance]]:
    """Records all ``lines`` (by registration) or none; returns the entries by registration.

    The workshop is locked first (promise C4): the session can't be moved or removed meanwhile, and two
    simultaneous sheets are saved one after the other. Raises RuleViolation for a deleted session or one that
    has not begun, for somebody without a place in its workshop, and for more minutes than the session has.
    """
    if session.starts_at > now:
        raise RuleViolation(_("Attendance is recorded once the session has started."), code="early")
    places = Registration.objects.filter(pk__in=lines).select_for_update(of=("self",))
    held = {one.pk: one for one in places.order_by("pk")}
    known = {
        one.registration_id: one
        for one in Attendance.objects.filter(session=session, registration__in=lines)
    }
    entries = {}
    for key, (presence, minutes) in lines.items():
        registration = _with_place(held.get(key), session)
        entry = known.get(key) or Attendance(registration=registration, session=session)
        entries[key] = entry
        if presence not in Attendance.Presence.values:
            raise RuleViolation(_("Please choose present, excused or absent."), code="presence")
        counted = _minutes(session, presence, minutes)
        if (entry.presence, entry.minutes) == (presence, counted):
            continue
        entry.presence, entry.minutes = presence, counted
        yield Step(
            entry,
            fields=["presence", "minutes"],
            values={"presence": presence, "minutes": counted, "registration": key},
            cohort_id=session.workshop.cohort_id,
        )
    return entries


def _with_place(registration: Registration | None, session: Session) -> Registration:
    if registration is None or registration.state != RegistrationState.CONFIRMED:
        raise RuleViolation(_("This person has no place in the workshop."), code="state")
    if registration.workshop_id != session.workshop_id:
        raise RuleViolation(_("This session belongs to another workshop."), code="session")
    return registration


def _minutes(session: Session, presence: str, minutes: int | None) -> int:
    if presence != Attendance.Presence.PRESENT:
        return 0
    if minutes is None:
        return session.minutes
    if not 0 < minutes <= session.minutes:
        raise RuleViolation(
            _("The session has %(minutes)d minutes; please enter 1 to %(minutes)d.")
            % {"minutes": session.minutes},
            field="minutes",
            code="minutes",
        )
    return minutes
