"""The answers of an application, in the form in which form, command and tests pass them to the verb."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Model

from mentors.models import Mentor
from programme.models import (
    CareerField,
    ConsentNotice,
    Degree,
    StudySubject,
    Topic,
    WorkingLanguage,
)

# Fields that are stored unchanged.
PLAIN = (
    "name",
    "salutation",
    "subject",
    "degree",
    "semester",
    "semesters_left",
    "german",
    "meeting_format",
    "meetings_a_month",
    "motivation",
    "goals",
    "expectations",
    "situation",
    "words_for_mentor",
    "notice",
)


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The answers of one form. ``topics`` and ``wishes`` are in the order of their priority; a wish is a
    mentor of the pool or a name. ``email`` is normalised."""

    email: str
    name: str
    subject: StudySubject
    degree: Degree
    semester: int
    semesters_left: int
    german: str
    motivation: str
    goals: str
    expectations: str
    notice: ConsentNotice
    salutation: str = ""
    career_fields: tuple[CareerField, ...] = ()
    topics: tuple[Topic, ...] = ()
    wishes: tuple[Mentor | str, ...] = ()
    languages: tuple[WorkingLanguage, ...] = ()
    meeting_format: str = ""
    meetings_a_month: int | None = None
    situation: str = ""
    words_for_mentor: str = ""

    def key(self, form_id: uuid.UUID, cohort_id: uuid.UUID) -> uuid.UUID:
        """Identifies a repeated post: the same form, the same cohort, the same answers (promise C8).

        A form that is sent again with a corrected address has another key and is stored.
        """
        content = {one.name: _plain(getattr(self, one.name)) for one in fields(self)}
        text = json.dumps([str(cohort_id), content], sort_keys=True, ensure_ascii=False)
        return uuid.uuid5(form_id, hashlib.sha256(text.encode()).hexdigest())


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return str(value.pk)
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
