"""Places and the waiting list: register, leave, move up (promises C1, C3, C6, C8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from mentees.models import Mentee
from mentoring import audit
from mentoring.accounts.actions import NewAddress
from mentoring.accounts.models import User
from mentoring.audit import Actor
from mentoring.outbox import actions as outbox
from mentoring.outbox.planner import plan
from mentoring.retries import patiently
from mentoring.transitions import RuleViolation
from mentors.models import Mentor
from workshops import mails, reminders, rules
from workshops.audience import audience_of
from workshops.models import Registration, Workshop
from workshops.states import REGISTRATION

OFFICE = frozenset({"coordinator", "admin", "system"})


# ── the guard ────────────────────────────────────────────────────────────────
def lock(workshop: Workshop) -> Workshop:
    """The workshop, locked and read anew: everything is decided on this one (promise C3)."""
    locked: Workshop = Workshop.objects.select_for_update(of=("self",)).get(pk=workshop.pk)
    return locked


def take_place(workshop: Workshop) -> bool:
    """Takes a place if one is free: the condition stands in the UPDATE itself (promise C1).

    Inside the lock it always agrees with what was read; it holds even where the lock does not.
    """
    taken = Workshop.objects.filter(pk=workshop.pk, taken__lt=F("capacity")).update(
        taken=F("taken") + 1
    )
    return taken == 1


def free_place(workshop: Workshop) -> None:
    """Gives a place back."""
    Workshop.objects.filter(pk=workshop.pk, taken__gt=0).update(taken=F("taken") - 1)


def next_in_line(workshop: Workshop) -> int:
    """Hands out the next place in line, counted from 1; call it under the lock (promise C6)."""
    Workshop.objects.filter(pk=workshop.pk).update(line_length=F("line_length") + 1)
    workshop.refresh_from_db(fields=["line_length"])
    return workshop.line_length


def _hold_parts(person: User) -> User:
    """Locks what gives the person a right to places and returns them as they stand, so that nobody gets one
    who is just leaving (promise C3). Before the workshop, as leaving does (promise C4)."""
    # "No key": whoever has the workshop may queue a mail to the person meanwhile.
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    list(Mentee.objects.of(person).select_for_update(of=("self",)).values_list("pk"))
    list(Mentor.objects.filter(user=person).select_for_update(of=("self",)).values_list("pk"))
    return person


# ── verbs ────────────────────────────────────────────────────────────────────
@patiently
def register(workshop: Workshop, person: User, *, by: Actor, now: datetime) -> Registration:
    """Gives the person a place, or the last rank of the waiting list where none is free.

    Registering twice returns the registration there is and changes nothing (promise C8). Raises
    RuleViolation after closing or start, and for who is neither mentee of the cohort nor mentor.
    """
    with transaction.atomic():
        person = _hold_parts(person)
        held = lock(workshop)
        standing: Registration | None = (
            Registration.objects.of(person).standing().filter(workshop=held).first()
        )
        if standing is not None:
            return standing
        rules.check_open(held, rules.begins_at(held), now)
        if not audience_of(person).may_register(held):
            raise RuleViolation(
                _("Only mentees of the cohort and mentors can register for this workshop."),
                code="audience",
            )
        registration = _line_up(held, person, now)
        # Who waits goes first, even in the moment between a closing that was lifted and the promotion.
        if not Registration.objects.waiting().filter(workshop=held).exists() and take_place(held):
            REGISTRATION.move(registration, "confirm", now=now)
        registration.save()
        _record(registration, "register", by=by, now=now)
        if registration.state == "confirmed":
            mails.registered(registration, now=now)
            plan(reminders.of_registration(registration, now), now)
        else:
            mails.waitlisted(registration, rank_of(registration), now=now)
        return registration


@patiently
def cancel_registration(registration: Registration, *, by: Actor, now: datetime) -> Registration:
    """Takes the person off the workshop or its waiting list; the first who waits moves up.

    The entry is final: who comes back registers anew, at the end of the line (promise C6). Cancelling
    twice changes nothing. Raises RuleViolation once the workshop has begun, except for the office.
    """
    with transaction.atomic():
        held = lock(registration.workshop)
        begins = rules.begins_at(held)
        left = _locked(registration, held)
        if left.state == "cancelled":
            return left
        if by.role not in OFFICE and begins is not None and begins <= now:
            raise RuleViolation(
                _("The workshop has already begun. Please write to the coordinators instead."),
                code="begun",
            )
        leave(left, mails.registration_cancelled, by=by, now=now)
        fill(held, now=now)
        return left


@patiently
def change_capacity(workshop: Workshop, capacity: int, *, by: Actor, now: datetime) -> Workshop:
    """Sets the number of places; raising it by k moves up exactly the first k who wait (promise C6).

    Raises RuleViolation(field="capacity") below the number of places taken.
    """
    with transaction.atomic():
        held = lock(workshop)
        set_capacity(held, capacity, by=by, now=now)
        fill(held, now=now)
        return held


@patiently
def give_extra_place(workshop: Workshop, person: User, *, by: Actor, now: datetime) -> Registration:
    """A coordinator's place outside capacity and queue, also for somebody who waits (promise C1).

    Raises RuleViolation for a workshop that isn't published, a person who has a place, and a closed account.
    """
    with transaction.atomic():
        person = _hold_parts(person)
        held = lock(workshop)
        if by.role not in OFFICE:
            raise RuleViolation(_("Only coordinators can give additional places."), code="office")
        if held.state != "published":
            raise RuleViolation(_("Places can only be given in published workshops."), code="state")
        if not person.is_active:
            raise RuleViolation(_("This person’s account is closed."), code="closed")
        standing = Registration.objects.of(person).standing().filter(workshop=held).first()
        if standing is not None and standing.state == "confirmed":
            raise RuleViolation(_("This person already has a place."), code="twice")
        registration = _locked(standing, held) if standing else _line_up(held, person, now)
        registration.extra = True
        REGISTRATION.move(registration, "confirm", now=now)
        registration.save()
        _record(registration, "give_extra_place", by=by, now=now)
        outbox.cancel(registration, now=now)  # a word about the waiting list that has not left yet
        if (rules.ends_at(held) or now) > now:
            mails.extra_place(registration, now=now)
        plan(reminders.of_registration(registration, now), now)
        return registration


def follow_leaving(mentee: Mentee, *, by: Actor, now: datetime) -> None:
    """Consequence of ``mentees.leave`` and ``mentees.complete``."""
    follow_parting(mentee.user, by=by, now=now)


def follow_retiring(mentor: Mentor, *, by: Actor, now: datetime) -> None:
    """Consequence of ``mentors.retire``."""
    if mentor.user is not None:
        follow_parting(mentor.user, by=by, now=now)


def hold_for_closing(person: User, *, by: Actor, now: datetime) -> None:
    """Before ``accounts.close``: locks the workshops whose places are given back, by key (promise C4)."""
    mine = Registration.objects.of(person).standing().ahead(now).values("workshop")
    workshops = Workshop.objects.filter(pk__in=mine).order_by("pk")
    list(workshops.select_for_update(of=("self",)).values_list("pk"))


def follow_parting(person: User, *, by: Actor, now: datetime) -> None:
    """Whoever has parted, as mentee, as mentor or altogether, gives back the places and ranks ahead that no
    other part gives a right to (promise P17).

    Runs in the transaction of the parting. Attendance so far stays; the places go to who waits. The
    workshops are locked by key (promise C4).
    """
    audience = audience_of(person)
    ahead = Registration.objects.of(person).standing().ahead(now).select_related("workshop")
    for registration in ahead.order_by("workshop_id").distinct():
        if audience.may_register(registration.workshop):
            continue
        held = lock(registration.workshop)
        left = _locked(registration, held)
        if left.state == "cancelled":  # by the person in this very moment: leaving goes on
            continue
        leave(left, mails.registration_cancelled, by=by, now=now)
        fill(held, now=now)


# ── steps inside the lock ────────────────────────────────────────────────────
def set_capacity(held: Workshop, capacity: int, *, by: Actor, now: datetime) -> None:
    """Writes the number of places of a locked workshop. Raises RuleViolation below the places taken."""
    if capacity < max(1, held.taken):
        raise RuleViolation(
            _("Places already taken: %(taken)d. There can’t be fewer.")
            % {"taken": max(1, held.taken)},
            field="capacity",
            code="capacity",
        )
    held.capacity = capacity
    held.save(update_fields=["capacity"])
    audit.record(
        held, "change_capacity", by=by, now=now, fields=["capacity"], values={"capacity": capacity}
    )


def fill(held: Workshop, *, now: datetime) -> list[Registration]:
    """Moves up who waits, in order, while places are free; nobody after closing or start (promise C6).

    Who moves up holds the place at once and is told. Who waits but may not register any more is taken off
    the list and told instead (promise P17). Returns who moved up.
    """
    if not rules.is_open(held, rules.begins_at(held), now):
        return []
    moved: list[Registration] = []
    while True:
        held.refresh_from_db(fields=["taken", "capacity"])
        first = list(
            Registration.objects.waiting()
            .filter(workshop=held)
            .select_related("person")
            .select_for_update(of=("self",))[: held.free]
        )
        if not first:
            return moved
        for registration in first:
            registration.workshop = held
            if not audience_of(registration.person).may_register(held):
                leave(registration, mails.registration_cancelled, by=Actor.system(), now=now)
            elif not take_place(held):
                return moved
            else:
                _promote(registration, now=now)
                moved.append(registration)


def _promote(registration: Registration, *, now: datetime) -> None:
    """The first in line gets the place that was taken for them; the workshop is locked."""
    REGISTRATION.move(registration, "promote", now=now)
    registration.save()
    _record(registration, "promote", by=Actor.system(), now=now)
    outbox.cancel(registration, now=now)
    mails.promoted(registration, now=now)
    plan(reminders.of_registration(registration, now), now)


def leave(
    registration: Registration, tell: Callable[..., None], *, by: Actor, now: datetime
) -> None:
    """Cancels one registration of a locked workshop and gives its place back; ``tell`` is the mail. It also
    takes out of the calendar what a mail that is withdrawn here was to take out."""
    had_place = registration.state == "confirmed"
    REGISTRATION.move(registration, "cancel", now=now)
    registration.save()
    _record(registration, "cancel", by=by, now=now)
    untold = mails.gone_untold(registration)
    outbox.cancel(registration, now=now)
    if had_place and not registration.extra:
        free_place(registration.workshop)
    tell(registration, had_place=had_place, untold=untold, by=by, now=now)


def follow_new_address(moved: NewAddress, *, by: Actor, now: datetime) -> None:
    """Consequence of ``accounts.new_address``: the sessions that lie ahead leave the calendar of the former
    mailbox and come into that of the new one."""
    mine = Registration.objects.of(moved.person).filter(
        state="confirmed", workshop__state="published"
    )
    # By key, as whoever parts locks them (promise C4); ``order_by("workshop")`` would go by the title.
    for registration in mine.order_by("workshop_id").select_related("workshop"):
        held = lock(registration.workshop)
        registration = _locked(registration, held)
        if registration.state != "confirmed" or held.state != "published":
            continue
        registration.mailbox_changes += 1
        registration.save(update_fields=["mailbox_changes"])
        mails.mailbox_changed(registration, moved.former, now=now)
        _record(registration, "mailbox_changed", by=by, now=now)


def rank_of(registration: Registration) -> int:
    """The rank on the waiting list, counted from 1; 0 for who doesn't wait."""
    if registration.state != "waitlisted":
        return 0
    return (
        Registration.objects.waiting()
        .filter(workshop=registration.workshop, place_in_line__lte=registration.place_in_line)
        .count()
    )


def _line_up(held: Workshop, person: User, now: datetime) -> Registration:
    before = Registration.objects.of(person).filter(workshop=held)
    return Registration(
        workshop=held,
        person=person,
        # a calendar compares with all it was ever sent, so that this never falls (mails.sequence_of)
        mailbox_changes=before.aggregate(most=Max("mailbox_changes"))["most"] or 0,
        joined_at=now,
        state_since=now,
        place_in_line=next_in_line(held),
    )


def _locked(registration: Registration, held: Workshop) -> Registration:
    locked: Registration = (
        Registration.objects.select_for_update(of=("self",))
        .select_related("person")
        .get(pk=registration.pk)
    )
    locked.workshop = held
    return locked


def _record(registration: Registration, verb: str, *, by: Actor, now: datetime) -> None:
    values = {"state": registration.state, "place_in_line": registration.place_in_line}
    if registration.extra:
        values["extra"] = True
    audit.record(registration, verb, by=by, now=now, fields=["state"], values=values)
