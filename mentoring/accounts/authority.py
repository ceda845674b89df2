"""Who may change what is known of a person (promise A7): deny first.

A record that coordinators share (a mentor, an application, a registration) gives no right over the account
behind it. What counts is the account: its rank, and the cohorts its person takes part in.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mentoring.accounts.models import User
from mentoring.audit import Actor
from mentoring.registries import participation
from mentoring.transitions import RuleViolation

NOT_YOURS = _(
    "These details are changed by the person, who can do so on the website, or by the technical administration."
)


def _member_of_staff(by: Actor) -> User | None:
    if by.user_id is None:
        return None
    return User.objects.filter(pk=by.user_id, is_active=True, is_staff=True).first()


def may_change(person: User, by: Actor) -> bool:
    """Whether ``by`` may change name, address and the like of ``person``.

    The person; a command on the server; a technical administrator. A coordinator for somebody who is not of
    the staff and takes part in cohorts of this coordinator alone, or belongs to the network and to no cohort.
    """
    if by.user_id == person.pk or by.role == "system":
        return True
    actor = _member_of_staff(by)
    if actor is None:
        return False
    if actor.is_superuser:
        return True
    if person.is_staff or person.is_superuser:
        return False
    own = {*actor.cohort_roles.values_list("cohort_id", flat=True)}
    parts = {cohort for source in participation.values() for cohort in source(person.pk)}
    return bool(own) and bool(parts) and parts <= {*own, None}


def require(person: User, by: Actor, *, field: str | None = None) -> None:
    """Raises RuleViolation where ``may_change`` says no; the sentence tells nothing of why."""
    if not may_change(person, by):
        raise RuleViolation(NOT_YOURS, field=field, code="not_yours")


def may_see(person: User, by: Actor) -> bool:
    """Whether a member of the staff may know who ``person`` is: a colleague of one of their cohorts, or
    somebody who confirmed to take part in one or to be in the network."""
    if by.user_id == person.pk:
        return True
    actor = _member_of_staff(by)
    if actor is None:
        return False
    own = {*actor.cohort_roles.values_list("cohort_id", flat=True), None}
    parts = {cohort for source in participation.values() for cohort in source(person.pk)}
    roles = {*person.cohort_roles.values_list("cohort_id", flat=True)}
    return actor.is_superuser or bool((parts | roles) & own)


def is_unclaimed(person: User) -> bool:
    """Whether nobody has ever shown that the account is theirs: no sign-in, no password, no part in anything
    that was confirmed from its address."""
    return (
        person.last_login is None
        and not person.has_usable_password()
        and not (person.is_staff or person.is_superuser)
        and not any(True for source in participation.values() for _cohort in source(person.pk))
    )
