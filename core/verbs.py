"""Verbs: the functions that change data of the programme, and how they are written.

A verb is a generator under ``@verb``. The code above a ``yield`` checks the rules and sets fields, on
objects that are locked and were read after the lock; the ``yield`` moves the state, saves and records; what
stands below it queues mails. ::

    @verb("agree", lock=lock_tandem)
    def agree(tandem: Tandem, *, by: Actor, now: datetime, word: str = "") -> Steps[Tandem]:
        in_time(tandem, now)
        tandem.mentee_answered_at, tandem.mentee_word = now, word.strip()
        yield Step(tandem)
        mails.to_approve(tandem, now=now)
        return tandem

    agree(tandem, by=actor, now=now, word="…")  # called like any function; returns what the body returns

A body that returns before its first ``yield`` changes nothing (for a repeated request).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from inspect import isgeneratorfunction, signature
from typing import Any, ParamSpec, TypeAlias, TypeVar

from django.db import models, transaction
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _

from core import audit
from core.audit import Actor
from core.errors import RuleViolation
from core.retries import retry_on_conflict
from core.states import StatefulModel

P = ParamSpec("P")
R = TypeVar("R")
# The key and the version of the object somebody decides on.
_decided_on: ContextVar[tuple[uuid.UUID, int] | None] = ContextVar("decided_on", default=None)


@dataclass(frozen=True)
class Step:
    """What one ``yield`` writes.

    ``obj`` is moved where the verb, or ``move`` in its place, stands in its state table (``to`` chooses among
    several targets), saved
    (``save`` names the only columns to write, and is False where the body has written or deleted the row
    itself) and recorded in the audit trail under ``verb``, by default the verb's own name, with the names of
    ``fields`` and with ``values``, which contain nothing personal; a new state is always added to them.
    ``by`` is the actor where the verb takes no ``by``. ``signal`` is sent when the body has ended, with
    ``obj``, ``by`` and ``now``, in the same transaction: an error in a receiver rolls everything back.
    """

    obj: models.Model
    verb: str = ""
    move: str = ""
    to: str | None = None
    fields: Iterable[str] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    save: bool | Iterable[str] = True
    by: Actor | None = None
    cohort_id: Any = None
    signal: Signal | None = None


Steps: TypeAlias = Generator[Step, None, R]


def unlocked(*objects: Any) -> Any:
    """The ``lock`` of a verb that only inserts new rows and therefore locks nothing."""
    return objects


@contextmanager
def decided_on(obj: StatefulModel, version: int) -> Iterator[None]:
    """Within, a verb that finds ``obj`` moved on from ``version`` is refused (code "moved"), although the table
    allows it: what is compared is what the verb read under its own lock (promise C3)."""
    token = _decided_on.set((obj.pk, version))
    try:
        yield
    finally:
        _decided_on.reset(token)


def moved_meanwhile(obj: StatefulModel) -> RuleViolation:
    """The refusal of a decision on an object that somebody else moved: who decides sees on what first."""
    return RuleViolation(
        _(
            "The status has changed since you opened this page: it is now “%(state)s”. "
            "Please check again before you decide."
        )
        % {"state": obj.state_word().label},
        code="moved",
    )


@contextmanager
def _as_decided(objects: tuple[Any, ...], name: str) -> Iterator[None]:
    """Compares once, for the outermost verb on the object; what that verb calls decides by itself."""
    seen = _decided_on.get()
    obj = next(
        (one for one in objects if seen and isinstance(one, StatefulModel) and one.pk == seen[0]),
        None,
    )
    if seen is None or obj is None:
        yield
        return
    possible = not _has_move(obj, name) or obj.TABLE.allows(obj.state, name)
    if possible and obj.version != seen[1]:
        raise moved_meanwhile(obj)
    token = _decided_on.set(None)
    try:
        yield
    finally:
        _decided_on.reset(token)  # begun again, the verb compares again


def verb(
    name: str, *, lock: Callable[..., Any], state_first: bool = True
) -> Callable[[Callable[P, Steps[R]]], Callable[P, R]]:
    """Makes a verb of a generator function.

    ``lock`` gets the verb's positional arguments, and ``now`` if it asks for it; it locks in the order of the
    programme (``docs/architecture.md``) and returns them as read after the lock: one object, or a tuple of
    several. The body sees those. Everything happens in one transaction, begun again after an error that
    passes (``retry_on_conflict``). Unless ``state_first`` is False the state table of the first object is
    asked before the body runs; else the body decides what comes before that, and the step asks it.

    The verb raises RuleViolation where the table or the body refuses; then nothing is written. It raises
    TypeError while the module loads when the body is no generator function.
    """

    def make(body: Callable[P, Steps[R]]) -> Callable[P, R]:
        if not isgeneratorfunction(body):
            raise TypeError(f"{body.__qualname__} has no yield: a verb saves and records by one")

        timed = "now" in signature(lock).parameters

        @retry_on_conflict
        @transaction.atomic
        @wraps(body)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            held = lock(*args, now=kwargs["now"]) if timed else lock(*args)
            objects = held if isinstance(held, tuple) else (held,)
            if state_first and objects and _has_move(objects[0], name):
                objects[0].TABLE.require(objects[0], name)
            with _as_decided(objects, name):
                return _walk(body(*objects, **kwargs), name, kwargs)  # type: ignore[call-arg, arg-type]

        run.verb_name, run.verb_lock = name, lock  # type: ignore[attr-defined]
        return run

    return make


def _walk(steps: Steps[R], name: str, kwargs: Mapping[str, Any]) -> R:
    """Carries out the steps of a body, sends their signals, and returns what the body returned."""
    taken: list[tuple[Step, Actor]] = []
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            for done, by in taken:
                if done.signal is not None:
                    done.signal.send(type(done.obj), obj=done.obj, by=by, now=kwargs["now"])
            return end.value  # type: ignore[no-any-return]
        by = step.by or kwargs["by"]
        carry_out(step, step.verb or name, by=by, now=kwargs["now"])
        taken.append((step, by))


def carry_out(step: Step, name: str, *, by: Actor, now: datetime) -> None:
    """Moves, saves and records one step. For verbs that change each of several rows they have locked; sends
    no signal."""
    obj, values, moved_by = step.obj, dict(step.values), step.move or name
    if _has_move(obj, moved_by):
        assert isinstance(obj, StatefulModel)
        obj.TABLE.move(obj, moved_by, now=now, to=step.to)
        values["state"] = obj.state
    if step.save is True:
        obj.save(force_insert=obj._state.adding)
    elif step.save:
        obj.save(update_fields=list(step.save))
    elif isinstance(obj, StatefulModel) and obj._moved_to is not None:
        raise ValueError(f"{name} moves the object and does not save it")
    audit.record(
        obj, name, by=by, now=now, fields=step.fields, values=values, cohort_id=step.cohort_id
    )


def _has_move(obj: Any, name: str) -> bool:
    return isinstance(obj, StatefulModel) and name in obj.TABLE.moves


__all__ = ["Step", "Steps", "carry_out", "decided_on", "moved_meanwhile", "unlocked", "verb"]
