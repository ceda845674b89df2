"""What applicants and coordinators have to do about applications."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.ui import day, until_when
from core.todo import (
    DeskItem,
    NextAction,
    WaitingOn,
    only,
    way,
)
from mentees.models import Application, MentorWish
from mentees.states import TO_DECIDE, ApplicationState

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


def desk_items(user: Any, now: datetime) -> list[DeskItem]:
    """What the coordinator has to read and to decide, in two queries for any number of applications."""
    groups = groups_at(now)
    del groups["wishes"]
    columns: dict[str, Any] = {}
    for name, which in groups.items():
        columns |= {
            name: Count("pk", filter=which),
            f"{name}_since": Min("state_since", filter=which),
            f"{name}_due": Min("decide_by", filter=which),
            f"{name}_one": only(which),
        }
    found = (
        Application.objects.coordinated_by(user)
        .filter(state__in=TO_DECIDE)
        .aggregate(
            **columns,
            oldest=Min("sent_at", filter=groups["to_read"]),
            first_talk=Min("talk_at", filter=groups["talked"]),
            next_talk=Min("talk_at", filter=groups["talks"]),
        )
    )

    title = titles({**found, "wishes": 0})

    def item(name: str, detail: Any, **more: Any) -> DeskItem:
        url = way(Application, found[name], found[f"{name}_one"], f"waits={name}")
        more.setdefault("since", found[f"{name}_since"])
        return DeskItem(found[name], title[name], detail, url, **more)

    decide = {name: {"due": until_when(found[f"{name}_due"], "day", now)} for name in groups}
    items = [
        item(
            "to_read",
            _("The oldest arrived on %(since)s; decision due by %(due)s")
            % {"since": day(found["oldest"], now), **decide["to_read"]},
            urgent=_urgent(found["to_read_due"], now),
        ),
        item(
            "reading",
            _("Decision due by %(due)s") % decide["reading"],
            urgent=_urgent(found["reading_due"], now),
        ),
        item(
            "talked",
            _("Decision due by %(due)s") % decide["talked"],
            since=found["first_talk"],
            urgent=_urgent(found["talked_due"], now),
        ),
        item(
            "talks",
            _("The next is on %(day)s") % {"day": day(found["next_talk"], now)},
            since=found["next_talk"],
            urgent=_today(found["next_talk"], now),
        ),
        item(
            "waiting",
            _("An answer is promised by %(due)s") % decide["waiting"],
            urgent=True,
        ),
    ]
    return [*(item for item in items if item.count), *_wishes_found(user, now)]


def _wishes_found(user: Any, now: datetime) -> list[DeskItem]:
    """Wishes by name for a mentor who is in the network by now: the plan counts them once they are linked."""
    meant = groups_at(now)["wishes"]
    found = list(
        Application.objects.coordinated_by(user)
        .readable()
        .filter(meant)
        .order_by("sent_at")
        .values_list("pk", flat=True)
    )
    if not found:
        return []
    title = titles(dict.fromkeys(groups_at(now), len(found)))["wishes"]
    url = f"{reverse('admin:mentees_application_changelist')}?waits=wishes"
    if len(found) == 1:
        url = reverse("admin:mentees_application_verb", args=[found[0], "join_wishes"])
    return [DeskItem(len(found), title, _("Link it so that the plan counts it"), url)]


def _today(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and localdate(moment) == localdate(now)


def _urgent(due: datetime | None, now: datetime) -> bool:
    return due is not None and due <= now + SOON
