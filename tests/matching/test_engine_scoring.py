"""Profiles, hard rules and the score."""

import dataclasses
import itertools
import math
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import (
    COMPONENTS,
    DEFAULT_WEIGHTS,
    EXCLUSIONS,
    Format,
    Goal,
    MenteeProfile,
    MentorProfile,
    Plan,
    ProblemError,
    as_dict,
    plan,
)
from matching.engine import components as one_pair
from tests.matching.engine_runs import ROUNDS, components, runs


def mentee(key: str = "e", **more: Any) -> MenteeProfile:
    return MenteeProfile(id=key, **more)


def mentor(key: str = "m", **more: Any) -> MentorProfile:
    return MentorProfile(id=key, **more)


def value(component: str, one: MenteeProfile, other: MentorProfile) -> float | None:
    """The component's value of one pair in a run of just these two."""
    line = next(
        line
        for line in components(plan([one], [other]), one.id, other.id)
        if line.name == component
    )
    return line.value if line.known else None


def values_by_pair(found: Plan) -> dict[tuple[int, int], dict[str, float | None]]:
    assert found.scoring
    scoring = found.scoring
    return {
        (row, column): one_pair.pair_values(scoring.ranks[row], one, other)
        for (row, one), (column, other) in itertools.product(
            enumerate(scoring.mentees), enumerate(scoring.mentors)
        )
    }


@ROUNDS
@given(runs())
def test_scores_of_all_pairs_equal_the_definition_of_one(
    run: tuple[list[MenteeProfile], list[MentorProfile]],
) -> None:
    found = plan(*run)
    assert found.scoring
    by_pair = values_by_pair(found)
    for bit, name in enumerate(COMPONENTS):
        allowed = [
            values[name]
            for at, values in by_pair.items()
            if not found.masks[at] and values[name] is not None
        ]
        mean = math.fsum(filter(None, allowed)) / len(allowed) if allowed else 0.5
        assert found.component_means[name] == pytest.approx(mean, abs=1e-12)
        for at, values in by_pair.items():
            assert bool(found.scoring.known[at] >> bit & 1) == (values[name] is not None)
    for (row, column), values in by_pair.items():
        score = sum(
            weight * (found.component_means[name] if (v := values[name]) is None else v)
            for name, weight in found.weights.items()
        )
        assert found.scores[row, column] == pytest.approx(score, abs=6e-7)
        lines = components(found, found.mentee_ids[row], found.mentor_ids[column])
        total = math.fsum(line.contribution for line in lines)
        assert found.scores[row, column] == pytest.approx(total, abs=6e-7)
        assert found.scores[row, column] == round(float(found.scores[row, column]), 6)


def broken_rules(one: MenteeProfile, other: MentorProfile) -> set[str]:
    """The hard rules in plain words."""
    rules = {
        "same_person": one.person is not None and one.person == other.person,
        "teaches": one.id in other.teaches,
        "examines": one.id in other.examines,
        "employs": one.id in other.employs,
        "mentee_veto": other.id in one.vetoes,
        "mentor_veto": one.id in other.vetoes,
        "mentee_inactive": not one.active,
        "mentor_inactive": not other.active,
        "no_consent": not other.consent,
        "no_capacity": other.capacity == 0,
        "no_common_language": bool(one.languages and other.languages)
        and not set(one.languages) & set(other.languages),
        "formats_exclude": {one.format, other.format} == {Format.ONLINE_ONLY, Format.ON_SITE_ONLY},
    }
    return {code for code, broken in rules.items() if broken}


@ROUNDS
@given(runs())
def test_exclusions_are_those_of_the_rules(
    run: tuple[list[MenteeProfile], list[MentorProfile]],
) -> None:
    found = plan(*run)
    for one, other in itertools.product(*run):
        told = found.exclusion_codes(one.id, other.id)
        assert set(told) == broken_rules(one, other)
        assert list(told) == [code for code in EXCLUSIONS if code in told]
    for pair in found.pairs:
        assert not found.exclusion_codes(pair.mentee, pair.mentor)


@ROUNDS
@given(runs(), st.integers(0, 2**16), st.sampled_from(["total", "fair"]))
def test_the_order_of_people_and_of_what_they_said_does_not_matter(
    run: tuple[list[MenteeProfile], list[MentorProfile]], seed: int, objective: Any
) -> None:
    shuffle = random.Random(seed)

    def turned(profile: Any) -> Any:
        lists = ("career_fields", "slots", "languages", "subject_groups", "vetoes")
        return dataclasses.replace(
            profile,
            **{name: tuple(reversed(getattr(profile, name))) for name in lists},
            working_style=dict(reversed(profile.working_style.items())),
        )

    def told(found: Plan) -> dict[str, Any]:
        plain = as_dict(found)
        for pair in plain["pairs"]:  # lists inside the reasons follow the person's own order
            for key in ("reasons", "weakest", "text"):
                pair.pop(key)
        return {key: entry for key, entry in plain.items() if key != "seconds"}

    first = plan(*run, objective=objective)
    left, right = (shuffle.sample(people, len(people)) for people in run)
    second = plan(map(turned, left), map(turned, right), objective=objective)
    assert told(first) == told(second)
    assert np.array_equal(first.scores, second.scores)
    third = plan(left, right, objective=objective)
    assert as_dict(third) | {"seconds": 0} == as_dict(first) | {"seconds": 0}


def test_default_weights_are_those_of_the_table() -> None:
    assert tuple(DEFAULT_WEIGHTS.values()) == (0.25, 0.25, 0.20, 0.15, 0.05, 0.05, 0.05)
    assert plan([], []).weights == pytest.approx(DEFAULT_WEIGHTS)


@pytest.mark.parametrize(
    ("wishes", "vote", "expected"),
    [
        (["m"], None, 1.0),
        (["x", "m"], None, 0.8),
        ([None, None, "m"], None, 0.6),
        ([None, "x", None, "m"], None, 0.6),
        (["x"], None, 0.0),
        ([None], None, None),
        ([], None, None),
        ([], "gladly", 1.0),
        ([], "possible", 0.5),
        ([], "rather_not", 0.0),
        (["m"], "possible", 0.75),
        (["x"], "gladly", 0.5),
    ],
)
def test_wish_is_the_mean_of_rank_and_vote(
    wishes: list[str | None], vote: str | None, expected: float | None
) -> None:
    one = mentee(wishes=wishes)
    other = mentor(votes={"e": vote} if vote else {})
    found = plan([one], [other, mentor("x")])
    line = components(found, "e", "m")[0]
    assert (line.value if line.known else None) == expected


def test_goals_count_by_priority() -> None:
    one = mentee(goals=(Goal("a", 1), Goal("b", 2), Goal("c", 3)))
    assert value("goals", one, mentor(topics=["a", "c"])) == pytest.approx(4 / 6)
    assert value("goals", one, mentor(topics=["d"])) == 0
    assert value("goals", one, mentor()) is None
    assert value("goals", mentee(), mentor(topics=["a"])) is None


def test_career_field_is_the_share_of_fields_aimed_at() -> None:
    one = mentee(career_fields=["opera", "teaching"])
    assert value("career_field", one, mentor(career_fields=["opera", "radio"])) == 0.5
    assert value("career_field", one, mentor()) is None


def test_working_style_counts_the_scales_both_answered() -> None:
    one = mentee(working_style={"pace": 0.0, "depth": 1.0, "only_mine": 0.5})
    other = mentor(working_style={"pace": 0.5, "depth": 1.0, "only_theirs": 0.5})
    assert value("working_style", one, other) == 0.75
    assert value("working_style", one, mentor(working_style={"only_theirs": 1})) is None


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ((["mon", "tue"], 2), (["mon", "tue"], 2), 1.0),
        ((["mon", "tue", "wed"], 2), (["mon"], 2), 0.5),
        ((["mon"], 2), (["mon"], 2), 1.0),
        ((["mon"], None), (["mon"], None), 1.0),
        ((["mon"], 1), (["tue"], 1), 0.0),
        (([], 2), (["tue"], 0.5), 0.25),
        (([], 1), ([], 4), 1.0),
        ((["mon"], None), ([], 2), None),
    ],
)
def test_time_is_the_tighter_of_slots_and_meetings(
    mine: tuple[list[str], float | None],
    theirs: tuple[list[str], float | None],
    expected: float | None,
) -> None:
    one = mentee(slots=mine[0], meetings_per_month=mine[1])
    other = mentor(slots=theirs[0], meetings_per_month=theirs[1])
    assert value("time", one, other) == expected


@pytest.mark.parametrize(
    ("mine", "theirs", "regions", "expected"),
    [
        ("online", "online", ("a", "b"), 1.0),
        ("online", "either", ("a", "b"), 1.0),
        ("either", "either", ("a", "b"), 1.0),
        ("online", "on_site", ("a", "a"), 0.5),
        ("online", "on_site_only", ("a", "a"), 0.0),
        ("online_only", "on_site", ("a", "a"), 0.0),
        ("on_site", "either", ("a", "a"), 1.0),
        ("on_site", "either", ("a", "b"), 0.5),
        ("on_site_only", "either", ("a", "b"), 0.0),
        ("on_site", "on_site", (None, "b"), 1.0),
        (None, "online", ("a", "a"), None),
    ],
)
def test_format_and_place(
    mine: Any, theirs: Any, regions: tuple[str | None, str | None], expected: float | None
) -> None:
    one = mentee(format=mine, region=regions[0])
    assert value("format", one, mentor(format=theirs, region=regions[1])) == expected


def test_subject_kinship_may_be_named_by_either_side() -> None:
    one = mentee(subject_groups=["strings"])
    assert value("subject", one, mentor(subject_groups=["strings", "wind"])) == 1
    assert value("subject", one, mentor(subject_groups=["wind"])) == 0
    kin = mentor(subject_groups=["wind"], related_subject_groups=["strings"])
    assert value("subject", one, kin) == 0.5
    nik = mentee(subject_groups=["strings"], related_subject_groups=["wind"])
    assert value("subject", nik, mentor(subject_groups=["wind"])) == 0.5
    assert value("subject", mentee(), kin) is None


def test_missing_takes_the_mean_of_the_known_allowed_pairs() -> None:
    mentees = [mentee("e1", goals=(Goal("a"), Goal("b"))), mentee("e2")]
    mentors = [mentor("m1", topics=["a"]), mentor("m2", topics=["a", "b"]), mentor("m3")]
    found = plan(mentees, mentors)
    assert found.component_means["goals"] == 0.75
    assert [line.value for line in components(found, "e2", "m3")][1] == 0.75
    veto = dataclasses.replace(mentees[0], vetoes=("m2",))
    assert plan([veto, mentees[1]], mentors).component_means["goals"] == 0.5


def test_a_ban_by_hand_moves_no_score() -> None:
    mentees = [mentee("e1", goals=(Goal("a"), Goal("b"))), mentee("e2")]
    mentors = [mentor("m1", topics=["a"]), mentor("m2", topics=["a", "b"])]
    before = plan(mentees, mentors)
    after = plan(mentees, mentors, forbidden=[("e1", "m2")])
    assert np.array_equal(before.scores, after.scores)
    assert after.exclusion_codes("e1", "m2") == ("forbidden",)
    assert after.mentor_of("e1") == "m1"


def test_an_empty_profile_does_not_win_against_a_full_one() -> None:
    full = {"topics": ["a", "b"], "career_fields": ["opera"]}
    one = mentee(goals=(Goal("a"), Goal("b")), career_fields=["opera"])
    found = plan([one], [mentor("empty"), mentor("full", **full), mentor("half", topics=["a"])])
    assert found.mentor_of("e") == "full"


def test_weights_are_divided_by_their_sum_and_left_out_ones_keep_their_default() -> None:
    found = plan([], [], weights={"wish": 1.25})
    assert math.fsum(found.weights.values()) == pytest.approx(1)
    assert found.weights["wish"] == pytest.approx(0.625)
    only = dict.fromkeys(COMPONENTS, 0) | {"goals": 3}
    run = [mentee(goals=(Goal("a"),))], [mentor(topics=["a"])]
    assert plan(*run, weights=only).score("e", "m") == 1


@pytest.mark.parametrize(
    "weights",
    [
        {"charm": 1},
        {"wish": -0.1},
        {"wish": math.nan},
        {"wish": math.inf},
        {"wish": True},
        {"wish": "much"},
        dict.fromkeys(COMPONENTS, 0),
    ],
)
def test_wrong_weights_are_refused(weights: Any) -> None:
    with pytest.raises(ProblemError, match=r"^weights"):
        plan([], [], weights=weights)
