"""What a person has in the calendar, from every app."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from core.registry import Registry


@dataclass(frozen=True)
class Appointment:
    """Something a person has in the calendar: a meeting, a workshop's session."""

    starts_at: datetime
    ends_at: datetime
    title: str
    url: str = ""


calendar: Registry[Callable[[uuid.UUID, datetime, datetime], Iterable[Appointment]]] = Registry(
    "calendar source"
)


def appointments(person_id: uuid.UUID, since: datetime, until: datetime) -> list[Appointment]:
    """Everything the person has between the two moments, by start, from all apps."""
    found = (one for source in calendar.values() for one in source(person_id, since, until))
    return sorted(found, key=lambda one: (one.starts_at, one.title))
