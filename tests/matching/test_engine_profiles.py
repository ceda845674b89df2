"""What a profile may hold and how wrong ones are told."""

import dataclasses
import math
from typing import Any

import pytest

from matching.engine import (
    Goal,
    MenteeProfile,
    MentorProfile,
    ProblemError,
    plan,
    read_mentee,
    read_mentor,
)

FORBIDDEN_FIELDS = {
    "name", "first_name", "last_name", "salutation", "gender", "sex", "age", "birth_date",
    "birthday", "nationality", "country", "origin", "religion", "photo", "picture", "text",
    "free_text", "personal_situation", "situation", "motivation", "expectations", "grade",
    "grades", "fame", "renown", "rating", "ratings", "completeness", "hobbies", "email",
}  # fmt: skip


def mentee(key: str = "e", **more: Any) -> MenteeProfile:
    return MenteeProfile(id=key, **more)


def mentor(key: str = "m", **more: Any) -> MentorProfile:
    return MentorProfile(id=key, **more)


def test_profiles_have_no_field_that_must_not_be_in_the_score() -> None:
    for kind in (MenteeProfile, MentorProfile, Goal):
        names = {each.name for each in dataclasses.fields(kind)}
        assert not names & FORBIDDEN_FIELDS
    for name in sorted(FORBIDDEN_FIELDS):
        for read in (read_mentee, read_mentor):
            with pytest.raises(ProblemError, match="is not known"):
                read({"id": "x", name: "y"})


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({}, "mentees[3]"),
        ([], "mentees[3]"),
        ({"id": ""}, "mentees[3].id"),
        ({"id": "  "}, "mentees[3].id"),
        ({"id": 3}, "mentees[3].id"),
        ({"id": "a\ud800"}, "mentees[3].id"),
        ({"id": "a", "active": 1}, "mentees[3].active"),
        ({"id": "a", "wishes": "m1"}, "mentees[3].wishes"),
        ({"id": "a", "wishes": ["m1", "m1"]}, "mentees[3].wishes[1]"),
        ({"id": "a", "goals": ["a"]}, "mentees[3].goals[0]"),
        ({"id": "a", "goals": [{"topic": "a", "priority": 4}]}, "mentees[3].goals[0].priority"),
        ({"id": "a", "goals": [{"topic": "a", "priority": True}]}, "mentees[3].goals[0].priority"),
        ({"id": "a", "goals": [{"priority": 1}]}, "mentees[3].goals[0]"),
        ({"id": "a", "goals": [{"topic": "a"}, {"topic": "a"}]}, "mentees[3].goals[1]"),
        ({"id": "a", "working_style": [1]}, "mentees[3].working_style"),
        ({"id": "a", "working_style": {"pace": 1.1}}, "mentees[3].working_style.pace"),
        ({"id": "a", "working_style": {"pace": math.nan}}, "mentees[3].working_style.pace"),
        ({"id": "a", "meetings_per_month": 0}, "mentees[3].meetings_per_month"),
        ({"id": "a", "meetings_per_month": 10**400}, "mentees[3].meetings_per_month"),
        ({"id": "a", "format": "hybrid"}, "mentees[3].format"),
        ({"id": "a", "format": ["online"]}, "mentees[3].format"),
        ({"id": "a", "languages": ["de", None]}, "mentees[3].languages[1]"),
        ({"id": "a", "capacity": 1}, "mentees[3]"),
    ],
)
def test_reading_a_mentee_names_the_place(data: Any, place: str) -> None:
    with pytest.raises(ProblemError) as caught:
        read_mentee(data, "mentees[3]")
    assert caught.value.place == place
    assert str(caught.value).startswith(f"{place}: ")
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("capacity", [-1, 1.0, True, "1", None, math.nan])
def test_a_wrong_capacity_is_refused(capacity: Any) -> None:
    with pytest.raises(ProblemError, match=r"^mentor\.capacity"):
        read_mentor({"id": "m", "capacity": capacity})


def test_ids_have_to_be_unique() -> None:
    with pytest.raises(ProblemError) as caught:
        plan([mentee("a"), mentee("b"), mentee("a")], [])
    assert caught.value.code == "double_id"


def test_a_pin_against_a_veto_is_refused_with_the_rule() -> None:
    with pytest.raises(ProblemError) as caught:
        plan([mentee(vetoes=["m"])], [mentor()], pins=[("e", "m")])
    assert caught.value.code == "excluded_pin"
    assert caught.value.params["exclusions"] == ("mentee_veto",)


def test_capacity_of_thousands_of_digits_is_a_capacity() -> None:
    found = plan([mentee("a"), mentee("b")], [mentor(capacity=10**4000)])
    assert len(found.pairs) == 2
