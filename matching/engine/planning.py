"""From profiles, or from a bare matrix, to a plan with its reasons."""

import math
import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from matching.engine.assignment import UNMATCHED, Bools, Floats, Instance
from matching.engine.blocking import blocking_pairs
from matching.engine.errors import ProblemError, shown
from matching.engine.explanation import Unmatched
from matching.engine.objectives import OBJECTIVES, Objective, solve
from matching.engine.profiles import MenteeProfile, MentorProfile
from matching.engine.result import Pair, Plan, PlannedPair, explain_pair, place_of
from matching.engine.rules import BITS, FORBIDDEN, Masks, codes_of, exclusions
from matching.engine.scoring import DECIMALS, Scoring, normal_weights, score


def plan(
    mentees: Iterable[MenteeProfile],
    mentors: Iterable[MentorProfile],
    *,
    weights: Mapping[str, float] | None = None,
    pins: Iterable[Pair] = (),
    forbidden: Iterable[Pair] = (),
    objective: Objective = "total",
    keep: Iterable[Pair] = (),
    keep_gain: float = 0.0,
) -> Plan:
    """Score all pairs, plan and explain.

    `keep` and `keep_gain` (λ ≥ 0, objective total only) plan with few changes: a kept pair adds
    λ to the sum, so that a change must gain λ; λ above the number of mentees changes as little
    as possible. The order of the arguments' entries does not matter. Raises `ProblemError` for
    double or unknown ids, wrong weights, and pins that are double, over capacity, forbidden or
    excluded by a rule. Ids in wishes, votes and vetoes that are not in this run are ignored.
    """
    begun = time.perf_counter()
    rows_of, columns_of = sorted(mentees, key=_id), sorted(mentors, key=_id)
    _refuse_double(rows_of, "mentees")
    _refuse_double(columns_of, "mentors")
    masks = exclusions(rows_of, columns_of)
    scoring = score(rows_of, columns_of, normal_weights(weights), masks == 0)
    return _plan(
        tuple(mentee.id for mentee in rows_of),
        tuple(mentor.id for mentor in columns_of),
        scores=scoring.values,
        masks=masks,
        capacities=[mentor.capacity for mentor in columns_of],
        pins=sorted(pins),
        forbidden=sorted(set(forbidden)),
        objective=objective,
        keep=sorted(set(keep)),
        keep_gain=keep_gain,
        scoring=scoring,
        begun=begun,
    )


def plan_scores(
    scores: Floats | Sequence[Sequence[float]],
    capacities: Sequence[int],
    *,
    pins: Iterable[tuple[int, int]] = (),
    forbidden: Iterable[tuple[int, int]] = (),
    objective: Objective = "total",
    keep: Iterable[tuple[int, int]] = (),
    keep_gain: float = 0.0,
) -> Plan:
    """The same from a finished matrix, mentees × mentors, that is taken as it is (no rounding).

    Ids are the indices as text. Raises `ProblemError` like `plan`, and for a matrix that does
    not fit the capacities or holds anything but numbers in 0..1.
    """
    begun = time.perf_counter()
    matrix = np.array(scores, dtype=np.float64)
    if not matrix.size:
        matrix = matrix.reshape(len(matrix), len(capacities))
    if matrix.ndim != 2 or matrix.shape[1] != len(capacities):
        raise ProblemError("the matrix does not fit the capacities.", place="scores")
    if not ((matrix >= 0) & (matrix <= 1)).all():
        raise ProblemError("not all are numbers between 0 and 1.", place="scores")
    if any(capacity < 0 for capacity in capacities):
        raise ProblemError("a capacity is negative.", place="capacities")
    matrix.flags.writeable = False
    masks = np.zeros(matrix.shape, dtype=np.uint16)
    masks[:, [at for at, each in enumerate(capacities) if each == 0]] |= BITS["no_capacity"]

    def named(pairs: Iterable[tuple[int, int]]) -> list[Pair]:
        return [(str(row), str(column)) for row, column in pairs]

    return _plan(
        tuple(map(str, range(matrix.shape[0]))),
        tuple(map(str, range(matrix.shape[1]))),
        scores=matrix,
        masks=masks,
        capacities=capacities,
        pins=named(sorted(pins)),
        forbidden=named(sorted(set(forbidden))),
        objective=objective,
        keep=named(sorted(set(keep))),
        keep_gain=keep_gain,
        scoring=None,
        begun=begun,
    )


def _plan(
    mentee_ids: tuple[str, ...],
    mentor_ids: tuple[str, ...],
    *,
    scores: Floats,
    masks: Masks,
    capacities: Sequence[int],
    pins: Sequence[Pair],
    forbidden: Sequence[Pair],
    objective: Objective,
    keep: Sequence[Pair],
    keep_gain: float,
    scoring: Scoring | None,
    begun: float,
) -> Plan:
    if objective not in OBJECTIVES:
        raise ProblemError(f"{shown(objective)} is none of total, fair.", place="objective")
    if not 0 <= keep_gain < math.inf:
        raise ProblemError("it is no number of at least 0.", place="keep_gain")
    if keep and objective == "fair":
        raise ProblemError("pairs can be kept for the objective total only.", place="keep")
    rows = {key: row for row, key in enumerate(mentee_ids)}
    columns = {key: column for column, key in enumerate(mentor_ids)}

    def places(pairs: Iterable[Pair], place: str) -> list[tuple[int, int]]:
        return [
            (place_of(rows, mentee, place), place_of(columns, mentor, place))
            for mentee, mentor in pairs
        ]

    for row, column in places(forbidden, "forbidden"):
        masks[row, column] |= FORBIDDEN
    masks.flags.writeable = False
    allowed: Bools = masks == 0
    pinned = places(pins, "pins")
    _check_pins(pinned, mentee_ids, mentor_ids, masks, capacities)
    worth = scores
    if keep:
        worth = scores.copy()
        for at in places(keep, "keep"):
            worth[at] += keep_gain
    bounded = np.array([min(each, len(mentee_ids)) for each in capacities], dtype=np.intp)
    instance = Instance(worth, allowed, bounded, tuple(pinned))
    scored = time.perf_counter()
    taken = solve(instance, objective)
    taken.flags.writeable = False
    solved = time.perf_counter()
    matched = [(int(row), int(taken[row])) for row in np.flatnonzero(taken != UNMATCHED)]
    fixed = set(pinned)
    pairs = tuple(
        PlannedPair(
            mentee_ids[row],
            mentor_ids[column],
            float(scores[row, column]),
            (row, column) in fixed,
            explain_pair(scoring, row, column),
        )
        for row, column in matched
    )
    left = tuple(
        _unmatched(scoring, mentee_ids[row], int(row), len(mentor_ids), allowed)
        for row in np.flatnonzero(taken == UNMATCHED)
    )
    blocking = blocking_pairs(scores, allowed, bounded, taken, instance.pinned())
    total = math.fsum(pair.score for pair in pairs)
    return Plan(
        mentee_ids=mentee_ids,
        mentor_ids=mentor_ids,
        objective=objective,
        scores=scores,
        masks=masks,
        capacities=tuple(capacities),
        pins=tuple(pins),
        forbidden=tuple(forbidden),
        keep=tuple(keep),
        keep_gain=keep_gain,
        taken=taken,
        pairs=pairs,
        unmatched=left,
        total=round(total, DECIMALS) if scoring else total,
        worst=min((pair.score for pair in pairs), default=None),
        blocking=blocking,
        seconds={
            "score": scored - begun,
            "solve": solved - scored,
            "explain": time.perf_counter() - solved,
        },
        scoring=scoring,
        instance=instance,
    )


def _id(profile: MenteeProfile | MentorProfile) -> str:
    return profile.id


def _refuse_double(profiles: Sequence[MenteeProfile | MentorProfile], place: str) -> None:
    for one, next_one in pairwise(profiles):
        if one.id == next_one.id:
            raise ProblemError(
                f"the id {shown(one.id)} stands there twice.",
                place=place,
                code="double_id",
                params={"id": one.id},
            )


def _check_pins(
    pins: Sequence[tuple[int, int]],
    mentee_ids: Sequence[str],
    mentor_ids: Sequence[str],
    masks: Masks,
    capacities: Sequence[int],
) -> None:
    """Refuse pins that can't all stand (contract: "forbidden, double or over capacity")."""
    seen: set[int] = set()
    used: dict[int, int] = {}
    for row, column in pins:
        mentee, mentor = mentee_ids[row], mentor_ids[column]
        params: dict[str, Any] = {"mentee": mentee, "mentor": mentor}
        used[column] = used.get(column, 0) + 1
        codes = codes_of(int(masks[row, column]))
        if row in seen:
            raise ProblemError(
                f"mentee {shown(mentee)} is pinned twice.",
                place="pins",
                code="double_pin",
                params=params,
            )
        if used[column] > capacities[column]:
            raise ProblemError(
                f"mentor {shown(mentor)} has {capacities[column]} places "
                f"and is pinned {used[column]} times.",
                place="pins",
                code="pin_over_capacity",
                params=params | {"capacity": capacities[column]},
            )
        if codes:
            raise ProblemError(
                f"mentee {shown(mentee)} with mentor {shown(mentor)} is not allowed "
                f"({', '.join(codes)}).",
                place="pins",
                code="forbidden_pin" if codes == ("forbidden",) else "excluded_pin",
                params=params | {"exclusions": codes},
            )
        seen.add(row)


def _unmatched(
    scoring: Scoring | None, mentee: str, row: int, mentors: int, allowed: Bools
) -> Unmatched:
    if scoring is not None and not scoring.mentees[row].active:
        return Unmatched(mentee, "inactive")
    if not mentors:
        return Unmatched(mentee, "no_mentors")
    return Unmatched(mentee, "all_taken" if allowed[row].any() else "none_allowed")
