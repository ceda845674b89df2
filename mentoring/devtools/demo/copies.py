"""Further people of the running year and the open window: copies of those whom the verbs brought in.

A mentee with a tandem and its meetings takes about fifty verbs of some milliseconds each. Beyond the usual
sizes the demo therefore copies in bulk: all rows that the verbs wrote about some people (participations,
tandems, meetings, links, mails, audit events) are inserted again under new keys, names and addresses. States,
versions and events of a copy are thus those that the verbs produce. Who is in no tandem gets answers or a
profile of their own; in a tandem they stay, since its reasons and mails tell of them.
"""

from __future__ import annotations

import json
import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from django.db import models

from accounts.models import User
from core.audit.models import AuditEvent
from core.links.actions import hash_of, token_of
from core.links.models import ActionLink
from matching.models import Tandem
from matching.states import LIVE
from meetings.models import DateProposal, Meeting
from mentees import questions
from mentees.models import Application, ApplicationTopic, FormerMentee, Mentee, MentorWish
from mentees.past_participation import address_hash
from mentoring.devtools.demo.applications import Window, data_of, rejected, somebody
from mentoring.devtools.demo.network import another_guide, profile_of
from mentoring.devtools.demo.stage import Stage
from mentors.models import CriterionCheck, Mentor
from mentors.states import MentorState
from outbox.models import OutgoingMail, dedupe_key
from programme.models import Cohort, Consent

# What a person chose in a form: rows of their own for everybody who is in no tandem.
MENTOR_CHOICES = ("career_fields", "topics", "instruments", "subject_groups", "languages")
APPLICANT_CHOICES = ("career_fields", "languages")
BATCH = 4000  # rows kept before they are inserted


@dataclass(frozen=True)
class CopiedRow:
    """A row to be copied: its class, columns and values, and the places of values that a copy replaces."""

    model: type[models.Model]
    columns: tuple[str, ...]
    values: tuple[Any, ...]
    replaced: tuple[int, ...]


@dataclass
class Original:
    """The rows about some people. ``people``: name and address of each; ``keys``: the keys that a copy has
    anew, ``random``: those of them that no seed determines (of links and requests); ``pattern`` finds names,
    addresses and keys in a text; ``mentors`` and ``mentees``: how many there are."""

    rows: list[CopiedRow]
    people: list[tuple[str, str]]
    keys: list[uuid.UUID]
    random: set[uuid.UUID]
    pattern: re.Pattern[str]
    mentees: int = 0
    mentors: int = 0
    in_tandem: bool = False


@dataclass
class Copier:
    """Makes copies and inserts them in batches."""

    stage: Stage
    window: Window
    waiting: dict[type[models.Model], list[models.Model]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def copy(self, original: Original) -> None:
        """One more of these people."""
        new = self._names(original)
        for key in original.keys:
            new[str(key)] = str(uuid.uuid4() if key in original.random else self.stage.key())

        def swapped(value: Any) -> Any:
            if isinstance(value, uuid.UUID):
                return uuid.UUID(new[str(value)])
            if isinstance(value, str):
                return original.pattern.sub(lambda found: new[found[0]], value)
            return json.loads(swapped(json.dumps(value, ensure_ascii=False)))

        for row in original.rows:
            values = list(row.values)
            for place in row.replaced:
                values[place] = swapped(values[place])
            # as if read: the state is one that a move has led to
            self._keep(row.model.from_db("default", row.columns, values), original.in_tandem)
        if sum(map(len, self.waiting.values())) > BATCH:
            self.flush()

    def flush(self) -> None:
        """Inserts what waits."""
        for model, rows in self.waiting.items():
            model._base_manager.bulk_create(rows)
        self.waiting.clear()

    def _names(self, original: Original) -> dict[str, str]:
        new = {}
        for name, email in original.people:
            new[name] = self.stage.book.fresh()[0]
            new[email] = self.stage.book.address(new[name])
        return new

    def _keep(self, row: Any, in_tandem: bool) -> None:
        if isinstance(row, ActionLink):
            row.token_hash = hash_of(token_of(row))
        elif isinstance(row, OutgoingMail):
            facts = row.facts if row.planned_for is None else None
            row.dedupe_key = dedupe_key(
                row.kind,
                row.object_id,
                row.recipient_id,  # type: ignore[arg-type]
                row.schedule_version,
                row.offset,
                facts,
            )
        elif isinstance(row, Mentor) and not in_tandem:
            row.held = 0
            self._another_profile(row)
        elif isinstance(row, Application) and not in_tandem:
            self._other_answers(row)
        if not isinstance(row._meta.pk, models.UUIDField):
            row.pk = None
        self.waiting[type(row)].append(row)

    def _another_profile(self, mentor: Mentor) -> None:
        guide = another_guide(self.stage)
        mentor.profession = guide.profession
        for name, value in profile_of(self.stage, guide).items():
            if name in MENTOR_CHOICES:
                self._choose(mentor, name, value)
            else:
                setattr(mentor, name, value)

    def _other_answers(self, application: Application) -> None:
        data = data_of(self.window, somebody(self.stage), "")
        data["name"] = application.name
        for question in questions.every():
            question.put(application, data[question.name])
        for name in APPLICANT_CHOICES:
            self._choose(application, name, data[name])
        self.waiting[ApplicationTopic] += [
            ApplicationTopic(application=application, topic=topic, priority=priority)
            for priority, topic in enumerate(data["topics"], 1)
        ]
        self.waiting[MentorWish] += [
            MentorWish(application=application, rank=rank, mentor=wish)
            if isinstance(wish, Mentor)
            else MentorWish(application=application, rank=rank, name=wish)
            for rank, wish in enumerate(data["wishes"], 1)
        ]

    def _choose(self, obj: models.Model, name: str, chosen: Iterable[models.Model]) -> None:
        relation: Any = obj._meta.get_field(name)
        through = relation.remote_field.through
        self.waiting[through] += [
            through(
                **{
                    relation.m2m_field_name(): obj,
                    relation.m2m_reverse_field_name(): one,
                }
            )
            for one in dict.fromkeys(chosen)
        ]


# ── which people ──────────────────────────────────────────────────────────────
def of_the_year(stage: Stage, cohort: Cohort) -> None:
    """Copies mentees with their tandems and mentors, then further mentors and rejected applicants, until there
    are as many as wanted. Where no mentor is left, mentees are copied without one."""
    wanted, there = stage.sizes, stage.sizes.by_verbs
    mentees, mentors = wanted.mentees - there.mentees, wanted.mentors - there.mentors
    if not mentees and not mentors:
        return
    copier = Copier(stage, Window(stage, cohort, list(Mentor.objects.matchable())))
    joined = list(_joined(cohort))
    taking_part = Mentee.objects.taking_part().filter(cohort=cohort).order_by("pk")
    alone = [_original([one.user_id], cohort, mentees=1) for one in taking_part]
    active = Mentor.objects.filter(state=MentorState.ACTIVE, held=0).exclude(user=None)
    free = [_original([one.user_id], cohort, mentors=1) for one in active.order_by("pk")]
    others = Application.objects.filter(cohort=cohort, mentee=None).order_by("pk")
    in_vain = [_original([one.applicant_id], cohort) for one in others]
    for together, single in zip(cycle(joined or alone), cycle(alone), strict=False):
        if mentees <= 0:
            break
        fits = together.mentees <= mentees and together.mentors <= mentors
        chosen = together if fits else single
        copier.copy(chosen)
        mentees, mentors = mentees - chosen.mentees, mentors - chosen.mentors
    for original, _number in zip(cycle(free), range(mentors), strict=False):
        copier.copy(original)
    more = rejected(wanted.mentees) - rejected(there.mentees)
    for original, _number in zip(cycle(in_vain), range(more), strict=False):
        copier.copy(original)
    copier.flush()
    _remember(cohort)


def of_the_window(stage: Stage, cohort: Cohort) -> None:
    """As many more times all applications of the open window as there are more mentees."""
    times = round(stage.sizes.mentees / stage.sizes.by_verbs.mentees) - 1
    if times < 1:
        return
    copier = Copier(stage, Window(stage, cohort, list(Mentor.objects.matchable())))
    sent = Application.objects.filter(cohort=cohort).order_by("pk")
    for original in [_original([one.applicant_id], cohort) for one in sent]:
        for _time in range(times):
            copier.copy(original)
    copier.flush()


def _joined(cohort: Cohort) -> Iterator[Original]:
    """Mentees and mentors as they are joined by live tandems: who is in one with somebody of a group is in
    the group."""
    live = Tandem.objects.filter(cohort=cohort, state__in=LIVE).order_by("pk")
    groups: list[list[Tandem]] = []
    for tandem in live.select_related("mentee", "mentor"):
        near = [
            group
            for group in groups
            if any(
                one.mentee_id == tandem.mentee_id or one.mentor_id == tandem.mentor_id
                for one in group
            )
        ]
        groups = [one for one in groups if one not in near]
        groups.append([tandem, *(one for group in near for one in group)])
    for group in groups:
        mentees = {one.mentee.user_id for one in group}
        mentors = {one.mentor.user_id for one in group if one.mentor.user_id}
        yield _original(
            [*mentees, *mentors],
            cohort,
            tandems=[one.pk for one in group],
            mentees=len(mentees),
            mentors=len(mentors),
        )


def _original(
    people: list[Any],
    cohort: Cohort,
    *,
    tandems: Iterable[uuid.UUID] = (),
    mentees: int = 0,
    mentors: int = 0,
) -> Original:
    """Reads the rows about these people: their part in this cohort, and the tandems named."""
    rows: list[models.Model] = []

    def add(model: type[models.Model], **lookup: Any) -> None:
        rows.extend(model._base_manager.filter(**lookup).order_by("pk"))

    in_tandem = bool(tandems)
    add(User, pk__in=people)
    known = [(one.name, one.email) for one in rows if isinstance(one, User)]
    add(Consent, person__in=people)
    add(Mentor, user__in=people)
    add(CriterionCheck, mentor__user__in=people)
    add(Application, applicant__in=people, cohort=cohort)
    add(Mentee, user__in=people, cohort=cohort)
    if in_tandem:
        for model, names, path in (
            (Mentor, MENTOR_CHOICES, "mentor__user__in"),
            (Application, APPLICANT_CHOICES, "application__applicant__in"),
        ):
            for name in names:
                relation: Any = model._meta.get_field(name)
                add(relation.remote_field.through, **{path: people})
        add(ApplicationTopic, application__applicant__in=people)
        add(MentorWish, application__applicant__in=people)
        add(Tandem, pk__in=tandems)
        add(Meeting, tandem__in=tandems)
        add(DateProposal, meeting__tandem__in=tandems)
    about = [one.pk for one in rows if isinstance(one.pk, uuid.UUID)]
    add(ActionLink, object_id__in=about)
    add(OutgoingMail, object_id__in=about)
    add(AuditEvent, object_id__in=[str(key) for key in about])
    keys = [one.pk for one in rows if isinstance(one.pk, uuid.UUID)]
    keys += [one.form_id for one in rows if isinstance(one, Application)]
    chance = {one.pk for one in rows if isinstance(one, ActionLink)}
    chance |= {one.request_id for one in rows if isinstance(one, AuditEvent)}
    every = {*keys, *chance}
    old = {str(key) for key in every} | {word for person in known for word in person}
    # the longest first: one name may begin like another
    words = sorted(old, key=lambda one: (-len(one), one))
    pattern = re.compile("|".join(re.escape(one) for one in words))
    return Original(
        [_row(one, every, pattern) for one in rows],
        known,
        list(dict.fromkeys([*keys, *chance])),
        chance,
        pattern,
        mentees,
        mentors,
        in_tandem,
    )


def _row(obj: models.Model, keys: set[uuid.UUID], pattern: re.Pattern[str]) -> CopiedRow:
    columns = tuple(one.attname for one in obj._meta.concrete_fields)
    values = tuple(getattr(obj, name) for name in columns)
    replaced = []
    for place, value in enumerate(values):
        if isinstance(value, uuid.UUID):
            if value in keys:
                replaced.append(place)
        elif isinstance(value, str | dict | list):
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            if pattern.search(text):
                replaced.append(place)
    return CopiedRow(type(obj), columns, values, tuple(replaced))


def _remember(cohort: Cohort) -> None:
    """The hash of each copied mentee's address, which accepting the person would have stored."""
    known = {one.address_hash for one in FormerMentee.objects.all()}
    mentees = Mentee.objects.filter(cohort=cohort).select_related("user").order_by("pk")
    hashes = {address_hash(one.user.email): one.joined_at for one in mentees}
    FormerMentee.objects.bulk_create(
        FormerMentee(address_hash=hashed, noted_at=moment)
        for hashed, moment in hashes.items()
        if hashed not in known
    )
