"""Who acted, and the one function that writes it down."""

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

# One id per request, sweep or command, so that what happened together can be read together.
request_id: ContextVar[uuid.UUID | None] = ContextVar("request_id", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Inside, events and log lines carry one id; within another's (a command that sweeps) it is that one."""
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
        """The programme itself: the sweep, a command."""
        return cls(None, "system")

    @classmethod
    def person(cls, user: Any, role: str) -> Actor:
        """A person by their User."""
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


# A button pressed twice, a form sent twice; nobody means the same again within this time.
TWICE = timedelta(seconds=10)


def is_repeated(obj: Model, verb: str, *, by: Actor, now: datetime) -> bool:
    """Whether the same actor has just done the same with ``obj``: for verbs that move no state and so can't
    see by it that they were carried out (promise C8). Ask it with the object locked."""
    from core.audit.models import AuditEvent

    events = AuditEvent.objects.of(obj).filter(verb=verb, actor_id=by.user_id)
    return events.filter(at__gt=now - TWICE, at__lte=now).exists()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | uuid.UUID):
        return str(value)
    return value if isinstance(value, str | int | float | bool | list | None) else str(value)
