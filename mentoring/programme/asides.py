"""What apps further up tell on the desk about an object of an app further down.

The page of a mentor names the tandems, though ``mentors`` knows nothing of ``matching``: the app that
knows registers a function, the base of every desk page calls it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
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


Tell = Callable[[Any, Any], Aside | None]
_told: dict[str, list[Tell]] = defaultdict(list)


def about(*labels: str) -> Callable[[Tell], Tell]:
    """Registers a function ``(obj, user)`` that tells the coordinator ``user`` something about objects of
    these models (“mentors.Mentor”), of the own cohorts alone (promise A1); it returns None where there is
    nothing to say."""

    def register(tell: Tell) -> Tell:
        for label in labels:
            _told[label].append(tell)
        return tell

    return register


def asides(obj: Any, user: Any) -> list[Aside]:
    """Everything that a coordinator is told about an object, in the order of the apps."""
    found = (tell(obj, user) for tell in _told[obj._meta.label])
    return [one for one in found if one is not None]
