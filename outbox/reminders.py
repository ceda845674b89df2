"""What apps register to be sent or done at a time."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class PlannedReminder:
    """One mail wanted at a time: the planner upserts it under its unique key.

    ``link_id`` is the live personal link in the mail, where it asks for a decision.
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
    """An app's reminders and deadlines.

    ``wanted(now)`` yields the reminders for everything ahead. ``pass_deadlines(now)`` carries out the verbs
    whose time has come (such as the expiry of an unanswered question) and returns how many.
    """

    wanted: Callable[[datetime], Iterable[PlannedReminder]] | None = None
    pass_deadlines: Callable[[datetime], int] | None = None
