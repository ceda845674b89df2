"""The network: forty mentors in every state, from first contact to retirement."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from accounts import actions as accounts
from mentoring.devtools.demo.material.names import NameBook
from mentoring.devtools.demo.material.network import (
    EVIDENCE,
    GUIDES,
    INTEREST,
    ON_TOUR,
    PROFESSIONS,
    REGIONS,
    SOURCES,
    Guide,
)
from mentoring.devtools.demo.stage import Stage, as_person
from mentors import actions
from mentors.models import Criterion, Mentor, PauseReason
from mentors.states import MentorState
from outbox.actions import muted
from programme.models import MeetingFormat

# The mentors who are not simply active, with their state. The others are active.
BEFORE = {
    "Gábor Szabó": MentorState.PROSPECT,
    "Hélène Moreau": MentorState.CONTACTED,
    "Kai Uhlig": MentorState.INTERESTED,
    "Naoki Tanaka": MentorState.UNDER_REVIEW,
    "Hanna Wolters": "asked",
    "Arben Hoxha": "ready",
    "Marcus Westphal": MentorState.DECLINED,
    "Ole Kamps": MentorState.REJECTED,
}
# What later became of some who were active.
PARTED, RESTING, WITHDREW, ON_HOLD = (
    "Ludwig Pabst",
    "Saskia Vandenberg",
    "Bente Nissen",
    "Pavel Czerny",
)
TWO_PLACES = {"Henrike Osterloh", "Mirjam Rosental", "Judith Ahrendt"}


@dataclass
class Network:
    """The mentors by name, and those who can be matched."""

    by_name: dict[str, Mentor] = field(default_factory=dict)
    active: list[Mentor] = field(default_factory=list)


def guides(stage: Stage) -> list[Guide]:
    """The number that the verbs bring in: those described one by one, and generated ones where more."""
    wanted = stage.sizes.by_verbs.mentors
    return [*GUIDES[:wanted], *(another_guide(stage) for _more in range(wanted - len(GUIDES)))]


def another_guide(stage: Stage) -> Guide:
    """A generated mentor with a new name."""
    name, language = stage.book.fresh()
    profession, fields, topics, instrument, group = stage.rng.choice(PROFESSIONS)
    more = stage.rng.sample(sorted(stage.words.topics), 2)
    return Guide(
        name,
        profession,
        "",
        fields,
        " ".join(dict.fromkeys([*topics.split(), *more])),
        instrument,
        group,
        stage.rng.choice(REGIONS),
        "de en" if language == "de" else f"de en {language}",
    )


def found_network(stage: Stage) -> Network:
    """Enters all mentors and brings them into their states; the mails of that time were sent long ago.

    One of them was asked for the consent the day before yesterday: that mail and its link exist.
    """
    network = Network()
    for number, guide in enumerate(guides(stage)):
        before = BEFORE if number < len(GUIDES) else {}
        state = before.get(guide.name, MentorState.ACTIVE)
        mentor = _bring(stage, guide, state, number)
        network.by_name[guide.name] = mentor
        if state == MentorState.ACTIVE:
            network.active.append(mentor)
    return network


def _bring(stage: Stage, guide: Guide, state: str, number: int) -> Mentor:
    recent = state != MentorState.ACTIVE
    since = stage.on(-30 - number % 9 if recent else -640 - number % 60, 11)
    if state == MentorState.PROSPECT:
        return _writes_to_us(stage, guide, stage.some_hour(-2))
    with muted():
        mentor = _enter(stage, guide, since)
        if state not in (MentorState.CONTACTED, MentorState.INTERESTED, MentorState.DECLINED):
            whole = state not in (MentorState.UNDER_REVIEW, MentorState.REJECTED)
            _review(stage, mentor, since, whole=whole)
        else:
            actions.contact(mentor, by=stage.by, now=since + timedelta(days=2))
        if state in (MentorState.INTERESTED, MentorState.DECLINED):
            verb = actions.note_interest if state == MentorState.INTERESTED else actions.decline
            verb(mentor, by=stage.by, now=since + timedelta(days=9))
        if state == MentorState.REJECTED:
            actions.reject(mentor, by=stage.by, now=since + timedelta(days=12))
        if state in (MentorState.ACTIVE, "ready"):
            actions.record_consent(
                mentor,
                by=as_person(mentor.user, "mentor"),
                now=since + timedelta(days=11),
                how="per Link",
            )
        if state == MentorState.ACTIVE:
            mentor = actions.activate(mentor, by=stage.by, now=since + timedelta(days=13))
    if state == "asked":
        actions.ask_for_consent(mentor, by=stage.by, now=stage.some_hour(-2))
    return mentor


def _writes_to_us(stage: Stage, guide: Guide, now: datetime) -> Mentor:
    """Somebody sent the form the day before yesterday and waits for an answer."""
    user = stage.person(guide.name)
    with muted():
        actions.note_interest_by_form(
            form_id=stage.key(),
            name=guide.name,
            email=user.email,
            profession=guide.profession,
            motivation=INTEREST,
            website="",
            language="de",
            by=as_person(user, "person"),
            now=now,
        )
    return Mentor.objects.get(user=user)


def _enter(stage: Stage, guide: Guide, now: datetime) -> Mentor:
    user = stage.person(guide.name, language="de")
    profile = profile_of(stage, guide)
    phone = f"+49 176 040690 {stage.rng.randint(10, 99)}" if stage.rng.random() < 0.6 else ""
    accounts.change_person(user, by=as_person(user, "person"), now=now, values={"phone": phone})
    return actions.enter_mentor(
        name=guide.name,
        profession=guide.profession,
        email=user.email,
        by=stage.by,
        now=now,
        **profile,
    )


def profile_of(stage: Stage, guide: Guide) -> dict[str, Any]:
    """The fields of the mentor beside name, profession and address."""
    rng, words = stage.rng, stage.words
    return {
        "about": guide.about,
        "region": guide.region,
        "meeting_format": rng.choice(
            [MeetingFormat.BOTH, MeetingFormat.BOTH, MeetingFormat.ONLINE, MeetingFormat.ON_SITE]
        ).value,
        "meetings_a_month": rng.choice([1, 1, 1, 2]),
        "capacity": 2 if guide.name in TWO_PLACES else rng.choice([1, 1, 1, 2]),
        "public": rng.random() < 0.7,
        "source": rng.choice(SOURCES),
        "career_fields": stage.pick(words.fields, guide.fields),
        "topics": stage.pick(words.topics, guide.topics),
        "instruments": stage.pick(words.instruments, guide.instruments),
        "subject_groups": stage.pick(words.groups, guide.groups),
        "languages": stage.pick(words.languages, guide.languages),
    }


def _review(stage: Stage, mentor: Mentor, since: datetime, *, whole: bool) -> None:
    """Contact, review, and verdicts on all criteria or on the first three."""
    actions.contact(mentor, by=stage.by, now=since + timedelta(days=2))
    actions.review(mentor, by=stage.by, now=since + timedelta(days=8))
    for criterion in Criterion.values if whole else Criterion.values[:3]:
        actions.check_criterion(
            mentor,
            criterion=criterion,
            verdict="met",
            evidence=stage.texts.one(EVIDENCE[criterion]),
            by=stage.by,
            now=since + timedelta(days=10),
        )


def one_retired(stage: Stage, network: Network) -> None:
    """One of them retired after the past cohort."""
    mentor = network.by_name.get(PARTED)
    if mentor is not None:
        with muted():
            actions.retire(mentor, by=stage.by, now=stage.some_hour(-110))
        network.active.remove(mentor)


def pauses(stage: Stage, network: Network) -> None:
    """Two have paused since last month: one at their own wish, one withdrew the consent. Their tandems
    continue."""
    with muted():
        if (mentor := network.by_name.get(RESTING)) is not None:
            by, now = stage.by, stage.some_hour(-30)
            actions.pause(mentor, by=by, now=now, reason=PauseReason.WISH)
        if (mentor := network.by_name.get(WITHDREW)) is not None:
            by, now = as_person(mentor.user, "mentor"), stage.some_hour(-25)
            actions.withdraw_consent(mentor, by=by, now=now)


def reopened(stage: Stage, network: Network) -> None:
    """Since yesterday one criterion of one mentor is open again: no new matches for now."""
    mentor = network.by_name.get(ON_HOLD)
    if mentor is not None:
        by, now = stage.by, stage.some_hour(-1)
        with muted():
            actions.check_criterion(
                mentor,
                criterion=Criterion.FEASIBLE,
                verdict="open",
                evidence=ON_TOUR,
                by=by,
                now=now,
            )


def book_for(rng: random.Random) -> NameBook:
    """A NameBook in which the names of the network are taken."""
    return NameBook(rng, tuple(guide.name for guide in GUIDES))
