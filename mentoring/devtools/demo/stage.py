"""What all parts of the demo share: one time, one random source, the vocabulary, the actors."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from accounts.models import User
from core.audit import Actor
from core.times import local, wall_time
from mentoring.devtools.demo.material.names import NameBook
from mentoring.devtools.demo.texts import Texts
from programme.models import (
    CareerField,
    ConsentNotice,
    Degree,
    Instrument,
    StudySubject,
    SubjectGroup,
    Topic,
    WorkingLanguage,
)


@dataclass(frozen=True)
class Sizes:
    """How many mentees, mentors and workshops the running year has."""

    mentees: int = 25
    mentors: int = 40
    workshops: int = 20

    @property
    def by_verbs(self) -> Sizes:
        """As far as each person is brought in by the verbs: the usual sizes at most. Further ones are copies
        (``copies``)."""
        return Sizes(min(self.mentees, Sizes.mentees), min(self.mentors, Sizes.mentors))


class Words:
    """The vocabulary by code; six queries."""

    def __init__(self) -> None:
        self.subjects = {
            one.code: one for one in StudySubject.objects.select_related("group").order_by("code")
        }
        self.degrees = Degree.objects.in_bulk(field_name="code")
        self.fields = CareerField.objects.in_bulk(field_name="code")
        self.topics = Topic.objects.in_bulk(field_name="code")
        self.languages = WorkingLanguage.objects.in_bulk(field_name="code")
        self.instruments = Instrument.objects.in_bulk(field_name="code")
        self.groups = SubjectGroup.objects.in_bulk(field_name="code")


@dataclass
class Stage:
    """``at`` is the time of the demo; all dates are computed from it, in Berlin's time zone."""

    at: datetime
    rng: random.Random
    sizes: Sizes
    book: NameBook
    words: Words
    coordinator: User
    notice: ConsentNotice
    people: dict[str, User] = field(default_factory=dict)
    texts: Texts = field(init=False)

    def __post_init__(self) -> None:
        self.texts = Texts(self.rng)

    @property
    def today(self) -> date:
        """The day of ``at`` in Berlin."""
        return local(self.at).date()

    @property
    def by(self) -> Actor:
        """The coordinator as actor."""
        return Actor.person(self.coordinator, "coordinator")

    def day(self, offset: int) -> date:
        """The date this many days from today; negative for the past."""
        return self.today + timedelta(days=offset)

    def on(self, offset: int, hour: int = 10, minute: int = 0) -> datetime:
        """A local time this many days from today. Never later than ``at``, except for days ahead."""
        found = wall_time(self.day(offset), time(hour, minute))
        return min(found, self.at - timedelta(minutes=1)) if offset <= 0 else found

    def hours_ago(self, hours: float) -> datetime:
        """This many hours before ``at``."""
        return self.at - timedelta(hours=hours)

    def some_hour(self, offset: int) -> datetime:
        """A random moment of that day between 8 and 21."""
        return self.on(offset, self.rng.randint(8, 20), self.rng.randrange(60))

    def person(self, name: str, *, language: str = "de", domain: str = "example.org") -> User:
        """A new person with an unused name and address."""
        user = User.objects.person(
            self.book.address(name, domain),
            name=name,
            language=language,
            date_joined=self.on(-400),
        )
        self.people[name] = user
        return user

    def key(self) -> uuid.UUID:
        """A random key."""
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)

    def pick(self, table: dict[str, Any], codes: str | Iterable[str]) -> list[Any]:
        """The entries for some codes (“a b c” or a list), in that order; unknown ones are left out."""
        wanted = codes.split() if isinstance(codes, str) else codes
        return [table[code] for code in wanted if code in table]


def as_person(user: User | None, role: str) -> Actor:
    """The person as actor; everybody in the demo has an address."""
    assert user is not None
    return Actor.person(user, role)
