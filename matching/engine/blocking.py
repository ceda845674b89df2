"""Blocking pairs: who would rather have each other than what the plan gives them."""

import numpy as np
from numpy.typing import NDArray

from matching.engine.assignment import UNMATCHED, Bools, Floats, Indices


def blocking_pairs(
    scores: Floats, allowed: Bools, capacities: Indices, taken: Indices, pinned: Bools
) -> NDArray[np.intp]:
    """k × 2 (row, column), by row, then column, of the plan `taken`.

    A pair blocks when it is allowed and not in the plan, the mentee is not pinned and scores
    strictly higher with this mentor than with the planned one (or has none), and the mentor
    has a free seat or an unpinned mentee with a strictly lower score.
    """
    count, width = scores.shape
    rows = np.flatnonzero(taken != UNMATCHED)
    own = np.full(count, -np.inf)
    own[rows] = scores[rows, taken[rows]]
    weakest = np.full(width, np.inf)
    loose = rows[~pinned[rows]]
    np.minimum.at(weakest, taken[loose], own[loose])
    weakest[np.bincount(taken[rows], minlength=width) < capacities] = -np.inf
    blocks = allowed & ~pinned[:, None] & (scores > own[:, None]) & (scores > weakest)
    return np.argwhere(blocks)
