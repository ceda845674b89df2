"""Where equals were chosen from, the plan says so."""

from __future__ import annotations

import pytest

from matching.engine import plan_scores
from matching.engine.objectives import OBJECTIVES
from matching.engine.output import as_dict


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_three_mentors_alike_for_one_mentee_are_marked(objective: str) -> None:
    told = as_dict(plan_scores([[0.5, 0.5, 0.5]], [1, 1, 1], objective=objective))  # type: ignore[arg-type]
    [pair] = told["pairs"]
    assert sorted([pair["mentor"], *pair["tied_with"]]) == [0, 1, 2]
    assert "Gleichauf mit" in pair["tie"]


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_three_mentees_alike_for_one_place_are_marked(objective: str) -> None:
    told = as_dict(plan_scores([[0.5], [0.5], [0.5]], [1], objective=objective))  # type: ignore[arg-type]
    [pair] = told["pairs"]
    assert "tied_with" not in pair
    assert [one["tied_with"] for one in told["unmatched"]] == [[pair["mentee"]]] * 2
    assert all("Gleichauf mit" in one["tie"] for one in told["unmatched"])


@pytest.mark.parametrize(
    ("scores", "capacities", "more"),
    [
        ([[0.5, 0.500001, 0.4]], [1, 1, 1], {}),  # one is better
        ([[0.5, 0.5]], [1, 0], {}),  # no place left
        ([[0.5, 0.5]], [1, 1], {"forbidden": [(0, 1)]}),
        ([[0.5, 0.5]], [1, 1], {"pins": [(0, 0)]}),  # a person has chosen
    ],
)
def test_what_is_no_choice_is_no_tie(scores: list, capacities: list, more: dict) -> None:  # type: ignore[type-arg]
    [pair] = as_dict(plan_scores(scores, capacities, **more))["pairs"]
    assert "tied_with" not in pair
