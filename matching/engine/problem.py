"""Reading PROBLEM.json: either form, strictly, with a sentence for all that is wrong."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.errors import ProblemError, shown
from matching.engine.objectives import OBJECTIVES, Objective
from matching.engine.planning import plan, plan_scores
from matching.engine.profiles import (
    MenteeProfile,
    MentorProfile,
    check_count,
    check_number,
    check_text,
    read_mentee,
    read_mentor,
)
from matching.engine.result import Plan
from matching.engine.scoring import normal_weights

SHARED_KEYS = ("pins", "forbidden", "objective", "keep", "keep_gain")
MATRIX_KEYS = ("scores", "capacities", *SHARED_KEYS)
PROFILE_KEYS = ("mentees", "mentors", "weights", *SHARED_KEYS)


@dataclass(frozen=True)
class MatrixProblem:
    """The form with `scores` and `capacities`."""

    scores: NDArray[np.float64]
    capacities: list[int]
    pins: list[tuple[int, int]]
    forbidden: list[tuple[int, int]]
    objective: Objective = "total"
    keep: list[tuple[int, int]] = field(default_factory=list)
    keep_gain: float = 0.0

    def plan(self) -> Plan:
        """Plan it; raises `ProblemError` for pins that can't stand."""
        return plan_scores(
            self.scores,
            self.capacities,
            pins=self.pins,
            forbidden=self.forbidden,
            objective=self.objective,
            keep=self.keep,
            keep_gain=self.keep_gain,
        )


@dataclass(frozen=True)
class ProfileProblem:
    """The form with `mentees` and `mentors`."""

    mentees: list[MenteeProfile]
    mentors: list[MentorProfile]
    weights: dict[str, float]
    pins: list[tuple[str, str]]
    forbidden: list[tuple[str, str]]
    objective: Objective = "total"
    keep: list[tuple[str, str]] = field(default_factory=list)
    keep_gain: float = 0.0

    def plan(self) -> Plan:
        """Plan it; raises `ProblemError` for pins that can't stand."""
        return plan(
            self.mentees,
            self.mentors,
            weights=self.weights,
            pins=self.pins,
            forbidden=self.forbidden,
            objective=self.objective,
            keep=self.keep,
            keep_gain=self.keep_gain,
        )


def read_problem(path: Path) -> MatrixProblem | ProfileProblem:
    """The problem in a file of UTF-8 JSON; raises `ProblemError` for whatever is wrong."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ProblemError(f"the file can't be read ({error.strerror}).", place=str(path)) from None
    except ValueError:
        raise ProblemError("this is no name of a file.", place=ascii(str(path))) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProblemError(f"byte {error.start} is not UTF-8.", place=str(path)) from None
    return parse_problem(text)


def parse_problem(text: str) -> MatrixProblem | ProfileProblem:
    """The problem in a JSON text; raises `ProblemError` for whatever is wrong."""
    try:
        data = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except ProblemError:
        raise
    except json.JSONDecodeError as error:
        raise ProblemError(
            f"line {error.lineno}, column {error.colno} is not valid JSON ({error.msg})."
        ) from None
    except RecursionError:
        raise ProblemError("the JSON is nested too deeply.") from None
    except ValueError:
        raise ProblemError("a number has too many digits.") from None
    if not isinstance(data, dict):
        raise ProblemError(f"{shown(data)} is not an object.")
    if "scores" in data:
        return _matrix_problem(data)
    if "mentees" in data or "mentors" in data:
        return _profile_problem(data)
    raise ProblemError('neither "scores" nor "mentees" and "mentors" are there.')


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ProblemError(f"the key {shown(key)} stands twice in one object.")
        found[key] = value
    return found


def _refuse_constant(name: str) -> None:
    raise ProblemError(f"{name} is not a number of JSON.")


def _check_keys(data: dict[str, Any], known: tuple[str, ...], needed: tuple[str, ...]) -> None:
    for key in data:
        if key not in known:
            raise ProblemError(f"the key {shown(key)} is not known here.")
    for key in needed:
        if key not in data:
            raise ProblemError(f'the key "{key}" is missing.')


def _list(value: object, place: str) -> list[Any]:
    if not isinstance(value, list):
        raise ProblemError(f"{shown(value)} is not a list.", place=place)
    return value


def _objective(data: dict[str, Any]) -> Objective:
    value = data.get("objective", "total")
    for objective in OBJECTIVES:
        if value == objective:
            return objective
    raise ProblemError(f"{shown(value)} is none of total, fair.", place="objective")


def _gain(data: dict[str, Any]) -> float:
    return check_number(data.get("keep_gain", 0.0), "keep_gain", 0, 1e6)


def _pairs(
    data: dict[str, Any], key: str, check: Callable[[object, str, int], Any]
) -> list[tuple[Any, Any]]:
    """The pairs under `key`; `check(value, place, side)` with side 0 mentee, 1 mentor."""
    found = []
    for at, entry in enumerate(_list(data.get(key, []), key)):
        place = f"{key}[{at}]"
        if len(_list(entry, place)) != 2:
            raise ProblemError(f"{shown(entry)} is not a pair.", place=place)
        found.append((check(entry[0], f"{place}[0]", 0), check(entry[1], f"{place}[1]", 1)))
    return found


def _matrix_problem(data: dict[str, Any]) -> MatrixProblem:
    _check_keys(data, MATRIX_KEYS, ("scores", "capacities"))
    capacities = [
        check_count(value, f"capacities[{at}]")
        for at, value in enumerate(_list(data["capacities"], "capacities"))
    ]
    rows = _list(data["scores"], "scores")
    scores = np.zeros((len(rows), len(capacities)))
    for at, row in enumerate(rows):
        scores[at] = _row(row, f"scores[{at}]", len(capacities))
    sizes = scores.shape

    def index(value: object, place: str, side: int) -> int:
        if check_count(value, place) >= sizes[side]:
            kind = ("mentee", "mentor")[side]
            raise ProblemError(f"there is no {kind} {shown(value)}.", place=place)
        return check_count(value, place)

    return MatrixProblem(
        scores,
        capacities,
        _pairs(data, "pins", index),
        _pairs(data, "forbidden", index),
        _objective(data),
        _pairs(data, "keep", index),
        _gain(data),
    )


def _row(row: object, place: str, width: int) -> list[float]:
    entries = _list(row, place)
    if len(entries) != width:
        raise ProblemError(
            f"the row has {len(entries)} scores, but there are {width} capacities.", place=place
        )
    plain = set(map(type, entries)) <= {int, float}
    if plain and all(0 <= entry <= 1 for entry in entries):
        return entries
    return [check_number(entry, f"{place}[{at}]", 0, 1) for at, entry in enumerate(entries)]


def _profile_problem(data: dict[str, Any]) -> ProfileProblem:
    _check_keys(data, PROFILE_KEYS, ("mentees", "mentors"))
    mentees = [
        read_mentee(entry, f"mentees[{at}]")
        for at, entry in enumerate(_list(data["mentees"], "mentees"))
    ]
    mentors = [
        read_mentor(entry, f"mentors[{at}]")
        for at, entry in enumerate(_list(data["mentors"], "mentors"))
    ]
    mentee_ids = _ids([mentee.id for mentee in mentees], "mentees")
    mentor_ids = _ids([mentor.id for mentor in mentors], "mentors")
    _check_references(mentees, mentors, mentee_ids, mentor_ids)

    def known(value: object, place: str, side: int) -> str:
        return _known(check_text(value, place), place, (mentee_ids, mentor_ids)[side])

    weights = data.get("weights", {})
    if not isinstance(weights, dict):
        raise ProblemError(f"{shown(weights)} is not an object.", place="weights")
    normal_weights(weights)
    return ProfileProblem(
        mentees,
        mentors,
        weights,
        _pairs(data, "pins", known),
        _pairs(data, "forbidden", known),
        _objective(data),
        _pairs(data, "keep", known),
        _gain(data),
    )


def _ids(ids: list[str], place: str) -> set[str]:
    seen: set[str] = set()
    for at, each in enumerate(ids):
        if each in seen:
            raise ProblemError(
                f"the id {shown(each)} stands there twice.", place=f"{place}[{at}].id"
            )
        seen.add(each)
    return seen


def _known(value: str, place: str, ids: set[str]) -> str:
    if value not in ids:
        raise ProblemError(f"the id {shown(value)} is not known.", place=place, code="unknown_id")
    return value


def _check_references(
    mentees: list[MenteeProfile],
    mentors: list[MentorProfile],
    mentee_ids: set[str],
    mentor_ids: set[str],
) -> None:
    """Every id a profile names has to be in the file: a slip there would silently lift a rule."""
    for at, mentee in enumerate(mentees):
        for name, ids in (("wishes", mentee.wishes), ("vetoes", mentee.vetoes)):
            for number, each in enumerate(ids):
                if each is not None:
                    _known(each, f"mentees[{at}].{name}[{number}]", mentor_ids)
    for at, mentor in enumerate(mentors):
        for each in mentor.votes:
            _known(each, f"mentors[{at}].votes", mentee_ids)
        for name in ("vetoes", "teaches", "examines", "employs"):
            for number, each in enumerate(getattr(mentor, name)):
                _known(each, f"mentors[{at}].{name}[{number}]", mentee_ids)
