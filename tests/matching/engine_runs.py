"""Small runs of people who said much, little or nothing, for property tests of the engine."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from matching.engine import ComponentValue, Format, Goal, MenteeProfile, MentorProfile, Plan, Vote

ROUNDS = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def components(found: Plan, mentee: str, mentor: str) -> tuple[ComponentValue, ...]:
    """The seven lines of a pair's score in a plan made of profiles."""
    assert found.scoring is not None
    return found.scoring.pair(*found.place(mentee, mentor))


def codes(some: st.SearchStrategy[str], most: int = 3) -> st.SearchStrategy[list[str]]:
    return st.lists(some, max_size=most, unique=True)


WORDS = codes(st.sampled_from("abcd"))
COMMON: dict[str, st.SearchStrategy[Any]] = {
    "career_fields": WORDS,
    "working_style": st.dictionaries(st.sampled_from("pqr"), st.sampled_from([0, 0.3, 0.75, 1])),
    "slots": WORDS,
    "meetings_per_month": st.sampled_from([None, 0.5, 1, 2, 3]),
    "format": st.sampled_from([None, *Format]),
    "region": st.sampled_from([None, "north", "south"]),
    "subject_groups": codes(st.sampled_from("xyz"), 2),
    "related_subject_groups": codes(st.sampled_from("xyz"), 2),
    "languages": codes(st.sampled_from(["de", "en", "fr"])),
    "person": st.sampled_from([None, "P", "Q", "R"]),
    "active": st.sampled_from([True, True, True, False]),
}


@st.composite
def runs(draw: st.DrawFn) -> tuple[list[MenteeProfile], list[MentorProfile]]:
    """A few people who said much, little or nothing."""
    mentees = [f"e{at}" for at in range(draw(st.integers(0, 4)))]
    mentors = [f"m{at}" for at in range(draw(st.integers(0, 4)))]
    of_mentors = codes(st.sampled_from(mentors)) if mentors else st.just([])
    of_mentees = codes(st.sampled_from(mentees), 1) if mentees else st.just([])
    votes = (
        st.dictionaries(st.sampled_from(mentees), st.sampled_from(Vote)) if mentees else st.just({})
    )
    goals = st.lists(
        st.tuples(st.sampled_from("abcd"), st.integers(1, 3)), unique_by=lambda g: g[0]
    )
    left = [
        MenteeProfile(
            id=key,
            wishes=draw(st.one_of(of_mentors, of_mentors.map(lambda ids: [None, *ids]))),
            goals=tuple(Goal(*goal) for goal in draw(goals)),
            vetoes=draw(of_mentors.map(lambda ids: ids[:1])),
            **{name: draw(strategy) for name, strategy in COMMON.items()},
        )
        for key in mentees
    ]
    right = [
        MentorProfile(
            id=key,
            capacity=draw(st.integers(0, 2)),
            consent=draw(st.sampled_from([True, True, False])),
            votes=draw(votes),
            topics=draw(WORDS),
            **{name: draw(of_mentees) for name in ("vetoes", "teaches", "examines", "employs")},
            **{name: draw(strategy) for name, strategy in COMMON.items()},
        )
        for key in mentors
    ]
    return left, right
