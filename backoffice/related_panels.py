"""What apps further up tell on the desk about objects of an app further down.

The page of a mentor names the tandems, though ``mentors`` knows nothing of ``matching``: the app that
knows registers a function, the base of every desk page calls it. A list gets columns the same way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Row:
    """One line: what it is with the way there, its state and a word more (HTML where it is safe)."""

    name: Any
    url: str
    state: Any = ""
    detail: Any = ""


@dataclass(frozen=True)
class Aside:
    """A part of the page: a heading, a sentence, rows."""

    title: Any
    sentence: Any = ""
    rows: tuple[Row, ...] = ()


Fill = Callable[[list[Any], datetime], Mapping[Any, Any]]


@dataclass(frozen=True)
class Column:
    """A column of a list: its heading, and what it says of all the rows of a page at once, by their keys."""

    name: str
    heading: Any
    fill: Fill


Tell = Callable[[Any, Any, datetime], Aside | None]
_told: dict[str, list[Tell]] = defaultdict(list)
_columns: dict[str, list[Column]] = defaultdict(list)


def about(*labels: str) -> Callable[[Tell], Tell]:
    """Registers a function ``(obj, user, now)`` that tells the coordinator ``user`` something about objects of
    these models (“mentors.Mentor”), of the own cohorts alone (promise A1); it returns None where there is
    nothing to say."""

    def register(tell: Tell) -> Tell:
        for label in labels:
            _told[label].append(tell)
        return tell

    return register


def asides(obj: Any, user: Any, now: datetime) -> list[Aside]:
    """Everything that a coordinator is told about an object, in the order of the apps."""
    found = (tell(obj, user, now) for tell in _told[obj._meta.label])
    return [one for one in found if one is not None]


def column(label: str, heading: Any) -> Callable[[Fill], Fill]:
    """Registers a function ``(rows, now)`` that says something of each row of a page of the model's list,
    by its key; rows it leaves out say nothing. One query for the whole page, of rows that are scoped
    already."""

    def register(fill: Fill) -> Fill:
        _columns[label].append(Column(fill.__name__, heading, fill))
        return fill

    return register


def columns(label: str) -> list[Column]:
    """The columns other apps add to the list of a model, in the order of the apps."""
    return list(_columns[label])
