"""Why a pair, why not another, why nobody: as data, for any language to say.

`german.py` is one way to say it; the site says it with its own translations. Codes and
parameters are listed in `docs/matching.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from matching.engine.components import (
    ComponentValue,
    common_slots,
    same_region,
    style_differences,
    time_parts,
)
from matching.engine.profiles import MenteeProfile, MentorProfile, slots_needed

MOST_REASONS = 2
WORTH_SAYING = 0.5
"""A component below this is no reason for a pair."""

Params = Mapping[str, Any]


@dataclass(frozen=True)
class Reason:
    """One thing that speaks for a pair, or its weakest point."""

    component: str
    code: str
    params: Params
    value: float
    """0..1, the component's value."""
    contribution: float
    """What it adds to the score."""


@dataclass(frozen=True)
class PairExplanation:
    """What to tell about one pair."""

    reasons: tuple[Reason, ...]
    """At most two, the strongest first."""
    weakest: Reason | None
    """What costs the pair the most of its score; None where all that is known is perfect."""
    known: int
    """From how many components …"""
    of: int
    """… of how many (those with a weight)."""


@dataclass(frozen=True)
class Unmatched:
    """A mentee without a mentor: `inactive`, `no_mentors`, `none_allowed` or `all_taken`."""

    mentee: str
    code: str


@dataclass(frozen=True)
class Move:
    """One step of a change of plan; None stands for no mentor."""

    mentee: str
    before: str | None
    after: str | None
    change: float
    """Score after − score before, nobody counting 0."""


WhyNotCode = Literal["planned", "excluded", "seats_pinned", "lost_match", "equal", "loss", "gain"]


@dataclass(frozen=True)
class WhyNot:
    """Why a pair is not in the plan, and exactly what it would change."""

    mentee: str
    mentor: str
    code: WhyNotCode
    """`planned` · `excluded` (see `exclusions`) · `seats_pinned` · `lost_match` (somebody would
    be left without a mentor) · `equal` (costs nothing) · `loss` · `gain` (a pin in the way)."""
    exclusions: tuple[str, ...] = ()
    loss: float = 0.0
    """Objective before − after: the sum of scores (and what keeping pairs gains)."""
    lost_match: bool = False
    moves: tuple[Move, ...] = ()
    """Everybody whose mentor would change; the pair asked about comes first."""
    total: float = 0.0
    """Sum of scores after."""
    worst: float | None = None
    """Lowest score after."""
    matched: int = 0
    """Mentees with a mentor after."""
    first_difference: tuple[float | None, float | None] | None = None
    """Objective fair: the first value, from the worst up, that differs: (before, after)."""


@dataclass(frozen=True)
class _Point:
    code: str
    params: dict[str, Any] = field(default_factory=dict)


def explain(
    mentee: MenteeProfile,
    mentor: MentorProfile,
    ranks: Mapping[str, int],
    lines: tuple[ComponentValue, ...],
) -> PairExplanation:
    """The two strongest reasons and the weakest point, out of what both sides said."""
    counted = [line for line in lines if line.weight > 0]
    known = [line for line in counted if line.known]
    strong = sorted(
        (line for line in known if line.value >= WORTH_SAYING),
        key=lambda line: -line.contribution,
    )[:MOST_REASONS]
    weak = [line for line in known if line.value < 1 and line not in strong]

    def told(line: ComponentValue) -> Reason:
        point = _point(line.name, mentee, mentor, ranks)
        return Reason(line.name, point.code, point.params, line.value, line.contribution)

    weakest = min(
        (told(line) for line in weak),
        # Most mentors are nobody's wish: that is the weakest point only if there is no other.
        key=lambda reason: (reason.code == "not_wished", _lost(reason, counted)),
        default=None,
    )
    return PairExplanation(tuple(map(told, strong)), weakest, len(known), len(counted))


def _lost(reason: Reason, lines: list[ComponentValue]) -> float:
    """Minus what the component keeps from the score."""
    weight = next(line.weight for line in lines if line.name == reason.component)
    return reason.contribution - weight


def _point(
    component: str, mentee: MenteeProfile, mentor: MentorProfile, ranks: Mapping[str, int]
) -> _Point:
    if component == "wish":
        return _wish(mentee, mentor, ranks)
    if component == "goals":
        topics = [goal.topic for goal in sorted(mentee.goals, key=lambda goal: goal.priority)]
        return _covered("goals", topics, mentor.topics)
    if component == "career_field":
        return _covered("career_fields", mentee.career_fields, mentor.career_fields)
    if component == "working_style":
        return _style(mentee, mentor)
    if component == "time":
        return _time(mentee, mentor)
    if component == "format":
        return _format(mentee, mentor)
    return _subject(mentee, mentor)


def _wish(mentee: MenteeProfile, mentor: MentorProfile, ranks: Mapping[str, int]) -> _Point:
    vote = mentor.votes.get(mentee.id)
    said = None if vote is None else vote.value
    if mentor.id in ranks:
        return _Point("wish", {"rank": ranks[mentor.id], "vote": said})
    if vote is not None:
        return _Point("vote", {"vote": said, "others_wished": bool(ranks)})
    return _Point("not_wished")


def _covered(code: str, wanted: list[str] | tuple[str, ...], offered: tuple[str, ...]) -> _Point:
    covered = [word for word in wanted if word in offered]
    missing = [word for word in wanted if word not in offered]
    params = {"covered": covered, "missing": missing, "of": len(wanted)}
    return _Point(code if covered else f"{code}_none", params)


def _style(mentee: MenteeProfile, mentor: MentorProfile) -> _Point:
    apart = style_differences(mentee, mentor)
    difference = sum(apart.values()) / len(apart)
    params = {
        "scales": len(apart),
        "difference": round(difference, 6),
        "closest": min(apart, key=lambda scale: apart[scale]),
        "farthest": max(apart, key=lambda scale: apart[scale]),
    }
    return _Point("style_close" if 1 - difference >= WORTH_SAYING else "style_apart", params)


def _time(mentee: MenteeProfile, mentor: MentorProfile) -> _Point:
    slots, meetings = time_parts(mentee, mentor)
    params = {
        "slots": list(common_slots(mentee, mentor)),
        "needed": slots_needed(mentee),
        "wanted": mentee.meetings_per_month,
        "offered": mentor.meetings_per_month,
    }
    if meetings is not None and meetings < 1 and (slots is None or meetings <= slots):
        return _Point("time_few_meetings", params)
    if slots is not None and slots < 1:
        return _Point("time_few_slots", params)
    return _Point("time", params)


def _format(mentee: MenteeProfile, mentor: MentorProfile) -> _Point:
    mine, theirs, same = mentee.format, mentor.format, same_region(mentee, mentor)
    params = {"mentee": str(mine), "mentor": str(theirs), "same_region": same}
    leanings = {str(each).removesuffix("_only") for each in (mine, theirs)}
    if leanings == {"online", "on_site"}:
        return _Point("format_differs", params)
    if "on_site" in leanings and same is False:
        return _Point("place_differs", params)
    return _Point("format", params)


def _subject(mentee: MenteeProfile, mentor: MentorProfile) -> _Point:
    shared = [group for group in mentee.subject_groups if group in mentor.subject_groups]
    if shared:
        return _Point("subject_same", {"groups": shared})
    params = {"mentee": list(mentee.subject_groups), "mentor": list(mentor.subject_groups)}
    kin = set(mentee.subject_groups) & set(mentor.related_subject_groups) or set(
        mentor.subject_groups
    ) & set(mentee.related_subject_groups)
    return _Point("subject_related" if kin else "subject_other", params)
