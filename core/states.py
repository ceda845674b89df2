"""State tables as data, and the base class of all models with a state.

A state table says which verb leads from which states to which. The admin's buttons, the diagrams in
``docs/states.md``, the access checks and the tests are derived from the tables; states are listed nowhere
else.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.errors import RuleViolation
from core.templatetags.ui import moment

Look = Literal["open", "running", "fixed", "done", "off", "paused", "alert"]
MOVED = frozenset({"state", "state_since", "version"})  # the columns a move writes


@dataclass(frozen=True)
class State:
    """One state: its code, its word on screen and the symbol (a note head) shown before the word."""

    name: str
    label: Any
    look: Look = "running"


@dataclass(frozen=True)
class Move:
    """A verb that leads from one of ``sources`` to one of ``targets`` (the first by default).

    ``label`` stands on buttons; ``past`` follows the actor's name in the history: “withdrew”.
    """

    verb: str
    label: Any
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    past: Any


def move(
    verb: str,
    label: Any,
    sources: str | Sequence[str],
    targets: str | Sequence[str],
    past: Any,
) -> Move:
    """A Move from space-separated names or sequences of names; keeps the tables short."""
    return Move(verb, label, _as_tuple(sources), _as_tuple(targets), past)


def _as_tuple(names: str | Sequence[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


class StateTable:
    """The states of one model and the moves between them.

    Raises ValueError at import when a move names an unknown state, a verb is listed twice, or a state can't
    be reached.
    """

    def __init__(self, noun: Any, states: Iterable[State], moves: Iterable[Move]) -> None:
        self.noun = noun
        self.states = {state.name: state for state in states}
        self.moves: dict[str, Move] = {}
        self.initial = next(iter(self.states))
        reached = {self.initial}
        for one in moves:
            unknown = {*one.sources, *one.targets} - set(self.states)
            if unknown or one.verb in self.moves:
                raise ValueError(
                    f"{one.verb}: unknown states {sorted(unknown)} or verb given twice"
                )
            self.moves[one.verb] = one
            reached.update(one.targets)
        if missing := set(self.states) - reached:
            raise ValueError(f"no verb leads to {sorted(missing)}")

    @property
    def choices(self) -> list[tuple[str, Any]]:
        """``(state, label)`` pairs in the order of the table, for model and filter choices."""
        return [(state.name, state.label) for state in self.states.values()]

    def label(self, state: str) -> Any:
        """The word for ``state`` on screen."""
        return self.states[state].label

    def allows(self, state: str, verb: str) -> bool:
        """Whether ``verb`` is possible in ``state``."""
        return state in self.moves[verb].sources

    def verbs(self, state: str) -> list[Move]:
        """The moves possible in ``state``, in the order of the table."""
        return [one for one in self.moves.values() if state in one.sources]

    def require(self, obj: StatefulModel, verb: str) -> None:
        """Raises RuleViolation(code="state") unless ``verb`` is possible in the object's state now."""
        if not self.allows(obj.state, verb):
            raise RuleViolation(self.not_possible(obj), code="state")

    def not_possible(self, obj: StatefulModel) -> str:
        """The sentence that something is not possible in the object's state, and since when it is in it."""
        facts = {"state": self.label(obj.state), "since": moment(obj.state_since)}
        said = _("This is not possible now: the status has been “%(state)s” since %(since)s.")
        return str(said % facts)

    def move(self, obj: StatefulModel, verb: str, *, now: datetime, to: str | None = None) -> None:
        """Sets the new state, its time and the next version on ``obj``; the caller saves.

        ``to`` chooses among several targets. Raises RuleViolation where the table forbids the move.
        """
        self.require(obj, verb)
        targets = self.moves[verb].targets
        target = targets[0] if to is None else to
        if target not in targets:
            raise RuleViolation(self.not_possible(obj), code="state")
        obj.state, obj.state_since, obj.version = target, now, obj.version + 1
        obj._moved_to = target

    def mermaid(self) -> str:
        """The table as a Mermaid state diagram (verbs on the arrows), for the docs."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        for one in self.moves.values():
            for source in one.sources:
                lines += [f"    {source} --> {target}: {one.verb}" for target in one.targets]
        return "\n".join(lines)


class StateField(models.CharField):  # type: ignore[type-arg]
    """The name of a state of ``table``. Migrations see a plain indexed CharField."""

    def __init__(self, table: StateTable | None = None, **kwargs: Any) -> None:
        self.table = table
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault("editable", False)
        kwargs.setdefault("db_index", True)
        kwargs.setdefault("verbose_name", _("state"))
        if table is not None:
            kwargs.update(choices=table.choices, default=table.initial)
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("choices", None)
        kwargs.pop("verbose_name", None)
        return name, "django.db.models.CharField", args, kwargs


class StatefulQuerySet(models.QuerySet[Any]):
    """Refuses to write states in bulk: only a move writes a state."""

    def update(self, **kwargs: Any) -> int:
        if kwargs.keys() & MOVED:
            raise RuleViolation(
                _("A status is changed by an action, never directly."), code="bypass"
            )
        return super().update(**kwargs)

    def bulk_update(self, objs: Any, fields: Any, batch_size: int | None = None) -> int:
        if set(fields) & MOVED:
            raise RuleViolation(
                _("A status is changed by an action, never directly."), code="bypass"
            )
        return super().bulk_update(objs, fields, batch_size)

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        objs = list(objs)
        for obj in objs:
            obj._check_state()
        return super().bulk_create(objs, *args, **kwargs)


class StatefulModel(models.Model):
    """Base of all models with a state: uuid key, state, time of the last move, and a version that counts
    moves.

    ``version`` is part of the unique key of mails about a move (outbox) and revokes the links of the move
    before. Saving a state that no move led to raises RuleViolation, saving a move without its columns
    ValueError. Each model has a manager made of a ``StatefulQuerySet``, which refuses the same in bulk
    (checked by a test).
    """

    TABLE: ClassVar[StateTable]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state: models.Field[str, str]
    state_since = models.DateTimeField(_("since"), editable=False)
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)

    class Meta:
        abstract = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._moved_to: str | None = None
        self._saved_state: str | None = None

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **kwargs: Any) -> Self:
        obj = super().from_db(db, field_names, values, **kwargs)
        if "state" in field_names:
            obj._saved_state = obj.state
        return obj

    def refresh_from_db(
        self, using: Any = None, fields: Any = None, from_queryset: Any = None
    ) -> None:
        super().refresh_from_db(using, fields, from_queryset)
        # Also called when a deferred field is loaded, which says nothing about the state.
        if "state" in (fields or self.__dict__):
            self._saved_state, self._moved_to = self.state, None

    def _check_state(self) -> None:
        if "state" not in self.__dict__:
            return  # deferred, so it is not saved either
        before = self.TABLE.initial if self._state.adding else self._saved_state
        if self.state not in (before, self._moved_to):
            raise RuleViolation(
                _("A status is changed by an action, never directly."), code="bypass"
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._check_state()
        columns = kwargs.get("update_fields")
        if columns is not None and self._moved_to is not None and not set(columns) >= MOVED:
            raise ValueError(f"moved to {self._moved_to}: {sorted(MOVED)} have to be saved")
        super().save(*args, **kwargs)
        if "state" in self.__dict__:
            self._saved_state, self._moved_to = self.state, None

    def state_word(self, now: datetime | None = None) -> State:
        """The state with its label and symbol, for templates; a model may add details that depend on ``now``."""
        return self.TABLE.states[self.state]

    def verbs(self) -> list[Move]:
        """The moves possible now, in the order of the table."""
        return self.TABLE.verbs(self.state)
