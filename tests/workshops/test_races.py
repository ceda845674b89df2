"""Promise C3 between a workshop and the verbs of other apps, on the database the suite runs on."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Event
from typing import Any

import pytest
from django.db import connection

from mentees import actions as mentees
from mentees.models import Mentee
from mentoring.audit import Actor
from mentoring.transitions import RuleViolation
from tests.workshops.helpers import join, leave, mentee, workshop
from workshops import actions
from workshops.actions import places
from workshops.models import Registration, Workshop


@pytest.mark.django_db(transaction=True)
def test_c3_nobody_gets_a_place_who_is_just_leaving(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, where = mentee(), workshop()
    has_looked = Event()

    def slow_mail(*args: Any, **kwargs: Any) -> None:
        has_looked.set()  # the registrations to cancel have been looked for; nothing is committed yet
        time.sleep(0.5)

    monkeypatch.setattr("mentees.mails.mentee_left", slow_mail)

    def leave() -> None:
        try:
            mentees.leave(Mentee.objects.get(user=person), by=Actor.system(), now=now)
        finally:
            connection.close()

    def register() -> str:
        has_looked.wait(timeout=10)
        try:
            return join(where, person).state
        except RuleViolation as violation:
            return violation.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        left, registered = pool.submit(leave), pool.submit(register)
        left.result()
        assert registered.result() == "audience"
    assert not Registration.objects.standing().exists()


@pytest.mark.django_db(transaction=True)
def test_c3_leaving_goes_on_when_the_person_cancels_a_place_in_the_same_moment(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, where = mentee(), workshop()
    mine = join(where, person)
    is_cancelling = Event()

    def slow_mail(*args: Any, **kwargs: Any) -> None:
        is_cancelling.set()
        time.sleep(0.5)

    monkeypatch.setattr("workshops.mails.registration_cancelled", slow_mail)

    def cancel() -> None:
        try:
            leave(mine)
        finally:
            connection.close()

    def leave_programme() -> str:
        is_cancelling.wait(timeout=10)
        try:
            part = Mentee.objects.get(user=person)
            return str(mentees.leave(part, by=Actor.system(), now=now).state)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        cancelled, left = pool.submit(cancel), pool.submit(leave_programme)
        cancelled.result()
        assert left.result() == "left"
    where.refresh_from_db()
    assert where.taken == 0


def cancelled_while_somebody_registers(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, Workshop]:
    """A workshop is cancelled, and before that is committed somebody registers; what they are told."""
    person, where = mentee(), workshop(2)
    join(where)
    is_cancelling = Event()

    def slow_mail(*args: Any, **kwargs: Any) -> None:
        is_cancelling.set()
        time.sleep(0.5)

    monkeypatch.setattr("workshops.mails.workshop_cancelled", slow_mail)

    def cancel() -> None:
        try:
            actions.cancel_workshop(where, by=Actor.system(), now=now)
        finally:
            connection.close()

    def register() -> str:
        is_cancelling.wait(timeout=10)
        try:
            return join(where, person).state
        except RuleViolation as violation:
            return violation.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        cancelled, registered = pool.submit(cancel), pool.submit(register)
        cancelled.result()
        return registered.result(), where


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
    monkeypatch.setattr(places, "lock", lambda found: Workshop.objects.get(pk=found.pk))
    told, where = cancelled_while_somebody_registers(now, monkeypatch)
    assert told == "confirmed"
    assert Registration.objects.standing().filter(workshop=where).exists()
