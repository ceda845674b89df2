"""The start page of the admin (the desk): what coordinators have to do, figures per cohort, and links."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Value
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import matching.todo
import meetings.todo
import mentees.todo
import mentors.todo
import workshops.todo
from backoffice.model_admin import cohorts_of
from core.page_cache import kept
from core.states import StatefulModel
from core.templatetags.ui import full_day, until_when
from core.todo import DeskItem
from matching.models import Tandem
from mentees.models import Application, Mentee
from mentoring.desk import todo
from programme.models import Cohort
from workshops.models import Workshop

# In the order of a programme year; on the desk the oldest comes first.
SOURCES: tuple[Callable[[Sequence[Cohort], datetime], list[DeskItem]], ...] = (
    mentees.todo.desk_items,
    matching.todo.desk_items,
    meetings.todo.desk_items,
    workshops.todo.desk_items,
    mentors.todo.desk_items,
)


@dataclass(frozen=True)
class Share:
    """How many objects of a cohort are in one state."""

    number: int
    label: str
    look: str
    url: str


@dataclass(frozen=True)
class Figures:
    """The objects of one kind in a cohort: how many in all, and in each state."""

    label: str
    total: int
    url: str
    shares: list[Share]


@dataclass(frozen=True)
class CohortCard:
    """A running or coming cohort on the start page."""

    cohort: Cohort
    sentence: str
    url: str
    workbench: str
    figures: list[Figures]


@dataclass(frozen=True)
class Work:
    """What the coordinators of the same cohorts have in common: items and figures. No name of a person, since
    it is kept."""

    items: list[DeskItem]
    cards: list[CohortCard]
    past: list[Cohort]


@dataclass(frozen=True)
class Desk:
    """The content of the page: what coordinators have to do, today and otherwise, and what others have to do.
    The oldest first, items without an age last."""

    urgent: list[DeskItem]
    rest: list[DeskItem]
    others: list[DeskItem]
    cards: list[CohortCard]
    past: list[Cohort]

    @property
    def sentence(self) -> str:
        """How much coordinators have to do, in one sentence; empty for nothing."""
        number = len(self.urgent) + len(self.rest)
        if not number:
            return ""
        waits = ngettext(
            "One thing is waiting for you", "%(number)d things are waiting for you", number
        )
        late = ngettext("one of them today", "%(number)d of them today", len(self.urgent)) % {
            "number": len(self.urgent)
        }
        told = waits % {"number": number}
        return f"{told}, {late}." if self.urgent and number > 1 else f"{told}."


def desk_of(user: Any, now: datetime) -> Desk:
    """The content of the page for a coordinator, from their own cohorts only (promise A1).

    Items and figures are the same for all coordinators of the same cohorts and are kept until an audit event or
    the minute changes (``core/page_cache.py``). Mails are read each time: they name people, and their delivery
    leaves no audit event. The number of queries does not depend on how many people, mails or cohorts there are.
    """
    cohorts = sorted(cohorts_of(user), key=lambda one: one.starts_on)
    work = kept(f"desk:{_scope(cohorts)}", lambda: _work(cohorts, now))
    mails = todo.desk_items(user, cohorts, now)
    items = sorted([*work.items, *mails], key=lambda one: (one.since is None, one.since or now))
    return Desk(
        urgent=[one for one in items if one.urgent and not one.turn],
        rest=[one for one in items if not one.urgent and not one.turn],
        others=[one for one in items if one.turn],
        cards=work.cards,
        past=work.past,
    )


def _scope(cohorts: Sequence[Cohort]) -> str:
    """A digest of the cohorts with all their fields: they were read before the version of what is kept, and
    may be older."""
    fields = Cohort._meta.concrete_fields
    values = [[field.value_from_object(one) for field in fields] for one in cohorts]
    return hashlib.sha256(repr(values).encode()).hexdigest()


def _work(cohorts: Sequence[Cohort], now: datetime) -> Work:
    today = localdate(now)
    shown = [one for one in cohorts if one.ends_on >= today]
    return Work(
        items=[item for source in SOURCES for item in source(cohorts, now)],
        cards=_cards(shown, now, today),
        past=[one for one in reversed(cohorts) if one.ends_on < today],
    )


def _cards(cohorts: list[Cohort], now: datetime, today: date) -> list[CohortCard]:
    kinds: list[tuple[type[StatefulModel], str]] = [
        (Application, _("Applications")),
        (Mentee, _("Mentees")),
        (Tandem, _("Tandems")),
        (Workshop, _("Workshops")),
    ]
    numbers = _numbers([model for model, _label in kinds], cohorts)
    return [
        CohortCard(
            cohort,
            _phase(cohort, now, today),
            reverse("admin:programme_cohort_change", args=[cohort.pk]),
            reverse("admin:matching_workbench", args=[cohort.pk]),
            [
                _figures(model, label, cohort, found)
                for model, label in kinds
                if (found := numbers[model._meta.label, cohort.pk])
            ],
        )
        for cohort in cohorts
    ]


def _numbers(
    models: Iterable[type[StatefulModel]], cohorts: Iterable[Cohort]
) -> dict[tuple[str, Any], dict[str, int]]:
    """Label of the model and key of the cohort → state → number; one query."""
    keys = [one.pk for one in cohorts]
    counts: list[Any] = [
        _shown(model)
        .filter(cohort__in=keys)
        .order_by()
        .values_list("cohort", "state")
        .annotate(number=Count("pk"), model=Value(model._meta.label))
        for model in models
    ]
    found: dict[tuple[str, Any], dict[str, int]] = defaultdict(dict)
    for cohort, state, number, model in counts[0].union(*counts[1:], all=True):
        found[model, cohort][state] = number
    return found


def _shown(model: type[StatefulModel]) -> Any:
    """Those that coordinators may see."""
    return Application.objects.readable() if model is Application else model._default_manager.all()


def _figures(
    model: type[StatefulModel], label: str, cohort: Cohort, numbers: dict[str, int]
) -> Figures:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    url = f"{reverse(name)}?cohort__id__exact={cohort.pk}"
    shares = [
        Share(numbers[state.name], str(state.label), state.look, f"{url}&state__exact={state.name}")
        for state in model.TABLE.states.values()
        if state.name in numbers
    ]
    return Figures(label, sum(numbers.values()), url, shares)


def _phase(cohort: Cohort, now: datetime, today: date) -> str:
    """The phase of the cohort's year, with the next date."""
    if cohort.takes_applications(now):
        return _("Applications open until %(day)s") % {
            "day": until_when(cohort.applications_close_at, "day")
        }
    if now < cohort.applications_open_at:
        return _("Applications open on %(day)s") % {"day": full_day(cohort.applications_open_at)}
    if today < cohort.starts_on:
        return _("Begins on %(day)s") % {"day": full_day(cohort.starts_on)}
    return _("Runs until %(day)s") % {"day": full_day(cohort.ends_on)}


def desk_nav(path: str) -> list[dict[str, Any]]:
    """The navigation in the head of every admin page; the entry that contains ``path`` is current."""
    places = [
        (_("Overview"), reverse("admin:index")),
        (_("Applications"), reverse("admin:mentees_application_changelist")),
        (_("Mentees"), reverse("admin:mentees_mentee_changelist")),
        (_("Mentors"), reverse("admin:mentors_mentor_changelist")),
        (_("Matching"), reverse("admin:workbench")),
        (_("Tandems"), reverse("admin:matching_tandem_changelist")),
        (_("Workshops"), reverse("admin:workshops_workshop_changelist")),
        (_("Meetings"), reverse("admin:meetings_meeting_changelist")),
        (_("Outbox"), reverse("admin:outbox_outgoingmail_changelist")),
    ]
    desk, matching_url = places[0][1], places[4][1]
    inside = [url for _label, url in places[1:] if path.startswith(url)]
    if not inside and path.startswith(f"{desk}matching/"):
        inside = [matching_url]
    current = inside[0] if inside else (desk if path == desk else "")
    return [{"label": label, "url": url, "current": url == current} for label, url in places]


def cohort_to_match(user: Any, now: datetime) -> Cohort | None:
    """The default cohort of the workbench: the earliest that has not ended and has mentees, else any of the
    coordinator's, the latest first. At most two queries."""
    own = Cohort.objects.coordinated_by(user)
    ahead = own.filter(ends_on__gte=localdate(now), mentees__isnull=False)
    return ahead.order_by("starts_on").first() or own.order_by("-starts_on").first()
