"""What forcing a pair would cost a `total` plan, and who would have to move.

The plan is optimal, so the best plan with the pair (i, j) differs from it by one chain: i takes
a seat of j, whoever sat there moves on, and so on until somebody takes the seat i left, or a
free one. The cheapest chain is a shortest path over the columns; the pool of free seats is
entered and left for nothing. "Unmatched" costs more than all scores together, so that a lost
match can be read off the length.
"""

from dataclasses import dataclass

import numpy as np

from matching.engine.assignment import UNITS, UNMATCHED, Bools, Floats, Indices, Instance, whole

NONE = -2
POOL = -1


@dataclass(frozen=True)
class Loss:
    """What forcing a pair changes, in the worth that the objective adds up."""

    possible: bool
    """False where no seat can be freed, since pins hold them all."""
    loss: float = 0.0
    """Sum of worth before − after; negative is possible only where it undoes a pin."""
    lost: int = 0
    """How many fewer mentees are matched: 0 or 1 (−1 where undoing a pin frees one)."""
    moves: tuple[tuple[int, int, int], ...] = ()
    """(row, from column, to column) along the chain, `UNMATCHED` for none; the forced first."""


class Exchange:
    """Shortest chains on the plan `taken` that is optimal for the objective total."""

    def __init__(self, instance: Instance, taken: Indices) -> None:
        count, width = instance.size
        units = whole(instance.worth)
        self.unit = 1.0 if units is None else UNITS
        worth = instance.worth if units is None else units
        self.nobody = width
        self.lost_cost = 2 * (count + 1) * max(self.unit, float(worth.max(initial=0.0)))
        # A label falls only by more than the noise of adding costs of this size.
        self.slack = 4e-15 * self.lost_cost if units is None else 0.5
        self.costs: Floats = np.full((count, width + 1), self.lost_cost)
        self.costs[:, :width] = np.where(instance.allowed, self.unit - worth, np.inf)
        self.taken = np.where(taken == UNMATCHED, width, taken)
        self.own = self.costs[np.arange(count), self.taken]
        self.movable: Bools = ~instance.pinned()
        used = np.bincount(self.taken, minlength=width + 1)
        self.open: Bools = np.append(used[:width] < instance.capacities, True)

    def losses(self, row: int) -> "RowLosses":
        """The chains that end with the seat of `row`, for forcing it into any column."""
        target = int(self.taken[row])
        movable = self.movable.copy()
        movable[row] = False
        rows = np.flatnonzero(movable)
        seats = self.taken[rows]
        width = self.nobody + 1
        distance = np.full(width, np.inf)
        distance[target] = 0.0
        mover = np.full(width, NONE, dtype=np.intp)
        onward = np.full(width, NONE, dtype=np.intp)
        self._enter_pool(distance, mover, onward, target)
        changed = np.flatnonzero(np.isfinite(distance))
        while len(changed):
            before = distance.copy()
            offers = self.costs[rows][:, changed] + distance[changed]
            at = offers.argmin(axis=1) if len(rows) else np.zeros(0, dtype=np.intp)
            offer = offers[np.arange(len(rows)), at] - self.own[rows]
            best = np.full(width, np.inf)
            np.minimum.at(best, seats, offer)
            better = best < distance - self.slack
            chosen = np.flatnonzero(better[seats] & (offer == best[seats]))[::-1]
            distance[better] = best[better]
            mover[seats[chosen]] = rows[chosen]
            onward[seats[chosen]] = changed[at[chosen]]
            self._enter_pool(distance, mover, onward, target)
            changed = np.flatnonzero(distance < before)
        return RowLosses(self, row, target, distance, mover, onward)

    def _enter_pool(self, distance: Floats, mover: Indices, onward: Indices, target: int) -> None:
        """Whoever comes to a free seat displaces nobody; the pool may take any other seat."""
        at = int(distance.argmin())
        better = self.open & (distance > distance[at] + self.slack)
        better[target] = False
        distance[better] = distance[at]
        mover[better] = POOL
        onward[better] = at

    def loss(self, row: int, column: int) -> Loss:
        """What forcing (`row`, `column`) costs; the pair has to be allowed."""
        return self.losses(row).to(column)


class RowLosses:
    """The answer for one row and every column."""

    def __init__(
        self,
        exchange: Exchange,
        row: int,
        target: int,
        distance: Floats,
        mover: Indices,
        onward: Indices,
    ) -> None:
        self._exchange = exchange
        self._row = row
        self._target = target
        self._distance = distance
        self._mover = mover
        self._onward = onward

    def to(self, column: int) -> Loss:
        """What forcing the row into `column` costs, with the chain; the pair must be allowed."""
        whole_cost = self._cost(column)
        if not np.isfinite(whole_cost):
            return Loss(possible=False)
        if column == self._target:
            return Loss(possible=True)
        loss, lost = self._split(whole_cost)
        return Loss(True, loss, lost, self._chain(column))

    def _cost(self, column: int) -> float:
        exchange = self._exchange
        step = exchange.costs[self._row, column] - exchange.own[self._row]
        return float(step + self._distance[column])

    def _split(self, cost: float) -> tuple[float, int]:
        """A difference of costs as (loss of worth, matches lost)."""
        exchange = self._exchange
        lost = round(cost / exchange.lost_cost)
        return (cost - lost * (exchange.lost_cost - exchange.unit)) / exchange.unit, lost

    def _chain(self, column: int) -> tuple[tuple[int, int, int], ...]:
        nobody = self._exchange.nobody

        def seat(at: int) -> int:
            return UNMATCHED if at == nobody else at

        moves = [(self._row, seat(self._target), column)]
        node = column
        while node != self._target:
            row, onward = int(self._mover[node]), int(self._onward[node])
            if row != POOL:
                moves.append((row, seat(node), seat(onward)))
            node = onward
        return tuple(moves)
