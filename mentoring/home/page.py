"""Composes the page from the apps' parts; contains no rule of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any, TypeVar

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.models import User
from matching import todo as matching_todo
from matching.models import Tandem
from matching.states import HELD
from meetings import todo as meetings_todo
from meetings.appointments import of_meetings
from meetings.models import Meeting
from meetings.states import MeetingState
from mentees import todo as mentees_todo
from mentees.models import Application, without_spare
from mentees.status import standing
from mentoring.home.lines import lines_of
from mentoring.home.timeline import timeline_of
from programme.models import Cohort
from workshops import todo as workshops_todo
from workshops.appointments import of_registrations
from workshops.credits import credit, entries
from workshops.models import Registration

R = TypeVar("R")
LAST = datetime.max.replace(tzinfo=UTC)
IN_TANDEM = (*HELD, "mentor_asked", "completed")  # shown to both sides, with its meetings
NOT_YET = ("draft", "mentee_agreed", "approved")  # shown to the mentee alone


def compose(user: User, now: datetime) -> dict[str, Any]:
    """The context of ``home/home.html`` for ``user`` at ``now``. Nine queries at most, for any number of rows:
    everything of the person is read once, and each app's ``todo`` looks at the same rows."""
    sent = Application.objects.sent_by(user).select_related("cohort", "subject", "mentee")
    applications = latest_first(without_spare(sent.order_by()), "state_since")
    mentee = next((one.mentee for one in applications if hasattr(one, "mentee")), None)
    if mentee is not None:
        mentee.user, mentee.cohort = user, mentee.application.cohort
    tandems = latest_first(Tandem.objects.of_members(user, mentee).order_by(), "proposed_at")
    tandem = next(
        (
            one
            for one in tandems
            if one.mentee.user_id == user.pk and one.state in (*IN_TANDEM, *NOT_YET)
        ),
        None,
    )
    meetings = Meeting.objects.of_tandems(tandems) if tandems else []
    partner = tandem.mentor.user_id if tandem else None
    registrations = Registration.objects.of(user).with_company(partner).with_hours()
    offers = any(one.state == MeetingState.PROPOSED for one in meetings)
    booked = [*of_meetings(meetings, user.pk), *of_registrations(registrations)] if offers else []
    next_actions = by_deadline(
        [
            *mentees_todo.next_actions(applications, now),
            *matching_todo.next_actions(tandems, user, now),
            *meetings_todo.next_actions(tandems, meetings, booked, user, now),
            *workshops_todo.next_actions(registrations, now),
        ]
    )
    context: dict[str, Any] = {
        "mentee": mentee,
        "application": applications[0] if applications and mentee is None else None,
        "tandem": tandem,
        "next_action": next_actions[0] if next_actions else None,
        "other_next_actions": next_actions[1:],
        "waiting_on": by_deadline(
            [
                *mentees_todo.waiting_on(applications),
                *matching_todo.waiting_on(tandems, mentee, user, now),
                *meetings_todo.waiting_on(tandems, meetings, user, now),
            ]
        ),
        "mentoring": [
            one for one in tandems if one.mentor.user_id == user.pk and one.state in IN_TANDEM
        ],
        "workshops": entries(registrations, now=now),
    }
    if application := context["application"]:
        context["standing"] = standing(application, now)
        context["can_withdraw"] = application.TABLE.allows(application.state, "withdraw")
    if tandem and tandem.state in IN_TANDEM:
        own = [one for one in meetings if one.tandem_id == tandem.pk]
        context["timeline"] = timeline_of(tandem, own, now)
        context["lines"] = lines_of(tandem, own, registrations, now)
        context["offer"] = next((one for one in own if one.state == MeetingState.PROPOSED), None)
    if mentee:
        context["months"] = months_of(mentee.cohort, timezone.localdate(now))
        context["credit"] = credit(registrations, mentee.cohort)
    return context


def latest_first(found: Iterable[R], moment: str) -> list[R]:
    """Sorted here: for a person's few rows an ``ORDER BY`` takes the ORM longer to write."""
    return sorted(found, key=attrgetter(moment), reverse=True)


def by_deadline(found: list[Any]) -> list[Any]:
    """The earliest deadline first, those without one last."""
    return sorted(found, key=lambda one: (one.deadline is None, one.deadline or LAST))


def months_of(cohort: Cohort, today: date) -> dict[str, Any]:
    """The months of a cohort as bars: a title with the count, and the bars."""
    months, year, month = [], cohort.starts_on.year, cohort.starts_on.month
    while (year, month) <= (cohort.ends_on.year, cohort.ends_on.month):
        months.append(date(year, month, 1))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    this = date(today.year, today.month, 1)
    measures = [
        {
            "label": (name := formats.date_format(one, "F")),
            "short": name[0],
            "state": "done" if one < this else "now" if one == this else "ahead",
        }
        for one in months
    ]
    if this in months:
        title = _("%(month)s, month %(number)d of %(all)d") % {
            "month": formats.date_format(this, "F"),
            "number": months.index(this) + 1,
            "all": len(months),
        }
    elif this < months[0]:
        title = _("Begins on %(day)s") % {
            "day": formats.date_format(cohort.starts_on, "DATE_FORMAT")
        }
    else:
        title = _("Ended on %(day)s") % {"day": formats.date_format(cohort.ends_on, "DATE_FORMAT")}
    return {"title": title, "measures": measures}
