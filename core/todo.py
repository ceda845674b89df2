"""What is open for whom: next actions on a participant's page, and items on the coordinators' desk.

Each app has a ``todo.py``: ``next_actions`` for what the person has to do, ``waiting_on`` for what others
have to do next and until when, both from rows that ``mentoring/home`` has read once; ``desk_items(cohorts,
now)`` for the coordinators of these cohorts, collected by ``mentoring/desk``, which keeps them: they depend on
nothing else, follow from what leaves audit events, and name no person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, F, Min, Model, Q, QuerySet, Value, When, Window
from django.db.models.functions import Cast, RowNumber
from django.urls import reverse


@dataclass(frozen=True)
class NextAction:
    """What this person has to do next (on screen “Ihr Einsatz”).

    ``template`` is the body inside the frame, with the primary button; it gets ``context``. Of several, the
    page shows the one with the earliest deadline in the yellow frame (those without a deadline last) and
    lists the others in a sentence with ``url``.
    """

    title: Any
    url: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    deadline: datetime | None = None


@dataclass(frozen=True)
class WaitingOn:
    """What somebody else has to do next: a whole sentence that names who and, where there is a deadline,
    until when. Both sides of a step see the same day. ``link``: what the person can do meanwhile, at ``url``.
    """

    sentence: Any
    deadline: datetime | None = None
    link: Any = ""
    url: str = ""


@dataclass(frozen=True)
class DeskItem:
    """A number, what is counted, and the address to open. ``urgent`` marks what is late or needs a person
    today.

    ``since`` is when the oldest of them began to wait; the desk shows the oldest first. ``turn`` names who
    has to act if it is not the coordinators.
    """

    count: int
    title: Any
    detail: Any
    url: str
    urgent: bool = False
    since: datetime | None = None
    turn: Any = ""


def counted(
    objects: QuerySet[Any], groups: Mapping[str, Q], among: Q | None = None, **earliest: str
) -> dict[str, dict[str, Any]]:
    """Name of each group that has objects → ``count``, ``one`` (the key of one of them, as text) and the
    ``earliest`` of the fields named. One query, which returns a row per group; an object of several groups
    counts in the first, one of none under "". With ``among`` also ``count_among`` and ``one_among``, of those
    for which it is true."""
    whens = [When(which, then=Value(name)) for name, which in groups.items()]
    key = Cast("pk", CharField())  # PostgreSQL has no MIN for UUIDs
    figures = {"count": Count("pk"), "one": Min(key)}
    figures |= {name: Min(field) for name, field in earliest.items()}
    if among is not None:
        figures |= {"count_among": Count("pk", filter=among), "one_among": Min(key, filter=among)}
    rows = (
        objects.order_by()
        .values(group=Case(*whens, default=Value(""), output_field=CharField()))
        .annotate(**figures)
    )
    return {row["group"]: row for row in rows}


def first_of_each(objects: Any, group: str, order_by: list[Any]) -> Any:
    """The first object of each value of ``group``."""
    nth = Window(RowNumber(), partition_by=F(group), order_by=order_by)
    return objects.annotate(nth=nth).filter(nth=1)


def way(model: type[Model], count: int, key: Any, query: str) -> str:
    """The address of the work: the page of the only row, else the list with this query."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    if count == 1:
        return reverse(f"{name}_change", args=[UUID(str(key))])
    return f"{reverse(f'{name}_changelist')}?{query}"
