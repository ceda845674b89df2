"""Tandems: those of the past year, and those of the running one in every state."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.audit import Actor
from core.errors import RuleViolation
from matching import actions
from matching.models import MatchingRun, PairRule, Suggestion, Tandem
from mentees import actions as mentee_actions
from mentees.models import Mentee
from mentoring.devtools.demo.material import words
from mentoring.devtools.demo.network import Network
from mentoring.devtools.demo.stage import Stage, as_person
from mentors import actions as mentor_actions
from mentors.models import Mentor
from outbox.actions import muted
from programme.models import Cohort

# The state of each of the twenty-five, in the order of ``STUDENTS``; repeated for more mentees.
STORIES = [
    "active",
    "active",
    "probation",
    "active",
    "confirmed",
    "active",
    "asked",
    "active",
    "question",
    "agreed",
    "active",
    "probation",
    "active",
    "active",
    "full",
    "declined",
    "active",
    "probation",
    "asked",
    "draft",
    "active",
    "left",
    "expired",
    "confirmed",
    "probation",
]
RULED = ("Henrike Osterloh", "Jan Marquardt", "Judith Ahrendt")
AT_ONCE = ("active", "probation", "left")  # found each other before the cohort began
# Days before today on which the mentor of a late tandem was asked (the cohort gives ten days to answer).
ASKED = {"asked": 4, "question": 5, "full": 4, "confirmed": 6, "declined": 11, "expired": 15}


def _told(mentees: list[Mentee]) -> list[tuple[Mentee, str]]:
    return [(one, STORIES[number % len(STORIES)]) for number, one in enumerate(mentees)]


def _agree_and_ask(stage: Stage, tandem: Tandem, agreed_at: datetime, asked_at: datetime) -> None:
    by = as_person(tandem.mentee.user, "mentee")
    actions.agree(tandem, by=by, now=agreed_at, word=stage.texts.one(words.MENTEE_WORDS))
    actions.approve(tandem, by=stage.by, now=asked_at)


def _accept(stage: Stage, tandem: Tandem, now: datetime) -> None:
    by = as_person(tandem.mentor.user, "mentor")
    actions.confirm(tandem, by=by, now=now, word=stage.texts.one(words.MENTOR_WORDS))


def _together(stage: Stage, mentee: Mentee, mentor: Mentor, now: datetime) -> Tandem:
    """From proposal to beginning, within three weeks of the past."""
    tandem = actions.propose_tandem(mentee, mentor, by=stage.by, now=now)
    _agree_and_ask(stage, tandem, now + timedelta(days=2), now + timedelta(days=3))
    _accept(stage, tandem, now + timedelta(days=5))
    return actions.begin(tandem, by=Actor.system(), now=now + timedelta(days=12))


# ── the past year ────────────────────────────────────────────────────────────
def past_year(
    stage: Stage, cohort: Cohort, mentees: list[Mentee], network: Network
) -> list[Tandem]:
    """Every mentee gets a tandem. The year is not ended here: meetings and workshops are entered first."""
    begins = stage.at - timedelta(days=(stage.today - cohort.starts_on).days + 20)
    with muted():
        pairs = zip(mentees, _choose(stage, mentees, network), strict=False)
        tandems = [_together(stage, one, other, begins) for one, other in pairs]
        over = stage.at - timedelta(days=(stage.today - cohort.starts_on).days - 80)
        return [actions.pass_probation(one, by=stage.by, now=over) for one in tandems]


def _choose(stage: Stage, mentees: list[Mentee], network: Network) -> list[Mentor]:
    """For each mentee the mentor who offers most of what they look for, one place each."""
    left = {mentor.pk: mentor.capacity for mentor in network.active}
    topics = {one.pk: set(one.topics.values_list("code", flat=True)) for one in network.active}
    fields = {
        one.pk: set(one.career_fields.values_list("code", flat=True)) for one in network.active
    }
    chosen = []
    for mentee in mentees:
        wanted = set(mentee.application.topics.values_list("topic__code", flat=True))
        aims = set(mentee.application.career_fields.values_list("code", flat=True))
        free = [mentor for mentor in network.active if left[mentor.pk]]
        if not free:
            break
        best = max(
            free,
            key=lambda one: (
                2 * len(fields[one.pk] & aims) + len(topics[one.pk] & wanted),
                one.name,
            ),
        )
        left[best.pk] -= 1
        chosen.append(best)
    return chosen


def end_of_year(stage: Stage, cohort: Cohort, tandems: list[Tandem], mentees: list[Mentee]) -> None:
    """Completes tandems and participations; one mentee had left in spring."""
    ended = stage.at - timedelta(days=(stage.today - cohort.ends_on).days)
    with muted():
        for tandem in tandems[:-1]:
            actions.complete(tandem, by=stage.by, now=ended - timedelta(days=2))
        for mentee in mentees[:-1]:
            mentee_actions.complete(mentee, by=stage.by, now=ended + timedelta(days=3))
        mentee_actions.leave(
            mentees[-1], by=stage.by, now=ended - timedelta(days=140), reason=words.LEFT_THEN
        )


# ── the running year ─────────────────────────────────────────────────────────
def first_round(stage: Stage, cohort: Cohort, mentees: list[Mentee]) -> list[Tandem]:
    """A plan before the beginning: most tandems were confirmed, some proposals failed, one mentee left since.
    Returns the tandems that continue."""
    with muted():
        _rules(stage, mentees)
        plan = _planned(_compute(stage, cohort, stage.some_hour(-96)))
        told = [(one, story) for one, story in _told(mentees) if one.pk in plan]
        early = [
            (_first_round(stage, one, plan[one.pk], story), story)
            for one, story in told
            if story in AT_ONCE
        ]
        for mentee, story in told:
            if story in ("agreed", "draft", "expired"):
                _refused(stage, mentee, plan[mentee.pk], story)
        for tandem, story in early:
            if story == "left":
                now = stage.some_hour(-15)
                mentee_actions.leave(tandem.mentee, by=stage.by, now=now, reason=words.LEFT)
    return [tandem for tandem, story in early if story != "left"]


def _rules(stage: Stage, mentees: list[Mentee]) -> None:
    """A pair the coordinators fixed, since the two asked for each other; one that is excluded, since the
    mentor teaches the mentee; and one the coordinators do not want."""
    by, now = stage.by, stage.some_hour(-97)
    mentors = {one.name: one for one in Mentor.objects.filter(name__in=RULED)}
    if not mentees or len(mentors) < len(RULED):
        return
    fixed, teacher, apart = (mentors[name] for name in RULED)
    actions.pin_pair(mentees[0], fixed, by=by, now=now, note="Wunsch von beiden Seiten")
    actions.forbid_pair(mentees[0], teacher, by=by, now=now, kind=PairRule.Kind.TEACHES)
    actions.forbid_pair(
        mentees[-1], apart, by=by, now=now, note="Beide spielen im selben Ensemble."
    )


def second_round(stage: Stage, cohort: Cohort, mentees: list[Mentee]) -> list[Tandem]:
    """A second plan two weeks ago, for the remaining mentees. Open questions have their mail and link.
    Returns the tandems that were confirmed."""
    late = [(one, story) for one, story in _told(mentees) if story not in AT_ONCE]
    with muted():
        plan = _planned(_compute(stage, cohort, stage.some_hour(-16)))
    _one_place_for_two(stage, late, plan)
    # confirmed tandems take places that others are still asked about: these come last
    late.sort(key=lambda one: one[1] == "confirmed")
    told = [
        (_second_round(stage, one, plan[one.pk], story), story)
        for one, story in late
        if one.pk in plan
    ]
    return [tandem for tandem, story in told if story == "confirmed"]


def _compute(stage: Stage, cohort: Cohort, now: datetime) -> MatchingRun:
    return actions.compute_plan(cohort, by=stage.by, now=now, objective="total")


def _planned(run: MatchingRun) -> dict[object, Mentor]:
    """Mentee key → mentor of the plan."""
    rows = Suggestion.objects.filter(run=run, planned=True).select_related("mentor__user")
    return {row.mentee_id: row.mentor for row in rows}


def _first_round(stage: Stage, mentee: Mentee, mentor: Mentor, story: str) -> Tandem:
    tandem = _together(stage, mentee, mentor, stage.some_hour(-94))
    if story == "active":
        days = stage.rng.randint(4, 20)
        return actions.pass_probation(tandem, by=stage.by, now=stage.some_hour(-days))
    return tandem


def _refused(stage: Stage, mentee: Mentee, mentor: Mentor, story: str) -> None:
    """A first proposal that failed: declined by the mentee, by the mentor, or never answered."""
    begins = stage.some_hour(-94)
    try:
        tandem = actions.propose_tandem(mentee, mentor, by=stage.by, now=begins)
    except RuleViolation:  # the place was taken by somebody else meanwhile
        return
    if story == "draft":
        by = as_person(mentee.user, "mentee")
        actions.decline_proposal(tandem, by=by, now=begins + timedelta(days=3))
        return
    if story == "expired":
        actions.expire(tandem, by=Actor.system(), now=begins + timedelta(days=8))
        return
    _agree_and_ask(stage, tandem, begins + timedelta(days=1), begins + timedelta(days=2))
    by = as_person(mentor.user, "mentor")
    actions.decline(tandem, by=by, now=begins + timedelta(days=6), reason=words.DECLINES[0])


def _one_place_for_two(
    stage: Stage, late: list[tuple[Mentee, str]], plan: dict[object, Mentor]
) -> None:
    """Two mentees are proposed to a mentor with one free place: allowed, with a warning (promise C7)."""
    confirmed = next((one for one, story in late if story == "confirmed" and one.pk in plan), None)
    waiting = next((one for one, story in late if story == "full"), None)
    if confirmed is None or waiting is None:
        return
    mentor = Mentor.objects.get(pk=plan[confirmed.pk].pk)
    if mentor.free > 1:
        with muted():
            mentor = mentor_actions.change_mentor(
                mentor,
                by=stage.by,
                now=stage.some_hour(-17),
                values={"capacity": mentor.held + 1},
            )
    plan[waiting.pk] = mentor


def _second_round(stage: Stage, mentee: Mentee, mentor: Mentor, story: str) -> Tandem:
    asked_at = stage.some_hour(-ASKED.get(story, 2))
    proposed_at = asked_at - timedelta(days=2)
    if story == "draft":
        return actions.propose_tandem(mentee, mentor, by=stage.by, now=stage.some_hour(-2))
    by_mentee = as_person(mentee.user, "mentee")
    with muted():
        tandem = actions.propose_tandem(mentee, mentor, by=stage.by, now=proposed_at)
    if story == "agreed":
        now = stage.hours_ago(stage.rng.randint(6, 20))
        word = stage.texts.one(words.MENTEE_WORDS)
        return actions.agree(tandem, by=by_mentee, now=now, word=word)
    if story in ("asked", "question", "full"):
        with muted():
            actions.agree(tandem, by=by_mentee, now=asked_at - timedelta(days=1))
        tandem = actions.approve(tandem, by=stage.by, now=asked_at)
        if story == "question":
            actions.ask_question(
                tandem,
                by=as_person(mentor.user, "mentor"),
                now=stage.some_hour(-1),
                question=words.QUESTIONS[0],
            )
        return tandem
    with muted():
        _agree_and_ask(stage, tandem, asked_at - timedelta(days=1), asked_at)
        by_mentor = as_person(mentor.user, "mentor")
        if story == "declined":
            now = stage.some_hour(-6)
            actions.decline(tandem, by=by_mentor, now=now, reason=words.DECLINES[1])
        elif story == "expired":
            actions.expire(tandem, by=Actor.system(), now=asked_at + timedelta(days=10, hours=1))
    if story == "confirmed":  # may still be taken back: their mails exist
        _accept(stage, tandem, stage.hours_ago(stage.rng.randint(8, 40)))
    tandem.refresh_from_db()
    return tandem
