"""What every part of the demo stands on: one clock, one source of chance, the words, who acts."""

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
    """``at`` is the moment the demo is told from. All else is reckoned from it, in Berlin's time."""

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
        """The coordinator, acting."""
        return Actor.person(self.coordinator, "coordinator")

    def day(self, offset: int) -> date:
        """The day so many days from today; negative ones are past."""
        return self.today + timedelta(days=offset)

    def on(self, offset: int, hour: int = 10, minute: int = 0) -> datetime:
        """A moment by the clock on the wall, so many days from today. Never later than ``at`` for days
        that are not ahead."""
        found = wall_time(self.day(offset), time(hour, minute))
        return min(found, self.at - timedelta(minutes=1)) if offset <= 0 else found

    def hours_ago(self, hours: float) -> datetime:
        """So many hours before ``at``."""
        return self.at - timedelta(hours=hours)

    def some_hour(self, offset: int) -> datetime:
        """A moment of that day between 8 and 21."""
        return self.on(offset, self.rng.randint(8, 20), self.rng.randrange(60))

    def person(self, name: str, *, language: str = "de", domain: str = "example.org") -> User:
        """A new person with a name and an address of nobody."""
        user = User.objects.person(
            self.book.address(name, domain),
            name=name,
            language=language,
            date_joined=self.on(-400),
        )
        self.people[name] = user
        return user

    def form_id(self) -> uuid.UUID:
        """The id of a form somebody sent."""
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)

    def pick(self, table: dict[str, Any], codes: str | Iterable[str]) -> list[Any]:
        """The words of some codes (“a b c” or a list), in their order; unknown ones are left out."""
        wanted = codes.split() if isinstance(codes, str) else codes
        return [table[code] for code in wanted if code in table]


def as_person(user: User | None, role: str) -> Actor:
    """Somebody acting for themselves; the demo gives everybody an address."""
    assert user is not None
    return Actor.person(user, role)
