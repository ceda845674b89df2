"""Workshops themselves: enter, change, publish, cancel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from mentoring import audit
from mentoring.audit import Actor
from mentoring.outbox import actions as outbox
from mentoring.outbox.planner import plan
from mentoring.retries import patiently
from mentoring.transitions import RuleViolation
from workshops import mails, reminders, rules
from workshops.actions.places import fill, leave, lock, set_capacity
from workshops.models import Registration, Session, Workshop
from workshops.states import WORKSHOP

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
# What stands in people's calendars and reminders.
ANNOUNCED = frozenset({"title", "place", "online"})
_GERMAN = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
)


@dataclass(frozen=True)
class PlannedSession:
    """A session as it is to be: ``id`` is None for a new one."""

    starts_at: datetime
    ends_at: datetime
    id: int | None = None


@dataclass(frozen=True)
class _Moved:
    """What became of the sessions: whether any changed, and those that were taken out."""

    changed: bool = False
    dropped: tuple[Session, ...] = ()


@patiently
def create_workshop(
    workshop: Workshop, *, by: Actor, now: datetime, sessions: Sequence[PlannedSession] = ()
) -> Workshop:
    """Saves a new draft (an unsaved Workshop) with its sessions; an empty address is made from the title.

    Raises RuleViolation for sessions that can't be.
    """
    rules.check_sessions([(one.starts_at, one.ends_at) for one in sessions])
    with transaction.atomic():
        workshop.state_since = now
        workshop.slug = workshop.slug or free_slug(workshop.title)
        workshop.save(force_insert=True)
        Session.objects.bulk_create(
            Session(workshop=workshop, starts_at=one.starts_at, ends_at=one.ends_at)
            for one in sessions
        )
        audit.record(workshop, "create", by=by, now=now, values={"state": workshop.state})
        return workshop


@patiently
def change_workshop(
    workshop: Workshop,
    *,
    by: Actor,
    now: datetime,
    values: Mapping[str, Any],
    sessions: Sequence[PlannedSession] | None = None,
) -> Workshop:
    """Changes fields (``CHANGEABLE``) and, unless None, the whole list of sessions.

    Who has a place is told of a new title, place or time with a calendar file that updates theirs; the
    reminders move along; places that became free go to who waits. Raises RuleViolation for a cancelled
    workshop, fewer places than taken, sessions that can't be, and for taking out a session somebody's
    attendance is recorded for.
    """
    if unknown := set(values) - CHANGEABLE:
        raise ValueError(f"not changeable: {sorted(unknown)}")
    with transaction.atomic():
        held = lock(workshop)
        if held.state == "cancelled":
            raise RuleViolation(_("This workshop has been cancelled."), code="cancelled")
        before = {session.pk: session for session in held.sessions.all()}
        former = mails.Former(held.title, held.where, [copy(one) for one in before.values()])
        fields = {name for name, value in values.items() if getattr(held, name) != value}
        if "capacity" in fields:
            set_capacity(held, values["capacity"], by=by, now=now)
        fields.discard("capacity")
        for name in fields:
            setattr(held, name, values[name])
        moved = _Moved() if sessions is None else _set_sessions(held, before, sessions)
        if held.state == "published":
            rules.check_publishable(held, rules.begins_at(held))
        announced = moved.changed or bool(fields & ANNOUNCED)
        if announced:
            held.schedule_version += 1
        if fields or moved.changed:
            held.save(update_fields=[*fields, "schedule_version"])
            named = fields | ({"sessions"} if moved.changed else set())
            audit.record(held, "change", by=by, now=now, fields=named)
        if announced and held.state == "published":
            _tell_of_change(held, moved, former, now=now)
        fill(held, now=now)
        return held


@patiently
def publish_workshop(workshop: Workshop, *, by: Actor, now: datetime) -> Workshop:
    """Opens a draft for registration. Raises RuleViolation without a session ahead."""
    with transaction.atomic():
        held = lock(workshop)
        WORKSHOP.require(held, "publish")
        begins = rules.begins_at(held)
        rules.check_publishable(held, begins)
        if begins is not None and begins <= now:
            raise RuleViolation(
                _(
                    "The first session has already begun; nobody would be able to register "
                    "any more."
                ),
                code="begun",
            )
        WORKSHOP.move(held, "publish", now=now)
        held.published_at = now
        held.save()
        audit.record(held, "publish", by=by, now=now, values={"state": held.state})
        return held


@patiently
def cancel_workshop(workshop: Workshop, *, by: Actor, now: datetime, reason: str = "") -> Workshop:
    """Cancels the workshop and every registration, and tells all, with the reason if there is one.

    Raises RuleViolation once the last session is over.
    """
    with transaction.atomic():
        held = lock(workshop)
        WORKSHOP.require(held, "cancel")
        last = rules.ends_at(held)
        if held.state == "published" and last is not None and last <= now:
            raise RuleViolation(
                _("This workshop is over; it can't be cancelled any more."), code="over"
            )
        WORKSHOP.move(held, "cancel", now=now)
        held.cancel_reason = reason
        held.save()
        audit.record(held, "cancel", by=by, now=now, values={"state": held.state})
        for registration in _standing(held):
            leave(registration, mails.workshop_cancelled, by=by, now=now)
        held.refresh_from_db(fields=["taken"])
        return held


def free_slug(title: str) -> str:
    """An address made from a title that no other workshop has: “honorare-verhandeln-2”."""
    base = slugify(title.translate(_GERMAN))[:70].strip("-") or "workshop"
    taken = set(Workshop.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number = 1
    while (found := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return found


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
        # A session somebody else took out meanwhile, and this list wants, is a new one.
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
    for registration in _standing(held):
        outbox.cancel(registration, now=now, kinds=(mails.REMINDER,))
        if registration.state == "confirmed":
            if upcoming or gone:
                mails.changed(registration, gone, former, now=now)
            plan(reminders.of_registration(registration, now), now)


def _standing(held: Workshop) -> list[Registration]:
    """The registrations of a locked workshop, locked by key (promise C4); the workshop's sessions are loaded
    once, for the mails to all."""
    prefetch_related_objects([held], "sessions")
    found = list(
        Registration.objects.standing()
        .filter(workshop=held)
        .select_related("person")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    for registration in found:
        registration.workshop = held
    return found
