"""What waits for whom: the next_action on a participant's page, and the items on the coordinators' desk.

Each app says in its ``waiting.py`` what waits: ``next_actions(user, now)`` for what is the person's to do,
``waits(user, now)`` for what others have to do next and until when, ``desk_items(user, now)`` for
coordinators. The pages on the top floor put them together.
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
    """What is this person's to do next (“Ihr Einsatz”).

    ``template`` is the body inside the next_action's frame, with the primary button; it gets ``context``.
    Of several next_actions the page shows the one with the earliest deadline in the yellow frame (those
    without a deadline last) and names the others in a sentence with ``url``.
    """

    title: Any
    url: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    deadline: datetime | None = None


@dataclass(frozen=True)
class WaitingOn:
    """What somebody else does next: a whole sentence that names who and, where there is a deadline, until
    when. Both sides of a step see the same day."""

    sentence: Any
    deadline: datetime | None = None


@dataclass(frozen=True)
class DeskItem:
    """A number, what it is, the way there. ``urgent`` marks what is late or needs a person today.

    ``since`` is when the oldest of them began to wait; the desk shows the oldest first. ``turn`` names
    who is to act where it is not the coordinators.
    """

    count: int
    title: Any
    detail: Any
    url: str
    urgent: bool = False
    since: datetime | None = None
    turn: Any = ""


def only(which: Q) -> Aggregate:
    """Beside a count: the key of one that is meant, so that a single one is opened at once and not by a
    list of one. As text, since PostgreSQL has no least UUID."""
    return Min(Cast("pk", CharField()), filter=which)


def way(model: type[Model], count: int, key: Any, query: str) -> str:
    """The address where the work is done: the page of the only one, else the list with this query."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    if count == 1:
        return reverse(f"{name}_change", args=[UUID(str(key))])
    return f"{reverse(f'{name}_changelist')}?{query}"
