"""A plan as the JSON of the contract ("Matching without Django")."""

from collections.abc import Callable
from typing import Any

from matching.engine import german
from matching.engine.explanation import PairExplanation, Reason
from matching.engine.result import Plan


def as_dict(plan: Plan) -> dict[str, Any]:
    """The contract's object; mentees and mentors by id, or by index for a bare matrix."""
    key: Callable[[str], str | int] = str if plan.scoring else int
    pairs = []
    for pair in plan.pairs:
        told: dict[str, Any] = {
            "mentee": key(pair.mentee),
            "mentor": key(pair.mentor),
            "score": pair.score,
        }
        if pair.explanation is not None:
            told |= _explained(pair.explanation)
        if tied := plan.tied_mentors.get(pair.mentee):
            told |= {"tied_with": [key(one) for one in tied], "tie": german.tied_mentors(tied)}
        pairs.append(told)
    unmatched = []
    for left in plan.unmatched:
        alone: dict[str, Any] = {
            "mentee": key(left.mentee),
            "why": german.unmatched(left),
            "code": left.code,
        }
        if tied := plan.tied_mentees.get(left.mentee):
            alone |= {"tied_with": [key(one) for one in tied], "tie": german.tied_mentees(tied)}
        unmatched.append(alone)
    return {
        "objective": plan.objective,
        "pairs": pairs,
        "unmatched": unmatched,
        "total": plan.total,
        "worst": plan.worst,
        "blocking_pairs": len(plan.blocking),
        "component_means": dict(plan.component_means),
        "weights": dict(plan.weights),
        "seconds": {name: round(spent, 6) for name, spent in plan.seconds.items()},
    }


def _explained(told: PairExplanation) -> dict[str, Any]:
    return {
        "reasons": [_reason(each) for each in told.reasons],
        "weakest": _reason(told.weakest) if told.weakest else None,
        "known": told.known,
        "of": told.of,
        "text": german.sentences(told),
    }


def _reason(point: Reason) -> dict[str, Any]:
    return {
        "component": point.component,
        "code": point.code,
        "params": dict(point.params),
        "value": point.value,
        "contribution": point.contribution,
        "text": german.reason(point),
    }
