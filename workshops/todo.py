"""Next actions of people who moved up, and the coordinators' items about workshops."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.ui import day, short_day
from core.todo import DeskItem, NextAction
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
        for begins in [session.starts_at for session in one.workshop.sessions.all()][:1]
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


def desk_items(user: Any, now: datetime) -> list[DeskItem]:
    """The coordinator's items about workshops. Four queries, and one more per item."""
    own = Workshop.objects.coordinated_by(user)
    items = [
        _attendance_missing(user, now),
        _without_registrations(own, now),
        _drafts(own, now),
        _lines(own, now),
    ]
    return [item for item in items if item is not None]


def _attendance_missing(user: Any, now: datetime) -> DeskItem | None:
    missing = (
        Session.objects.unrecorded(now)
        .filter(workshop__in=Workshop.objects.coordinated_by(user))
        .select_related("workshop")
        .order_by("starts_at")
    )
    oldest = missing.first()
    if oldest is None:
        return None
    number = Workshop.objects.coordinated_by(user).unrecorded(now).count()
    return DeskItem(
        count=number,
        title=ngettext(
            "workshop with attendance missing", "workshops with attendance missing", number
        ),
        detail=_("the oldest: %(title)s, %(day)s")
        % {"title": oldest.workshop.title, "day": short_day(oldest.starts_at)},
        url=reverse("admin:workshops_attendance", args=[oldest.workshop_id, oldest.pk])
        if number == 1
        else f"{reverse('admin:workshops_workshop_changelist')}?line=attendance",
        urgent=now - oldest.ends_at > timedelta(days=7),
        since=oldest.ends_at,
    )


def _without_registrations(own: Any, now: datetime) -> DeskItem | None:
    number, first = _counted(own.empty(now, SOON))
    if first is None:
        return None
    return DeskItem(
        count=number,
        title=ngettext(
            "workshop within a week without registrations",
            "workshops within a week without registrations",
            number,
        ),
        detail=_("%(title)s, %(day)s") % {"title": first.title, "day": short_day(first.next_at)},
        url=_change(first)
        if number == 1
        else f"{reverse('admin:workshops_workshop_changelist')}?line=empty",
        urgent=True,
    )


def _drafts(own: Any, now: datetime) -> DeskItem | None:
    number, first = _counted(own.drafts(now, DRAFTS_WITHIN))
    if first is None:
        return None
    return DeskItem(
        count=number,
        title=ngettext("workshop is not published yet", "workshops are not published yet", number),
        detail=_("%(title)s begins on %(day)s")
        % {"title": first.title, "day": day(first.begins, now)},
        url=_change(first)
        if number == 1
        else f"{reverse('admin:workshops_workshop_changelist')}?line=drafts",
        urgent=first.begins - now < SOON,
    )


def _lines(own: Any, now: datetime) -> DeskItem | None:
    number, longest = _counted(own.with_a_line(now).order_by("-waiting", "title"))
    if longest is None:
        return None
    return DeskItem(
        count=number,
        title=ngettext("workshop has a waiting list", "workshops have waiting lists", number),
        detail=ngettext(
            "%(title)s: one person is waiting",
            "%(title)s: %(number)d people are waiting",
            longest.waiting,
        )
        % {"title": longest.title, "number": longest.waiting},
        url=_change(longest)
        if number == 1
        else f"{reverse('admin:workshops_workshop_changelist')}?line=waiting",
    )


def _counted(found: Any) -> tuple[int, Any]:
    """The number of workshops, and the first in their order; None where there is none."""
    number = found.count()
    return number, found.first() if number else None


def _change(workshop: Workshop) -> str:
    return reverse("admin:workshops_workshop_change", args=[workshop.pk])
