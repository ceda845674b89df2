"""The plans against brute force: total, fair, blocking pairs and "why not"."""

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from matching.engine import ProblemError, plan_scores, why_not
from matching.engine.assignment import UNMATCHED, Instance, core, most_matched

Problem = dict[str, Any]
ROUNDS = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
TIED = st.sampled_from([0.0, 0.25, 0.5, 1.0])
FINE = st.integers(0, 1_000_000).map(lambda units: units / 1_000_000)


@st.composite
def problems(draw: st.DrawFn, pinned: bool = True) -> Problem:
    """A small problem, often with ties, bans and too few places; pins that can stand."""
    count, width = (
        draw(st.sampled_from([5, 4, 3, 2, 1, 0])),
        draw(st.sampled_from([4, 3, 5, 2, 1, 0])),
    )
    values = draw(st.sampled_from([TIED, FINE]))
    scores = [[draw(values) for _ in range(width)] for _ in range(count)]
    capacities = [draw(st.integers(0, 2)) for _ in range(width)]
    cells = list(itertools.product(range(count), range(width)))
    forbidden = draw(st.lists(st.sampled_from(cells), max_size=8, unique=True)) if cells else []
    pins: list[tuple[int, int]] = []
    wanted = draw(st.lists(st.sampled_from(cells), max_size=2)) if cells and pinned else []
    for row, column in wanted:
        held = sum(1 for pin in pins if pin[1] == column)
        if (row, column) in forbidden or held >= capacities[column]:
            continue
        if all(pin[0] != row for pin in pins):
            pins.append((row, column))
    return {"scores": scores, "capacities": capacities, "forbidden": forbidden, "pins": pins}


def every_plan(problem: Problem) -> list[tuple[int, ...]]:
    """All assignments row → column or -1 that respect bans, capacities and pins."""
    scores, capacities = problem["scores"], problem["capacities"]
    pins = dict(problem["pins"])
    choices = []
    for row in range(len(scores)):
        allowed = [c for c in range(len(capacities)) if (row, c) not in problem["forbidden"]]
        choices.append([pins[row]] if row in pins else [UNMATCHED, *allowed])
    return [
        taken
        for taken in itertools.product(*choices)
        if all(taken.count(c) <= capacity for c, capacity in enumerate(capacities))
    ]


def values_of(problem: Problem, taken: tuple[int, ...]) -> list[float]:
    scores = problem["scores"]
    return sorted(scores[r][c] for r, c in enumerate(taken) if c != UNMATCHED)


def best_total(problem: Problem) -> tuple[int, float]:
    """(most matched, highest sum among those) by trying everything."""
    return max(
        (len(values), math.fsum(values))
        for values in (values_of(problem, taken) for taken in every_plan(problem))
    )


def best_fair(problem: Problem) -> list[float]:
    """The leximin vector by trying everything."""
    found = [values_of(problem, taken) for taken in every_plan(problem)]
    most = max(map(len, found))
    return max(values for values in found if len(values) == most)


def solved(problem: Problem, **more: Any) -> Any:
    scores = np.array(problem["scores"], dtype=float).reshape(
        len(problem["scores"]), len(problem["capacities"])
    )
    rest = {key: problem[key] for key in ("pins", "forbidden")}
    return plan_scores(scores, problem["capacities"], **rest, **more)


def check_stands(problem: Problem, found: Any) -> None:
    """The plan is one of those allowed."""
    assert tuple(found.taken.tolist()) in every_plan(problem)


@ROUNDS
@given(problems())
def test_total_matches_the_most_and_then_sums_the_highest(problem: Problem) -> None:
    found = solved(problem)
    check_stands(problem, found)
    matched, total = best_total(problem)
    assert len(found.pairs) == matched
    assert found.total == pytest.approx(total, abs=1e-12)
    assert len(found.pairs) + len(found.unmatched) == len(problem["scores"])


@ROUNDS
@given(problems())
def test_fair_is_the_exact_leximin_plan(problem: Problem) -> None:
    found = solved(problem, objective="fair")
    check_stands(problem, found)
    best = best_fair(problem)
    assert sorted(pair.score for pair in found.pairs) == best
    assert found.worst == (best[0] if best else None)


@settings(ROUNDS, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(2, 4), st.integers(6, 7))
def test_fair_is_exact_with_many_ties_on_larger_matrices(seed: int, kinds: int, size: int) -> None:
    """Compared by counting values upwards over all permutations."""
    random = np.random.default_rng(seed)
    scores = random.integers(0, kinds, (size, size)) / kinds
    orders = np.array(list(itertools.permutations(range(size))))
    vectors = np.sort(scores[np.arange(size), orders], axis=1)
    best = max(map(tuple, vectors.tolist()))
    found = plan_scores(scores, [1] * size, objective="fair")
    assert tuple(sorted(pair.score for pair in found.pairs)) == best


@ROUNDS
@given(problems())
def test_blocking_pairs_are_those_of_the_definition(problem: Problem) -> None:
    found = solved(problem)
    taken, scores = found.taken.tolist(), problem["scores"]
    pinned = {row for row, _ in problem["pins"]}
    expected = []
    for row, column in itertools.product(range(len(scores)), range(len(problem["capacities"]))):
        if (row, column) in problem["forbidden"] or problem["capacities"][column] == 0:
            continue
        if taken[row] == column or row in pinned:
            continue
        mine = scores[row][column]
        if taken[row] != UNMATCHED and not mine > scores[row][taken[row]]:
            continue
        partners = [other for other, at in enumerate(taken) if at == column]
        free = len(partners) < problem["capacities"][column]
        weaker = any(scores[p][column] < mine for p in partners if p not in pinned)
        if free or weaker:
            expected.append([row, column])
    assert found.blocking.tolist() == expected


@settings(ROUNDS, max_examples=70)
@given(problems())
def test_why_not_loses_exactly_what_planning_again_with_the_pair_loses(problem: Problem) -> None:
    found = solved(problem)
    cells = itertools.product(range(len(problem["scores"])), range(len(problem["capacities"])))
    for row, column in cells:
        answer = why_not(found, str(row), str(column))
        others = [pin for pin in problem["pins"] if pin[0] != row]
        held = sum(1 for pin in others if pin[1] == column)
        if (row, column) in problem["forbidden"] or problem["capacities"][column] == 0:
            assert answer.code == "excluded"
            assert answer.exclusions
        elif found.taken[row] == column:
            assert answer.code == "planned"
        elif held >= problem["capacities"][column]:
            assert answer.code == "seats_pinned"
        else:
            matched, total = best_total(problem | {"pins": [*others, (row, column)]})
            assert answer.loss == pytest.approx(found.total - total, abs=1e-9)
            assert answer.matched == matched
            assert answer.lost_match == (matched < len(found.pairs))
            check_moves(problem | {"pins": others}, found, answer)


@pytest.mark.parametrize("objective", ["total", "fair"])
def test_why_not_calls_it_a_gain_when_an_undone_pin_frees_a_match(objective: str) -> None:
    """The pinned pair is the better one, yet without it one more finds somebody: matches come first."""
    found = plan_scores(
        [[0.9, 0.1], [0.1, 0.0]], [1, 1], forbidden=[(1, 1)], pins=[(0, 0)], objective=objective
    )
    answer = why_not(found, "0", "1")
    assert (answer.code, answer.lost_match, answer.matched) == ("gain", False, 2)


def check_moves(problem: Problem, found: Any, answer: Any) -> None:
    """The moves lead from the plan to one that stands, and their changes add up."""
    taken = found.taken.tolist()
    for move in answer.moves:
        row = int(move.mentee)
        assert taken[row] == (UNMATCHED if move.before is None else int(move.before))
        taken[row] = UNMATCHED if move.after is None else int(move.after)
    assert tuple(taken) in every_plan(problem)
    assert taken[int(answer.mentee)] == int(answer.mentor)
    values = values_of(problem, tuple(taken))
    assert math.fsum(values) == pytest.approx(answer.total, abs=1e-9)
    assert math.fsum(m.change for m in answer.moves) == pytest.approx(-answer.loss, abs=1e-9)
    assert answer.worst == (values[0] if values else None)


@settings(ROUNDS, max_examples=40)
@given(problems(pinned=False))
def test_why_not_of_a_fair_plan_tells_the_first_value_that_differs(problem: Problem) -> None:
    found = solved(problem, objective="fair")
    before = best_fair(problem)
    cells = itertools.product(range(len(problem["scores"])), range(len(problem["capacities"])))
    for row, column in cells:
        answer = why_not(found, str(row), str(column))
        if answer.code in {"excluded", "planned"}:
            continue
        after = best_fair(problem | {"pins": [(row, column)]})
        assert answer.matched == len(after)
        first = next(((a, b) for a, b in zip(before, after, strict=False) if a != b), None)
        assert answer.first_difference == first
        assert (answer.code == "equal") == (before == after)
        check_moves(problem, found, answer)


@settings(ROUNDS, max_examples=60)
@given(problems(pinned=False), st.sampled_from([0.02, 0.1, 100.0]), st.integers(0, 2**16))
def test_keeping_pairs_counts_as_gain_after_the_most_are_matched(
    problem: Problem, gain: float, seed: int
) -> None:
    plans = every_plan(problem)
    old = plans[seed % len(plans)]
    keep = [(row, column) for row, column in enumerate(old) if column != UNMATCHED]
    found = solved(problem, keep=keep, keep_gain=gain)

    def worth(taken: tuple[int, ...]) -> tuple[int, float]:
        values = values_of(problem, taken)
        kept = sum(1 for pair in enumerate(taken) if pair in keep)
        return len(values), math.fsum(values) + gain * kept

    assert worth(tuple(found.taken.tolist())) == pytest.approx(max(map(worth, plans)), abs=1e-9)


@settings(ROUNDS, max_examples=60)
@given(st.integers(0, 2**32 - 1))
def test_most_matched_is_the_maximum_flow(seed: int) -> None:
    random = np.random.default_rng(seed)
    count, width = random.integers(0, 40, 2)
    allowed = random.random((count, width)) < random.choice([0.03, 0.08, 0.2])
    capacities = random.integers(0, 3, width)
    edges = np.zeros((count + width + 2, count + width + 2), dtype=np.int32)
    edges[0, 1 : count + 1] = 1
    edges[1 : count + 1, count + 1 : -1] = allowed
    edges[count + 1 : -1, -1] = capacities
    flow = maximum_flow(csr_array(edges), 0, count + width + 1).flow_value
    assert most_matched(allowed, capacities.astype(np.intp)) == flow


def test_few_large_capacities_need_not_be_spelled_out_as_seats() -> None:
    """More seats than are laid out at once: the limit grows only where it binds."""
    random = np.random.default_rng(5)
    scores = np.round(random.random((60, 300)), 6)
    scores[:, 7] = 1.0
    found = plan_scores(scores, [10**30] * 300)
    assert {pair.mentor for pair in found.pairs} == {"7"}
    scores = np.round(random.random((60, 300)), 6)
    found = plan_scores(scores, [10**30] * 300)
    assert found.total == pytest.approx(scores.max(axis=1).sum())


def test_total_never_trades_a_match_for_a_higher_sum() -> None:
    found = plan_scores([[0.9, 0.0], [1.0, 0.0]], [1, 1], forbidden=[(1, 1)])
    assert [(pair.mentee, pair.mentor) for pair in found.pairs] == [("0", "1"), ("1", "0")]
    assert found.total == 1.0


@pytest.mark.parametrize("seed", range(12))
def test_fair_is_exact_at_the_size_of_a_cohort(seed: int) -> None:
    """Six values and 40 mentees: lexicographic costs are still exact in a double there."""
    random = np.random.default_rng(seed)
    count, width, kinds = 40, int(random.integers(15, 45)), 6
    ranks = random.integers(0, kinds, (count, width))
    capacities = random.integers(0, 3, width)
    banned = random.random((count, width)) < random.choice([0.1, 0.5, 0.9])
    costs = (count + 1.0) ** (kinds - 1 - ranks)
    seats = np.repeat(np.arange(width), capacities)
    matched = most_matched(~banned & (capacities > 0), capacities)
    padded = np.zeros((count, len(seats) + count - matched))
    padded[:, : len(seats)] = np.where(banned, np.inf, costs)[:, seats]
    rows, columns = linear_sum_assignment(padded)
    seated = columns < len(seats)
    best = sorted(ranks[rows[seated], seats[columns[seated]]] / kinds)
    found = plan_scores(
        ranks / kinds,
        capacities.tolist(),
        forbidden=[(int(r), int(c)) for r, c in np.argwhere(banned)],
        objective="fair",
    )
    assert sorted(pair.score for pair in found.pairs) == best


def test_fair_lifts_the_worst_pair_at_the_cost_of_the_sum() -> None:
    scores = [[1.0, 0.6], [0.5, 0.0]]
    assert plan_scores(scores, [1, 1]).worst == 0.5
    scores = [[1.0, 0.5], [0.45, 0.0]]
    fair = plan_scores(scores, [1, 1], objective="fair")
    assert fair.worst == 0.45
    scores = [[1.0, 0.4], [0.4, 0.1]]
    total, fair = plan_scores(scores, [1, 1]), plan_scores(scores, [1, 1], objective="fair")
    assert (total.total, total.worst) == (1.1, 0.1)
    assert (fair.total, fair.worst) == (0.8, 0.4)


def test_the_same_matrix_gives_the_same_plan() -> None:
    scores = np.random.default_rng(3).integers(0, 4, (40, 40)) / 4
    for objective in ("total", "fair"):
        plans = [plan_scores(scores, [1] * 40, objective=objective) for _ in range(3)]
        assert len({tuple(each.taken.tolist()) for each in plans}) == 1


def test_core_leaves_out_rows_and_columns_without_a_choice() -> None:
    allowed = np.array([[True, False], [False, False], [True, True]])
    instance = Instance(np.zeros((3, 2)), allowed, np.array([1, 1]), ((2, 1),))
    todo = core(instance)
    assert todo.rows.tolist() == [0]
    assert todo.columns.tolist() == [0]
    assert todo.matched == 1


@pytest.mark.parametrize(
    ("pins", "forbidden", "code"),
    [
        ([(0, 0), (0, 1)], [], "double_pin"),
        ([(0, 0), (0, 0)], [], "double_pin"),
        ([(0, 0), (1, 0)], [], "pin_over_capacity"),
        ([(0, 2)], [], "pin_over_capacity"),
        ([(0, 0)], [(0, 0)], "forbidden_pin"),
        ([(9, 0)], [], "unknown_id"),
    ],
)
def test_pins_that_can_not_stand_are_refused(
    pins: list[tuple[int, int]], forbidden: list[tuple[int, int]], code: str
) -> None:
    with pytest.raises(ProblemError) as caught:
        plan_scores([[0.5] * 3] * 2, [1, 1, 0], pins=pins, forbidden=forbidden)
    assert caught.value.code == code
    assert caught.value.place == "pins"


def test_why_not_of_a_pinned_mentee_gives_up_that_pin_for_the_question() -> None:
    found = plan_scores([[0.2, 0.9], [0.3, 0.4]], [1, 1], pins=[(0, 0)])
    answer = why_not(found, "0", "1")
    assert answer.code == "gain"
    assert answer.loss == pytest.approx(-0.6)
    assert [(m.mentee, m.before, m.after) for m in answer.moves] == [
        ("0", "0", "1"),
        ("1", "1", "0"),
    ]
