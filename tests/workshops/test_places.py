"""Places and the waiting list: who gets one, who moves up, who is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.audit.models import AuditEvent
from core.errors import RuleViolation
from mentees import actions as mentees
from mentoring.operations.verify import breaches
from outbox.models import OutgoingMail
from tests import factories
from tests.conftest import NOW
from tests.workshops.helpers import (
    BEGINS,
    OFFICE,
    add_session,
    join,
    kinds,
    leave,
    mentee,
    reminders,
    states,
    workshop,
)
from workshops import actions
from workshops.models import Registration, Workshop

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_eleven_register_for_ten_places_and_the_eleventh_is_told_the_rank() -> None:
    where = workshop(10)
    registrations = [join(where) for _ in range(12)]
    assert [one.state for one in registrations] == ["confirmed"] * 10 + ["waitlisted"] * 2
    assert [one.place_in_line for one in registrations] == list(range(1, 13))
    assert kinds(registrations[0].person) == ["workshop-registered"]
    assert kinds(registrations[10].person) == ["workshop-waitlisted"]
    ranks = [
        OutgoingMail.objects.get(kind="workshop-waitlisted", recipient=one.person).facts["rank"]
        for one in registrations[10:]
    ]
    assert ranks == [1, 2]
    ranked = Registration.objects.filter(workshop=where).with_rank().order_by("place_in_line")
    assert [one.rank for one in ranked] == [None] * 10 + [1, 2]
    assert breaches(NOW) == []


def test_a_cancellation_moves_up_the_first_and_tells_both() -> None:
    where = workshop(1)
    first, second, third = (join(where) for _ in range(3))
    leave(first, NOW + HOUR)
    assert states(where) == ["cancelled", "confirmed", "waitlisted"]
    assert kinds(first.person) == ["workshop-registration-cancelled"]
    assert kinds(second.person) == ["workshop-promotion"]
    assert kinds(third.person) == ["workshop-waitlisted"]
    assert reminders(first.person) == []
    assert reminders(second.person) == [BEGINS - timedelta(days=1)]
    assert breaches(NOW + HOUR) == []


def test_saying_no_to_the_place_moves_up_the_next() -> None:
    where = workshop(1)
    first, second, third = (join(where) for _ in range(3))
    leave(first)
    leave(second)
    third.refresh_from_db()
    assert third.state == "confirmed"


def test_leaving_the_waiting_list_frees_nothing() -> None:
    where = workshop(1)
    _first, second, third = (join(where) for _ in range(3))
    leave(second)
    assert states(where) == ["confirmed", "cancelled", "waitlisted"]
    assert Registration.objects.with_rank().get(pk=third.pk).rank == 1
    assert Workshop.objects.get(pk=where.pk).taken == 1


def test_c8_registering_twice_is_one_registration_and_one_mail() -> None:
    where, person = workshop(), mentee()
    assert join(where, person).pk == join(where, person, NOW + HOUR).pk
    assert kinds(person) == ["workshop-registered"]
    assert Workshop.objects.get(pk=where.pk).taken == 1


def test_cancelling_twice_changes_nothing() -> None:
    where = workshop(2)
    one, _other = join(where), join(where)
    leave(one)
    leave(one, NOW + HOUR)
    assert Workshop.objects.get(pk=where.pk).taken == 1
    assert AuditEvent.objects.of(one).filter(verb="cancel").count() == 1


def test_c6_who_comes_back_stands_at_the_end() -> None:
    where, person = workshop(1), mentee()
    join(where)
    early, waiting = join(where, person), join(where)
    leave(early)
    back = join(where, person, NOW + HOUR)
    assert back.pk != early.pk
    assert back.place_in_line > waiting.place_in_line
    early.refresh_from_db()
    assert early.state == "cancelled"


def test_c6_raising_the_capacity_by_two_moves_up_exactly_the_first_two() -> None:
    where = workshop(1)
    people = [join(where) for _ in range(5)]
    actions.change_workshop(where, by=OFFICE, now=NOW, values={"capacity": 3})
    assert states(where) == ["confirmed"] * 3 + ["waitlisted"] * 2
    assert kinds(people[2].person) == ["workshop-promotion"]
    assert kinds(people[3].person) == ["workshop-waitlisted"]


def test_the_capacity_never_falls_below_what_is_taken() -> None:
    where = workshop(3)
    join(where), join(where)
    with pytest.raises(RuleViolation, match="2") as refused:
        actions.change_workshop(where, by=OFFICE, now=NOW, values={"capacity": 1})
    assert refused.value.field == "capacity"
    actions.change_workshop(where, by=OFFICE, now=NOW, values={"capacity": 2})
    assert states(where) == ["confirmed"] * 2


@pytest.mark.parametrize(
    ("late", "closes"),
    [(BEGINS, None), (BEGINS + HOUR, None), (NOW + HOUR, NOW + HOUR), (BEGINS - HOUR, NOW)],
)
def test_nobody_registers_or_moves_up_after_closing_or_start(late, closes) -> None:  # type: ignore[no-untyped-def]
    where = workshop(1)
    first, second = join(where), join(where)
    Workshop.objects.filter(pk=where.pk).update(registration_closes_at=closes)
    with pytest.raises(RuleViolation) as refused:
        join(where, now=late)
    assert refused.value.code in {"begun", "closed"}
    actions.cancel_registration(first, by=OFFICE, now=late)
    second.refresh_from_db()
    assert second.state == "waitlisted"


def test_nobody_cancels_after_the_start_but_the_office() -> None:
    one = join(workshop())
    with pytest.raises(RuleViolation) as refused:
        leave(one, BEGINS)
    assert refused.value.code == "begun"
    actions.cancel_registration(one, by=OFFICE, now=BEGINS)


def test_lifting_the_closing_fills_free_places_in_order() -> None:
    where = workshop(1, registration_closes_at=NOW + HOUR)
    first, second = join(where), join(where)
    leave(first, NOW + 2 * HOUR)
    assert states(where) == ["cancelled", "waitlisted"]
    actions.change_workshop(
        where, by=OFFICE, now=NOW + 3 * HOUR, values={"registration_closes_at": None}
    )
    assert states(where) == ["cancelled", "confirmed"]
    assert kinds(second.person) == ["workshop-promotion"]


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_nobody_registers_in_what_is_not_published(state: str) -> None:
    with pytest.raises(RuleViolation):
        join(factories.workshop(state))


def test_mentees_of_the_cohort_and_mentors_may_register_and_nobody_else() -> None:
    where = workshop()
    other = factories.mentee(of=factories.cohort("2025/26")).user
    left = factories.mentee("left").user
    for stranger in (factories.person(), other, left, factories.coordinator()):
        with pytest.raises(RuleViolation) as refused:
            join(where, stranger)
        assert refused.value.code == "audience"
    assert join(where, factories.mentor().user).state == "confirmed"
    assert states(where) == ["confirmed"]


def test_an_extra_place_stands_outside_capacity_and_queue() -> None:
    where = workshop(1)
    first, second, third = (join(where) for _ in range(3))
    given = actions.give_extra_place(where, third.person, by=OFFICE, now=NOW)
    assert (given.pk, given.state, given.extra) == (third.pk, "confirmed", True)
    assert states(where) == ["confirmed", "waitlisted", "confirmed"]
    assert Workshop.objects.get(pk=where.pk).taken == 1
    assert kinds(third.person) == ["workshop-extra-place"]
    leave(given)  # frees nothing
    second.refresh_from_db()
    assert second.state == "waitlisted"
    guest = factories.person()
    assert actions.give_extra_place(where, guest, by=OFFICE, now=NOW).extra
    assert breaches(NOW) == []
    with pytest.raises(RuleViolation):
        actions.give_extra_place(where, guest, by=OFFICE, now=NOW)
    with pytest.raises(RuleViolation):
        actions.give_extra_place(
            where, factories.person(), by=factories.by(guest, "mentee"), now=NOW
        )
    assert first.state == "confirmed"


def test_c3_a_stale_object_decides_nothing() -> None:
    where = workshop(1)
    stale = Workshop.objects.get(pk=where.pk)
    first = join(where)
    stale_first = Registration.objects.get(pk=first.pk)
    assert stale.free == 1
    assert join(stale).state == "waitlisted"
    leave(first)
    leave(stale_first)
    assert states(where) == ["cancelled", "confirmed"]
    assert Workshop.objects.get(pk=where.pk).taken == 1
    stale.capacity = 99
    assert join(stale).state == "waitlisted"


def test_a_mentee_who_leaves_gives_all_future_places_back() -> None:
    soon, begun, elsewhere = workshop(1), workshop(1, starts_at=NOW - HOUR), workshop(1)
    add_session(begun, days=1)
    person = mentee()
    mine = join(soon, person)
    waiting = join(soon)
    running = join(begun, person, NOW - timedelta(days=1))
    past = factories.workshop(published_at=NOW, starts_at=NOW - timedelta(days=7))
    been = join(past, person, NOW - timedelta(days=8))
    join(elsewhere)
    mentees.leave(person.mentee, by=OFFICE, now=NOW)
    for one, state in ((mine, "cancelled"), (waiting, "confirmed"), (running, "cancelled")):
        one.refresh_from_db()
        assert one.state == state
    been.refresh_from_db()
    assert been.state == "confirmed"
    assert reminders(person) == []


@pytest.mark.parametrize(("hours", "told"), [(0, 1), (2, 1), (3, 0), (4, 0)])
def test_an_extra_place_is_told_until_the_end_and_not_after(hours: int, told: int) -> None:
    """Noted afterwards for the record (the workshop lasts three hours), it sends nobody anywhere."""
    where, person = workshop(1), mentee()
    actions.give_extra_place(where, person, by=OFFICE, now=BEGINS + timedelta(hours=hours))
    assert kinds(person) == ["workshop-extra-place"] * told


def test_every_move_is_audited_under_who_made_it() -> None:
    where = workshop(1)
    first, second = join(where), join(where)
    leave(first)
    seen = {
        (event.verb, event.actor_role, event.values["state"])
        for one in (first, second)
        for event in AuditEvent.objects.of(one)
    }
    assert seen == {
        ("register", "mentee", "confirmed"),
        ("register", "mentee", "waitlisted"),
        ("cancel", "mentee", "cancelled"),
        ("promote", "system", "confirmed"),
    }
    assert breaches(NOW) == []
