"""What the application form offers, read once per page: a constant number of queries."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mentors.models import Mentor
from programme.models import (
    CareerField,
    Degree,
    StudySubject,
    Topic,
    WorkingLanguage,
)


@dataclass(frozen=True)
class Offer:
    """The vocabulary entries to choose from and the mentors in the public directory."""

    subjects: list[StudySubject]
    degrees: list[Degree]
    career_fields: list[CareerField]
    topics: list[Topic]
    languages: list[WorkingLanguage]
    mentors: list[Mentor]
    _by_label: dict[str, Mentor] = field(default_factory=dict)

    @property
    def excluded_subjects(self) -> list[StudySubject]:
        """Subjects with a mentoring offer of their own."""
        return [one for one in self.subjects if not one.may_apply]

    @property
    def labels(self) -> list[str]:
        """The mentors as the form suggests them."""
        return [label(mentor) for mentor in self.mentors]

    def mentor_of(self, typed: str) -> Mentor | str:
        """The listed mentor that was typed, by label or by a name that only one of them has, else the name as
        typed."""
        return self._by_label.get(_folded(typed), typed)

    def knowing(self, mentors: Mapping[str, Mentor]) -> Offer:
        """The same offer, in which these mentors are also recognised by these texts; none is suggested."""
        known = {_folded(words): mentor for words, mentor in mentors.items()}
        return replace(self, _by_label={**self._by_label, **known})


def offer() -> Offer:
    """Reads the present offer."""
    mentors = list(Mentor.objects.listed().only("pk", "name", "profession", "state"))
    by_label: dict[str, Mentor] = {}
    ambiguous: set[str] = set()
    for mentor in mentors:
        name = _folded(mentor.name)
        if name in by_label:
            ambiguous.add(name)
        by_label[name] = mentor
    for name in ambiguous:
        del by_label[name]
    by_label.update({_folded(label(mentor)): mentor for mentor in mentors})
    return Offer(
        subjects=list(
            StudySubject.objects.offered()
            .select_related("group")
            .order_by("group__position", "group__name_de", "position", "name_de")
        ),
        degrees=list(Degree.objects.offered()),
        career_fields=list(CareerField.objects.offered()),
        topics=list(Topic.objects.offered()),
        languages=list(WorkingLanguage.objects.offered()),
        mentors=mentors,
        _by_label=by_label,
    )


def label(mentor: Mentor) -> str:
    """A mentor's label: name and profession, so that two of one name can be told apart."""
    return f"{mentor.name}, {mentor.profession}" if mentor.profession else mentor.name


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
