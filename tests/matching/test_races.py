"""Promise C3 between verbs of different apps, on the database the suite runs on."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Event
from typing import Any

import pytest
from django.db import connection

from core.audit import Actor
from core.errors import RuleViolation
from matching import actions
from matching.models import Tandem
from mentees import actions as mentees
from mentees.models import Mentee
from tests import factories
from tests.matching.people import a_mentee, a_mentor, as_mentor, office


@pytest.mark.django_db(transaction=True)
def test_c3_nobody_is_proposed_to_a_mentee_who_is_just_leaving(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    mentee, mentor, by = a_mentee(), a_mentor(), office()
    has_looked = Event()

    def slow_mail(*args: Any, **kwargs: Any) -> None:
        has_looked.set()  # the tandems to dissolve have been looked for; nothing is committed yet
        time.sleep(0.5)

    monkeypatch.setattr("mentees.mails.mentee_left", slow_mail)

    def leave() -> None:
        try:
            mentees.leave(mentee, by=Actor.system(), now=now)
        finally:
            connection.close()

    def propose() -> str:
        has_looked.wait(timeout=10)
        try:
            actions.propose_tandem(Mentee.objects.get(pk=mentee.pk), mentor, by=by, now=now)
        except RuleViolation as violation:
            return violation.code
        finally:
            connection.close()
        return "proposed"

    with ThreadPoolExecutor(2) as pool:
        left, proposed = pool.submit(leave), pool.submit(propose)
        left.result()
        assert proposed.result() == "mentee_inactive"
    assert not Tandem.objects.live().exists()


@pytest.mark.django_db(transaction=True)
def test_c3_leaving_goes_on_when_the_mentor_declines_in_the_same_moment(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    tandem = factories.tandem("mentor_asked", mentor=a_mentor(), approved_at=now)
    mentor, by = as_mentor(tandem), office()
    is_declining = Event()

    def slow_mail(*args: Any, **kwargs: Any) -> None:
        is_declining.set()
        time.sleep(0.5)

    monkeypatch.setattr("matching.mails.declined", slow_mail)

    def decline() -> None:
        try:
            actions.decline(tandem, by=mentor, now=now)
        finally:
            connection.close()

    def leave() -> str:
        is_declining.wait(timeout=10)
        try:
            return str(mentees.leave(tandem.mentee, by=by, now=now).state)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        declined, left = pool.submit(decline), pool.submit(leave)
        declined.result()
        assert left.result() == "left"
    assert Tandem.objects.get(pk=tandem.pk).state == "declined"


@pytest.mark.django_db(transaction=True)
def test_c3_a_no_is_not_taken_back_while_the_mentee_is_being_proposed_to_somebody_else(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, other = office(), a_mentor("Tobias Wendland")
    tandem = factories.tandem("mentor_asked", mentor=a_mentor(), approved_at=now)
    mentor = as_mentor(tandem)
    actions.decline(tandem, by=mentor, now=now)
    has_looked = Event()

    def slow_mail(*args: Any, **kwargs: Any) -> None:
        has_looked.set()  # the mentee is free; nothing is committed yet
        time.sleep(0.5)

    monkeypatch.setattr("matching.mails.proposal", slow_mail)

    def propose() -> None:
        try:
            actions.propose_tandem(tandem.mentee, other, by=by, now=now)
        finally:
            connection.close()

    def undo() -> str:
        has_looked.wait(timeout=10)
        try:
            actions.undo(tandem, by=mentor, now=now)
        except RuleViolation as violation:
            return violation.code
        finally:
            connection.close()
        return "undone"

    with ThreadPoolExecutor(2) as pool:
        proposed, undone = pool.submit(propose), pool.submit(undo)
        proposed.result()
        assert undone.result() == "decided"
    assert Tandem.objects.live().get().mentor == other
