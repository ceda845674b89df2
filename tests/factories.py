"""Plausible objects for tests, in any state, without walking the whole journey."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from accounts.models import User
from core.audit import Actor
from core.states import StatefulModel
from matching.models import Tandem
from mentees.models import Application, Mentee
from mentors.models import Criterion, CriterionCheck, Mentor
from programme.models import (
    CareerField,
    Cohort,
    CohortRole,
    Consent,
    ConsentNotice,
    Degree,
    Organisation,
    StudySubject,
    SubjectGroup,
    Topic,
    WorkingLanguage,
)
from tests.conftest import NOW
from workshops.models import Session, Workshop

_numbers = count(1)
SYSTEM = Actor.system()


def at(obj: Any, state: str, **values: Any) -> Any:
    """``obj`` saved in ``state``, past the verbs: for arranging, never for acting."""
    obj.state, obj.state_since = state, values.pop("since", NOW)
    for name, value in values.items():
        setattr(obj, name, value)
    obj._moved_to = state
    obj.save()
    return obj


def person(name: str = "", **values: Any) -> User:
    """A person without password."""
    number = next(_numbers)
    values.setdefault("email", f"person{number}@example.org")
    user = User(name=name or f"Person {number}", **values)
    user.set_unusable_password()
    user.save()
    return user


def organisation() -> Organisation:
    """The one organisation with its office."""
    found = Organisation.objects.first()
    if found:
        return found
    office = person("Mentoring-Koordination", email="mentoring@hochschule.example")
    return Organisation.objects.create(
        name_de="Hochschule für Musik und Theater",
        name_en="University of Music and Theatre",
        office=office,
        office_phone="+49 341 555 0 628",
        signed_by="Katrin Behrend",
    )


def cohort(name: str = "2026/27", **values: Any) -> Cohort:
    """A cohort whose application window is open at NOW."""
    organisation()
    values.setdefault("starts_on", date(2026, 10, 1))
    values.setdefault("ends_on", date(2027, 7, 31))
    values.setdefault("applications_open_at", NOW - timedelta(days=30))
    values.setdefault("applications_close_at", NOW + timedelta(days=30))
    return Cohort.objects.get_or_create(name=name, defaults=values)[0]


def coordinator(of: Cohort | None = None, name: str = "Katrin Behrend") -> User:
    """A member of staff who coordinates ``of`` (the usual cohort unless told)."""
    user = person(name, is_staff=True)
    CohortRole.objects.create(cohort=of or cohort(), user=user)
    return user


def word(model: Any, code: str, **values: Any) -> Any:
    """An entry of a vocabulary."""
    return model.objects.get_or_create(
        code=code, defaults={"name_de": code.title(), "name_en": code.title(), **values}
    )[0]


def subject(code: str = "violoncello", group: str = "strings", **values: Any) -> StudySubject:
    """A study subject with its group."""
    return word(StudySubject, code, group=word(SubjectGroup, group), **values)


def degree(code: str = "master", **values: Any) -> Degree:
    """A degree."""
    return word(Degree, code, **values)


def topic(code: str) -> Topic:
    """A topic."""
    return word(Topic, code)


def career_field(code: str) -> CareerField:
    """A career field."""
    return word(CareerField, code)


def language(code: str) -> WorkingLanguage:
    """A working language."""
    return word(WorkingLanguage, code)


def notice(purpose: str = "application") -> ConsentNotice:
    """A notice valid at NOW."""
    return ConsentNotice.objects.get_or_create(
        purpose=purpose,
        version="2026-1",
        defaults={
            "valid_from": NOW - timedelta(days=365),
            "text_de": "Hinweis",
            "text_en": "Notice",
        },
    )[0]


def application(state: str = "submitted", of: Cohort | None = None, **values: Any) -> Application:
    """An application in ``state``."""
    user = values.pop("applicant", None) or person()
    values.setdefault("name", user.name)
    values.setdefault("confirmed_at", None if state in ("draft", "unconfirmed") else NOW)
    defaults = {
        "cohort": of or cohort(),
        "applicant": user,
        "subject": values.pop("subject", None) or subject(),
        "degree": values.pop("degree", None) or degree(),
        "semester": 1,
        "semesters_left": 3,
        "german": "native",
        "motivation": "Ich möchte ins Orchester.",
        "goals": "Mein erstes Probespiel bestehen.",
        "expectations": "Ehrliche Rückmeldungen.",
        "notice": notice(),
        "sent_at": NOW - timedelta(days=2),
        "form_id": uuid.uuid4(),
    }
    return at(Application(**{**defaults, **values}), state)


def mentee(state: str = "taking_part", of: Cohort | None = None, **values: Any) -> Mentee:
    """A mentee with an accepted application."""
    accepted = values.pop("application", None) or application("accepted", of, **values)
    return at(
        Mentee(
            user=accepted.applicant, cohort=accepted.cohort, application=accepted, joined_at=NOW
        ),
        state,
    )


def consent(user: User, purpose: str = "mentor", given_at: datetime = NOW) -> Consent:
    """A standing consent."""
    return Consent.objects.create(person=user, notice=notice(purpose), given_at=given_at)


def mentor(state: str = "active", **values: Any) -> Mentor:
    """A mentor; an active one has all criteria met and a consent."""
    user = values.pop("user", None) or person(values.get("name", ""))
    values.setdefault("name", user.name)
    values.setdefault("profession", "Solocellist_in im Kammerorchester")
    values.setdefault("capacity", 1)
    values.setdefault("confirmed_at", NOW)
    made = at(Mentor(user=user, **values), state)
    if state == "active":
        consent(user)
    for criterion in Criterion.values:
        CriterionCheck.objects.create(
            mentor=made,
            criterion=criterion,
            verdict="met" if state == "active" else "open",
            evidence="geprüft",
            checked_at=NOW,
        )
    return made


def tandem(state: str = "draft", **values: Any) -> Tandem:
    """A tandem in ``state``; a held one takes a place of its mentor."""
    one = values.pop("mentee", None) or mentee()
    other = values.pop("mentor", None) or mentor()
    made = at(
        Tandem(
            cohort=one.cohort,
            mentee=one,
            mentor=other,
            proposed_at=NOW,
            answer_by=values.pop("answer_by", NOW + timedelta(days=7)),
            **values,
        ),
        state,
    )
    if state in ("confirmed", "probation", "active"):
        Mentor.objects.filter(pk=other.pk).update(held=other.held + 1)
        other.refresh_from_db()
    return made


def workshop(state: str = "published", of: Cohort | None = None, **values: Any) -> Workshop:
    """A workshop with one session four weeks from NOW."""
    number = next(_numbers)
    starts_at = values.pop("starts_at", NOW + timedelta(days=28))
    values.setdefault("slug", f"workshop-{number}")
    values.setdefault("title", f"Honorare verhandeln {number}")
    values.setdefault("capacity", 10)
    made = at(Workshop(cohort=of or cohort(), **values), state)
    Session.objects.create(
        workshop=made, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3)
    )
    return made


def by(user: User, role: str = "coordinator") -> Actor:
    """The actor for an action."""
    return Actor.person(user, role)


__all__ = ["NOW", "SYSTEM", "StatefulModel"]
