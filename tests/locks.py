"""Watches every verb of every test: what it moves or writes it has locked first (promises C2, C3).

SQLite locks no rows, yet Django knows of each query whether it was asked to (``select_for_update``), so this
sees a forgotten lock on either database. In the transaction of the outermost verb:

- what ``TABLE.move`` moves was read by a query that locks, or has just been made;
- a row is written by its key (``save()``) only after a lock on its table. A conditional ``update()`` is a
  guard of its own and needs none;
- what hangs on something else is written under the lock of that too: see ``UNDER``.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from itertools import takewhile
from typing import Any

import pytest
from django.db import connection
from django.db.models.lookups import Exact
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler, SQLInsertCompiler, SQLUpdateCompiler

from core.states import StatefulModel, StateTable
from outbox.models import OutgoingMail

# Written under the lock of these tables: whoever ends or fills what a row hangs on waits, and is waited for.
UNDER = {
    "matching_tandem": ("mentors_mentor",),
    "meetings_meeting": ("matching_tandem",),
    "mentees_mentee": ("programme_cohort",),
    "workshops_registration": ("workshops_workshop",),
}


class Careless(AssertionError):
    """A verb wrote what it had not locked."""


class Watch:
    """What was locked so far, by transaction."""

    def __init__(self) -> None:
        self.locked: dict[str, set[str]] = defaultdict(set)
        self.asked: list[str] = []  # the tables of the queries that lock, in their order

    def note(self, query: Any) -> None:
        """A query that locks was asked: its table (the others it reads are not locked: ``of=self``)."""
        if query.select_for_update:
            self.asked.append(query.model._meta.db_table)
            self.hold(query.model)

    def hold(self, model: Any) -> None:
        """An UPDATE holds its rows until the end of the transaction, as a lock does."""
        if key := transaction():
            self.locked[key].add(model._meta.db_table)

    def written(self, model: Any, *, inserted: bool) -> None:
        """A row of the model is written by its key, or a new one."""
        key = transaction()
        if key is None or not issubclass(model, (StatefulModel, OutgoingMail)) or not in_a_verb():
            return
        table = model._meta.db_table
        wanted = {*UNDER.get(table, ()), *(() if inserted else (table,))}
        if missing := wanted - self.locked[key]:
            raise Careless(f"{table} is written without a lock on {sorted(missing)}")

    def moved(self, obj: Any) -> None:
        """A move of the state table."""
        key = transaction()
        if key and not obj._state.adding and obj.__dict__.get("_locked_in") != key:
            raise Careless(f"a {type(obj).__name__} is moved that was not read under its lock")


def transaction() -> str | None:
    """The outermost transaction a test's code has opened inside the test's own; None outside of any. Where a
    test commits for real, nothing tells the end of one from the next: those are not watched."""
    blocks, opened = connection.atomic_blocks, connection.savepoint_ids
    outside = sum(1 for _ in takewhile(lambda one: getattr(one, "_from_testcase", False), blocks))
    return str(opened[outside - 1]) if 0 < outside <= len(opened) else None


def in_a_verb() -> bool:
    """Whether an action is at work."""
    frame: Any = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename
        if name.endswith(("/core/verbs.py", "/actions.py")) or "/actions/" in name:
            return True
        frame = frame.f_back
    return False


def install(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Watches until the monkeypatch is undone."""
    watch = Watch()
    ask, update, insert = (
        SQLCompiler.execute_sql,
        SQLUpdateCompiler.execute_sql,
        SQLInsertCompiler.execute_sql,
    )
    iterate, move = ModelIterable.__iter__, StateTable.move

    def asking(self: Any, *args: Any, **rest: Any) -> Any:
        watch.note(self.query)
        return ask(self, *args, **rest)

    def updating(self: Any, *args: Any, **rest: Any) -> Any:
        if _by_key(self.query):
            watch.written(self.query.model, inserted=False)
        watch.hold(self.query.model)
        return update(self, *args, **rest)

    def inserting(self: Any, *args: Any, **rest: Any) -> Any:
        watch.written(self.query.model, inserted=True)
        return insert(self, *args, **rest)

    def iterating(self: Any) -> Any:
        locks = self.queryset.query.select_for_update
        for obj in iterate(self):
            if locks:
                obj.__dict__["_locked_in"] = transaction()
            yield obj

    def moving(self: Any, obj: Any, *args: Any, **rest: Any) -> Any:
        watch.moved(obj)
        return move(self, obj, *args, **rest)

    monkeypatch.setattr(SQLCompiler, "execute_sql", asking)
    monkeypatch.setattr(SQLUpdateCompiler, "execute_sql", updating)
    monkeypatch.setattr(SQLInsertCompiler, "execute_sql", inserting)
    monkeypatch.setattr(ModelIterable, "__iter__", iterating)
    monkeypatch.setattr(StateTable, "move", moving)
    return watch


def _by_key(query: Any) -> bool:
    """Whether an UPDATE names its row by the key alone, as ``save()`` does."""
    found = query.where.children
    return (
        len(found) == 1
        and isinstance(found[0], Exact)
        and getattr(getattr(found[0].lhs, "target", None), "primary_key", False)
    )


__all__ = ["Careless", "Watch", "install"]
