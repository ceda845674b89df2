"""A computed plan, and what can be asked of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matching.engine.assignment import UNMATCHED, Floats, Indices, Instance
from matching.engine.errors import ProblemError, shown
from matching.engine.exchange import Exchange
from matching.engine.explanation import PairExplanation, Unmatched, explain
from matching.engine.objectives import Objective
from matching.engine.rules import Masks, codes_of
from matching.engine.scoring import Scoring
from matching.engine.ties import tied_columns, tied_rows

Pair = tuple[str, str]
"""(mentee id, mentor id)"""


@dataclass(frozen=True)
class PlannedPair:
    """A pair of the plan."""

    mentee: str
    mentor: str
    score: float
    pinned: bool
    explanation: PairExplanation | None
    """None for a plan from a bare matrix."""


@dataclass(frozen=True, eq=False)
class Plan:
    """A computed plan. Rows are mentees, columns mentors, both sorted by id (in a plan from a
    bare matrix by index, the ids being the indices as text). Arrays are not to be written."""

    mentee_ids: tuple[str, ...]
    mentor_ids: tuple[str, ...]
    objective: Objective
    scores: Floats
    """n × m, 0..1; from profiles rounded to 1e-6."""
    masks: Masks
    """n × m: which rules exclude the pair, see `exclusion_codes`; 0 where it is allowed."""
    capacities: tuple[int, ...]
    pins: tuple[Pair, ...]
    forbidden: tuple[Pair, ...]
    keep: tuple[Pair, ...]
    keep_gain: float
    """λ: what keeping one of the pairs of `keep` adds to the objective."""
    taken: Indices
    """n: each mentee's column, or -1."""
    pairs: tuple[PlannedPair, ...]
    unmatched: tuple[Unmatched, ...]
    total: float
    """Sum of the pairs' scores."""
    worst: float | None
    """The lowest score of a pair; None without pairs."""
    blocking: NDArray[np.intp]
    """k × 2 (row, column)."""
    seconds: Mapping[str, float]
    """score, solve, explain."""
    scoring: Scoring | None
    """None for a plan from a bare matrix."""
    instance: Instance
    """What the objective was computed on."""

    @cached_property
    def rows(self) -> dict[str, int]:
        """Mentee id → row."""
        return {key: row for row, key in enumerate(self.mentee_ids)}

    @cached_property
    def columns(self) -> dict[str, int]:
        """Mentor id → column."""
        return {key: column for column, key in enumerate(self.mentor_ids)}

    @cached_property
    def exchange(self) -> Exchange:
        """What changing the plan costs; for the objective total."""
        return Exchange(self.instance, self.taken)

    @cached_property
    def tied_mentors(self) -> dict[str, tuple[str, ...]]:
        """Mentee → mentors as good as the planned one, with a place left: the order of the ids decided."""
        ties = tied_columns(self.instance, self.taken)
        return {
            self.mentee_ids[row]: tuple(self.mentor_ids[one] for one in columns)
            for row, columns in ties.items()
        }

    @cached_property
    def tied_mentees(self) -> dict[str, tuple[str, ...]]:
        """Mentee without a mentor → mentees who have a place that suited this one as well."""
        ties = tied_rows(self.instance, self.taken)
        return {
            self.mentee_ids[row]: tuple(self.mentee_ids[one] for one in rows)
            for row, rows in ties.items()
        }

    @property
    def weights(self) -> Mapping[str, float]:
        """Component → weight; they add up to 1. Empty for a bare matrix."""
        return self.scoring.weights if self.scoring else {}

    @property
    def component_means(self) -> Mapping[str, float]:
        """Component → what a missing value counted as in this run. Empty for a bare matrix."""
        return self.scoring.means if self.scoring else {}

    @property
    def blocking_pairs(self) -> tuple[Pair, ...]:
        """`blocking` as ids."""
        return tuple(
            (self.mentee_ids[row], self.mentor_ids[column]) for row, column in self.blocking
        )

    def place(self, mentee: str, mentor: str) -> tuple[int, int]:
        """(row, column) of a pair of ids; raises `ProblemError` for an unknown one."""
        return place_of(self.rows, mentee, "mentee"), place_of(self.columns, mentor, "mentor")

    def score(self, mentee: str, mentor: str) -> float:
        """The score of any pair, in the plan or not, allowed or not."""
        return float(self.scores[self.place(mentee, mentor)])

    def exclusion_codes(self, mentee: str, mentor: str) -> tuple[str, ...]:
        """Why the pair can't be, the most telling first; empty where it is allowed."""
        return codes_of(int(self.masks[self.place(mentee, mentor)]))

    def explain(self, mentee: str, mentor: str) -> PairExplanation | None:
        """Reasons and weakest point of any pair; None for a bare matrix."""
        return explain_pair(self.scoring, *self.place(mentee, mentor))

    def mentor_of(self, mentee: str) -> str | None:
        """The planned mentor."""
        column = int(self.taken[place_of(self.rows, mentee, "mentee")])
        return None if column == UNMATCHED else self.mentor_ids[column]

    def ranking(self, mentee: str) -> tuple[str, ...]:
        """The mentors allowed for a mentee, the best score first, equal ones by id."""
        row = place_of(self.rows, mentee, "mentee")
        order = np.argsort(-self.scores[row], kind="stable")
        return tuple(self.mentor_ids[column] for column in order if not self.masks[row, column])


def place_of(places: Mapping[str, int], key: str, place: str) -> int:
    """The row or column of an id. Raises ProblemError, about ``place``, for an unknown one."""
    if key not in places:
        raise ProblemError(
            f"{shown(key)} is not in this run.", place=place, code="unknown_id", params={"id": key}
        )
    return places[key]


def explain_pair(scoring: Scoring | None, row: int, column: int) -> PairExplanation | None:
    """Reasons and weakest point of a pair; None for a bare matrix."""
    if scoring is None:
        return None
    lines = scoring.pair(row, column)
    return explain(scoring.mentees[row], scoring.mentors[column], scoring.ranks[row], lines)
