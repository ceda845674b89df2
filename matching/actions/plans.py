"""Computing a plan, and the pairs coordinators fix or exclude. A plan only suggests (GDPR 22)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from core.audit import Actor
from core.errors import RuleViolation
from core.retries import retry_on_conflict
from core.verbs import Step, Steps, verb
from matching import engine, explanation_text
from matching.actions.common import lock_cohort, lock_pair, undecided
from matching.models import MatchingRun, Objective, PairRule, Suggestion, Tandem
from matching.profiles import Problem, exclusions_of, problem_of
from mentees.models import Mentee
from mentors.models import Mentor
from programme.models import Cohort

WHOLE = 20_000  # up to this many pairs, every pair is stored with the run
KEPT = 50  # above that, the best of each mentee
CLOSE = 0.55  # a planned pair with a lower score is shown as weak
# Reasons that only say that a decided mentee is not planned again, or that a mentor's places are taken.
_OF_THE_MOMENT = ("mentee_inactive", "no_capacity")


@dataclass(frozen=True)
class WorkedOut:
    """A plan that is computed and not stored yet: its inputs, and the rows of its run."""

    cohort: Cohort
    objective: str
    problem: Problem
    plan: engine.Plan
    result: dict[str, Any]
    suggestions: list[Suggestion]


def compute_plan(
    cohort: Cohort, objective: str = Objective.TOTAL, *, by: Actor, now: datetime
) -> MatchingRun:
    """Computes a plan of the cohort and stores it as a run with its suggestions.

    ``objective`` is ``total`` or ``fair`` (docs/matching.md, Plans). The run stores weights, the fingerprint
    of its inputs, and the result. Mentees with a proposal or tandem keep it. Creates no tandem and sends no
    mail. Raises RuleViolation for fixed pairs that contradict each other.
    """
    return keep_plan(work_out_plan(cohort, objective), by=by, now=now)


def work_out_plan(cohort: Cohort, objective: str) -> WorkedOut:
    """Computes a plan and writes nothing. Raises RuleViolation like ``compute_plan``.

    The lock is held while the inputs are read and not while the engine works: large cohorts take seconds, and
    on SQLite nobody else could write meanwhile. Changes made meanwhile show as an outdated run, by its
    fingerprint.
    """
    if objective not in Objective.values:
        raise RuleViolation(_("Please choose what the plan should optimise."), field="objective")
    problem = _read(cohort)
    plan = _plan(problem, objective)
    return WorkedOut(
        cohort, objective, problem, plan, _result(problem, plan), list(_suggestions(problem, plan))
    )


def _lock_cohort_of(found: WorkedOut) -> WorkedOut:
    """The computed plan, with its cohort locked: runs are numbered consecutively."""
    lock_cohort(found.cohort.pk)
    return found


@verb("compute", lock=_lock_cohort_of)
def keep_plan(found: WorkedOut, *, by: Actor, now: datetime) -> Steps[MatchingRun]:
    """Stores a plan as the cohort's next run, with its suggestions."""
    last = MatchingRun.objects.filter(cohort=found.cohort).aggregate(last=Max("number"))["last"]
    run = MatchingRun(
        cohort=found.cohort,
        number=(last or 0) + 1,
        objective=found.objective,
        weights=dict(found.plan.weights),
        fingerprint=found.problem.fingerprint(found.objective),
        result=found.result,
        created_at=now,
        created_by_id=by.user_id,
    )
    yield Step(
        run,
        values={
            "number": run.number,
            "objective": str(run.objective),
            "matched": run.result["matched"],
            "of": run.result["of"],
        },
    )
    for suggestion in found.suggestions:
        suggestion.run = run
    Suggestion.objects.bulk_create(found.suggestions, batch_size=500)
    return run


@retry_on_conflict
@transaction.atomic
def _read(cohort: Cohort) -> Problem:
    """The inputs, read while no other transaction proposes, fixes or excludes a pair of the cohort."""
    return problem_of(lock_cohort(cohort.pk))


def _plan(problem: Problem, objective: str) -> engine.Plan:
    try:
        return problem.plan("fair" if objective == Objective.FAIR else "total")
    except engine.ProblemError as error:
        raise RuleViolation(explanation_text.problem(error), code=error.code) from error


def _result(problem: Problem, plan: engine.Plan) -> dict[str, Any]:
    """The figures above the list of the workbench, as JSON: counts, sums, mentees without a mentor, and
    unstable pairs."""
    planned = {pair.mentee: pair.mentor for pair in plan.pairs} | problem.decided
    known = set(plan.mentor_ids)
    wishing = {
        one.id: set(one.wishes) & known for one in problem.mentees if set(one.wishes) & known
    }
    return {
        "matched": len(plan.pairs),
        "of": sum(1 for one in problem.mentees if one.active),
        "decided": len(problem.decided),
        "total": plan.total,
        "worst": plan.worst,
        "unmatched": [
            {"mentee": left.mentee, "code": left.code}
            for left in plan.unmatched
            if left.code != "inactive"
        ],
        "ties": {mentee: list(others) for mentee, others in plan.tied_mentors.items()},
        "tied_mentees": {mentee: list(others) for mentee, others in plan.tied_mentees.items()},
        "blocking": [list(pair) for pair in plan.blocking_pairs[:200]],
        "blocking_pairs": len(plan.blocking),
        "close": [pair.mentee for pair in plan.pairs if pair.score < CLOSE],
        "wishes": {
            "of": len(wishing),
            "met": sum(1 for key, wishes in wishing.items() if planned.get(key) in wishes),
        },
        "mentors": len(plan.mentor_ids),
        "places": sum(plan.capacities),
        "components": sum(1 for weight in plan.weights.values() if weight > 0),
        "means": dict(plan.component_means),
        "seconds": {name: round(spent, 4) for name, spent in plan.seconds.items()},
    }


def _suggestions(problem: Problem, plan: engine.Plan) -> Iterator[Suggestion]:
    whole = len(plan.mentee_ids) * len(plan.mentor_ids) <= WHOLE
    planned = {pair.mentee: pair.mentor for pair in plan.pairs} | problem.decided
    for mentee in plan.mentee_ids:
        for mentor in _shown(plan, mentee, planned.get(mentee), whole=whole):
            told = plan.explain(mentee, mentor)
            decided = problem.decided.get(mentee)
            codes = plan.exclusion_codes(mentee, mentor)
            if decided is not None:
                codes = tuple(code for code in codes if code not in _OF_THE_MOMENT)
            yield Suggestion(
                mentee_id=mentee,
                mentor_id=mentor,
                score=plan.score(mentee, mentor),
                known=told.known if told else 0,
                excluded="" if mentor == decided or not codes else codes[0],
                planned=planned.get(mentee) == mentor,
                reasons=as_data(told),
            )


def _shown(plan: engine.Plan, mentee: str, planned: str | None, *, whole: bool) -> Iterable[str]:
    if whole:
        return plan.mentor_ids
    best = list(plan.ranking(mentee)[:KEPT])
    if planned is not None and planned not in best and planned in plan.columns:
        best.append(planned)
    return best


def as_data(told: engine.PairExplanation | None) -> list[dict[str, Any]]:
    """The reasons of a pair as JSON: at most two in its favour, then the weakest point."""
    if told is None:
        return []
    points = [(reason, False) for reason in told.reasons]
    if told.weakest:
        points.append((told.weakest, True))
    return [
        {
            "component": point.component,
            "code": point.code,
            "params": dict(point.params),
            "value": round(point.value, 6),
            "contribution": round(point.contribution, 6),
            "weakest": weakest,
        }
        for point, weakest in points
    ]


# ── pairs that coordinators fix or exclude ────────────────────────────────────
@verb("set", lock=lock_pair, state_first=False)
def pin_pair(
    mentee: Mentee, mentor: Mentor, *, by: Actor, now: datetime, note: str = ""
) -> Steps[PairRule]:
    """Fixes a pair for future plans; replaces a former fixed pair of the mentee.

    Raises RuleViolation when a hard rule excludes the pair, the mentee has a proposal or tandem, or other
    fixed pairs take all the mentor's places.
    """
    undecided(mentee)
    if codes := exclusions_of(mentee, mentor):
        raise RuleViolation(
            _("This pair can’t be fixed: %(reason)s.")
            % {"reason": explanation_text.exclusion(codes[0])},
            code=codes[0],
        )
    others = PairRule.objects.filter(
        mentor=mentor, kind=PairRule.Kind.PIN, cohort=mentee.cohort_id
    ).exclude(mentee=mentee)
    waiting = mentor.tandems.live().values("mentee")
    reserved = mentor.tandems.reserving().count()
    if others.exclude(mentee__in=waiting).count() + reserved >= mentor.free:
        raise RuleViolation(
            _("All free places with %(mentor)s are already fixed or on offer.")
            % {"mentor": mentor.name},
            code="seats_pinned",
        )
    former = PairRule.objects.filter(mentee=mentee, kind=PairRule.Kind.PIN)
    for one in former.exclude(mentor=mentor):
        lift_rule(one, by=by, now=now)
    rule = _rule(mentee, mentor, PairRule.Kind.PIN, note, by=by, now=now)
    yield _set(rule)
    return rule


@verb("set", lock=lock_pair, state_first=False)
def forbid_pair(
    mentee: Mentee,
    mentor: Mentor,
    *,
    by: Actor,
    now: datetime,
    kind: str = PairRule.Kind.FORBID,
    note: str = "",
) -> Steps[PairRule]:
    """Excludes a pair: by the coordinators, by a veto, or because the mentor teaches, examines or employs the
    mentee.

    Replaces a rule for the same pair. Raises RuleViolation for an unknown kind and while the two have a
    proposal or tandem with each other.
    """
    if kind not in PairRule.Kind.values or kind == PairRule.Kind.PIN:
        raise RuleViolation(_("Please say why the pair is excluded."), field="kind")
    if Tandem.objects.live().filter(mentee=mentee, mentor=mentor).exists():
        raise RuleViolation(
            _("The two have already been proposed to each other. Dissolve that tandem first."),
            code="live",
        )
    rule = _rule(mentee, mentor, kind, note, by=by, now=now)
    yield _set(rule)
    return rule


def _lock_cohort_of_rule(rule: PairRule) -> PairRule:
    lock_cohort(rule.cohort_id)
    return rule


@verb("lift", lock=_lock_cohort_of_rule)
def lift_rule(rule: PairRule, *, by: Actor, now: datetime) -> Steps[None]:
    """Lifts a fixed or excluded pair; a repetition changes nothing."""
    found = PairRule.objects.filter(pk=rule.pk).first()
    if found is None:
        return
    yield Step(
        found,
        values={"kind": found.kind, "mentee": found.mentee_id, "mentor": found.mentor_id},
        save=False,
    )
    found.delete()


def _rule(
    mentee: Mentee, mentor: Mentor, kind: str, note: str, *, by: Actor, now: datetime
) -> PairRule:
    """The rule of the pair with new contents, replacing the existing one; not yet saved."""
    rule = PairRule.objects.filter(mentee=mentee, mentor=mentor).first()
    rule = rule or PairRule(mentee=mentee, mentor=mentor)
    rule.cohort_id, rule.kind, rule.note = mentee.cohort_id, kind, note.strip()[:200]
    rule.made_by_id, rule.made_at = by.user_id, now
    return rule


def _set(rule: PairRule) -> Step:
    values = {"kind": str(rule.kind), "mentee": rule.mentee_id, "mentor": rule.mentor_id}
    return Step(rule, values=values)
