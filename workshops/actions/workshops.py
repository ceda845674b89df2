"""The verbs of workshops: create, change, publish, cancel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core.audit import Actor
from core.errors import RuleViolation
from core.verbs import (
    Step,
    Steps,
    verb,
)
from outbox import actions as outbox
from outbox.planner import plan
from workshops import mails, reminders, rules
from workshops.actions.places import fill, leave, lock_standing, lock_workshop
from workshops.mails.kinds import REMINDER
from workshops.models import Session, Workshop
from workshops.states import RegistrationState, WorkshopState

CHANGEABLE = frozenset(
    [
        "title",
        "slug",
        "summary",
        "description",
        "led_by",
        "place",
        "online",
        "access",
        "language",
        "capacity",
        "registration_closes_at",
    ]
)
# The fields that appear in people's calendars and reminders.
ANNOUNCED = frozenset({"title", "place", "online"})
_GERMAN = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
)


@dataclass(frozen=True)
class PlannedSession:
    """A session as wanted: ``id`` is None for a new one."""

    starts_at: datetime
    ends_at: datetime
    id: int | None = None


@dataclass(frozen=True)
class _Moved:
    """The changes of the sessions: whether any changed, and the deleted ones."""

    changed: bool = False
    dropped: tuple[Session, ...] = ()


@verb(
    "create", lock=copy
)  # begun again, it starts from what was given, not from a slug taken meanwhile
def create_workshop(
    workshop: Workshop, *, by: Actor, now: datetime, sessions: Sequence[PlannedSession] = ()
) -> Steps[Workshop]:
    """Saves a new draft (an unsaved Workshop) with its sessions; an empty slug is made from the title.

    Returns the saved workshop; the given one stays as it is. Raises RuleViolation for invalid sessions, and
    for a slug that another workshop has.
    """
    rules.check_sessions([(one.starts_at, one.ends_at) for one in sessions])
    if workshop.slug and Workshop.objects.filter(slug=workshop.slug).exists():
        raise RuleViolation(
            _("Another workshop already has this address."), field="slug", code="taken"
        )
    workshop.state_since = now
    workshop.slug = workshop.slug or free_slug(workshop.title)
    yield Step(workshop, values={"state": workshop.state})
    Session.objects.bulk_create(
        Session(workshop=workshop, starts_at=one.starts_at, ends_at=one.ends_at) for one in sessions
    )
    return workshop


@verb("change", lock=lock_workshop)
def change_workshop(
    workshop: Workshop,
    *,
    by: Actor,
    now: datetime,
    values: Mapping[str, Any],
    sessions: Sequence[PlannedSession] | None = None,
) -> Steps[Workshop]:
    """Changes fields (``CHANGEABLE``) and, unless None, the whole list of sessions.

    People with a place are notified of a new title, place or time with a calendar file that updates their
    entries; the reminders are moved; new free places go to people who wait: raising the capacity by k moves
    up exactly the first k (promise C6). Raises RuleViolation for a cancelled workshop, fewer places than
    taken, invalid sessions, and for deleting a session with recorded attendance.
    """
    if unknown := set(values) - CHANGEABLE:
        raise ValueError(f"not changeable: {sorted(unknown)}")
    if workshop.state == WorkshopState.CANCELLED:
        raise RuleViolation(_("This workshop has been cancelled."), code="cancelled")
    before = {session.pk: session for session in workshop.sessions.all()}
    former = mails.Former(workshop.title, workshop.where, [copy(one) for one in before.values()])
    fields = {name for name, value in values.items() if getattr(workshop, name) != value}
    if "capacity" in fields:
        yield _set_capacity(workshop, values["capacity"])
    fields.discard("capacity")
    for name in fields:
        setattr(workshop, name, values[name])
    moved = _Moved() if sessions is None else _set_sessions(workshop, before, sessions)
    if workshop.state == WorkshopState.PUBLISHED:
        rules.check_publishable(workshop, rules.begins_at(workshop))
    announced = moved.changed or bool(fields & ANNOUNCED)
    if announced:
        workshop.schedule_version += 1
    if fields or moved.changed:
        named = fields | ({"sessions"} if moved.changed else set())
        yield Step(workshop, fields=named, save=[*fields, "schedule_version"])
    if announced and workshop.state == WorkshopState.PUBLISHED:
        _tell_of_change(workshop, moved, former, now=now)
    yield from fill(workshop, now=now)
    return workshop


@verb("publish", lock=lock_workshop)
def publish_workshop(workshop: Workshop, *, by: Actor, now: datetime) -> Steps[Workshop]:
    """Opens a draft for registration. Raises RuleViolation without a session ahead."""
    begins = rules.begins_at(workshop)
    rules.check_publishable(workshop, begins)
    if begins is not None and begins <= now:
        raise RuleViolation(
            _("The first session has already begun; nobody would be able to register any more."),
            code="begun",
        )
    workshop.published_at = now
    yield Step(workshop)
    return workshop


@verb("cancel", lock=lock_workshop)
def cancel_workshop(
    workshop: Workshop, *, by: Actor, now: datetime, reason: str = ""
) -> Steps[Workshop]:
    """Cancels the workshop and every registration, and notifies all, with the reason if there is one.

    Raises RuleViolation once the last session is over.
    """
    last = rules.ends_at(workshop)
    if workshop.state == WorkshopState.PUBLISHED and last is not None and last <= now:
        raise RuleViolation(
            _("This workshop is over; it can't be cancelled any more."), code="over"
        )
    workshop.cancel_reason = reason
    yield Step(workshop)
    for registration in lock_standing(workshop):
        yield from leave(registration, mails.workshop_cancelled, by=by, now=now)
    workshop.refresh_from_db(fields=["taken"])
    return workshop


def free_slug(title: str) -> str:
    """A slug made from a title that no other workshop has: “honorare-verhandeln-2”."""
    base = slugify(title.translate(_GERMAN))[:70].strip("-") or "workshop"
    taken = set(Workshop.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number = 1
    while (found := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return found


def _set_capacity(held: Workshop, capacity: int) -> Step:
    """Raises RuleViolation(field="capacity") below the number of places taken."""
    if capacity < max(1, held.taken):
        raise RuleViolation(
            _("Places already taken: %(taken)d. There can’t be fewer.")
            % {"taken": max(1, held.taken)},
            field="capacity",
            code="capacity",
        )
    held.capacity = capacity
    values = {"capacity": capacity}
    return Step(held, "change_capacity", fields=["capacity"], values=values, save=["capacity"])


def _set_sessions(
    held: Workshop, before: Mapping[int, Session], wanted: Sequence[PlannedSession]
) -> _Moved:
    rules.check_sessions([(one.starts_at, one.ends_at) for one in wanted])
    kept = {one.id for one in wanted if one.id is not None}
    dropped = tuple(session for key, session in before.items() if key not in kept)
    for session in dropped:
        if session.attendances.exists():
            raise RuleViolation(
                _("Attendance has been recorded for the session of %(session)s, so it has to stay.")
                % {"session": session},
                code="attendance",
            )
    changed = bool(dropped)
    for one in wanted:
        # A session that somebody else deleted meanwhile and that is in this list is created anew.
        session = before.get(one.id or 0) or Session(workshop=held)
        if (session.starts_at, session.ends_at) == (one.starts_at, one.ends_at):
            continue
        session.starts_at, session.ends_at = one.starts_at, one.ends_at
        session.save()
        changed = True
    gone = tuple(
        Session(pk=one.pk, starts_at=one.starts_at, ends_at=one.ends_at) for one in dropped
    )
    Session.objects.filter(pk__in=[one.pk for one in dropped]).delete()
    return _Moved(changed, gone)


def _tell_of_change(held: Workshop, moved: _Moved, former: mails.Former, *, now: datetime) -> None:
    upcoming = [session for session in held.sessions.all() if session.ends_at > now]
    gone = [session for session in moved.dropped if session.ends_at > now]
    for registration in lock_standing(held):
        outbox.cancel(registration, now=now, kinds=(REMINDER,))
        if registration.state == RegistrationState.CONFIRMED:
            if upcoming or gone:
                mails.changed(registration, gone, former, now=now)
            plan(reminders.of_registration(registration, now), now)
