"""What applicants and coordinators have to do about applications."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.ui import day, until_when
from core.todo import DeskItem, NextAction, WaitingOn, counted, way
from mentees.models import Application, MentorWish
from mentees.states import TO_DECIDE, TO_DECIDE_OR_ACCEPTED, ApplicationState
from programme.models import Cohort

# A decision due this soon is marked as urgent.
SOON = timedelta(days=3)


def next_actions(applications: Iterable[Application], now: datetime) -> list[NextAction]:
    """Confirming, attending the talk, undoing a withdrawal. Empty while only the coordinators have to act."""
    found = (_next_action(application, now) for application in applications)
    return [next_action for next_action in found if next_action is not None]


def _next_action(application: Application, now: datetime) -> NextAction | None:
    url = reverse("my_application_detail", args=[application.pk])
    context = {"application": application}
    state = application.state
    if state == ApplicationState.UNCONFIRMED and now < application.confirm_until:
        title = _("Confirm your application")
        template = "mentees/next_actions/confirm.html"
        return NextAction(title, url, template, context, application.confirm_until)
    if state == ApplicationState.INVITED and application.talk_at and now < application.talk_at:
        title = _("Come to the selection interview")
        return NextAction(
            title, url, "mentees/next_actions/talk.html", context, application.talk_at
        )
    if application.confirmed_at and application.can_undo(now):
        title = _("Undo the withdrawal, if you wish")
        return NextAction(
            title, url, "mentees/next_actions/undo.html", context, application.undo_until
        )
    return None


def waiting_on(applications: Iterable[Application]) -> list[WaitingOn]:
    """The decisions of coordinators that the person waits for, and their deadlines."""
    return [
        WaitingOn(
            _("You will hear from us by %(day)s.") % {"day": until_when(one.decide_by)},
            one.decide_by,
        )
        for one in applications
        if one.state in TO_DECIDE and one.decide_by is not None
    ]


def groups_at(now: datetime) -> dict[str, Q]:
    """The groups of applications that the desk counts, by name; the list of applications filters by the same."""
    return {
        "to_read": Q(state=ApplicationState.SUBMITTED),
        "reading": Q(state=ApplicationState.IN_REVIEW),
        "talked": Q(state=ApplicationState.INVITED, talk_at__lte=now),
        "talks": Q(state=ApplicationState.INVITED, talk_at__gt=now),
        "waiting": Q(state=ApplicationState.WAITLISTED, decide_by__lte=now + SOON),
        "wishes": Q(pk__in=MentorWish.objects.found_in_network(now).values("application")),
    }


def titles(numbers: Mapping[str, int]) -> dict[str, str]:
    """The titles of the groups of ``numbers``, on the desk and in the list's filter."""
    return {
        "to_read": ngettext("application to read", "applications to read", numbers["to_read"]),
        "reading": ngettext(
            "application being read", "applications being read", numbers["reading"]
        ),
        "talked": ngettext(
            "interview held, decision outstanding",
            "interviews held, decision outstanding",
            numbers["talked"],
        ),
        "talks": ngettext(
            "selection interview coming up", "selection interviews coming up", numbers["talks"]
        ),
        "waiting": ngettext(
            "application on the waiting list, decision outstanding",
            "applications on the waiting list, decision outstanding",
            numbers["waiting"],
        ),
        "wishes": ngettext(
            "application names somebody in our network",
            "applications name somebody in our network",
            numbers["wishes"],
        ),
    }


def desk_items(cohorts: Sequence[Cohort], now: datetime) -> list[DeskItem]:
    """What coordinators have to read and to decide, in one query for any number of applications."""
    groups = groups_at(now)
    meant = groups.pop("wishes")
    own = Application.objects.readable().filter(cohort__in=[one.pk for one in cohorts])
    found = counted(
        own.filter(state__in=TO_DECIDE_OR_ACCEPTED),
        groups,
        among=meant,
        since="state_since",
        due="decide_by",
        sent="sent_at",
        talk="talk_at",
    )
    numbers = {name: row["count"] for name, row in found.items()}
    wishes = sum(row["count_among"] for row in found.values())
    title = titles({**dict.fromkeys(groups, 0), **numbers, "wishes": wishes})
    items = [_item(name, title[name], found[name], now) for name in groups if name in found]
    if wishes:
        first = next(row["one_among"] for row in found.values() if row["count_among"])
        items.append(_wishes(title["wishes"], wishes, first))
    return items


def _item(name: str, title: Any, found: Mapping[str, Any], now: datetime) -> DeskItem:
    due = found["due"]
    by = {"due": until_when(due, "day", now)}
    since, urgent = found["since"], _urgent(due, now)
    match name:
        case "to_read":
            detail = _("The oldest arrived on %(since)s; decision due by %(due)s") % {
                "since": day(found["sent"], now),
                **by,
            }
        case "talks":
            detail = _("The next is on %(day)s") % {"day": day(found["talk"], now)}
            since, urgent = found["talk"], _today(found["talk"], now)
        case "waiting":
            detail, urgent = _("An answer is promised by %(due)s") % by, True
        case _:
            detail = _("Decision due by %(due)s") % by
            since = found["talk"] if name == "talked" else since
    url = way(Application, found["count"], found["one"], f"waiting={name}")
    return DeskItem(found["count"], title, detail, url, urgent=urgent, since=since)


def _wishes(title: Any, count: int, one: Any) -> DeskItem:
    """Wishes by name for a mentor who is in the network by now: the plan counts them once they are linked."""
    url = f"{reverse('admin:mentees_application_changelist')}?waiting=wishes"
    if count == 1:
        url = reverse("admin:mentees_application_verb", args=[UUID(str(one)), "join_wishes"])
    return DeskItem(count, title, _("Link it so that the plan counts it"), url)


def _today(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and localdate(moment) == localdate(now)


def _urgent(due: datetime | None, now: datetime) -> bool:
    return due is not None and due <= now + SOON
