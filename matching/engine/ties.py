"""Where a plan chose between equals: nothing but the order of the ids spoke for one of them."""

import numpy as np

from matching.engine.assignment import UNMATCHED, Indices, Instance


def tied_columns(instance: Instance, taken: Indices) -> dict[int, list[int]]:
    """Row → columns that are worth as much to it as the one it has and have a seat left: putting one of
    them in its place changes nothing for anybody. Rows that are pinned are no choice."""
    seats = np.bincount(taken[taken != UNMATCHED], minlength=instance.size[1])
    left = seats < instance.capacities
    found = {}
    for row in np.flatnonzero((taken != UNMATCHED) & ~instance.pinned()):
        same = instance.worth[row] == instance.worth[row, taken[row]]
        columns = np.flatnonzero(same & instance.allowed[row] & left)
        others = [int(column) for column in columns if column != taken[row]]
        if others:
            found[int(row)] = others
    return found


def tied_rows(instance: Instance, taken: Indices) -> dict[int, list[int]]:
    """Row without a column → the rows that have a seat it could have and is worth as much for."""
    having = np.flatnonzero((taken != UNMATCHED) & ~instance.pinned())
    columns = taken[having]
    worth = instance.worth[having, columns]
    found = {}
    for row in np.flatnonzero(taken == UNMATCHED):
        same = (instance.worth[row, columns] == worth) & instance.allowed[row, columns]
        if same.any():
            found[int(row)] = [int(one) for one in having[same]]
    return found
