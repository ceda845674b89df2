"""Builds the engine's profiles from mentees and mentors.

Only the columns named here are read: no name, no address, no free text, no personal situation. The profile
types have no field for them, so that none of it can enter a score.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.models import Count, QuerySet

from matching import engine
from matching.engine import Format, Goal, MenteeProfile, MentorProfile
from matching.models import PairRule, Tandem
from mentees.models import Application, ApplicationTopic, Mentee, MentorWish
from mentees.states import MenteeState
from mentors.models import Mentor
from mentors.states import MentorState
from programme.models import Cohort, MeetingFormat

FORMATS: Mapping[str, Format] = {
    MeetingFormat.BOTH: Format.EITHER,
    MeetingFormat.ONLINE: Format.ONLINE,
    MeetingFormat.ON_SITE: Format.ON_SITE,
    MeetingFormat.ONLY_ONLINE: Format.ONLINE_ONLY,
    MeetingFormat.ONLY_ON_SITE: Format.ON_SITE_ONLY,
}
LOWEST_PRIORITY = 3
# The engine's list of mentee ids for each kind of pair rule.
_OF_MENTOR = {
    PairRule.Kind.TEACHES: "teaches",
    PairRule.Kind.EXAMINES: "examines",
    PairRule.Kind.EMPLOYS: "employs",
}


@dataclass(frozen=True)
class Problem:
    """The inputs of a plan of a cohort.

    ``decided``: mentee id → mentor id of an open proposal or tandem: these mentees are scored, so that the
    matrix is complete, but not planned, and their mentors' places are not offered again.
    """

    mentees: list[MenteeProfile]
    mentors: list[MentorProfile]
    pins: list[tuple[str, str]] = field(default_factory=list)
    forbidden: list[tuple[str, str]] = field(default_factory=list)
    decided: dict[str, str] = field(default_factory=dict)

    def fingerprint(self, objective: str) -> str:
        """SHA-256 of all inputs of the plan: same inputs, same fingerprint."""
        parts = {
            "mentees": sorted((asdict(one) for one in self.mentees), key=lambda one: one["id"]),
            "mentors": sorted((asdict(one) for one in self.mentors), key=lambda one: one["id"]),
            "pins": sorted(self.pins),
            "forbidden": sorted(self.forbidden),
            "decided": self.decided,
            "objective": objective,
            "weights": dict(engine.DEFAULT_WEIGHTS),
        }
        text = json.dumps(parts, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def plan(self, objective: engine.Objective) -> engine.Plan:
        """The engine's plan. Raises ``engine.ProblemError`` for fixed pairs that contradict each other."""
        return engine.plan(
            self.mentees,
            self.mentors,
            pins=self.pins,
            forbidden=self.forbidden,
            objective=objective,
        )


def problem_of(cohort: Cohort) -> Problem:
    """The problem of a cohort: all mentees who take part, all active mentors with a valid consent.

    The number of queries does not depend on how many people there are.
    """
    mentees = Mentee.objects.taking_part().filter(cohort=cohort)
    mentors = Mentor.objects.matchable()
    rules = list(
        PairRule.objects.filter(cohort=cohort)
        .order_by("pk")
        .values_list("mentee_id", "mentor_id", "kind")
    )
    live = Tandem.objects.live().filter(mentee__in=mentees).order_by("proposed_at")
    decided = {
        str(mentee): str(mentor) for mentee, mentor in live.values_list("mentee_id", "mentor_id")
    }
    theirs = mentor_profiles(mentors, rules)
    known = {one.id for one in theirs}
    mine = mentee_profiles(mentees, rules, inactive=set(decided))
    plannable = {one.id for one in mine if one.active}

    def pairs(kind: str) -> list[tuple[str, str]]:
        return [
            (str(mentee), str(mentor))
            for mentee, mentor, each in rules
            if each == kind and str(mentor) in known
        ]

    return Problem(
        mine,
        theirs,
        pins=[pair for pair in pairs(PairRule.Kind.PIN) if pair[0] in plannable],
        forbidden=[
            pair
            for pair in pairs(PairRule.Kind.FORBID)
            if pair[0] in plannable or pair[0] in decided
        ],
        decided=decided,
    )


def exclusions_of(mentee: Mentee, mentor: Mentor) -> tuple[str, ...]:
    """The hard rules that forbid this pair now, the most important first; empty where it is allowed.

    The same rules as in a plan (``matching.engine.rules``), including exclusions by coordinators. Checked
    before a pair is fixed or proposed; only places not held count as free.
    """
    rules = list(
        PairRule.objects.filter(mentee=mentee, mentor=mentor).values_list(
            "mentee_id", "mentor_id", "kind"
        )
    )
    mine = mentee_profiles(Mentee.objects.filter(pk=mentee.pk), rules)
    theirs = mentor_profiles(Mentor.objects.filter(pk=mentor.pk), rules, reserve=False)
    forbidden = [
        (str(one), str(other)) for one, other, kind in rules if kind == PairRule.Kind.FORBID
    ]
    plan = engine.plan(mine, theirs, forbidden=forbidden)
    return plan.exclusion_codes(str(mentee.pk), str(mentor.pk))


Rules = Iterable[tuple[uuid.UUID, uuid.UUID, str]]


def mentee_profiles(
    mentees: QuerySet[Mentee], rules: Rules = (), *, inactive: set[str] | None = None
) -> list[MenteeProfile]:
    """The profiles of ``mentees``; those in ``inactive`` are not planned."""
    inactive = inactive or set()
    applications = Application.objects.filter(mentee__in=mentees)
    goals: dict[uuid.UUID, list[Goal]] = defaultdict(list)
    topics = ApplicationTopic.objects.filter(application__in=applications)
    for application, topic, priority in topics.order_by("priority").values_list(
        "application_id", "topic__code", "priority"
    ):
        goals[application].append(Goal(topic, min(max(priority, 1), LOWEST_PRIORITY)))
    wishes: dict[uuid.UUID, list[str | None]] = defaultdict(list)
    for application, mentor in (
        MentorWish.objects.filter(application__in=applications)
        .order_by("rank")
        .values_list("application_id", "mentor_id")
    ):
        wish = str(mentor) if mentor else None
        if wish is None or wish not in wishes[application]:
            wishes[application].append(wish)
    fields = _codes(Application.career_fields.through, "application", "careerfield", applications)
    spoken = _codes(Application.languages.through, "application", "workinglanguage", applications)
    vetoes: dict[uuid.UUID, list[str]] = defaultdict(list)
    for one, other, kind in rules:
        if kind == PairRule.Kind.VETO:
            vetoes[one].append(str(other))
    rows = mentees.order_by("pk").values(
        "pk",
        "user_id",
        "application_id",
        "state",
        "application__subject__group__code",
        "application__meeting_format",
        "application__meetings_a_month",
    )
    return [
        MenteeProfile(
            id=str(row["pk"]),
            person=str(row["user_id"]),
            active=row["state"] == MenteeState.TAKING_PART and str(row["pk"]) not in inactive,
            wishes=tuple(wishes[row["application_id"]]),
            goals=tuple(goals[row["application_id"]]),
            career_fields=tuple(fields[row["application_id"]]),
            meetings_per_month=row["application__meetings_a_month"] or None,
            format=FORMATS.get(row["application__meeting_format"]),
            subject_groups=(row["application__subject__group__code"],),
            languages=tuple(spoken[row["application_id"]]),
            vetoes=tuple(vetoes[row["pk"]]),
        )
        for row in rows
    ]


def mentor_profiles(
    mentors: QuerySet[Mentor], rules: Rules = (), *, reserve: bool = True
) -> list[MentorProfile]:
    """The profiles of ``mentors`` with the places a plan may still use.

    With ``reserve``, places that were proposed or asked for are not offered a second time.
    """
    keys = mentors.order_by().values("pk")
    topics = _codes(Mentor.topics.through, "mentor", "topic", keys)
    fields = _codes(Mentor.career_fields.through, "mentor", "careerfield", keys)
    groups = _codes(Mentor.subject_groups.through, "mentor", "subjectgroup", keys)
    spoken = _codes(Mentor.languages.through, "mentor", "workinglanguage", keys)
    asked: dict[uuid.UUID, int] = {}
    if reserve:
        asked = dict(
            Tandem.objects.reserving().order_by().values_list("mentor_id").annotate(Count("pk"))
        )
    consenting = set(
        Mentor.objects.with_valid_consent().filter(pk__in=keys).values_list("pk", flat=True)
    )
    kept: dict[str, dict[uuid.UUID, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one, other, kind in rules:
        if kind in _OF_MENTOR:
            kept[_OF_MENTOR[PairRule.Kind(kind)]][other].append(str(one))
    rows = mentors.order_by("pk").values(
        "pk", "user_id", "state", "capacity", "held", "meeting_format", "meetings_a_month", "region"
    )
    return [
        MentorProfile(
            id=str(row["pk"]),
            person=str(row["user_id"]) if row["user_id"] else None,
            active=row["state"] == MentorState.ACTIVE,
            consent=row["pk"] in consenting,
            capacity=max(0, row["capacity"] - row["held"] - asked.get(row["pk"], 0)),
            topics=tuple(topics[row["pk"]]),
            career_fields=tuple(fields[row["pk"]]),
            meetings_per_month=row["meetings_a_month"] or None,
            format=FORMATS.get(row["meeting_format"]),
            region=row["region"].strip() or None,
            subject_groups=tuple(groups[row["pk"]]),
            languages=tuple(spoken[row["pk"]]),
            teaches=tuple(kept["teaches"][row["pk"]]),
            examines=tuple(kept["examines"][row["pk"]]),
            employs=tuple(kept["employs"][row["pk"]]),
        )
        for row in rows
    ]


def _codes(through: Any, owner: str, word: str, owners: Any) -> dict[uuid.UUID, list[str]]:
    """Owner's key → codes of a vocabulary, in the order of the entries; one query."""
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    rows = (
        through.objects.filter(**{f"{owner}__in": owners})
        .order_by(f"{word}__position", f"{word}__code")
        .values_list(f"{owner}_id", f"{word}__code")
    )
    for key, code in rows:
        found[key].append(code)
    return found
