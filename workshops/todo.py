"""Next actions of people who moved up, and the coordinators' items about workshops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.ui import day, short_day
from core.todo import DeskItem, NextAction
from programme.models import Cohort
from workshops.models import Registration, Session, Workshop, WorkshopQuerySet
from workshops.states import RegistrationState, WorkshopState

NEWS_FOR = timedelta(days=7)
SOON = timedelta(days=7)
DRAFTS_WITHIN = timedelta(days=21)


def next_actions(registrations: Iterable[Registration], now: datetime) -> list[NextAction]:
    """Places the person got from the waiting list within the last week, as long as they can be given back.
    The deadline is the start. Of registrations read ``with_hours``."""
    return [
        NextAction(
            title=_("A place for you: %(title)s") % {"title": one.workshop.title},
            url=reverse("workshop", args=[one.workshop.slug]),
            template="workshops/next_actions/promoted.html",
            context={"registration": one, "workshop": one.workshop, "begins": begins},
            deadline=begins,
        )
        for one in registrations
        if _moved_up(one, now)
        for begins in [session.starts_at for session in one.workshop.session_list[:1]]
        if begins > now
    ]


def _moved_up(registration: Registration, now: datetime) -> bool:
    return (
        registration.state == RegistrationState.CONFIRMED
        and registration.workshop.state == WorkshopState.PUBLISHED
        and registration.state_since > registration.joined_at
        and registration.state_since >= now - NEWS_FOR
        and not registration.extra
    )


def groups_at(now: datetime) -> dict[str, WorkshopQuerySet]:
    """The groups of workshops that the desk counts, by name; the list of workshops filters by the same."""
    return {
        "waiting": Workshop.objects.with_a_line(now),
        "attendance": Workshop.objects.unrecorded(now),
        "empty": Workshop.objects.empty(now, SOON),
        "drafts": Workshop.objects.drafts(now, DRAFTS_WITHIN),
    }


@dataclass(frozen=True)
class Open:
    """What a workshop needs, by the name of its group: the session or date, and a ``number`` that is the key of
    the session or how many are waiting."""

    group: str
    workshop: Any
    title: str
    begins: datetime
    ends: datetime
    number: int


def desk_items(cohorts: Sequence[Cohort], now: datetime) -> list[DeskItem]:
    """The items about workshops. One query, which returns a row for each workshop that needs
    something, and for each session with attendance missing."""
    own = Workshop.objects.filter(cohort__in=[one.pk for one in cohorts])
    sessions = Session.objects.unrecorded(now).filter(workshop__in=own.values("pk"))
    rows = (
        sessions.order_by()
        .values_list(
            Value("attendance"), "workshop", "workshop__title", "starts_at", "ends_at", "pk"
        )
        .union(
            *(
                found.order_by().values_list(Value(group), "pk", "title", when, F(when), number)
                for group, found, when, number in (
                    ("empty", own.empty(now, SOON), "next_at", F("taken")),
                    ("drafts", own.drafts(now, DRAFTS_WITHIN), "begins", F("taken")),
                    ("waiting", own.with_a_line(now), "state_since", F("waiting")),
                )
            ),
            all=True,
        )
    )
    found: dict[str, list[Open]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(Open(*row))
    order = ("attendance", "empty", "drafts", "waiting")
    return [_item(found[group], now) for group in order if group in found]


def _item(found: list[Open], now: datetime) -> DeskItem:
    group, number = found[0].group, len({one.workshop for one in found})
    by_date = sorted(found, key=lambda one: (one.begins, one.title))
    first = (
        min(found, key=lambda one: (-one.number, one.title)) if group == "waiting" else by_date[0]
    )
    title = first.title
    url = f"{reverse('admin:workshops_workshop_changelist')}?line={group}"
    if number == 1:
        url = reverse("admin:workshops_workshop_change", args=[first.workshop])
    match group:
        case "attendance":
            if number == 1:
                url = reverse("admin:workshops_attendance", args=[first.workshop, first.number])
            return DeskItem(
                number,
                ngettext(
                    "workshop with attendance missing", "workshops with attendance missing", number
                ),
                _("the oldest: %(title)s, %(day)s")
                % {"title": title, "day": short_day(first.begins)},
                url,
                urgent=now - first.ends > timedelta(days=7),
                since=first.ends,
            )
        case "empty":
            return DeskItem(
                number,
                ngettext(
                    "workshop within a week without registrations",
                    "workshops within a week without registrations",
                    number,
                ),
                _("%(title)s, %(day)s") % {"title": title, "day": short_day(first.begins)},
                url,
                urgent=True,
            )
        case "drafts":
            return DeskItem(
                number,
                ngettext(
                    "workshop is not published yet", "workshops are not published yet", number
                ),
                _("%(title)s begins on %(day)s") % {"title": title, "day": day(first.begins, now)},
                url,
                urgent=first.begins - now < SOON,
            )
    detail = ngettext(
        "%(title)s: one person is waiting", "%(title)s: %(number)d people are waiting", first.number
    ) % {"title": title, "number": first.number}
    waits = ngettext("workshop has a waiting list", "workshops have waiting lists", number)
    return DeskItem(number, waits, detail, url)
