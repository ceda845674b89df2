"""The data of the workbench, read in a fixed number of queries for any number of people."""

from __future__ import annotations

import math
import unicodedata
import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import F

from matching import engine
from matching.actions.plans import WHOLE
from matching.models import MatchingRun, PairRule, Suggestion, Tandem
from matching.profiles import Problem, problem_of
from matching.states import LIVE
from mentees.models import Mentee, MentorWish
from mentors.models import Mentor
from programme.models import Cohort

Key = uuid.UUID
Pair = tuple[Key, Key]


@dataclass(frozen=True)
class Cell:
    """One pair of the run."""

    score: float
    known: int
    excluded: str
    planned: bool


@dataclass
class Bench:
    """All data of the latest run of a cohort, by key."""

    cohort: Cohort
    run: MatchingRun | None
    mentees: dict[Key, Mentee]
    mentors: dict[Key, Mentor]
    cells: dict[Pair, Cell]
    rules: list[PairRule]
    tandems: dict[Key, Tandem]  # by mentee: the open proposal or tandem
    tried: dict[Pair, Tandem]  # the latest ended tandem of each pair
    wishes: dict[Key, dict[Key, int]]  # mentee → mentor → rank
    problem: Problem
    now: datetime
    short: dict[Key, str] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether every pair of the run is stored, so that the matrix can be shown."""
        return len(self.mentees) * len(self.mentors) <= WHOLE

    @cached_property
    def planned(self) -> dict[Key, Key]:
        """Mentee → planned mentor; mentees with a proposal or tandem keep theirs."""
        found = {mentee: mentor for (mentee, mentor), cell in self.cells.items() if cell.planned}
        for mentee, tandem in self.tandems.items():
            found[mentee] = tandem.mentor_id
        return found

    @cached_property
    def guests(self) -> dict[Key, list[Key]]:
        """Mentor → the mentees planned for them."""
        found: dict[Key, list[Key]] = defaultdict(list)
        for mentee, mentor in self.planned.items():
            found[mentor].append(mentee)
        return found

    @cached_property
    def decided_sum(self) -> float:
        """The scores of mentees with a proposal or tandem: part of the sum on the page, not of the plan."""
        decided = ((key, one) for key, one in self.tandems.items() if key in self.mentees)
        scores = (self.score(key, one.mentor_id) for key, one in decided)
        return math.fsum(score for score in scores if score is not None)

    @cached_property
    def rule_of(self) -> dict[Pair, PairRule]:
        """The rule of a pair, where there is one."""
        return {(rule.mentee_id, rule.mentor_id): rule for rule in self.rules}

    @cached_property
    def stale(self) -> bool:
        """Whether the inputs of the run have changed since."""
        return self.run is None or self.run.fingerprint != self.problem.fingerprint(
            self.run.objective
        )

    @cached_property
    def plan(self) -> engine.Plan | None:
        """The engine's plan of the run, computed again; None when its inputs have changed."""
        if self.run is None or self.stale:
            return None
        return self.problem.plan("fair" if self.run.objective == "fair" else "total")

    def score(self, mentee: Key, mentor: Key | None) -> float | None:
        """The pair's score in the run."""
        cell = self.cells.get((mentee, mentor)) if mentor else None
        if cell is not None:
            return cell.score
        tandem = self.tandems.get(mentee)
        return tandem.score if tandem and tandem.mentor_id == mentor else None

    def name_of(self, mentor: Key | None) -> str:
        """The short name of a mentor, also of one who is no longer in the run."""
        if mentor is None:
            return "–"
        if mentor in self.short:
            return self.short[mentor]
        return next(
            (one.mentor.name for one in self.tandems.values() if one.mentor_id == mentor), "–"
        )


def gather(cohort: Cohort, now: datetime) -> Bench:
    """The data of a cohort with its latest run, or without one before the first."""
    run = MatchingRun.objects.filter(cohort=cohort).order_by("-number").first()
    mentees = {
        one.pk: one
        for one in Mentee.objects.taking_part()
        .filter(cohort=cohort)
        .select_related("user", "application__subject", "application__degree")
        .order_by("user__name", "pk")
    }
    found = Tandem.objects.filter(cohort=cohort).select_related("mentor").order_by("proposed_at")
    proposed = list(found)
    tandems = {one.mentee_id: one for one in proposed if one.state in LIVE}
    tried = {(one.mentee_id, one.mentor_id): one for one in proposed if one.state not in LIVE}
    problem = problem_of(cohort)
    keys = [uuid.UUID(one.id) for one in problem.mentors]
    mentors = {one.pk: one for one in Mentor.objects.matchable().order_by("pk")}
    short = short_names({key: mentors[key].name for key in keys if key in mentors})
    known = {
        key: mentors[key] for key in sorted(short, key=lambda one: (sortable(short[one]), one))
    }
    wishes: dict[Key, dict[Key, int]] = defaultdict(dict)
    ranked = MentorWish.objects.filter(
        application__mentee__cohort=cohort, mentor__isnull=False
    ).values_list("application__mentee", "mentor", "rank")
    for mentee, mentor, rank in ranked:
        wishes[mentee][mentor] = rank
    whole = len(mentees) * len(known) <= WHOLE
    return Bench(
        cohort=cohort,
        run=run,
        mentees=mentees,
        mentors=known,
        cells=_cells(run, whole=whole),
        rules=list(
            PairRule.objects.filter(cohort=cohort)
            .select_related("mentee__user", "mentor")
            .order_by("made_at")
        ),
        tandems=tandems,
        tried=tried,
        wishes=wishes,
        problem=problem,
        now=now,
        short=short,
    )


def _cells(run: MatchingRun | None, *, whole: bool) -> dict[Pair, Cell]:
    if run is None:
        return {}
    rows = Suggestion.objects.filter(run=run)
    if not whole:
        rows = rows.filter(planned=True)
    return {
        (mentee, mentor): Cell(score or 0.0, known, excluded, planned)
        for mentee, mentor, score, known, excluded, planned in rows.values_list(
            "mentee_id", "mentor_id", "score", "known", "excluded", "planned"
        )
    }


def told_about(run: MatchingRun, mentee: Key) -> dict[Key, Suggestion]:
    """Mentor → suggestion with its reasons, for one mentee, the best first."""
    rows = Suggestion.objects.filter(run=run, mentee=mentee).order_by(
        F("score").desc(nulls_last=True), "mentor__name"
    )
    return {row.mentor_id: row for row in rows}


def short_names(names: Mapping[Key, str]) -> dict[Key, str]:
    """Surnames, with their particles; whole names where two would be equal."""
    short = {key: _surname(name) for key, name in names.items()}
    often = Counter(short.values())
    return {key: names[key] if often[name] > 1 else name for key, name in short.items()}


def _surname(name: str) -> str:
    parts = name.split()
    taken = parts[-1:]
    while len(taken) < len(parts) and parts[-1 - len(taken)].islower():
        taken.insert(0, parts[-1 - len(taken)])
    return " ".join(taken) or name


def sortable(name: str) -> str:
    """A sort key without case and diacritics, so that “Éva” is sorted like “Eva”."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


def chosen_of(bench: Bench, wanted: str | None) -> Key | None:
    """The selected mentee: the wanted one, else the first without a proposal or tandem."""
    if wanted:
        try:
            key = uuid.UUID(wanted)
        except ValueError:
            return None
        return key if key in bench.mentees else None
    undecided = (key for key in bench.mentees if key not in bench.tandems)
    return next(undecided, next(iter(bench.mentees), None))
