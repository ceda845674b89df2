"""Verbs about people and staff accounts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentoring import audit
from mentoring.accounts import mails
from mentoring.accounts.models import User
from mentoring.audit import Actor
from mentoring.links import actions as links
from mentoring.links.models import ActionLink
from mentoring.outbox import actions as outbox
from mentoring.registries import consequences
from mentoring.retries import patiently
from mentoring.transitions import RuleViolation

INVITATION_LIFETIME = timedelta(days=7)
STAFF_INVITATION = "staff-invitation"
PERSON = ("name", "salutation", "language", "phone")


@transaction.atomic
def invite_staff(
    email: str, *, name: str = "", superuser: bool = False, by: Actor, now: datetime
) -> User:
    """Begins (or renews) a staff account: the person gets a link to set a password, valid seven days.

    A second factor is asked for at the first step into the administration and stays when the password
    is renewed. An account that was closed is open again. Raises ValueError when ``email`` is no address.
    """
    user = User.objects.person(email, name=name, date_joined=now)
    user = User.objects.select_for_update().get(pk=user.pk)
    nothing_new = user.is_staff and user.is_active and (user.is_superuser or not superuser)
    if nothing_new and audit.is_repeated(user, "invite_staff", by=by, now=now):
        return user
    reopened = [] if user.is_active else ["is_active"]
    user.is_staff = user.is_active = True
    user.is_superuser = user.is_superuser or superuser
    user.name = user.name or name
    user.save(update_fields=["is_staff", "is_active", "is_superuser", "name"])
    link = links.issue(STAFF_INVITATION, user, user, now=now, expires_at=now + INVITATION_LIFETIME)
    mails.staff_invitation(user, link, now=now)
    audit.record(
        user,
        "invite_staff",
        by=by,
        now=now,
        fields=["is_staff", *reopened],
        values={"superuser": user.is_superuser},
    )
    return user


@transaction.atomic
def set_password_by_link(link: ActionLink, password: str, *, now: datetime) -> User:
    """Sets the password a member of staff chose; the link is used up. Raises RuleViolation when it is not
    open any more (promise L3)."""
    link = ActionLink.objects.select_for_update().get(pk=link.pk)
    user = User.objects.select_for_update().get(pk=link.holder_id)
    if link.state_at(now) != "open" or not user.is_staff or not user.is_active:
        raise RuleViolation(_("This link has been used already."), code="used")
    user.set_password(password)
    user.save(update_fields=["password"])
    links.mark_used(link, now=now)
    audit.record(
        user, "set_password", by=Actor.person(user, "coordinator"), now=now, fields=["password"]
    )
    return user


@transaction.atomic
def change_person(user: User, *, by: Actor, now: datetime, values: Mapping[str, str]) -> User:
    """Changes how a person is addressed and reached (``PERSON`` and no other field); nothing new writes
    nothing. Raises ValueError for another field: address and rights have verbs of their own."""
    if unknown := set(values) - set(PERSON):
        raise ValueError(f"not changeable here: {sorted(unknown)}")
    user = User.objects.select_for_update().get(pk=user.pk)
    fields = [name for name in values if getattr(user, name) != values[name]]
    if not fields:
        return user
    for name in fields:
        setattr(user, name, values[name])
    user.save(update_fields=fields)
    audit.record(user, "change", by=by, now=now, fields=fields)
    return user


@patiently
@transaction.atomic
def deactivate(user: User, *, by: Actor, now: datetime) -> User:
    """Closes an account at once: open sessions end with the next request (promise P5), no personal link of
    the person decides anything any more (L5), and every part they have ends (P17, consequences of
    ``accounts.close``): applications, tandems, places, the rights of staff.

    What waits to be sent to them is withdrawn but for what ends something they were told of. Closing twice
    changes nothing. Raises RuleViolation for the office's postbox.
    """
    # "No key": a mail to the person may be queued meanwhile by who holds the lock we wait for (C4).
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not user.is_active:
        return user
    with links.withdrawing_from(user, now=now):
        user.is_active = user.is_staff = user.is_superuser = False
        user.save(update_fields=["is_active", "is_staff", "is_superuser"])
        consequences.run("accounts.close", user, by=by, now=now)
    outbox.withdraw_from(user, now=now)
    audit.record(
        user, "deactivate", by=by, now=now, fields=["is_active", "is_staff", "is_superuser"]
    )
    return user


@transaction.atomic
def reopen(user: User, *, by: Actor, now: datetime) -> User:
    """Opens a closed account again, without any right it had: its holder begins a new part. Nothing changes
    for an open one."""
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not locked.is_active:
        locked.is_active = True
        locked.save(update_fields=["is_active"])
        audit.record(locked, "reopen", by=by, now=now, fields=["is_active"])
    user.is_active = True
    return locked
