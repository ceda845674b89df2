"""What is open for whom: next actions on a participant's page, and items on the coordinators' desk.

Each app has a ``todo.py``: ``next_actions`` for what the person has to do, ``waiting_on`` for what others
have to do next and until when, both from rows that ``mentoring/home`` has read once; ``desk_items(user,
now)`` for coordinators, collected by ``mentoring/desk``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Aggregate, CharField, Min, Model, Q
from django.db.models.functions import Cast
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


def only(which: Q) -> Aggregate:
    """Aggregate beside a count: the key of one counted row, so that a single row is opened directly instead
    of a list of one. As text, since PostgreSQL has no MIN for UUIDs."""
    return Min(Cast("pk", CharField()), filter=which)


def way(model: type[Model], count: int, key: Any, query: str) -> str:
    """The address of the work: the page of the only row, else the list with this query."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    if count == 1:
        return reverse(f"{name}_change", args=[UUID(str(key))])
    return f"{reverse(f'{name}_changelist')}?{query}"
