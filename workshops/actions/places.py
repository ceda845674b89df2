"""Places and the waiting list: register, leave, move up (promises C1, C3, C6, C8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import F, Max, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from accounts.actions import NewAddress
from accounts.models import User
from core.audit import Actor
from core.errors import RuleViolation
from core.verbs import Step, Steps, verb
from mentees.models import Mentee
from mentors.models import Mentor
from outbox import actions as outbox
from outbox.planner import plan
from workshops import mails, reminders, rules
from workshops.eligibility import eligibility_of
from workshops.models import Registration, Session, Workshop
from workshops.states import RegistrationState, WorkshopState

OFFICE = frozenset({"coordinator", "admin", "system"})


# ── locks, in the order of the programme (promise C4) ────────────────────────
def lock_workshop(workshop: Workshop) -> Workshop:
    """The workshop, read after the lock (promise C3)."""
    found: Workshop = Workshop.objects.select_for_update(of=("self",)).get(pk=workshop.pk)
    return found


def lock_person_and_workshop(workshop: Workshop, person: User) -> tuple[Workshop, User]:
    """Both, read after the lock. The rows that give the person a right to places are locked before the
    workshop, as when leaving, so that nobody gets a place while leaving (promise C3)."""
    # "No key": the holder of the workshop's lock may queue a mail to the person meanwhile.
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    list(Mentee.objects.of(person).select_for_update(of=("self",)).values_list("pk"))
    list(Mentor.objects.filter(user=person).select_for_update(of=("self",)).values_list("pk"))
    return lock_workshop(workshop), person


def lock_registration(registration: Registration) -> Registration:
    """The registration with its person and workshop, read after the workshop and it were locked."""
    workshop = lock_workshop(registration.workshop)
    one = Registration.objects.select_for_update(of=("self",)).select_related("person")
    found: Registration = one.get(pk=registration.pk)
    found.workshop = workshop
    return found


def lock_standing(workshop: Workshop) -> list[Registration]:
    """The registrations of a locked workshop that are not cancelled, locked by key. The workshop's sessions
    are loaded once, for the mails to all."""
    prefetch_related_objects([workshop], "sessions")
    standing = Registration.objects.standing().filter(workshop=workshop).select_related("person")
    found = list(standing.select_for_update(of=("self",)).order_by("pk"))
    for registration in found:
        registration.workshop = workshop
    return found


def lock_session(session: Session) -> Session:
    """The session, read after its workshop was locked. Raises RuleViolation where it was deleted."""
    workshop = lock_workshop(session.workshop)
    found = Session.objects.filter(pk=session.pk, workshop=workshop).first()
    if found is None:
        raise RuleViolation(_("This session has been removed from the workshop."), code="session")
    found.workshop = workshop
    return found


# ── the condition ─────────────────────────────────────────────────────────────
def take_place(workshop: Workshop) -> bool:
    """Takes a place if one is free: the condition is part of the UPDATE itself (promise C1).

    Under the lock it always agrees with what was read; it holds even without the lock.
    """
    taken = Workshop.objects.filter(pk=workshop.pk, taken__lt=F("capacity")).update(
        taken=F("taken") + 1
    )
    return taken == 1


def free_place(workshop: Workshop) -> None:
    """Gives a place back."""
    Workshop.objects.filter(pk=workshop.pk, taken__gt=0).update(taken=F("taken") - 1)


def next_in_line(workshop: Workshop) -> int:
    """Returns the next number in line, counted from 1; call it under the lock (promise C6)."""
    Workshop.objects.filter(pk=workshop.pk).update(line_length=F("line_length") + 1)
    workshop.refresh_from_db(fields=["line_length"])
    return workshop.line_length


# ── verbs ────────────────────────────────────────────────────────────────────
@verb("register", lock=lock_person_and_workshop)
def register(workshop: Workshop, person: User, *, by: Actor, now: datetime) -> Steps[Registration]:
    """Gives the person a place, or the last rank of the waiting list where none is free.

    Registering twice returns the existing registration and changes nothing (promise C8). Raises RuleViolation
    after closing or start, and for people who are neither mentee of the cohort nor mentor.
    """
    standing: Registration | None = (
        Registration.objects.of(person).standing().filter(workshop=workshop).first()
    )
    if standing is not None:
        return standing
    rules.check_open(workshop, rules.begins_at(workshop), now)
    if not eligibility_of(person).may_register(workshop):
        raise RuleViolation(
            _("Only mentees of the cohort and mentors can register for this workshop."),
            code="audience",
        )
    registration = _line_up(workshop, person, now)
    # People who wait go first, even between the reopening of the registration and their promotion.
    someone_waits = Registration.objects.waiting().filter(workshop=workshop).exists()
    confirmed = not someone_waits and take_place(workshop)
    yield _step(registration, move="confirm" if confirmed else "", state=registration.state)
    if registration.state == RegistrationState.CONFIRMED:
        mails.registered(registration, now=now)
        plan(reminders.of_registration(registration, now), now)
    else:
        mails.waitlisted(registration, rank_of(registration), now=now)
    return registration


@verb("cancel", lock=lock_registration, state_first=False)
def cancel_registration(
    registration: Registration, *, by: Actor, now: datetime, parting: bool = False
) -> Steps[Registration]:
    """Takes the person off the workshop or its waiting list; the first who waits moves up.

    The row stays cancelled: a person who comes back registers anew, at the end of the line (promise C6).
    Cancelling twice changes nothing. Raises RuleViolation once the workshop has begun, except for the office
    and for a person who is leaving the programme (``parting``).
    """
    if registration.state == RegistrationState.CANCELLED:
        return registration
    begins = rules.begins_at(registration.workshop)
    if not parting and by.role not in OFFICE and begins is not None and begins <= now:
        raise RuleViolation(
            _("The workshop has already begun. Please write to the coordinators instead."),
            code="begun",
        )
    yield from leave(registration, mails.registration_cancelled, by=by, now=now)
    yield from fill(registration.workshop, now=now)
    return registration


@verb("give_extra_place", lock=lock_person_and_workshop)
def give_extra_place(
    workshop: Workshop, person: User, *, by: Actor, now: datetime
) -> Steps[Registration]:
    """Gives a place outside capacity and waiting list, by a coordinator, also to somebody who waits (promise
    C1).

    Raises RuleViolation for a workshop that isn't published, a person who has a place, and a closed account.
    """
    if by.role not in OFFICE:
        raise RuleViolation(_("Only coordinators can give additional places."), code="office")
    if workshop.state != WorkshopState.PUBLISHED:
        raise RuleViolation(_("Places can only be given in published workshops."), code="state")
    if not person.is_active:
        raise RuleViolation(_("This person’s account is closed."), code="closed")
    standing = Registration.objects.of(person).standing().filter(workshop=workshop).first()
    if standing is not None and standing.state == RegistrationState.CONFIRMED:
        raise RuleViolation(_("This person already has a place."), code="twice")
    registration = lock_registration(standing) if standing else _line_up(workshop, person, now)
    registration.extra = True
    yield _step(registration, move="confirm")
    outbox.cancel(registration, now=now)  # a mail about the waiting list that is not sent yet
    if (rules.ends_at(workshop) or now) > now:
        mails.extra_place(registration, now=now)
    plan(reminders.of_registration(registration, now), now)
    return registration


def follow_leaving(mentee: Mentee, *, by: Actor, now: datetime) -> None:
    """Receiver of ``mentees.leave`` and ``mentees.complete``."""
    follow_parting(mentee.user, by=by, now=now)


def follow_retiring(mentor: Mentor, *, by: Actor, now: datetime) -> None:
    """Receiver of ``mentors.retire``."""
    if mentor.user is not None:
        follow_parting(mentor.user, by=by, now=now)


def lock_for_closing(person: User, *, by: Actor, now: datetime) -> None:
    """Before ``accounts.deactivate``: locks the workshops whose places are given back, by key (promise C4)."""
    mine = Registration.objects.of(person).standing().ahead(now).values("workshop")
    workshops = Workshop.objects.filter(pk__in=mine).order_by("pk")
    list(workshops.select_for_update(of=("self",)).values_list("pk"))


def follow_parting(person: User, *, by: Actor, now: datetime) -> None:
    """Gives back future places and ranks of a person who has left (as mentee, as mentor or altogether),
    unless another participation gives a right to them (promise P17).

    Runs in the transaction of the leaving. Past attendance stays; people who wait move up. The workshops are
    locked by key (promise C4).
    """
    audience = eligibility_of(person)
    ahead = Registration.objects.of(person).standing().ahead(now).select_related("workshop")
    for registration in ahead.order_by("workshop_id").distinct():
        if not audience.may_register(registration.workshop):
            cancel_registration(registration, by=by, now=now, parting=True)


def follow_new_address(moved: NewAddress, *, by: Actor, now: datetime) -> None:
    """Receiver of ``address_changed``: moves future sessions from the calendar of the former mailbox to that
    of the new one."""
    mine = Registration.objects.of(moved.person).filter(
        state=RegistrationState.CONFIRMED, workshop__state=WorkshopState.PUBLISHED
    )
    # By key, like other verbs that lock several (promise C4); ``order_by("workshop")`` would sort by title.
    for registration in mine.order_by("workshop_id").select_related("workshop"):
        _change_mailbox(registration, by=by, now=now, former=moved.former)


@verb("mailbox_changed", lock=lock_registration)
def _change_mailbox(
    registration: Registration, *, by: Actor, now: datetime, former: str
) -> Steps[None]:
    standing = (registration.state, registration.workshop.state)
    if standing == (RegistrationState.CONFIRMED, WorkshopState.PUBLISHED):
        registration.mailbox_changes += 1
        yield _step(registration, save=["mailbox_changes"], state=registration.state)
        mails.mailbox_changed(registration, former, now=now)


# ── steps under the lock ──────────────────────────────────────────────────────
def fill(held: Workshop, *, now: datetime) -> Steps[None]:
    """Moves people up from the waiting list, in order, while places are free; none after closing or start
    (promise C6).

    They get the place at once and are notified. People who may not register any more are taken off the list
    and notified instead (promise P17).
    """
    if not rules.is_open(held, rules.begins_at(held), now):
        return
    system = Actor.system()
    while True:
        held.refresh_from_db(fields=["taken", "capacity"])
        first = list(
            Registration.objects.waiting()
            .filter(workshop=held)
            .select_related("person")
            .select_for_update(of=("self",))[: held.free]
        )
        if not first:
            return
        for registration in first:
            registration.workshop = held
            if not eligibility_of(registration.person).may_register(held):
                yield from leave(registration, mails.registration_cancelled, by=system, now=now)
            elif not take_place(held):
                return
            else:
                yield _step(registration, "promote", by=system)
                outbox.cancel(registration, now=now)
                mails.promoted(registration, now=now)
                plan(reminders.of_registration(registration, now), now)


def leave(
    registration: Registration, tell: Callable[..., None], *, by: Actor, now: datetime
) -> Steps[None]:
    """Cancels one registration of a locked workshop and gives its place back; ``tell`` is the mail. It also
    removes those calendar entries that a mail withdrawn here would have removed."""
    had_place = registration.state == RegistrationState.CONFIRMED
    yield _step(registration, "cancel", by=by)
    untold = mails.gone_untold(registration)
    outbox.cancel(registration, now=now)
    if had_place and not registration.extra:
        free_place(registration.workshop)
    tell(registration, had_place=had_place, untold=untold, by=by, now=now)


def rank_of(registration: Registration) -> int:
    """The rank on the waiting list of a person who waits, counted from 1."""
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
        # calendars compare it with all they were sent, so it never falls (mails.sequence_of)
        mailbox_changes=before.aggregate(most=Max("mailbox_changes"))["most"] or 0,
        joined_at=now,
        state_since=now,
        place_in_line=next_in_line(held),
    )


def _step(
    registration: Registration,
    verb: str = "",
    *,
    move: str = "",
    by: Actor | None = None,
    save: bool | list[str] = True,
    **values: Any,
) -> Step:
    """The step with the state of the registration; ``values`` contains it where no move sets it."""
    values["place_in_line"] = registration.place_in_line
    if registration.extra:
        values["extra"] = True
    return Step(registration, verb, move, fields=["state"], values=values, save=save, by=by)
