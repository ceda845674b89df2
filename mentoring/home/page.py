"""Composes the page from the apps' parts; contains no rule of its own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.todo import NextAction, WaitingOn
from matching import todo as matching_todo
from matching.models import Tandem
from matching.states import HELD
from meetings import todo as meetings_todo
from meetings.models import Meeting
from mentees import todo as mentees_todo
from mentees.models import Application, Mentee
from mentees.states import ApplicationState
from mentees.status import standing
from mentoring.home.timeline import timeline_of
from programme.models import Cohort
from workshops import todo as workshops_todo
from workshops.credits import credit, entries

WAITING = (mentees_todo, matching_todo, meetings_todo, workshops_todo)


def compose(user: User, now: datetime) -> dict[str, Any]:
    """The context of ``home/home.html`` for ``user`` at ``now``; a constant number of queries for each role."""
    mentee = (
        Mentee.objects.of(user)
        .select_related("user", "cohort", "application__subject", "application__degree")
        .first()
    )
    applications = (
        Application.objects.of(user).without_spare().exclude(state=ApplicationState.DRAFT)
    )
    tandem = (
        Tandem.objects.of_mentee(user)
        .filter(
            state__in=(*HELD, "mentor_asked", "approved", "mentee_agreed", "draft", "completed")
        )
        .select_related("mentor__user", "mentee__user", "cohort", "mentee__application__subject")
        .order_by("-proposed_at")
        .first()
        if mentee
        else None
    )
    next_actions = sorted_next_actions(user, now)
    application = (
        None if mentee else applications.select_related("cohort").order_by("-state_since").first()
    )
    context: dict[str, Any] = {
        "mentee": mentee,
        "application": application,
        "tandem": tandem,
        "next_action": next_actions[0] if next_actions else None,
        "other_next_actions": next_actions[1:],
        "waiting_on": sorted_waiting_on(user, now),
        "mentoring": list(
            Tandem.objects.of_mentor(user)
            .filter(state__in=(*HELD, "mentor_asked", "completed"))
            .select_related("mentee__user", "mentee__application__subject", "mentor", "cohort")
            .order_by("-proposed_at")
        ),
        "workshops": entries(user, now=now),
    }
    if application:
        context["standing"] = standing(application, now)
        context["can_withdraw"] = application.TABLE.allows(application.state, "withdraw")
    if tandem and tandem.state in (*HELD, "mentor_asked", "completed"):
        meetings = list(Meeting.objects.filter(tandem=tandem).order_by("number"))
        context["course"] = timeline_of(tandem, meetings, now)
        context["meetings"] = meetings
    if mentee:
        context["months"] = months_of(mentee.cohort, timezone.localdate(now))
        context["credit"] = credit(user, mentee.cohort)
    return context


def sorted_next_actions(user: User, now: datetime) -> list[NextAction]:
    """The person's next actions, the earliest deadline first, those without one last."""
    next_actions = [next_action for app in WAITING for next_action in app.next_actions(user, now)]
    return sorted(
        next_actions,
        key=lambda next_action: (next_action.deadline is None, next_action.deadline or now),
    )


def sorted_waiting_on(user: User, now: datetime) -> list[WaitingOn]:
    """What others have to do next, in the order of their deadlines."""
    waiting_on = [
        wait
        for app in (mentees_todo, matching_todo, meetings_todo)
        for wait in app.waiting_on(user, now)
    ]
    return sorted(waiting_on, key=lambda wait: (wait.deadline is None, wait.deadline or now))


def months_of(cohort: Cohort, today: date) -> dict[str, Any]:
    """The months of a cohort as bars: a title with the count, and the bars."""
    months, year, month = [], cohort.starts_on.year, cohort.starts_on.month
    while (year, month) <= (cohort.ends_on.year, cohort.ends_on.month):
        months.append(date(year, month, 1))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    this = date(today.year, today.month, 1)
    measures = [
        {
            "label": formats.date_format(one, "F"),
            "short": formats.date_format(one, "F")[0],
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
