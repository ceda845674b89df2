"""The seven components of the score, each defined for one pair in plain words.

`scoring.py` computes the same for all pairs at once; a test holds the two together.
A value is 0..1, or None where one side did not say what it needs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from matching.engine.profiles import Format, MenteeProfile, MentorProfile, Vote, slots_needed

DEFAULT_WEIGHTS: Mapping[str, float] = {
    "wish": 0.25,
    "goals": 0.25,
    "career_field": 0.20,
    "working_style": 0.15,
    "time": 0.05,
    "format": 0.05,
    "subject": 0.05,
}
COMPONENTS = tuple(DEFAULT_WEIGHTS)

RANK_VALUES = (1.0, 0.8, 0.6)
"""Of rank 1, rank 2 and every later rank."""
VOTE_VALUES = {Vote.GLADLY: 1.0, Vote.POSSIBLE: 0.5, Vote.RATHER_NOT: 0.0}
_LEANING = {
    Format.ONLINE_ONLY: -1,
    Format.ONLINE: -1,
    Format.EITHER: 0,
    Format.ON_SITE: 1,
    Format.ON_SITE_ONLY: 1,
}
ONLY = (Format.ONLINE_ONLY, Format.ON_SITE_ONLY)


@dataclass(frozen=True)
class ComponentValue:
    """One line of a pair's score; the `contribution`s of a pair add up to its score."""

    name: str
    weight: float
    value: float
    """0..1; where not `known`, the mean over the known allowed pairs of the run."""
    known: bool

    @property
    def contribution(self) -> float:
        """Weight × value."""
        return self.weight * self.value


def rank_value(rank: int) -> float:
    """Of the mentee's wish at `rank` (1 is the first)."""
    return RANK_VALUES[min(rank, len(RANK_VALUES)) - 1]


def ranks_in_run(mentee: MenteeProfile, mentor_ids: Mapping[str, int]) -> dict[str, int]:
    """Mentor id → rank, of the wishes that name a mentor of this run.

    Proposals from outside keep their rank; a mentee who only has such counts as without
    wishes, since they tell nothing about the mentors at hand.
    """
    return {
        wish: rank
        for rank, wish in enumerate(mentee.wishes, start=1)
        if wish is not None and wish in mentor_ids
    }


def wish(ranks: Mapping[str, int], mentee: MenteeProfile, mentor: MentorProfile) -> float | None:
    """Mean of the mentee's rank and the mentor's vote, as far as there are such."""
    parts: list[float] = []
    if ranks:
        parts.append(rank_value(ranks[mentor.id]) if mentor.id in ranks else 0.0)
    if mentee.id in mentor.votes:
        parts.append(VOTE_VALUES[mentor.votes[mentee.id]])
    return sum(parts) / len(parts) if parts else None


def goals(mentee: MenteeProfile, mentor: MentorProfile) -> float | None:
    """Share of the goals, weighed by priority, among the mentor's topics."""
    if not mentee.goals or not mentor.topics:
        return None
    covered = sum(goal.weight for goal in mentee.goals if goal.topic in mentor.topics)
    return covered / sum(goal.weight for goal in mentee.goals)


def career_field(mentee: MenteeProfile, mentor: MentorProfile) -> float | None:
    """Share of the fields aimed at that the mentor practises."""
    if not mentee.career_fields or not mentor.career_fields:
        return None
    covered = sum(1 for each in mentee.career_fields if each in mentor.career_fields)
    return covered / len(mentee.career_fields)


def style_differences(mentee: MenteeProfile, mentor: MentorProfile) -> dict[str, float]:
    """Scale → absolute difference, of the scales both answered, by name of the scale."""
    return {
        scale: abs(mentee.working_style[scale] - mentor.working_style[scale])
        for scale in sorted(mentee.working_style)
        if scale in mentor.working_style
    }


def working_style(mentee: MenteeProfile, mentor: MentorProfile) -> float | None:
    """1 − mean absolute difference over the scales both answered."""
    apart = style_differences(mentee, mentor)
    return 1 - sum(apart.values()) / len(apart) if apart else None


def common_slots(mentee: MenteeProfile, mentor: MentorProfile) -> tuple[str, ...]:
    """The mentee's slots that suit the mentor too, in the mentee's order."""
    return tuple(slot for slot in mentee.slots if slot in mentor.slots)


def time_parts(mentee: MenteeProfile, mentor: MentorProfile) -> tuple[float | None, float | None]:
    """Share of the common slots needed, share of the meetings wanted; None: not said."""
    slots = meetings = None
    if mentee.slots and mentor.slots:
        slots = min(1.0, len(common_slots(mentee, mentor)) / slots_needed(mentee))
    if mentee.meetings_per_month is not None and mentor.meetings_per_month is not None:
        meetings = min(1.0, mentor.meetings_per_month / mentee.meetings_per_month)
    return slots, meetings


def time(mentee: MenteeProfile, mentor: MentorProfile) -> float | None:
    """The tighter of the two parts: both are needed to meet."""
    return min((part for part in time_parts(mentee, mentor) if part is not None), default=None)


def same_region(mentee: MenteeProfile, mentor: MentorProfile) -> bool | None:
    """None where one side did not say its region."""
    if mentee.region is None or mentor.region is None:
        return None
    return mentee.region == mentor.region


def format_value(mine: Format, theirs: Format, same: bool | None) -> float:
    """1, .5 or 0 for two formats and whether the regions agree (None: not known).

    Opposite wishes: .5, or 0 when a side says "only". Meeting on site across regions: .5, or
    0 when a side says "only on site". All else 1.
    """
    lean = (_LEANING[mine], _LEANING[theirs])
    if lean[0] * lean[1] < 0:
        return 0.0 if mine in ONLY or theirs in ONLY else 0.5
    if max(lean) > 0 and same is False:
        return 0.0 if mine in ONLY or theirs in ONLY else 0.5
    return 1.0


def format_and_place(mentee: MenteeProfile, mentor: MentorProfile) -> float | None:
    """`format_value` where both said how they like to meet."""
    if mentee.format is None or mentor.format is None:
        return None
    return format_value(mentee.format, mentor.format, same_region(mentee, mentor))


def subject(mentee: MenteeProfile, mentor: MentorProfile) -> float | None:
    """1 for a common subject group, .5 for a related one, else 0."""
    mine, theirs = set(mentee.subject_groups), set(mentor.subject_groups)
    if not mine or not theirs:
        return None
    if mine & theirs:
        return 1.0
    kin = mine & set(mentor.related_subject_groups) or theirs & set(mentee.related_subject_groups)
    return 0.5 if kin else 0.0


PLAIN: Mapping[str, Callable[[MenteeProfile, MentorProfile], float | None]] = {
    "goals": goals,
    "career_field": career_field,
    "working_style": working_style,
    "time": time,
    "format": format_and_place,
    "subject": subject,
}
"""Every component but `wish`, which needs to know who is in the run."""


def pair_values(
    ranks: Mapping[str, int], mentee: MenteeProfile, mentor: MentorProfile
) -> dict[str, float | None]:
    """Component → 0..1 or None (not known), for one pair."""
    return {
        name: wish(ranks, mentee, mentor) if name == "wish" else PLAIN[name](mentee, mentor)
        for name in COMPONENTS
    }
