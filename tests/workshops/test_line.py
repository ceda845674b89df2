"""The waiting list against a model of thirty lines, step by step at random (promise C6).

600 steps in the suite, 10,000 and more with ``PROVE=1``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from core.errors import RuleViolation
from outbox.actions import muted
from tests import factories
from tests.conftest import NOW
from tests.races.harness import PROVE, rounds
from tests.workshops.helpers import BEGINS, OFFICE, mentee
from workshops import actions
from workshops.models import Registration, Workshop

PEOPLE = 12
DAY = timedelta(days=1)


@dataclass
class Model:
    """What should be: nothing but two lists and a set."""

    capacity: int
    now: Any = NOW
    closes: Any = None
    placed: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)
    extra: set[int] = field(default_factory=set)

    def is_open(self) -> bool:
        return self.now < BEGINS and (self.closes is None or self.now < self.closes)

    def fill(self) -> None:
        while self.is_open() and self.waiting and len(self.placed) < self.capacity:
            self.placed.append(self.waiting.pop(0))

    def register(self, who: int) -> bool:
        if who in self.placed or who in self.waiting or who in self.extra:
            return True
        if self.is_open():
            self.waiting.append(who)
            self.fill()
        return self.is_open()

    def cancel(self, who: int) -> None:
        self.extra.discard(who)
        for line in (self.placed, self.waiting):
            if who in line:
                line.remove(who)
        self.fill()


class Line(RuleBasedStateMachine):
    """The workshop beside the model; after every step both say the same."""

    people: Any = None

    @initialize(capacity=st.integers(1, 4), crowd=st.permutations(range(PEOPLE)))
    def begin(self, capacity: int, crowd: list[int]) -> None:
        if type(self).people is None:
            type(self).people = [mentee() for _ in range(PEOPLE)]
        self.workshop = factories.workshop(capacity=capacity, published_at=NOW)
        self.model = Model(capacity)
        for who in crowd[: PEOPLE - 3]:
            self.register(who)

    @rule(who=st.integers(0, PEOPLE - 1))
    def register(self, who: int) -> None:
        expected = self.model.register(who)
        try:
            actions.register(self.workshop, self.people[who], by=OFFICE, now=self.model.now)
            assert expected
        except RuleViolation:
            assert not expected

    @rule(pick=st.integers(0, PEOPLE - 1))
    def cancel(self, pick: int) -> None:
        """Somebody who has a place, an extra one included."""
        self._cancel([*self.model.placed, *sorted(self.model.extra)], pick)

    @rule(pick=st.integers(0, PEOPLE - 1))
    def stop_waiting(self, pick: int) -> None:
        self._cancel(self.model.waiting, pick)

    def _cancel(self, among: list[int], pick: int) -> None:
        if among:
            who = among[pick % len(among)]
            standing = self.standing().get(person=self.people[who])
            actions.cancel_registration(standing, by=OFFICE, now=self.model.now)
            self.model.cancel(who)

    @rule(capacity=st.integers(1, 6))
    def change_capacity(self, capacity: int) -> None:
        try:
            actions.change_workshop(
                self.workshop, by=OFFICE, now=self.model.now, values={"capacity": capacity}
            )
            assert capacity >= len(self.model.placed)
            self.model.capacity = capacity
            self.model.fill()
        except RuleViolation:
            assert capacity < len(self.model.placed)

    @rule(who=st.integers(0, PEOPLE - 1))
    def give_extra_place(self, who: int) -> None:
        if who not in self.model.placed and who not in self.model.extra:
            actions.give_extra_place(self.workshop, self.people[who], by=OFFICE, now=self.model.now)
            self.model.cancel(who)
            self.model.extra.add(who)

    @rule(closes=st.sampled_from([None, NOW + 5 * DAY, NOW + 20 * DAY]))
    def change_closing(self, closes: Any) -> None:
        actions.change_workshop(
            self.workshop,
            by=OFFICE,
            now=self.model.now,
            values={"registration_closes_at": closes},
        )
        self.model.closes = closes
        self.model.fill()

    @rule(days=st.sampled_from([1, 3, 8]))
    def time_passes(self, days: int) -> None:
        self.model.now += days * DAY

    def standing(self) -> Any:
        return Registration.objects.standing().filter(workshop=self.workshop)

    @invariant()
    def both_say_the_same(self) -> None:
        numbers = {user.pk: number for number, user in enumerate(self.people)}
        found = [
            (numbers[person], state, extra)
            for person, state, extra in self.standing()
            .order_by("place_in_line")
            .values_list("person", "state", "extra")
        ]
        assert [who for who, state, _ in found if state == "waitlisted"] == self.model.waiting
        placed = {who for who, state, extra in found if state == "confirmed" and not extra}
        assert placed == set(self.model.placed)
        assert {who for who, _, extra in found if extra} == self.model.extra
        assert Workshop.objects.get(pk=self.workshop.pk).taken == len(self.model.placed)


@pytest.mark.django_db
def test_c6_the_waiting_list_is_what_the_model_says(
    record_property: Callable[[str, Any], None],
) -> None:
    examples, steps = rounds(12, 220), 50
    machine: Any = type("OneLine", (Line,), {"people": None})
    with muted():
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                database=None,
                derandomize=not PROVE,
            ),
        )
    record_property("rounds", examples * steps)
