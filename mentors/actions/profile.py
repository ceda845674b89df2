"""Entering somebody, changing what is known, and the form on the website."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentoring import audit
from mentoring.accounts.addresses import normalise
from mentoring.accounts.models import User
from mentoring.audit import Actor
from mentoring.links import actions as links
from mentoring.registries import consequences
from mentoring.retries import patiently
from mentoring.transitions import RuleViolation
from mentors import mails
from mentors.actions.base import CONSENT_LINK, locked
from mentors.models import Criterion, CriterionCheck, Mentor

MANY = ("career_fields", "topics", "instruments", "subject_groups", "languages")
PLAIN = (
    "name",
    "profession",
    "about",
    "website",
    "region",
    "meeting_format",
    "meetings_a_month",
    "capacity",
    "public",
    "source",
)
PERSON = ("salutation", "language", "phone")


@patiently
@transaction.atomic
def enter_mentor(
    *, name: str, profession: str, by: Actor, now: datetime, email: str = "", **profile: Any
) -> Mentor:
    """Enters somebody the coordinators know of, as a prospect with five open criteria.

    ``profile`` takes the plain fields, the vocabularies (lists of entries) and ``salutation``,
    ``language``, ``phone`` of the person. Somebody known by the address already, as mentee or coordinator,
    keeps what is known of them; only what was empty is filled. Raises RuleViolation when the address
    belongs to another mentor.
    """
    mentor = Mentor(name=name, profession=profession, state_since=now, created_at=now)
    for field in PLAIN:
        if field in profile:
            setattr(mentor, field, profile[field])
    known = bool(email) and User.objects.filter(email=normalise(email)).exists()
    if email:
        mentor.user = _person_for(email, name=name, but_not=mentor)
    mentor.save(force_insert=True)
    _open_criteria(mentor)
    _set_many(mentor, profile)
    if known:
        profile = {key: value for key, value in profile.items() if not _told(mentor.user, key)}
    _set_person(mentor, profile)
    audit.record(mentor, "enter", by=by, now=now, values={"state": mentor.state})
    return mentor


@patiently
@transaction.atomic
def change_mentor(mentor: Mentor, *, by: Actor, now: datetime, values: Mapping[str, Any]) -> Mentor:
    """Changes what is known about a mentor: the fields named in ``values`` and no others.

    Raises RuleViolation when the places would fall below the tandems that hold one (promise C7), when an
    address is taken, or when it is taken away from somebody active. With another address what still waits
    for an answer is asked there again (consequences of ``mentors.new_address``), and the links sent to
    the former one are closed.
    """
    mentor = locked(mentor.pk)
    if "capacity" in values and values["capacity"] < mentor.held:
        raise RuleViolation(
            _(
                "Places taken: %(held)d. The number of places can’t be lower. "
                "End or dissolve a tandem first."
            )
            % {"held": mentor.held},
            field="capacity",
            code="capacity",
        )
    former = mentor.name
    for field in PLAIN:
        if field in values:
            setattr(mentor, field, values[field])
    reads_elsewhere = "email" in values and _set_address(mentor, values["email"], now=now)
    mentor.save()
    _set_many(mentor, values)
    _set_person(mentor, values)
    if mentor.user is not None and mentor.user.name == former != mentor.name:
        mentor.user.name = mentor.name  # mails greet the person, not the profile
        mentor.user.save(update_fields=["name"])
    known = {*PLAIN, *MANY, *PERSON, "email"}
    audit.record(
        mentor,
        "change",
        by=by,
        now=now,
        fields=known & set(values),
        values={name: values[name] for name in ("capacity", "public") if name in values},
    )
    if "capacity" in values:
        consequences.run("mentors.capacity", mentor, by=by, now=now)
    if reads_elsewhere:
        with links.withdrawing_from(mentor.user, now=now):
            consequences.run("mentors.new_address", mentor, by=by, now=now)
    return mentor


def _open_criteria(mentor: Mentor) -> None:
    CriterionCheck.objects.bulk_create(
        [CriterionCheck(mentor=mentor, criterion=number) for number in Criterion.values],
        ignore_conflicts=True,
    )


def _set_many(mentor: Mentor, values: Mapping[str, Any]) -> None:
    for field in MANY:
        if field in values:
            getattr(mentor, field).set(values[field])


def _set_person(mentor: Mentor, values: Mapping[str, Any]) -> None:
    wanted = {name: values[name] for name in PERSON if name in values}
    if wanted and mentor.user is not None:
        for name, value in wanted.items():
            setattr(mentor.user, name, value)
        mentor.user.save(update_fields=list(wanted))


def _told(person: User | None, name: str) -> bool:
    """Whether the person behind has said this themselves, in whatever part we know them."""
    return name in PERSON and bool(getattr(person, name, ""))


def _person_for(email: str, *, name: str, but_not: Mentor) -> User:
    """The person with this address, who may be known in another part already."""
    person = User.objects.person(email, name=name)
    if Mentor.objects.filter(user=person).exclude(pk=but_not.pk).exists():
        raise RuleViolation(
            _("Another mentor has this address already."), field="email", code="address_taken"
        )
    return person


def _set_address(mentor: Mentor, email: str, *, now: datetime) -> bool:
    """Gives the mentor the person of another address. Returns whether it is the same person who reads
    another mailbox from now on."""
    if mentor.user is not None and mentor.user.email == email:
        return False
    if not email and mentor.state in ("active", "paused"):
        raise RuleViolation(
            _("Somebody who takes part needs an address we can write to."),
            field="email",
            code="address_needed",
        )
    if mentor.user is None:
        mentor.user = _person_for(email, name=mentor.name, but_not=mentor) if email else None
        return False
    if mentor.state in ("active", "paused") and mentor.user_id is not None:
        # Consent, tandems and mails hang on the person: the same person gets the new address.
        if User.objects.filter(email=email).exists():
            raise RuleViolation(
                _("Somebody else is known by this address already."),
                field="email",
                code="address_taken",
            )
        mentor.user.email = email
        mentor.user.save(update_fields=["email"])
        return True
    mentor.user = _person_for(email, name=mentor.name, but_not=mentor) if email else None
    links.withdraw(CONSENT_LINK, mentor, now=now)
    return False


@patiently
@transaction.atomic
def note_interest_by_form(
    *,
    form_id: uuid.UUID,
    name: str,
    email: str,
    profession: str,
    motivation: str,
    website: str,
    language: str,
    by: Actor,
    now: datetime,
) -> None:
    """Somebody wrote to us that they would like to be a mentor.

    An unknown address becomes a prospect, a known one changes nothing about who is known; both get the
    same mail with the same number of queries, so that the answer tells nothing (promise P3). The same
    form sent again changes nothing (promise C8).
    """
    User.objects.bulk_create(
        [
            User(
                email=email,
                name=name,
                language=language,
                password=make_password(None),
                date_joined=now,
            )
        ],
        ignore_conflicts=True,
    )
    person = User.objects.get(email=email)
    Mentor.objects.bulk_create(
        [
            Mentor(
                user=person,
                name=name,
                profession=profession,
                motivation=motivation,
                website=website,
                form_id=form_id,
                state_since=now,
                created_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    mentor = Mentor.objects.filter(user=person).first()
    if mentor is None:  # the form's id is another person's: a form that was tampered with
        return
    _open_criteria(mentor)
    audit.record(mentor, "note_interest_by_form", by=by, now=now)
    mails.interest_received(mentor, person, form_id=form_id, now=now)
    mails.interest(
        mentor,
        form_id=form_id,
        facts={"profession": profession, "motivation": motivation, "website": website},
        now=now,
    )
