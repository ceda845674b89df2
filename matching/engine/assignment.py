"""Who goes with whom: as many mentees as possible first, then the objective."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Indices = NDArray[np.intp]

UNMATCHED = -1
UNITS = 1e6
"""Scores are rounded to 1e-6: in these units they are whole and sums of them exact."""
MANY_SEATS = 4_000


@dataclass(frozen=True, eq=False)
class Instance:
    """What an objective is computed on. Rows are mentees, columns mentors."""

    worth: Floats
    """n × m: what a pair is worth to the objective, its score plus what keeping it gains."""
    allowed: Bools
    """n × m."""
    capacities: Indices
    """m, each at most n."""
    pins: tuple[tuple[int, int], ...] = ()
    """Pairs that are given; allowed, at most one per row and within capacity."""

    @property
    def size(self) -> tuple[int, int]:
        """n, m."""
        return self.worth.shape[0], self.worth.shape[1]

    def pinned(self) -> Bools:
        """n: rows that are pinned."""
        mask = np.zeros(self.size[0], dtype=bool)
        mask[[row for row, _ in self.pins]] = True
        return mask

    def with_pin(self, row: int, column: int) -> "Instance":
        """The same with `row` pinned to `column`, instead of a pin it may have."""
        others = (pin for pin in self.pins if pin[0] != row)
        pins = (*others, (row, column))
        return Instance(self.worth, self.allowed, self.capacities, pins)


@dataclass(frozen=True, eq=False)
class Core:
    """An instance without its pins and without rows and columns that nothing can be done for."""

    rows: Indices
    columns: Indices
    worth: Floats
    allowed: Bools
    capacities: Indices
    matched: int
    """K: the most rows that can be matched."""


def core(instance: Instance) -> Core:
    """What is left to decide once pins have their seats, and how many can be matched."""
    free = instance.capacities.copy()
    for _, column in instance.pins:
        free[column] -= 1
    open_pairs = instance.allowed & (free > 0) & ~instance.pinned()[:, None]
    rows = np.flatnonzero(open_pairs.any(axis=1))
    columns = np.flatnonzero(open_pairs.any(axis=0))
    block = np.ix_(rows, columns)
    allowed = open_pairs[block]
    seats = np.minimum(free[columns], allowed.sum(axis=0))
    return Core(rows, columns, instance.worth[block], allowed, seats, most_matched(allowed, seats))


def most_matched(allowed: Bools, capacities: Indices) -> int:
    """K, the most rows that can be matched at once within the capacities.

    A greedy start, then alternating paths by breadth-first search. What a failed search has
    seen can reach no free seat any more and is never searched again.
    """
    count, width = allowed.shape
    taken = np.full(count, UNMATCHED, dtype=np.intp)
    free = capacities.astype(np.int64).copy()
    degrees = allowed.sum(axis=1)
    demand = allowed.sum(axis=0) / np.maximum(capacities, 1)
    by_demand = np.argsort(demand, kind="stable")
    for row in np.argsort(degrees, kind="stable"):
        seats = (allowed[row] & (free > 0))[by_demand]
        at = int(seats.argmax()) if width else 0
        if width and seats[at]:
            taken[row] = by_demand[at]
            free[by_demand[at]] -= 1
    dead = np.zeros(width, dtype=bool)
    for row in np.flatnonzero(taken == UNMATCHED):
        _augment(allowed, taken, free, dead, int(row))
    return int((taken != UNMATCHED).sum())


def _augment(allowed: Bools, taken: Indices, free: Indices, dead: Bools, start: int) -> None:
    """Match `start` by moving others along an alternating path, or mark what it saw dead."""
    seen = dead.copy()
    reached_from: dict[int, int] = {}
    queue = [start]
    for row in queue:
        fresh = np.flatnonzero(allowed[row] & ~seen)
        seen[fresh] = True
        reached_from.update(dict.fromkeys(fresh.tolist(), row))
        with_seat = fresh[free[fresh] > 0]
        if len(with_seat):
            free[with_seat[0]] -= 1
            _shift(taken, reached_from, start, int(with_seat[0]))
            return
        if len(fresh):
            queue.extend(np.flatnonzero(np.isin(taken, fresh)).tolist())
    dead |= seen


def _shift(taken: Indices, reached_from: dict[int, int], start: int, column: int) -> None:
    """Walk the path back from `column`: everyone on it takes the seat they reached."""
    row = -1
    while row != start:
        row = reached_from[column]
        left = int(taken[row])
        taken[row] = column
        column = left


def whole(values: Floats) -> Floats | None:
    """`values` in units of 1e-6 when every one of them is a whole number of these, else None."""
    units = np.rint(values * UNITS)
    return units if np.array_equal(units / UNITS, values) else None


def best_sum(todo: Core, costs: Floats) -> Indices:
    """The plan with K rows matched and the least sum of `costs` (rows × columns of `todo`).

    Exact without offsets: a column per free seat, and n − K columns of one constant cost for
    "unmatched", of which any plan with K matched uses every one. Mentors with
    more seats than are of use get some at first and more while theirs are all taken: a
    capacity that does not bind changes nothing.
    """
    seats = todo.capacities
    fair_share = max(2, -(-len(todo.rows) // max(1, len(todo.columns))))
    limit = seats if seats.sum() <= MANY_SEATS else np.minimum(seats, fair_share)
    while True:
        found = _best_sum_within(todo, costs, limit)
        if found is None:
            more = limit < seats
            if not more.any():
                raise AssertionError("no plan with as many pairs as were found to be possible")
        else:
            more = (np.bincount(found[found >= 0], minlength=len(seats)) == limit) & (limit < seats)
            if not more.any():
                return found
        limit = np.where(more, np.minimum(seats, limit * 2), limit)


def _best_sum_within(todo: Core, costs: Floats, limit: Indices) -> Indices | None:
    owner = np.repeat(np.arange(len(limit)), limit)
    count, spare = len(todo.rows), len(todo.rows) - todo.matched
    if len(owner) < todo.matched:
        return None
    constant = float(np.max(costs, where=todo.allowed, initial=0.0))
    matrix = np.full((count, len(owner) + spare), constant)
    priced = np.where(todo.allowed, costs, np.inf)
    np.take(priced, owner, axis=1, out=matrix[:, : len(owner)], mode="clip")
    # Here, since loading it takes as long as half of the application, and few processes ever compute a plan.
    from scipy.optimize import linear_sum_assignment

    try:
        rows, picked = linear_sum_assignment(matrix)
    except ValueError:  # infeasible within `limit`: too few seats so far
        return None
    found = np.full(count, UNMATCHED, dtype=np.intp)
    seated = picked < len(owner)
    found[rows[seated]] = owner[picked[seated]]
    return found
