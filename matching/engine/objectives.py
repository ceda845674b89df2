"""The two objectives of a plan."""

from typing import Literal, get_args

import numpy as np

from matching.engine.assignment import UNITS, UNMATCHED, Indices, Instance, best_sum, core, whole
from matching.engine.leximin import leximin

Objective = Literal["total", "fair"]
OBJECTIVES: tuple[Objective, ...] = get_args(Objective)


def solve(instance: Instance, objective: Objective = "total") -> Indices:
    """The column of each row, or `UNMATCHED`.

    `total`: the most rows matched, then the highest sum of `worth`. `fair`: the most rows
    matched, then the lowest `worth` as high as possible, then the next lowest … (leximin).
    Same instance, same answer.
    """
    taken = np.full(instance.size[0], UNMATCHED, dtype=np.intp)
    for row, column in instance.pins:
        taken[row] = column
    todo = core(instance)
    if todo.matched:
        if objective == "fair":
            # Powers are only where the exact search begins, never its result.
            start = best_sum(todo, (1 - todo.worth) ** 12)
            found = leximin(todo, start)
        else:
            units = whole(todo.worth)
            found = best_sum(todo, UNITS - units if units is not None else 1 - todo.worth)
        settled = found != UNMATCHED
        taken[todo.rows[settled]] = todo.columns[found[settled]]
    return taken
