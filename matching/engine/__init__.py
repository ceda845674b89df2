"""The matching engine: profiles in, a plan with its reasons out; no Django.

`docs/matching.md` explains it in plain words; `python -m matching.engine` runs it on a file.
"""

from matching.engine.components import COMPONENTS, DEFAULT_WEIGHTS, ComponentValue
from matching.engine.errors import ProblemError
from matching.engine.explanation import Move, PairExplanation, Reason, Unmatched, WhyNot
from matching.engine.objectives import OBJECTIVES, Objective
from matching.engine.output import as_dict
from matching.engine.planning import plan, plan_scores
from matching.engine.problem import parse_problem, read_problem
from matching.engine.profiles import (
    Format,
    Goal,
    MenteeProfile,
    MentorProfile,
    Vote,
    read_mentee,
    read_mentor,
)
from matching.engine.result import Pair, Plan, PlannedPair
from matching.engine.rules import EXCLUSIONS
from matching.engine.whynot import why_not

__all__ = [
    "COMPONENTS",
    "DEFAULT_WEIGHTS",
    "EXCLUSIONS",
    "OBJECTIVES",
    "ComponentValue",
    "Format",
    "Goal",
    "MenteeProfile",
    "MentorProfile",
    "Move",
    "Objective",
    "Pair",
    "PairExplanation",
    "Plan",
    "PlannedPair",
    "ProblemError",
    "Reason",
    "Unmatched",
    "Vote",
    "WhyNot",
    "as_dict",
    "parse_problem",
    "plan",
    "plan_scores",
    "read_mentee",
    "read_mentor",
    "read_problem",
    "why_not",
]
