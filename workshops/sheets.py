"""The attendance sheet of a session: one line per participant, saved by ``record_sheet``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from core.audit import Actor
from core.errors import RuleViolation
from core.http import Sent
from workshops.actions import record_sheet
from workshops.forms import AttendanceForm, RestForm
from workshops.models import Attendance, Registration, Session, Workshop


class Sheet:
    """The lines of one session by name. Two queries, however many there are."""

    def __init__(self, session: Session, sent: Sent) -> None:
        recorded = {one.registration_id: one for one in Attendance.objects.filter(session=session)}
        registrations = (
            Registration.objects.places()
            .filter(workshop=session.workshop_id)
            .select_related("person", "workshop")
            .order_by("person__name", "place_in_line")
        )
        self.session = session
        self.forms = [
            AttendanceForm(*sent, registration=one, session=session, recorded=recorded.get(one.pk))
            for one in registrations
        ]
        self.rest = RestForm(*sent, prefix="rest")
        self.recorded = len(recorded)
        self.broken: list[AttendanceForm] = []

    def is_valid(self) -> bool:
        """Whether every line can be saved; each line keeps its errors, ``broken`` names those with any."""
        self.broken = [form for form in self.forms if not form.is_valid()]
        return self.rest.is_valid() and not self.broken

    def save(self, *, by: Actor, now: datetime) -> tuple[int, str]:
        """Records all chosen lines at once, and as present those without a choice if ``rest`` says so.

        Participants who were added after the sheet was opened are not included in the rest.

        Returns how many were recorded, and a sentence when a rule refused (then nothing was recorded).
        """
        unsaid = Attendance.Presence.PRESENT if self.rest.cleaned_data["present"] else ""
        lines = {
            form.registration.pk: (presence, form.cleaned_data["minutes"])
            for form in self.forms
            if (
                presence := form.cleaned_data["presence"] or ("" if form.came_meanwhile else unsaid)
            )
        }
        try:
            return len(record_sheet(self.session, by=by, now=now, lines=lines)), ""
        except RuleViolation as violation:
            return 0, str(violation)


def links(workshop: Workshop, now: datetime) -> list[dict[str, Any]]:
    """The sheets of a workshop: session, address, whether it has begun and is recorded. Two queries."""
    unrecorded = set(
        Session.objects.unrecorded(now).filter(workshop=workshop).values_list("pk", flat=True)
    )
    return [
        {
            "session": session,
            "url": reverse("admin:workshops_attendance", args=[workshop.pk, session.pk]),
            "begun": session.starts_at <= now,
            "missing": session.pk in unrecorded,
        }
        for session in workshop.sessions.all()
    ]


def render(request: HttpRequest, context: dict[str, Any], *, failed: bool) -> HttpResponse:
    """The page of a sheet; status 400 when it was sent and not saved."""
    return TemplateResponse(
        request, "workshops/admin/attendance.html", context, status=400 if failed else 200
    )
