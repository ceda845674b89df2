"""What the engine knows of a person: exactly the fields its components and rules need.

There is no field for name, gender, age, nationality, origin, photo, free text, personal
situation, motivation, grades, fame, earlier ratings or hobbies, and reading refuses any field
that is not listed here (docs/matching.md, Score).
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, TypeVar

from matching.engine.errors import ProblemError, shown

PRIORITIES = (1, 2, 3)
MOST_MEETINGS = 31
"""Meetings a month: more than one a day is a slip of the keyboard."""


class Format(StrEnum):
    """How somebody would like to meet; the two `only` values can exclude a pair."""

    ONLINE_ONLY = "online_only"
    ONLINE = "online"
    EITHER = "either"
    ON_SITE = "on_site"
    ON_SITE_ONLY = "on_site_only"


class Vote(StrEnum):
    """A mentor's vote on one mentee, where the cohort asks for it."""

    GLADLY = "gladly"
    POSSIBLE = "possible"
    RATHER_NOT = "rather_not"


def check_text(value: object, place: str) -> str:
    """`value` when it is a text of at least one character that can be written as UTF-8."""
    if not isinstance(value, str):
        raise ProblemError(f"{shown(value)} is not a text.", place=place)
    if not value.strip():
        raise ProblemError("the text is empty.", place=place)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ProblemError(f"{shown(value)} is not valid text.", place=place) from None
    return value


def check_number(value: object, place: str, low: float, high: float) -> float:
    """`value` as float when it is a real number (no bool) in `low`..`high`, both included."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ProblemError(f"{shown(value)} is not a number.", place=place)
    if not low <= value <= high:  # false for NaN too
        raise ProblemError(f"{shown(value)} is not between {low:g} and {high:g}.", place=place)
    return float(value)


def check_count(value: object, place: str) -> int:
    """`value` when it is a whole number of at least 0 (no bool, no 1.0)."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ProblemError(f"{shown(value)} is not a whole number.", place=place)
    if value < 0:
        raise ProblemError(f"{shown(value)} is negative.", place=place)
    return value


def _bool(value: object, place: str) -> bool:
    if not isinstance(value, bool):
        raise ProblemError(f"{shown(value)} is neither true nor false.", place=place)
    return value


def _list(value: object, place: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise ProblemError(f"{shown(value)} is not a list.", place=place)
    return tuple(value)


def _codes(value: object, place: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for at, entry in enumerate(_list(value, place)):
        text = check_text(entry, f"{place}[{at}]")
        if text in found:
            raise ProblemError(f"{shown(text)} stands there twice.", place=f"{place}[{at}]")
        found[text] = None
    return tuple(found)


def _wishes(value: object, place: str) -> tuple[str | None, ...]:
    ranked = _list(value, place)
    _codes([wish for wish in ranked if wish is not None], place)
    return ranked


def _mapping(value: object, place: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise ProblemError(f"{shown(value)} is not an object.", place=place)
    return {check_text(key, place): entry for key, entry in value.items()}


def _style(value: object, place: str) -> dict[str, float]:
    answers = _mapping(value, place)
    return {key: check_number(answers[key], f"{place}.{key}", 0, 1) for key in sorted(answers)}


def _votes(value: object, place: str) -> dict[str, Vote]:
    votes = _mapping(value, place)
    return {key: _choice(Vote, votes[key], f"{place}.{key}") for key in sorted(votes)}


_Choice = TypeVar("_Choice", Format, Vote)


def _choice(kind: type[_Choice], value: object, place: str) -> _Choice:
    for choice in kind:
        if value == choice:
            return choice
    raise ProblemError(f"{shown(value)} is none of {', '.join(kind)}.", place=place)


def _meetings(value: object, place: str) -> float:
    if check_number(value, place, 0, MOST_MEETINGS) == 0:
        raise ProblemError("0 meetings a month can't be planned; leave it out.", place=place)
    return check_number(value, place, 0, MOST_MEETINGS)


def _optional(check: Callable[[object, str], Any]) -> Callable[[object, str], Any]:
    return lambda value, place: None if value is None else check(value, place)


@dataclass(frozen=True)
class Goal:
    """A topic the mentee wants to work on; priority 1 (most), 2 or 3, weighing 3, 2, 1."""

    topic: str
    priority: int = 1

    def __post_init__(self) -> None:
        """Refuse a wrong field with `ProblemError`."""
        check_text(self.topic, "topic")
        if check_count(self.priority, "priority") not in PRIORITIES:
            raise ProblemError(f"{shown(self.priority)} is none of 1, 2, 3.", place="priority")

    @property
    def weight(self) -> int:
        """3, 2 or 1: how much the goal counts in the share covered."""
        return 4 - self.priority


def _goals(value: object, place: str) -> tuple[Goal, ...]:
    goals: list[Goal] = []
    for at, entry in enumerate(_list(value, place)):
        here = f"{place}[{at}]"
        goal = entry if isinstance(entry, Goal) else _build(Goal, entry, here)
        if any(goal.topic == other.topic for other in goals):
            raise ProblemError(f"{shown(goal.topic)} stands there twice.", place=here)
        goals.append(goal)
    return tuple(goals)


_CHECKS: dict[str, Callable[[object, str], Any]] = {
    "id": check_text,
    "person": _optional(check_text),
    "active": _bool,
    "consent": _bool,
    "capacity": check_count,
    "wishes": _wishes,
    "votes": _votes,
    "goals": _goals,
    "working_style": _style,
    "meetings_per_month": _optional(_meetings),
    "format": _optional(lambda value, place: _choice(Format, value, place)),
    "region": _optional(check_text),
}


def _settle(profile: object) -> None:
    """Check every field of a frozen profile and set it in its plain form."""
    for each in fields(profile):  # type: ignore[arg-type]
        check = _CHECKS.get(each.name, _codes)
        object.__setattr__(profile, each.name, check(getattr(profile, each.name), each.name))


@dataclass(frozen=True)
class MenteeProfile:
    """A mentee as the engine sees one. Lists are tuples of codes; empty or None: not said.

    Raises `ProblemError` naming the field when a value is wrong.
    """

    id: str
    person: str | None = None
    """Who this is beyond the role, to never match a person with themselves."""
    active: bool = True
    wishes: tuple[str | None, ...] = ()
    """Mentor ids by rank; None stands for a proposal from outside this run."""
    goals: tuple[Goal, ...] = ()
    career_fields: tuple[str, ...] = ()
    """Fields aimed at."""
    working_style: Mapping[str, float] = field(default_factory=dict)
    """Scale → 0..1, only the scales answered."""
    slots: tuple[str, ...] = ()
    """Weekly times that suit, e.g. `tue-evening`; any code, compared as it is."""
    meetings_per_month: float | None = None
    """Meetings a month wanted."""
    format: Format | None = None
    region: str | None = None
    subject_groups: tuple[str, ...] = ()
    related_subject_groups: tuple[str, ...] = ()
    """Groups akin to one's own; it is enough that one side names the other's group."""
    languages: tuple[str, ...] = ()
    vetoes: tuple[str, ...] = ()
    """Mentor ids."""

    def __post_init__(self) -> None:
        """Refuse a wrong field with `ProblemError`."""
        _settle(self)


@dataclass(frozen=True)
class MentorProfile:
    """A mentor as the engine sees one. Lists are tuples of codes; empty or None: not said.

    Raises `ProblemError` naming the field when a value is wrong.
    """

    id: str
    person: str | None = None
    active: bool = True
    consent: bool = True
    capacity: int = 1
    """Places free in this run."""
    votes: Mapping[str, Vote] = field(default_factory=dict)
    """Mentee id → vote."""
    topics: tuple[str, ...] = ()
    """Topics offered, in the same codes as the goals."""
    career_fields: tuple[str, ...] = ()
    """Fields practised."""
    working_style: Mapping[str, float] = field(default_factory=dict)
    slots: tuple[str, ...] = ()
    meetings_per_month: float | None = None
    """Meetings a month offered to each mentee."""
    format: Format | None = None
    region: str | None = None
    subject_groups: tuple[str, ...] = ()
    related_subject_groups: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    vetoes: tuple[str, ...] = ()
    """Mentee ids."""
    teaches: tuple[str, ...] = ()
    """Mentee ids."""
    examines: tuple[str, ...] = ()
    """Mentee ids."""
    employs: tuple[str, ...] = ()
    """Mentee ids."""

    def __post_init__(self) -> None:
        """Refuse a wrong field with `ProblemError`."""
        _settle(self)


_Built = TypeVar("_Built", Goal, MenteeProfile, MentorProfile)


def _build(kind: type[_Built], data: object, place: str) -> _Built:
    if not isinstance(data, Mapping):
        raise ProblemError(f"{shown(data)} is not an object.", place=place)
    known = {each.name for each in fields(kind)}
    for key in data:
        if key not in known:
            raise ProblemError(f"the field {shown(key)} is not known.", place=place)
    first = fields(kind)[0].name
    if first not in data:
        raise ProblemError(f'the field "{first}" is missing.', place=place)
    try:
        return kind(**data)
    except ProblemError as error:
        raise error.within(place) from None


def read_mentee(data: object, place: str = "mentee") -> MenteeProfile:
    """A mentee from a JSON object; raises `ProblemError` that begins with `place`."""
    return _build(MenteeProfile, data, place)


def read_mentor(data: object, place: str = "mentor") -> MentorProfile:
    """A mentor from a JSON object; raises `ProblemError` that begins with `place`."""
    return _build(MentorProfile, data, place)


def slots_needed(mentee: MenteeProfile) -> int:
    """Common weekly slots that suffice: one per meeting a month, never more than were named."""
    wanted = math.ceil(mentee.meetings_per_month or 1)
    return min(max(1, wanted), max(1, len(mentee.slots)))
