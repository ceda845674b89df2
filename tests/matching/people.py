"""Mentees and mentors with profiles, for the tests of matching."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from core.audit import Actor
from matching.models import Tandem
from mentees.models import ApplicationTopic, Mentee, MentorWish
from mentors.models import Mentor
from tests import factories


def a_mentee(
    name: str = "Leyla Arslan",
    *,
    topics: tuple[str, ...] = ("audition", "marketing", "nerves"),
    fields: tuple[str, ...] = ("orchestra",),
    wishes: tuple[Mentor | str, ...] = (),
    languages: tuple[str, ...] = ("german",),
    **values: Any,
) -> Mentee:
    """A mentee whose application says what it is looking for."""
    application = factories.application(
        "accepted", applicant=factories.person(name), name=name, **values
    )
    for priority, code in enumerate(topics, start=1):
        ApplicationTopic.objects.create(
            application=application, topic=factories.topic(code), priority=priority
        )
    application.career_fields.set([factories.career_field(code) for code in fields])
    application.languages.set([factories.language(code) for code in languages])
    for rank, wish in enumerate(wishes, start=1):
        known = {"mentor": wish} if isinstance(wish, Mentor) else {"name": wish}
        MentorWish.objects.create(application=application, rank=rank, **known)
    return factories.mentee(application=application)


def a_mentor(
    name: str = "Henrike Osterloh",
    *,
    topics: tuple[str, ...] = ("audition", "marketing"),
    fields: tuple[str, ...] = ("orchestra",),
    languages: tuple[str, ...] = ("german",),
    groups: tuple[str, ...] = (),
    **values: Any,
) -> Mentor:
    """An active mentor who says what they offer."""
    mentor = factories.mentor(values.pop("state", "active"), name=name, **values)
    mentor.topics.set([factories.topic(code) for code in topics])
    mentor.career_fields.set([factories.career_field(code) for code in fields])
    mentor.languages.set([factories.language(code) for code in languages])
    mentor.subject_groups.set([factories.word(factories.SubjectGroup, code) for code in groups])
    return mentor


def office(user: User | None = None) -> Actor:
    """A coordinator of the usual cohort."""
    return Actor.person(user or factories.coordinator(), "coordinator")


def as_mentee(tandem: Tandem) -> Actor:
    """The mentee of a tandem."""
    return Actor.person(tandem.mentee.user, "mentee")


def as_mentor(tandem: Tandem) -> Actor:
    """The mentor of a tandem."""
    return Actor.person(tandem.mentor.user, "mentor")
