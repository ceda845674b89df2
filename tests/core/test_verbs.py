"""The decorator of all verbs (core/verbs.py): what a body can't forget."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pytest
from django.dispatch import Signal

from core.audit import Actor
from core.audit.models import AuditEvent
from core.verbs import Step, Steps, verb
from mentors.models import Mentor
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
OFFICE = Actor(None, "coordinator")


def lock(mentor: Mentor) -> Mentor:
    return Mentor.objects.select_for_update(of=("self",)).get(pk=mentor.pk)


def stored(mentor: Mentor) -> tuple[str, int, int]:
    """The state, the version, and how many events there are."""
    found = Mentor.objects.get(pk=mentor.pk)
    return found.state, found.version, AuditEvent.objects.of(mentor).count()


def test_a_body_without_a_yield_does_not_load() -> None:
    def body(mentor: Mentor, *, by: Actor, now: datetime) -> Any:
        mentor.save()

    with pytest.raises(TypeError, match="no yield"):
        verb("pause", lock=lock)(body)


def test_a_body_that_returns_before_its_first_step_writes_nothing() -> None:
    @verb("pause", lock=lock)
    def pause(mentor: Mentor, *, by: Actor, now: datetime, again: bool) -> Steps[str]:
        mentor.name = "Somebody else"
        if again:
            return "again"
        yield Step(mentor)
        return "paused"

    mentor = factories.mentor()
    before = stored(mentor)
    assert pause(mentor, by=OFFICE, now=NOW, again=True) == "again"
    assert stored(mentor) == before
    assert pause(mentor, by=OFFICE, now=NOW, again=False) == "paused"
    assert stored(mentor) == ("paused", before[1] + 1, before[2] + 1)


@pytest.mark.parametrize("save", [False, ("source",), ("source", "state")])
def test_a_step_that_moves_saves_the_move_or_is_refused(save: bool | Iterable[str]) -> None:
    @verb("pause", lock=lock)
    def pause(mentor: Mentor, *, by: Actor, now: datetime) -> Steps[None]:
        yield Step(mentor, save=save)

    mentor = factories.mentor()
    before = stored(mentor)
    with pytest.raises(ValueError, match="save"):
        pause(mentor, by=OFFICE, now=NOW)
    assert stored(mentor) == before


def test_signals_are_sent_when_the_body_has_ended_and_a_failing_receiver_undoes_all() -> None:
    done, seen = Signal(), []

    @verb("pause", lock=lock)
    def pause(mentor: Mentor, *, by: Actor, now: datetime) -> Steps[None]:
        yield Step(mentor, signal=done)
        seen.append("body")

    def follow(sender: Any, *, obj: Mentor, by: Actor, now: datetime, **_: Any) -> None:
        seen.append(obj.state)
        raise LookupError(obj.name)

    done.connect(follow)
    mentor = factories.mentor()
    before = stored(mentor)
    with pytest.raises(LookupError):
        pause(mentor, by=OFFICE, now=NOW)
    assert seen == ["body", "paused"]
    assert stored(mentor) == before
