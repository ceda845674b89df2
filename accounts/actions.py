"""Verbs about people and staff accounts.

A person's row is locked after the cohort's and before those of workshops, mentors, tandems, registrations and
mails (promise C4); several people by key. Data of a person is written only here (promise A7).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from accounts import authority, mails
from accounts.models import User
from accounts.signals import account_closed, account_closing, address_changed
from core import audit
from core.addresses import normalise
from core.audit import Actor
from core.deadlines import in_turn
from core.errors import RuleViolation
from core.links import actions as links
from core.links.models import ActionLink
from core.verbs import (
    Step,
    Steps,
    unlocked,
    verb,
)
from outbox import actions as outbox

INVITATION_LIFETIME = timedelta(days=7)
ADDRESS_LIFETIME = timedelta(days=7)
STAFF_INVITATION = "staff-invitation"
CONFIRM_ADDRESS = "confirm-address"  # sent to the new address
STOP_ADDRESS = "stop-address"  # sent to the present address
PERSON = ("name", "salutation", "language", "phone")
RIGHTS = ("is_active", "is_staff", "is_superuser")
WAITING_ADDRESS = ("new_email", "new_email_at", "new_email_by")


@dataclass(frozen=True)
class NewAddress:
    """A person's address was changed: what ``address_changed`` passes to its receivers as ``obj``."""

    person: User
    former: str


def lock_person(user: User) -> User:
    """The person, read after the lock. "No key": a mail to them may be queued meanwhile (promise C4)."""
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def lock_holder(link: ActionLink) -> ActionLink:
    """The link with its holder; the person is locked first, as where an account and its links are closed
    (C4)."""
    holder = lock_person(link.holder)
    link = ActionLink.objects.select_for_update().get(pk=link.pk)
    link.holder = holder
    return link


def lock_for_closing(user: User, *, now: datetime) -> User:
    """The person, after the cohorts and with all that ends with the account (C4)."""
    account_closing.send(User, obj=user, by=None, now=now)  # the receivers only lock
    return lock_person(user)


@verb("invite_staff", lock=unlocked)
def invite_staff(
    email: str, *, name: str = "", superuser: bool = False, by: Actor, now: datetime
) -> Steps[User]:
    """Creates (or renews) a staff account: the person gets a link to set a password, valid seven days.

    A second factor is asked for at the first visit to the administration and stays when the password is
    renewed. A closed account is reopened; a known person keeps the name. Raises ValueError when ``email`` is
    no address.
    """
    user = lock_person(User.objects.person(email, name=name, date_joined=now))
    nothing_new = user.is_staff and (user.is_superuser or not superuser)
    if nothing_new and audit.is_repeated(user, "invite_staff", by=by, now=now):
        return user
    reopened = [] if user.is_active else ["is_active"]
    user.is_staff = user.is_active = True
    user.is_superuser = user.is_superuser or superuser
    yield Step(
        user,
        fields=["is_staff", *reopened],
        values={"superuser": user.is_superuser},
        save=RIGHTS,
    )
    link = links.issue(STAFF_INVITATION, user, user, now=now, expires_at=now + INVITATION_LIFETIME)
    mails.staff_invitation(user, link, now=now)
    return user


@verb("set_password", lock=lock_holder)
def set_password_by_link(link: ActionLink, *, password: str, now: datetime) -> Steps[User]:
    """Sets the password a member of staff chose; the link is used up. Raises RuleViolation when it is not
    open any more (promise L3)."""
    user: User = link.holder
    if link.state_at(now) != "open" or not user.is_staff or not user.is_active:
        raise RuleViolation(_("This link has been used already."), code="used")
    user.set_password(password)
    by = Actor.person(user, "coordinator")
    yield Step(user, fields=["password"], save=["password"], by=by)
    links.mark_used(link, now=now)
    return user


@verb("change", lock=lock_person)
def change_person(
    user: User, *, by: Actor, now: datetime, values: Mapping[str, str], of_record: bool = False
) -> Steps[User]:
    """Changes a person's name, form of address and contact data (only the fields in ``PERSON``); unchanged
    values write nothing. Raises ValueError for another field: address and rights have verbs of their own.
    Raises RuleViolation where ``authority.require`` refuses; see there for ``of_record`` (promise A7)."""
    if unknown := set(values) - set(PERSON):
        raise ValueError(f"not changeable here: {sorted(unknown)}")
    fields = [name for name in values if getattr(user, name) != values[name]]
    if not fields:
        return user
    authority.require(user, by, field=fields[0], of_record=of_record)
    for name in fields:
        setattr(user, name, values[name])
    yield Step(user, fields=fields, save=fields)
    return user


# ── another address ──────────────────────────────────────────────────────────
@verb("ask_for_address", lock=lock_person)
def ask_for_address(user: User, *, email: str, by: Actor, now: datetime) -> Steps[User]:
    """Enters a new address of a person: a link is sent to it, a notice to the present one.

    Nothing else changes before the link is answered (``confirm_address``). The same address again changes
    nothing while its link is open, unless somebody else than the person or the actor entered it: then the
    actor becomes the one who entered it, and a new link is sent. Whether somebody else is known by the
    address is not revealed (promise P3).

    Raises RuleViolation (field “email”) for an invalid address or the present one, for a closed account, and
    where ``authority.may_change`` refuses.
    """
    authority.require(user, by, field="email")
    try:
        email = normalise(email)
    except ValueError as error:
        raise RuleViolation(
            _("This is not an email address we can write to."), field="email", code="address"
        ) from error
    if not user.is_active:
        raise RuleViolation(_("This account is closed."), field="email", code="closed")
    if email == user.email:
        raise RuleViolation(
            _("We already write to this address."), field="email", code="same_address"
        )
    entered_by_them = user.new_email_by in (by.user_id, user.pk)
    if email == user.new_email and entered_by_them and _has_open(CONFIRM_ADDRESS, user, now):
        return user
    user.new_email, user.new_email_at, user.new_email_by = email, now, by.user_id
    yield Step(user, fields=["new_email"], save=WAITING_ADDRESS)
    _ask_there(user, now=now)
    until = now + ADDRESS_LIFETIME
    stop = links.issue(STOP_ADDRESS, user, user, now=now, expires_at=until)
    mails.address_noticed(user, stop, by_oneself=by.user_id == user.pk, now=now)
    return user


def _ask_there(user: User, *, now: datetime) -> None:
    """Sends a link that is valid as long as the address waits, however late it is sent."""
    asked_at = user.new_email_at or now
    link = links.issue(CONFIRM_ADDRESS, user, user, now=now, expires_at=asked_at + ADDRESS_LIFETIME)
    mails.address_confirm(user, link, now=now)


@verb("ask_again", lock=lock_person)
def ask_again(user: User, *, by: Actor, now: datetime) -> Steps[User]:
    """Sends a fresh link to the address that waits. From now on the actor counts as the one who entered it,
    unless the person did: that one must still be allowed to change the person at the confirmation. A
    repetition sends nothing. Raises RuleViolation where no address waits."""
    _require_waiting(user, by)
    if audit.is_repeated(user, "ask_again", by=by, now=now):
        return user
    if user.new_email_by != user.pk:
        user.new_email_by = by.user_id
    yield Step(user, save=["new_email_by"])
    _ask_there(user, now=now)
    return user


@verb("drop_address", lock=lock_person)
def drop_address(user: User, *, by: Actor, now: datetime) -> Steps[User]:
    """Withdraws the address that waits; the links about it become invalid. Raises RuleViolation where none
    waits."""
    return (yield from _forget_new_address(user, by=by, now=now))


@verb("drop_address", lock=lock_holder)
def stop_address(link: ActionLink, *, now: datetime) -> Steps[User]:
    """Keeps the present address, on request of its reader. Raises RuleViolation when no change waits."""
    by = Actor.person(link.holder, "person")
    user = yield from _forget_new_address(link.holder, by=by, now=now)
    ActionLink.objects.filter(pk=link.pk).update(used_at=now, closed_at=None, closed_as="")
    return user


def pass_deadlines(now: datetime) -> int:
    """Deletes the addresses nobody confirmed within ``ADDRESS_LIFETIME``; returns how many."""
    overdue = User.objects.filter(new_email_at__lte=now - ADDRESS_LIFETIME).order_by("pk")
    return in_turn((_lapse_address, overdue), now=now)


@verb("lapse_address", lock=lock_person)
def _lapse_address(user: User, *, by: Actor, now: datetime) -> Steps[User]:
    if user.new_email_at and now < user.new_email_at + ADDRESS_LIFETIME:
        raise RuleViolation(_("There is still time to confirm this address."), code="deadline")
    return (yield from _forget_new_address(user, by=by, now=now))


def _require_waiting(user: User, by: Actor) -> None:
    """Raises RuleViolation where no address waits or the actor may not decide about it."""
    if not user.new_email:
        raise RuleViolation(_("No new address is waiting to be confirmed."), code="nothing")
    authority.require(user, by)


def _forget_new_address(user: User, *, by: Actor, now: datetime) -> Steps[User]:
    _require_waiting(user, by)
    user.new_email, user.new_email_at, user.new_email_by = "", None, None
    yield Step(user, fields=["new_email"], save=WAITING_ADDRESS, by=by)
    for purpose in (CONFIRM_ADDRESS, STOP_ADDRESS):
        links.withdraw(purpose, user, now=now)
    return user


@verb("confirm_address", lock=lock_holder)
def confirm_address(link: ActionLink, *, now: datetime) -> Steps[User]:
    """Makes the address that waited the person's address; opening the link sent there has proved that they
    read it.

    Every link sent to the former mailbox is closed (promise L5), every session ends (P5; the page of the link
    keeps its own), the former mailbox is notified, and waiting mails and calendar entries are moved
    (``address_changed``). Raises RuleViolation when the link is not open any more, when somebody else is
    known by the address, and when the one who entered it may not change the person any more: the person may
    have become staff or joined another cohort since.
    """
    user: User = link.holder
    if link.state_at(now) != "open" or not user.new_email or not user.is_active:
        raise RuleViolation(_("This link has been used already."), code="used")
    asked_by = user.new_email_by
    authority.require(user, Actor(asked_by, "person") if asked_by else Actor.system())
    if User.objects.filter(email=user.new_email).exists():
        raise RuleViolation(
            _(
                "This address already belongs to somebody, possibly to you in another "
                "role. Please write to us, and we will bring the two together."
            ),
            code="address_taken",
        )
    by, former = Actor.person(user, "person"), user.email
    invited = user.is_staff and _has_open(STAFF_INVITATION, user, now)
    with links.withdrawing_from(user, now=now, but_not=link):
        outbox.clear_former_calendar(user, former, now=now)
        user.email = user._confirmed_email = user.new_email
        user.new_email, user.new_email_at, user.new_email_by = "", None, None
        yield Step(user, fields=["email"], save=["email", *WAITING_ADDRESS], by=by)
        links.mark_used(link, now=now)
        mails.address_changed(user, former, version=link.version, now=now)
        if invited:
            invite_staff(user.email, by=by, now=now)
        address_changed.send(User, obj=NewAddress(user, former), by=by, now=now)
    outbox.say_where_it_went(user, former)
    return user


def _has_open(purpose: str, user: User, now: datetime) -> bool:
    live = ActionLink.objects.about(purpose, user).live()
    return any(link.state_at(now) == "open" for link in live)


# ── closing and opening an account ───────────────────────────────────────────
@verb("deactivate", lock=lock_for_closing)
def deactivate(user: User, *, by: Actor, now: datetime) -> Steps[User]:
    """Closes an account at once: open sessions end with the next request (promise P5), the person's links
    become invalid (L5), an address that waits is deleted, and everything they take part in ends (P17,
    ``account_closed``): applications, tandems, places, staff rights.

    Mails that wait for them are withdrawn, except those that end something they were told of. Closing twice
    changes nothing. Raises RuleViolation for the office's mailbox.
    """
    if not user.is_active:
        return user
    waiting = ["new_email"] if user.new_email else []
    with links.withdrawing_from(user, now=now):
        user.is_active = user.is_staff = user.is_superuser = False
        user.new_email, user.new_email_at, user.new_email_by = "", None, None
        yield Step(user, fields=[*RIGHTS, *waiting], save=[*RIGHTS, *WAITING_ADDRESS])
        account_closed.send(User, obj=user, by=by, now=now)
    outbox.withdraw_from(user, now=now)
    return user


@verb("reopen", lock=lock_person)
def reopen(user: User, *, by: Actor, now: datetime) -> Steps[User]:
    """Reopens a closed account without any of its former rights. Nothing changes for an open one."""
    if not user.is_active:
        user.is_active = True
        yield Step(user, fields=["is_active"], save=["is_active"])
    return user
