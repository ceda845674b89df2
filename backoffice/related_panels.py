"""Panels and columns that higher apps add to the admin pages of lower apps.

The page of a mentor lists tandems, though ``mentors`` does not import ``matching``: the higher app registers
a function here, and the base of every admin page calls it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class PanelRow:
    """One line: a label with its link, a state and a remark (HTML where it is marked safe)."""

    name: Any
    url: str
    state: Any = ""
    detail: Any = ""


@dataclass(frozen=True)
class Panel:
    """A panel: a heading, a sentence, rows."""

    title: Any
    sentence: Any = ""
    rows: tuple[PanelRow, ...] = ()


Fill = Callable[[list[Any], datetime], Mapping[Any, Any]]


@dataclass(frozen=True)
class Column:
    """A column of a list: its heading, and a function that returns the cells of all rows of a page, by key."""

    name: str
    heading: Any
    fill: Fill


Tell = Callable[[Any, Any, datetime], Panel | None]
_told: dict[str, list[Tell]] = defaultdict(list)
_columns: dict[str, list[Column]] = defaultdict(list)


def about(*labels: str) -> Callable[[Tell], Tell]:
    """Registers a function ``(obj, user, now)`` that returns a panel about objects of these models
    (“mentors.Mentor”) for the coordinator ``user``, limited to the coordinator's cohorts (promise A1); None
    for no panel."""

    def register(tell: Tell) -> Tell:
        for label in labels:
            _told[label].append(tell)
        return tell

    return register


def related_panels(obj: Any, user: Any, now: datetime) -> list[Panel]:
    """All panels about an object for a coordinator, in the order of the apps."""
    found = (tell(obj, user, now) for tell in _told[obj._meta.label])
    return [one for one in found if one is not None]


def column(label: str, heading: Any) -> Callable[[Fill], Fill]:
    """Registers a function ``(rows, now)`` that returns the cells of a column for the rows of one page of the
    model's list, by key; rows it leaves out have an empty cell. One query for the whole page, over rows that
    are already limited to what the user may see."""

    def register(fill: Fill) -> Fill:
        _columns[label].append(Column(fill.__name__, heading, fill))
        return fill

    return register


def columns(label: str) -> list[Column]:
    """The columns other apps add to the list of a model, in the order of the apps."""
    return list(_columns[label])
