"""What apps want to be sent or done when time passes."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class PlannedReminder:
    """One mail that is wanted at a time: the planner upserts it under its unique key.

    ``link_id`` is the live personal link the mail leads to, where it asks for a decision.
    """

    kind: str
    recipient_id: uuid.UUID
    obj: Any
    facts: Mapping[str, Any]
    due_at: datetime
    useful_until: datetime
    version: int
    offset: str
    link_id: uuid.UUID | None = None
    thread: str = ""


@dataclass(frozen=True)
class ReminderSource:
    """What an app wants when time passes.

    ``wanted(now)`` yields the reminders wanted for everything that lies ahead. ``pass_deadlines(now)``
    carries out the verbs whose moment has come (an unanswered question expires) and returns how many.
    """

    wanted: Callable[[datetime], Iterable[PlannedReminder]] | None = None
    pass_deadlines: Callable[[datetime], int] | None = None
