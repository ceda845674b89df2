"""Entering a mentor, changing the data, and the public form."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from accounts import actions as accounts
from accounts import authority
from accounts.actions import NewAddress
from accounts.models import User
from core.addresses import normalise
from core.audit import Actor
from core.errors import RuleViolation
from core.links import actions as links
from core.links.models import ActionLink
from core.verbs import (
    Step,
    Steps,
    carry_out,
    unlocked,
    verb,
)
from mentors import mails
from mentors.actions.common import (
    CONSENT_LINK,
    ask_for_address,
    lock_mentor,
    lock_person_and_mentor,
)
from mentors.models import Criterion, CriterionCheck, Mentor
from mentors.signals import mentor_address_changed, mentor_availability_changed
from mentors.states import PARTED, TAKING_PART
from programme import consents
from programme.models import Consent, ConsentPurpose

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


@verb("enter", lock=unlocked)
def enter_mentor(
    *, name: str, profession: str, by: Actor, now: datetime, email: str = "", **profile: Any
) -> Steps[Mentor]:
    """Enters a mentor whom the coordinators know of, as a prospect with five open criteria.

    ``profile`` takes the plain fields, the vocabularies (lists of entries) and ``salutation``, ``language``,
    ``phone`` of the person. For an unknown address an account is created; an existing account stays
    unchanged, and the record shows nothing of it until its person has confirmed (promise A7). Raises
    RuleViolation when the address belongs to another mentor.
    """
    mentor = Mentor(name=name, profession=profession, state_since=now, created_at=now)
    for field in (*PLAIN, *PERSON):
        if field in profile:
            setattr(mentor, field, profile[field])
    if email:
        _give_address(mentor, email, now=now)
    yield Step(mentor, values={"state": mentor.state})
    _open_criteria(mentor)
    _set_many(mentor, profile)
    return mentor


@verb("change", lock=lock_person_and_mentor)
def change_mentor(
    mentor: Mentor, *, by: Actor, now: datetime, values: Mapping[str, Any]
) -> Steps[Mentor]:
    """Changes a mentor's data: only the fields in ``values``.

    Once the person has confirmed, name, form of address, language and telephone are the account's and change
    by its rules (``accounts.authority``); a new address waits there for its confirmation. Before, they are
    the record's. Raises RuleViolation when the places would fall below the tandems that hold one (promise
    C7), when the actor may not change the account, when another mentor has the address, or when the address
    of an active mentor would be removed.
    """
    if "capacity" in values and values["capacity"] < mentor.held:
        raise RuleViolation(
            _(
                "Places taken: %(held)d. The number of places can’t be lower. Complete or"
                " dissolve a tandem first."
            )
            % {"held": mentor.held},
            field="capacity",
            code="capacity",
        )
    name, former = mentor.name, None
    for field in PLAIN:
        if field in values:
            setattr(mentor, field, values[field])
    if "email" in values:
        former = _set_address(mentor, values["email"], by=by, now=now)
    _set_person(mentor, name, by=by, now=now, values=values)
    known = {*PLAIN, *MANY, *PERSON, "email"}
    yield Step(
        mentor,
        fields=known & set(values),
        values={name: values[name] for name in ("capacity", "public") if name in values},
        signal=mentor_availability_changed if "capacity" in values else None,
    )
    _set_many(mentor, values)
    if former is not None:
        links.withdraw(CONSENT_LINK, mentor, now=now)
        _lead_on(mentor, former, by=by, now=now)
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


def _set_person(
    mentor: Mentor, former: str, *, by: Actor, now: datetime, values: Mapping[str, Any]
) -> None:
    """Writes form of address, language and telephone to the account or the record, whichever holds them. The
    person's name is changed with the record's where both were equal and the account may be changed: mails
    greet by it."""
    wanted = {name: values[name] for name in PERSON if name in values}
    person = mentor.user
    if person is None or mentor.confirmed_at is None:
        for name, value in wanted.items():
            setattr(mentor, name, value)
        if person is not None and mentor.made_account and authority.is_unclaimed(person):
            # created for this record and not yet used by its person: filled like the record
            wanted = {**wanted, "name": mentor.name}
            accounts.change_person(person, by=by, now=now, values=wanted, of_record=True)
        return
    if person.name == former != mentor.name and authority.may_change(person, by):
        wanted["name"] = mentor.name
    mentor.user = accounts.change_person(person, by=by, now=now, values=wanted)


def _give_address(mentor: Mentor, email: str, *, now: datetime) -> None:
    """Connects the record with the person of this address, created with the entered data if unknown. Raises
    RuleViolation when it belongs to another mentor."""
    email = normalise(email)
    made = not User.objects.filter(email=email).exists()
    entered = {name: getattr(mentor, name) for name in PERSON}
    person = User.objects.person(email, name=mentor.name, date_joined=now, **entered)
    if Mentor.objects.filter(user=person).exclude(pk=mentor.pk).exists():
        raise RuleViolation(
            _("Another mentor already has this address."), field="email", code="address_taken"
        )
    mentor.user, mentor.email = person, email
    mentor.made_account, mentor.confirmed_at = made, None


def _set_address(mentor: Mentor, email: str, *, by: Actor, now: datetime) -> User | None:
    """Sets a new address: of the account, once its person has confirmed and stays a mentor; else of the
    record, which then refers to another person or to none. Returns the person it referred to before, if that
    changes."""
    email = normalise(email) if email else ""
    if mentor.contact.email == email:
        return None
    if not email and mentor.state in TAKING_PART:
        raise RuleViolation(
            _("Everybody who takes part needs an address we can write to."),
            field="email",
            code="address_needed",
        )
    former = mentor.user
    if former is not None and mentor.confirmed_at is not None and email:
        accounts.ask_for_address(former, email=email, by=by, now=now)
        return None
    # the former person's form of address and telephone stay with that person
    mentor.user = mentor.confirmed_at = None
    mentor.email, mentor.made_account = "", False
    if email:
        _give_address(mentor, email, now=now)
    return former


def _lead_on(mentor: Mentor, former: User, *, by: Actor, now: datetime) -> None:
    """Called when an unconfirmed record that takes part refers to another person: moves the consent recorded
    by the office and open requests to the new person, asks there whether the address is theirs, and closes the former person's links about it. Nothing
    else of the former person changes."""
    if mentor.user is None or mentor.state not in TAKING_PART:
        return
    there = Consent.objects.filter(person=mentor.user, withdrawn_at=None).values("notice")
    standing = Consent.objects.filter(
        person=former, notice__purpose=ConsentPurpose.MENTOR, withdrawn_at=None
    )
    standing.exclude(notice__in=there).update(person=mentor.user)
    if consents.has_consent(mentor.user, ConsentPurpose.MENTOR):
        ask_for_address(mentor, now=now)
    mentor_address_changed.send(Mentor, obj=mentor, by=by, now=now)
    asked = ActionLink.objects.live().filter(holder=mentor.user).values("object_id")
    ActionLink.objects.live().filter(holder=former, object_id__in=asked).update(
        closed_at=now, closed_as="withdrawn"
    )


def follow_new_address(moved: NewAddress, *, by: Actor, now: datetime) -> None:
    """Receiver of ``address_changed``. Open questions to the mentor and the standing consent link are sent to
    the new address. An unconfirmed record keeps the address that was entered and does not get the new one
    (promise A7)."""
    found = Mentor.objects.filter(user=moved.person).first()
    if found is None:
        return
    mentor = lock_mentor(found)
    if mentor.confirmed_at is None:
        former = mentor.user
        assert former is not None
        _give_address(mentor, mentor.email, now=now)
        # not by the person who moved: the record learns nothing of them (promise A7)
        carry_out(Step(mentor), "keep_address", by=Actor.system(), now=now)
        _lead_on(mentor, former, by=by, now=now)
        return
    held = ActionLink.objects.about(CONSENT_LINK, mentor).live().first()
    consented = consents.has_consent(mentor.user, ConsentPurpose.MENTOR)
    if held is not None and mentor.state not in PARTED and (consented or held.used_at is None):
        link = links.issue(CONSENT_LINK, mentor, mentor.user, now=now)
        tell = mails.consent_link if consented else mails.consent_request
        tell(mentor, link=link, now=now)
    mentor_address_changed.send(Mentor, obj=mentor, by=by, now=now)


@verb("note_interest_by_form", lock=unlocked)
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
) -> Steps[None]:
    """Records an interest to become a mentor that was sent by the public form.

    An unknown address becomes a prospect; for an address of the network nothing changes, and existing persons
    stay unchanged: anybody may have typed the address (promise A7). All get the same mail with the same
    number of queries, so that the response reveals nothing (promise P3). The same form sent again changes
    nothing (promise C8).
    """
    fresh = User(
        email=email,
        name=name,
        language=language,
        password=make_password(None),
        date_joined=now,
    )
    User.objects.bulk_create([fresh], ignore_conflicts=True)
    person = User.objects.get(email=email)
    Mentor.objects.bulk_create(
        [
            Mentor(
                user=person,
                email=email,
                language=language,
                made_account=person.pk == fresh.pk,
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
    if mentor is None:  # the form's id belongs to another person: the form was tampered with
        return
    _open_criteria(mentor)
    yield Step(mentor, save=False)
    mails.interest_received(mentor, person, form_id=form_id, now=now)
    mails.interest(
        mentor,
        form_id=form_id,
        facts={"profession": profession, "motivation": motivation, "website": website},
        now=now,
    )
