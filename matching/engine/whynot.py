"""The question "why not this pair?", answered exactly, by what forcing it would change."""

import math
from collections.abc import Iterable

import numpy as np

from matching.engine.assignment import UNMATCHED, Indices
from matching.engine.explanation import Move, WhyNot, WhyNotCode
from matching.engine.objectives import solve
from matching.engine.result import Plan
from matching.engine.rules import codes_of
from matching.engine.scoring import DECIMALS

NOTHING = 1e-9
"""A difference below this is none."""


def why_not(plan: Plan, mentee: str, mentor: str) -> WhyNot:
    """What the best plan with this pair would change; pins of others stay, one of the mentee's
    own is given up for the question.

    For `total` from a shortest chain of moves on the plan, for `fair` by planning again with
    the pair pinned. Raises `ProblemError` for an unknown id.
    """
    row, column = plan.place(mentee, mentor)
    if plan.taken[row] == column:
        return _unchanged(plan, mentee, mentor, "planned")
    codes = codes_of(int(plan.masks[row, column]))
    if codes:
        return _unchanged(plan, mentee, mentor, "excluded", codes)
    held = sum(1 for pin in plan.instance.pins if pin[1] == column and pin[0] != row)
    if held >= plan.capacities[column]:
        return _unchanged(plan, mentee, mentor, "seats_pinned")
    if plan.objective == "fair":
        return _why_not_fair(plan, row, column)
    found = plan.exchange.loss(row, column)
    return _answer(plan, row, column, found.loss, found.lost, found.moves)


def _why_not_fair(plan: Plan, row: int, column: int) -> WhyNot:
    after = solve(plan.instance.with_pin(row, column), "fair")
    changed = [int(each) for each in np.flatnonzero(after != plan.taken) if each != row]
    moves = [(each, int(plan.taken[each]), int(after[each])) for each in [row, *changed]]
    before, then = _values(plan, plan.taken), _values(plan, after)
    first = next(
        ((a, b) for a, b in zip(before, then, strict=False) if a != b),
        None,
    )
    lost = len(before) - len(then)
    loss = math.fsum(before) - math.fsum(then)
    better = first is not None and first[1] > first[0]
    return _answer(plan, row, column, loss, lost, moves, first, better)


def _answer(
    plan: Plan,
    row: int,
    column: int,
    loss: float,
    lost: int,
    moves: Iterable[tuple[int, int, int]],
    first: tuple[float, float] | None = None,
    better: bool = False,
) -> WhyNot:
    after = plan.taken.copy()
    told = []
    for who, source, goal in moves:
        after[who] = goal
        told.append(
            Move(
                plan.mentee_ids[who],
                _mentor(plan, source),
                _mentor(plan, goal),
                _clean(plan, _score(plan, who, goal) - _score(plan, who, source)),
            )
        )
    values = _values(plan, after)
    loss = _clean(plan, loss)
    code: WhyNotCode = "equal"
    if lost > 0:
        code = "lost_match"
    elif plan.objective == "fair":
        code = "equal" if first is None and not lost else "gain" if better or lost < 0 else "loss"
    elif lost < 0 or loss < 0:
        code = "gain"
    elif loss > 0:
        code = "loss"
    return WhyNot(
        mentee=plan.mentee_ids[row],
        mentor=plan.mentor_ids[column],
        code=code,
        loss=loss,
        lost_match=lost > 0,
        moves=tuple(told),
        total=_clean(plan, math.fsum(values)),
        worst=min(values, default=None),
        matched=len(values),
        first_difference=first,
    )


def _unchanged(
    plan: Plan, mentee: str, mentor: str, code: WhyNotCode, codes: tuple[str, ...] = ()
) -> WhyNot:
    return WhyNot(
        mentee=mentee,
        mentor=mentor,
        code=code,
        exclusions=codes,
        total=plan.total,
        worst=plan.worst,
        matched=len(plan.pairs),
    )


def _clean(plan: Plan, value: float) -> float:
    """Without the noise of adding: whole units of 1e-6 for scores that are such."""
    if abs(value) < NOTHING:
        return 0.0
    return round(value, DECIMALS) if plan.scoring else value


def _mentor(plan: Plan, column: int) -> str | None:
    return None if column == UNMATCHED else plan.mentor_ids[column]


def _score(plan: Plan, row: int, column: int) -> float:
    return 0.0 if column == UNMATCHED else float(plan.scores[row, column])


def _values(plan: Plan, taken: Indices) -> list[float]:
    """The scores of the pairs of a plan, the worst first."""
    rows = np.flatnonzero(taken != UNMATCHED)
    return sorted(float(value) for value in plan.scores[rows, taken[rows]])
