"""The workshops panel of a mentee: registrations, and hours towards the credit points."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backoffice.related_panels import (
    Panel,
    PanelRow,
    about,
    column,
)
from core.templatetags.ui import hours, in_hours, short_day
from workshops.credits import Credit, Entry, credit, entries
from workshops.models import Attendance, Registration
from workshops.states import RegistrationState, WorkshopState


@about("mentees.Mentee")
def workshops_of(obj: Any, user: Any, now: datetime) -> Panel | None:
    """The mentee's workshops in the cohort, in the order of their dates, and the hours reached."""
    registrations = Registration.objects.of(obj.user_id).filter(workshop__cohort=obj.cohort_id)
    found = registrations.with_hours()
    rows = tuple(
        PanelRow(
            one.registration.workshop.title,
            reverse("admin:workshops_registration_change", args=[one.registration.pk]),
            format_html('<span class="state state-{}">{}</span>', one.look, _became(one)),
            _detail(one),
        )
        for one in entries(found, now=now)
    )
    return Panel(_("Workshops"), _hours_sentence(credit(found, obj.cohort)), rows)


def _hours_sentence(so_far: Credit) -> str:
    told = ngettext(
        "Hours: %(have)s of %(need)s for %(points)d credit point.",
        "Hours: %(have)s of %(need)s for %(points)d credit points.",
        so_far.points,
    ) % {
        "have": hours(so_far.minutes),
        "need": hours(so_far.needed_minutes),
        "points": so_far.points,
    }
    if not so_far.soon_minutes:
        return told
    return f"{told} " + _("Registered for %(hours)s more.") % {
        "hours": in_hours(so_far.soon_minutes)
    }


def _became(entry: Entry) -> str:
    registration = entry.registration
    if entry.left_out:
        return _("no place became free")
    if registration.state == RegistrationState.WAITLISTED:
        return _("waiting list, number %(rank)s") % {"rank": entry.rank}
    if entry.recorded and registration.state == RegistrationState.CONFIRMED:
        if entry.minutes == entry.of_minutes:
            return _("attended")
        return _("attended in part") if entry.minutes else _("not attended")
    if registration.workshop.state == WorkshopState.CANCELLED:
        return str(registration.workshop.state_word().label)
    return str(registration.state_word().label)


def _detail(entry: Entry) -> str:
    first = short_day(entry.begins)
    if not entry.recorded or entry.registration.state != RegistrationState.CONFIRMED:
        return first
    have = _("%(have)s of %(need)s") % {
        "have": hours(entry.minutes),
        "need": in_hours(entry.of_minutes),
    }
    return f"{first} · {have}"


@column("mentees.Mentee", gettext_lazy("workshop hours"))
def hours_present(rows: list[Any], now: datetime) -> dict[Any, Any]:
    """Attended hours in the workshops of the mentee's cohort, of those needed for the credit points."""
    present = Attendance.objects.filter(
        registration__person__in=[one.user_id for one in rows],
        presence=Attendance.Presence.PRESENT,
    ).values_list("registration__person", "registration__workshop__cohort")
    sums = {
        (who, cohort): sum_ for who, cohort, sum_ in present.annotate(Sum("minutes")).order_by()
    }
    return {
        one.pk: format_html(
            '<span class="one-line num">{}</span>',
            _("%(have)s of %(need)s")
            % {
                "have": hours(sums.get((one.user_id, one.cohort_id), 0)),
                "need": hours(one.cohort.workshop_hours * 60 * Decimal(one.cohort.credit_share)),
            },
        )
        for one in rows
    }
