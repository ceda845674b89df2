"""Reasons, weakest point, unmatched and their German sentences."""

import math
from typing import Any

import pytest
from hypothesis import given

from matching.engine import (
    COMPONENTS,
    Goal,
    MenteeProfile,
    MentorProfile,
    PairExplanation,
    Plan,
    Reason,
    german,
    plan,
    plan_scores,
    why_not,
)
from tests.matching.engine_runs import ROUNDS, components, runs

Run = tuple[list[MenteeProfile], list[MentorProfile]]


def cellist(**more: Any) -> MenteeProfile:
    return MenteeProfile(
        id="e",
        goals=(Goal("probespiel"), Goal("selbstvermarktung"), Goal("lampenfieber")),
        career_fields=("orchester",),
        format="online",  # type: ignore[arg-type]
        **more,
    )


def player(**more: Any) -> MentorProfile:
    return MentorProfile(
        id="m",
        topics=("probespiel", "selbstvermarktung"),
        career_fields=("orchester",),
        format="on_site_only",  # type: ignore[arg-type]
        **more,
    )


def test_a_pair_is_told_by_what_is_covered_and_where_it_is_weakest() -> None:
    found = plan([cellist()], [player()])
    told = found.pairs[0].explanation
    assert told
    assert [(r.code, r.params.get("covered")) for r in told.reasons] == [
        ("career_fields", ["orchester"]),
        ("goals", ["probespiel", "selbstvermarktung"]),
    ]
    assert told.weakest
    assert told.weakest.code == "format_differs"
    assert (told.known, told.of) == (3, 7)
    assert german.sentences(told) == (
        "Arbeitet im gewünschten Berufsfeld (orchester) und bietet zwei der drei Ziele an "
        "(probespiel, selbstvermarktung). Schwächster Punkt: nur vor Ort, gewünscht war "
        "online. Aus drei von sieben Angaben."
    )


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (0, "Ohne Angaben."),
        (1, "Aus einer von sieben Angaben."),
        (2, "Aus zwei von sieben Angaben."),
        (7, ""),
    ],
)
def test_from_how_much_it_is_told_is_said_in_good_german(known: int, said: str) -> None:
    assert german.sentences(PairExplanation((), None, known, 7)) == said


@pytest.mark.parametrize(
    ("slots", "said"),
    [(["di"], "gemeinsame Zeit (di)"), (["di", "do"], "gemeinsame Zeiten (di, do)")],
)
def test_common_times_are_one_or_several(slots: list[str], said: str) -> None:
    point = Reason("time", "time", {"slots": slots, "offered": None}, 1.0, 0.05)
    assert german.reason(point) == said


def test_that_nobody_wished_it_is_the_weakest_point_only_when_there_is_no_other() -> None:
    wishes = {"wishes": ("other",)}
    found = plan([cellist(**wishes)], [player(), MentorProfile(id="other")])
    told = found.explain("e", "m")
    assert told
    assert told.weakest
    assert told.weakest.code == "format_differs"
    perfect = MentorProfile(id="m", topics=("probespiel", "selbstvermarktung", "lampenfieber"))
    told = plan([cellist(**wishes)], [perfect, MentorProfile(id="other")]).explain("e", "m")
    assert told
    assert told.weakest
    assert told.weakest.code == "not_wished"


@ROUNDS
@given(runs())
def test_reasons_are_two_at_most_and_their_numbers_are_those_of_the_score(run: Run) -> None:
    found = plan(*run)
    for one in found.mentee_ids:
        for other in found.mentor_ids:
            told = found.explain(one, other)
            assert told
            lines = {line.name: line for line in components(found, one, other)}
            assert told.known == sum(line.known for line in lines.values())
            assert told.of == len(COMPONENTS)
            points = [*told.reasons, *([told.weakest] if told.weakest else [])]
            assert len(told.reasons) <= 2
            assert len({point.component for point in points}) == len(points)
            for point in points:
                line = lines[point.component]
                assert line.known
                assert point.value == line.value
                assert point.contribution == line.contribution
                check_params(found, one, other, point.component, point.params, point.value)
                assert german.reason(point)
            strongest = sorted(
                (line.contribution for line in lines.values() if line.known and line.value >= 0.5),
                reverse=True,
            )[:2]
            assert [reason.contribution for reason in told.reasons] == strongest
            assert all(reason.value >= 0.5 for reason in told.reasons)
            if told.weakest:
                assert told.weakest.value < 1
            text = german.sentences(told)
            assert text == " ".join(text.split())


def check_params(
    found: Plan, one: str, other: str, component: str, params: Any, value: float
) -> None:
    """What a reason names leads to the value it stands for."""
    assert found.scoring
    row, column = found.place(one, other)
    me, you = found.scoring.mentees[row], found.scoring.mentors[column]
    if component == "career_field":
        assert set(params["covered"]) == set(me.career_fields) & set(you.career_fields)
        assert value == len(params["covered"]) / params["of"]
    elif component == "goals":
        weights = {goal.topic: goal.weight for goal in me.goals}
        assert set(params["covered"]) | set(params["missing"]) == set(weights)
        assert value == sum(weights[t] for t in params["covered"]) / sum(weights.values())
    elif component == "working_style":
        assert value == pytest.approx(1 - params["difference"], abs=1e-6)
    elif component == "subject" and value == 1:
        assert params["groups"]
    elif component == "wish" and "rank" in params:
        assert me.wishes[params["rank"] - 1] == other


@pytest.mark.parametrize(
    ("mine", "theirs", "same"),
    [("a", "a", True), ("a", None, None), (None, "a", None), (None, None, None)],
)
def test_only_a_region_both_have_named_is_told_as_the_same(
    mine: str | None, theirs: str | None, same: bool | None
) -> None:
    on_site: Any = "on_site"
    told = plan(
        [MenteeProfile(id="e", format=on_site, region=mine)],
        [MentorProfile(id="m", format=on_site, region=theirs)],
    ).explain("e", "m")
    assert told
    [point] = told.reasons
    assert point.params["same_region"] is same
    assert ("gleiche Region" in german.reason(point)) is (same is True)


@pytest.mark.parametrize(
    ("mentees", "mentors", "code"),
    [
        ([MenteeProfile(id="e")], [], "no_mentors"),
        ([MenteeProfile(id="e", active=False)], [MentorProfile(id="m")], "inactive"),
        ([MenteeProfile(id="e")], [MentorProfile(id="m", capacity=0)], "none_allowed"),
        ([MenteeProfile(id="e", vetoes=("m",))], [MentorProfile(id="m")], "none_allowed"),
        ([MenteeProfile(id="d", wishes=("m",)), MenteeProfile(id="e", wishes=("x",))],
         [MentorProfile(id="m"), MentorProfile(id="x", consent=False)], "all_taken"),
    ],
)  # fmt: skip
def test_unmatched_tells_why(mentees: Any, mentors: Any, code: str) -> None:
    found = plan(mentees, mentors)
    left = {each.mentee: each.code for each in found.unmatched}
    if code == "all_taken":
        assert list(left.values()) == [code]
    else:
        assert left == {"e": code}
    assert all(german.unmatched(each).endswith(".") for each in found.unmatched)


@pytest.mark.parametrize(
    ("wanted", "offered", "clauses"),
    [
        ("a", "a", ("bietet das Ziel an (a)", "arbeitet im gewünschten Berufsfeld (a)")),
        ("ab", "ab", ("bietet beide Ziele an (a, b)",
                      "arbeitet in beiden gewünschten Berufsfeldern (a, b)")),
        ("abc", "abc", ("bietet alle drei Ziele an (a, b, c)",
                        "arbeitet in allen drei gewünschten Berufsfeldern (a, b, c)")),
        ("ab", "a", ("bietet eines der zwei Ziele an (a)",
                     "arbeitet in einem der zwei gewünschten Berufsfelder (a)")),
        ("abc", "bc", ("bietet zwei der drei Ziele an (b, c)",
                       "arbeitet in zwei der drei gewünschten Berufsfelder (b, c)")),
    ],
)  # fmt: skip
def test_what_is_covered_is_counted_in_words(
    wanted: str, offered: str, clauses: tuple[str, str]
) -> None:
    one = MenteeProfile(id="e", goals=tuple(map(Goal, wanted)), career_fields=tuple(wanted))
    other = MentorProfile(id="m", topics=tuple(offered), career_fields=tuple(offered))
    told = plan([one], [other]).explain("e", "m")
    assert told
    assert tuple(german.reason(point) for point in told.reasons) == clauses


def test_why_not_names_what_excludes_a_pair() -> None:
    found = plan([cellist()], [player(teaches=("e",))])
    answer = why_not(found, "e", "m")
    assert answer.code == "excluded"
    assert answer.exclusions == ("teaches",)


def test_why_not_says_who_moves_where_and_what_it_costs() -> None:
    scores = [[0.87, 0.84, 0.0], [0.70, 0.0, 0.60], [0.0, 0.0, 0.0]]
    found = plan_scores(scores, [1, 1, 1], forbidden=[(2, 0), (2, 1), (2, 2)])
    assert found.total == pytest.approx(1.54)
    answer = why_not(found, "0", "0")
    assert answer.code == "loss"
    assert answer.loss == pytest.approx(0.07)
    moves = [(one.mentee, one.before, one.after, round(one.change, 2)) for one in answer.moves]
    assert moves == [("0", "1", "0", 0.03), ("1", "0", "2", -0.1)]


def test_why_not_tells_an_even_swap_and_a_lost_match() -> None:
    even = plan_scores([[0.5, 0.5], [0.5, 0.5]], [1, 1])
    other = next(m for m in "01" if m != even.mentor_of("0"))
    assert why_not(even, "0", other).code == "equal"
    lost = plan_scores([[0.9, 0.5], [0.4, 0.0]], [1, 1], forbidden=[(1, 1)])
    answer = why_not(lost, "0", "0")
    assert answer.lost_match
    assert answer.matched == 1
    assert answer.code == "lost_match"
    assert why_not(lost, "0", "1").code == "planned"
    pinned = plan_scores([[0.9], [0.4]], [1], pins=[(1, 0)])
    assert why_not(pinned, "0", "0").code == "seats_pinned"


@ROUNDS
@given(runs())
def test_why_not_adds_up_for_every_pair_of_either_objective(run: Run) -> None:
    for objective in ("total", "fair"):
        found = plan(*run, objective=objective)  # type: ignore[arg-type]
        for one in found.mentee_ids:
            for other in found.mentor_ids:
                answer = why_not(found, one, other)
                change = math.fsum(move.change for move in answer.moves)
                assert change == pytest.approx(-answer.loss, abs=1e-9)
                assert answer.total == pytest.approx(found.total - answer.loss, abs=1e-9)


def test_a_ranking_lists_the_allowed_mentors_best_first() -> None:
    mentors = [
        MentorProfile(id=key, topics=("probespiel",)[:n])
        for key, n in zip("abc", (0, 1, 1), strict=True)
    ]
    found = plan([cellist(vetoes=("c",))], [*mentors, player()])
    assert found.ranking("e")[0] == "m"
    assert set(found.ranking("e")) == {"a", "b", "m"}
