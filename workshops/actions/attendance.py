"""Presence at the sessions."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentoring import audit
from mentoring.audit import Actor
from mentoring.retries import patiently
from mentoring.transitions import RuleViolation
from workshops.models import Attendance, Registration, Session


@patiently
def record_attendance(
    session: Session,
    registration: Registration,
    presence: str,
    minutes: int | None = None,
    *,
    by: Actor,
    now: datetime,
) -> Attendance:
    """Records that somebody was present (for ``minutes``, the whole session unless told), excused or
    absent (0 minutes); recording again corrects it.

    Raises RuleViolation before the session begins, for somebody without a place, for another workshop's
    session, and for more minutes than the session has.
    """
    with transaction.atomic():
        held: Registration = Registration.objects.select_for_update(of=("self",)).get(
            pk=registration.pk
        )
        if held.workshop_id != session.workshop_id:
            raise RuleViolation(_("This session belongs to another workshop."), code="session")
        if held.state != "confirmed":
            raise RuleViolation(_("This person has no place in the workshop."), code="state")
        if session.starts_at > now:
            raise RuleViolation(
                _("Attendance is recorded once the session has begun."), code="early"
            )
        if presence not in Attendance.Presence.values:
            raise RuleViolation(_("Please choose present, excused or absent."), code="presence")
        counted = _minutes(session, presence, minutes)
        entry = Attendance.objects.filter(registration=held, session=session).first()
        if entry is None:
            entry = Attendance(registration=held, session=session)
        elif (entry.presence, entry.minutes) == (presence, counted):
            return entry
        entry.presence, entry.minutes = presence, counted
        entry.save()
        audit.record(
            entry,
            "record",
            by=by,
            now=now,
            fields=["presence", "minutes"],
            values={"presence": presence, "minutes": counted, "registration": held.pk},
            cohort_id=registration.workshop.cohort_id,
        )
        return entry


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
