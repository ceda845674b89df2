"""The fair plan: the worst pair as good as possible, then the next worst, … – exactly.

Leximin over plans with the same number of pairs means: as few pairs of the lowest value as
possible, among those plans as few of the next value, and so on upwards. Each step is a
min-cost flow with costs 0/1 (1 for an edge of the value at hand), solved from the current
plan by cancelling negative cycles. Its dual prices then tell which edges can still be part of
a plan that is optimal so far; the others are dropped. After the last value every plan left is
a leximin optimum: the objective "fair".

Nodes are the columns (mentors, and one column for "unmatched") and the pool of free seats; a
row in column a that may go to column b is an arc a → b.
"""

import numpy as np
from numpy.typing import NDArray

from matching.engine.assignment import UNMATCHED, Core, Indices

NONE = -2
POOL = -1
FAR = 1 << 20

Ranks = NDArray[np.int32]
Prices = NDArray[np.int64]


def leximin(todo: Core, start: Indices) -> Indices:
    """The leximin plan among those with K matched, found from any plan `start` with K."""
    return _Search(todo, start).run()


class _Search:
    """The plan at hand and the edges that are still alive."""

    def __init__(self, todo: Core, start: Indices) -> None:
        count, width = todo.allowed.shape
        self.unmatched = width
        edges = np.flatnonzero(todo.allowed)
        values, ranks = np.unique(todo.worth.ravel()[edges], return_inverse=True)
        self.levels = len(values)
        # One more column for "unmatched", better than any value: its places are always used.
        self.rank: Ranks = np.full((count, width + 1), self.levels, dtype=np.int32)
        self.rank[:, :width][todo.allowed] = ranks
        spare = count - todo.matched
        self.live = np.ones((count, width + 1), dtype=bool)
        self.live[:, :width] = todo.allowed
        self.live[:, width] = spare > 0
        order = np.argsort(ranks, kind="stable")
        self.edges = edges[order] + edges[order] // max(1, width)  # as flat indices of `rank`
        self.first = np.searchsorted(ranks[order], np.arange(self.levels + 1))
        self.taken = np.where(start == UNMATCHED, width, start).astype(np.intp)
        self.capacities = np.append(todo.capacities, spare)
        self.fillable = np.ones(width + 1, dtype=bool)
        """Columns that may end with a free seat; false: every optimal plan fills them."""
        self.has_pool = bool(self.capacities.sum() > count)

    def run(self) -> Indices:
        rows = np.arange(len(self.taken))
        settled = -1
        while True:
            own = self.rank[rows, self.taken]
            ahead = own[(own > settled) & (own < self.levels)]
            if not len(ahead):
                return np.where(self.taken == self.unmatched, UNMATCHED, self.taken)
            level = int(ahead.min())
            self._drop(self.edges[self.first[settled + 1] : self.first[level]])
            while self._cancel_cycle(level):
                pass
            self._keep_tight(level)
            settled = level

    def _drop(self, edges: Indices) -> None:
        self.live.ravel()[edges] = False

    def _costs(self, rows: Indices, level: int) -> Prices:
        costs = (self.rank[rows] == level).astype(np.int64)
        costs[~self.live[rows]] = FAR
        return costs

    def _cancel_cycle(self, level: int) -> bool:
        """One pair of `level` less in the plan, or False with the shortest distances known.

        Labels fall from 0; only a row that holds a pair of `level` can make one fall first.
        """
        width = len(self.capacities)
        own = (self.rank[np.arange(len(self.taken)), self.taken] == level).astype(np.int64)
        self.own = own
        self.distance: Prices = np.zeros(width, dtype=np.int64)
        self.pool = 0
        self.via = np.full(width, NONE, dtype=np.intp)
        self.pool_via = NONE
        open_columns = np.bincount(self.taken, minlength=width) < self.capacities
        rows = np.flatnonzero(own)
        lowest = -len(rows)
        while len(rows):
            offers = (
                self._costs(rows, level) + (self.distance[self.taken[rows]] - own[rows])[:, None]
            )
            best = offers.min(axis=0)
            changed = best < self.distance
            self.distance[changed] = best[changed]
            self.via[changed] = rows[offers.argmin(axis=0)[changed]]
            changed |= self._through_pool(open_columns)
            cycle = self._cycle_from(int(self.distance.argmin()))
            if cycle is not None:
                for row, column in cycle:
                    self.taken[row] = column
                return True
            if self.distance.min() < lowest - 1:
                raise AssertionError("a label fell below every simple path without a cycle")
            rows = np.flatnonzero(changed[self.taken])
        return False

    def _through_pool(self, open_columns: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Let the pool of free seats take what a free seat is worth: the columns it improved."""
        if not self.has_pool:
            return np.zeros(len(self.distance), dtype=bool)
        reached = np.where(open_columns, self.distance, FAR)
        at = int(reached.argmin())
        if reached[at] < self.pool:
            self.pool = int(reached[at])
            self.pool_via = at
        improved = self.fillable & (self.distance > self.pool)
        self.distance[improved] = self.pool
        self.via[improved] = POOL
        return improved

    def _cycle_from(self, node: int) -> list[tuple[int, int]] | None:
        """The moves (row, new column) of a cycle met walking back from column `node`."""
        place: dict[int, int] = {}
        walk: list[tuple[int, int] | None] = []
        while node not in place:
            place[node] = len(walk)
            if node == POOL:
                if self.pool_via == NONE:
                    return None
                walk.append(None)
                node = self.pool_via
            elif self.via[node] == NONE:
                return None
            elif self.via[node] == POOL:
                walk.append(None)
                node = POOL
            else:
                row = int(self.via[node])
                walk.append((row, node))
                node = int(self.taken[row])
        return [move for move in walk[place[node] :] if move is not None]

    def _keep_tight(self, level: int) -> None:
        """Drop every edge that no plan with as few pairs of `level` uses (reduced cost > 0)."""
        base = self.distance[self.taken] - self.own
        edges = self.edges[self.first[level] : self.first[level + 1]]
        rows, columns = np.divmod(edges, len(self.capacities))
        self._drop(edges[base[rows] + 1 != self.distance[columns]])
        moved = np.flatnonzero(base)
        tight = self._costs(moved, level) + base[moved, None] == self.distance
        self.live[moved] &= tight
        still = np.flatnonzero(base == 0)
        priced = np.flatnonzero(self.distance)
        self.live[np.ix_(still, priced)] = False
        if self.has_pool:
            self.fillable &= self.distance == self.pool
