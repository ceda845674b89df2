"""Promise C3 between a workshop and the verbs of other apps, on the database the suite runs on."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Event
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from core.audit import Actor
from core.errors import RuleViolation
from mentees import actions as mentees
from mentees.models import Mentee
from tests.workshops.helpers import join, leave, mentee, workshop
from workshops import actions
from workshops.actions import places
from workshops.models import Registration, Workshop


def meanwhile(
    monkeypatch: pytest.MonkeyPatch, mail: str, first: Callable[[], Any], second: Callable[[], Any]
) -> Any:
    """What ``second`` returns that begins when ``first`` has come to its ``mail`` and committed nothing."""
    has_begun = Event()

    def slow_mail(*args: Any, **kwargs: Any) -> None:
        has_begun.set()
        time.sleep(0.5)

    monkeypatch.setattr(mail, slow_mail)

    def run(verb: Callable[[], Any]) -> Any:
        try:
            return verb()
        finally:
            connection.close()

    def run_second() -> Any:
        has_begun.wait(timeout=10)
        return run(second)

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.submit(run, first), pool.submit(run_second)
        one.result()
        return other.result()


def joined(where: Workshop, person: User) -> str:
    """The state of the place somebody asked for, or why there is none."""
    try:
        return join(where, person).state
    except RuleViolation as violation:
        return violation.code


def left(person: User, now: datetime) -> str:
    """The state of a mentee who leaves the programme."""
    return str(mentees.leave(Mentee.objects.get(user=person), by=Actor.system(), now=now).state)


@pytest.mark.django_db(transaction=True)
def test_c3_nobody_gets_a_place_who_is_just_leaving(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, where = mentee(), workshop()
    told = meanwhile(
        monkeypatch,
        "mentees.mails.mentee_left",  # the registrations to cancel have been looked for
        lambda: left(person, now),
        lambda: joined(where, person),
    )
    assert told == "audience"
    assert not Registration.objects.standing().exists()


@pytest.mark.django_db(transaction=True)
def test_c3_leaving_goes_on_when_the_person_cancels_a_place_in_the_same_moment(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, where = mentee(), workshop()
    mine = join(where, person)
    state = meanwhile(
        monkeypatch,
        "workshops.mails.registration_cancelled",
        lambda: leave(mine),
        lambda: left(person, now),
    )
    assert state == "left"
    where.refresh_from_db()
    assert where.taken == 0


def cancelled_while_somebody_registers(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, Workshop]:
    """A workshop is cancelled, and before that is committed somebody registers; what they are told."""
    person, where = mentee(), workshop(2)
    join(where)
    told = meanwhile(
        monkeypatch,
        "workshops.mails.workshop_cancelled",
        lambda: actions.cancel_workshop(where, by=Actor.system(), now=now),
        lambda: joined(where, person),
    )
    return told, where


@pytest.mark.django_db(transaction=True)
def test_c3_nobody_gets_a_place_in_a_workshop_that_is_being_cancelled(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, where = cancelled_while_somebody_registers(now, monkeypatch)
    assert told == "cancelled"
    assert not Registration.objects.standing().filter(workshop=where).exists()


@pytest.mark.django_db(transaction=True)
def test_c2_without_the_lock_alone_somebody_has_a_place_in_a_cancelled_workshop(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The conditional update of the places stays: what is decided on what was read is the lock's work."""
    if connection.vendor == "sqlite":
        pytest.skip("not run: IMMEDIATE transactions stand in a row")
    monkeypatch.setattr(places, "lock_workshop", lambda found: Workshop.objects.get(pk=found.pk))
    told, where = cancelled_while_somebody_registers(now, monkeypatch)
    assert told == "confirmed"
    assert Registration.objects.standing().filter(workshop=where).exists()
