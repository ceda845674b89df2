"""Who may change a person's data (promise A7): denied by default.

A record that coordinators share (a mentor, an application, a registration) gives no right over the account
behind it. What counts is the account: its role, and the cohorts its person takes part in.
"""

from __future__ import annotations

import uuid

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.participation import participation
from core.audit import Actor
from core.errors import RuleViolation

NOT_YOURS = _(
    "Only the person can change these details, on the website, or the technical administrators."
)


def may_change(person: User, by: Actor) -> bool:
    """Whether ``by`` may change name, address and the like of ``person``.

    Allowed are the person; a command on the server; a technical administrator; and a coordinator, if the
    person is no member of staff and takes part only in cohorts of this coordinator, or belongs to the mentor
    network and to no cohort.
    """
    return may_ask(person, by) and (
        _is_above(by) or by.user_id == person.pk or _parts(person) <= _own(by)
    )


def may_ask(person: User, by: Actor) -> bool:
    """Whether ``by`` is offered to change ``person``: the part of ``may_change`` that a page may reveal.

    No page reveals whether somebody takes part in another coordinator's cohort; only the refusal does.
    """
    if by.user_id == person.pk or _is_above(by):
        return True
    if person.is_staff or person.is_superuser:
        return False
    own = _own(by)
    return len(own) > 1 and not _parts(person).isdisjoint(own)


def require(person: User, by: Actor, *, field: str | None = None, of_record: bool = False) -> None:
    """Raises RuleViolation where ``may_change`` says no; the sentence gives no reason. ``of_record``: the
    account was created for a record the actor may change, and counts as part of it until its person uses it.
    """
    if not (of_record and is_unclaimed(person)) and not may_change(person, by):
        raise RuleViolation(NOT_YOURS, field=field, code="not_yours")


def is_unclaimed(person: User) -> bool:
    """Whether its person has never used the account: no sign-in, no password, no participation confirmed from
    its address."""
    return (
        person.last_login is None
        and not person.has_usable_password()
        and not (person.is_staff or person.is_superuser)
        and not _parts(person)
    )


def _is_above(by: Actor) -> bool:
    """Whether the actor is not limited by cohorts: a command on the server, a technical administrator."""
    if by.user_id is None:
        return by.role == "system"
    return User.objects.filter(
        pk=by.user_id, is_active=True, is_staff=True, is_superuser=True
    ).exists()


def _own(by: Actor) -> set[uuid.UUID | None]:
    """The cohorts the actor coordinates, and None for what all coordinators share; empty for everybody else."""
    actor = User.objects.filter(pk=by.user_id or uuid.UUID(int=0), is_active=True, is_staff=True)
    if not actor.exists():
        return set()
    return {None, *actor.values_list("cohort_roles__cohort", flat=True)}


def _parts(person: User) -> set[uuid.UUID | None]:
    """The cohorts a person takes part in, None for the mentor network."""
    return {cohort for source in participation.values() for cohort in source(person.pk)}
