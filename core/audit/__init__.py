"""The actor of a change, and ``record``, the only function that writes audit events."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import Model

    from core.audit.models import AuditEvent

# One id per request, sweep or command, shared by all audit events and log lines written in it.
request_id: ContextVar[uuid.UUID | None] = ContextVar("request_id", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Context manager: events and log lines written inside carry one id. Nested, the outer id is kept."""
    token = request_id.set(request_id.get() or uuid.uuid4())
    try:
        yield
    finally:
        request_id.reset(token)


@dataclass(frozen=True)
class Actor:
    """Who acts, and in which role: ``coordinator``, ``mentee``, ``mentor``, ``applicant``, ``person``,
    ``admin`` or ``system``. ``user_id`` is None for the system alone."""

    user_id: uuid.UUID | None
    role: str

    @classmethod
    def system(cls) -> Actor:
        """The actor of the sweep and of commands."""
        return cls(None, "system")

    @classmethod
    def person(cls, user: Any, role: str) -> Actor:
        """The actor for a signed-in User."""
        return cls(user.pk, role)


def record(
    obj: Model,
    verb: str,
    *,
    by: Actor,
    now: datetime,
    fields: Iterable[str] = (),
    values: Mapping[str, Any] | None = None,
    cohort_id: uuid.UUID | None = None,
) -> AuditEvent:
    """Writes one event in the caller's transaction and returns it.

    ``fields`` names what changed; ``values`` gives new values of fields that are not personal
    (a state, a date, a number), never names, addresses or texts.
    """
    from core.audit.models import AuditEvent

    if cohort_id is None:
        cohort_id = getattr(obj, "cohort_id", None)
    return AuditEvent.objects.create(
        at=now,
        actor_id=by.user_id,
        actor_role=by.role,
        object_type=obj._meta.label,
        object_id=str(obj.pk),
        cohort_id=cohort_id,
        verb=verb,
        fields=sorted(fields),
        values={key: _plain(value) for key, value in (values or {}).items()},
        request_id=request_id.get() or uuid.uuid4(),
    )


# A button pressed twice or a form sent twice: the same verb within this time is taken as a repetition.
TWICE = timedelta(seconds=10)


def is_repeated(obj: Model, verb: str, *, by: Actor, now: datetime) -> bool:
    """Whether the same actor has just done the same with ``obj``: for verbs that move no state, so that the
    state can't show that they were carried out (promise C8). Call it with the object locked."""
    from core.audit.models import AuditEvent

    events = AuditEvent.objects.of(obj).filter(verb=verb, actor_id=by.user_id)
    return events.filter(at__gt=now - TWICE, at__lte=now).exists()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | uuid.UUID):
        return str(value)
    return value if isinstance(value, str | int | float | bool | list | None) else str(value)
