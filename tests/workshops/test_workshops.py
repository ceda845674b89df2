"""Workshops themselves: enter, publish, change, cancel."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.audit.models import AuditEvent
from core.errors import RuleViolation
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
    reminders,
    states,
    workshop,
)
from workshops import actions
from workshops.actions import PlannedSession, workshops
from workshops.models import Session, Workshop

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def planned(where: Workshop, **shift: timedelta) -> list[PlannedSession]:
    by = shift.get("by", timedelta())
    return [
        PlannedSession(one.starts_at + by, one.ends_at + by, one.pk)
        for one in where.sessions.order_by("starts_at")
    ]


def test_a_new_workshop_is_a_draft_with_an_address_of_its_own() -> None:
    for expected in ("gage-uebung-fuer-saenger", "gage-uebung-fuer-saenger-2"):
        made = actions.create_workshop(
            Workshop(cohort=factories.cohort(), title="Gage: Übung für Sänger", capacity=3),
            by=OFFICE,
            now=NOW,
            sessions=[PlannedSession(BEGINS, BEGINS + HOUR)],
        )
        assert (made.slug, made.state, made.sessions.count()) == (expected, "draft", 1)
    assert AuditEvent.objects.of(made).get().verb == "create"


@pytest.mark.django_db(transaction=True)
def test_c4_a_slug_that_was_taken_meanwhile_is_made_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    held = factories.workshop("draft")
    read = [held.slug]  # what the first attempt still saw as free
    make = workshops.free_slug
    monkeypatch.setattr(workshops, "free_slug", lambda title: read.pop() if read else make(title))
    wanted = Workshop(cohort=held.cohort, title=held.title, capacity=3)
    made = actions.create_workshop(wanted, by=OFFICE, now=NOW)
    assert made.slug not in ("", held.slug)
    assert Workshop.objects.get(pk=wanted.pk).slug == made.slug
    with pytest.raises(RuleViolation) as refused:
        actions.create_workshop(
            Workshop(cohort=held.cohort, title="Neu", slug=held.slug, capacity=3),
            by=OFFICE,
            now=NOW,
        )
    assert refused.value.field == "slug"
    other = Workshop(cohort=held.cohort, title="Neu", slug="eigene-adresse", capacity=3)
    assert actions.create_workshop(other, by=OFFICE, now=NOW).slug == "eigene-adresse"


@pytest.mark.parametrize(
    "sessions",
    [
        [(BEGINS, BEGINS)],
        [(BEGINS, BEGINS - HOUR)],
        [(BEGINS, BEGINS + 2 * DAY)],
        [(BEGINS, BEGINS + HOUR), (BEGINS, BEGINS + 2 * HOUR)],
        [(BEGINS + HOUR, BEGINS + 3 * HOUR), (BEGINS, BEGINS + 2 * HOUR)],
    ],
)
def test_sessions_that_cannot_be_are_refused(sessions) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(RuleViolation):
        actions.create_workshop(
            Workshop(cohort=factories.cohort(), title="Nie", capacity=3),
            by=OFFICE,
            now=NOW,
            sessions=[PlannedSession(*one) for one in sessions],
        )
    assert not Workshop.objects.exists()


def test_sessions_may_follow_each_other_without_a_break() -> None:
    made = actions.create_workshop(
        Workshop(cohort=factories.cohort(), title="Vormittag und Mittag", capacity=3),
        by=OFFICE,
        now=NOW,
        sessions=[
            PlannedSession(BEGINS, BEGINS + HOUR),
            PlannedSession(BEGINS + HOUR, BEGINS + 2 * HOUR),
        ],
    )
    assert made.sessions.count() == 2


def test_publishing_needs_a_session_ahead_and_a_closing_before_it() -> None:
    where = factories.workshop("draft")
    with pytest.raises(RuleViolation):
        actions.publish_workshop(where, by=OFFICE, now=BEGINS)
    Workshop.objects.filter(pk=where.pk).update(registration_closes_at=BEGINS + HOUR)
    with pytest.raises(RuleViolation) as refused:
        actions.publish_workshop(where, by=OFFICE, now=NOW)
    assert refused.value.field == "registration_closes_at"
    Workshop.objects.filter(pk=where.pk).update(registration_closes_at=BEGINS)
    where = actions.publish_workshop(where, by=OFFICE, now=NOW)
    assert (where.state, where.published_at) == ("published", NOW)
    Session.objects.filter(workshop=where).delete()
    with pytest.raises(RuleViolation):
        actions.publish_workshop(where, by=OFFICE, now=NOW)
    with pytest.raises(RuleViolation):
        actions.publish_workshop(factories.workshop("cancelled"), by=OFFICE, now=NOW)


def test_cancelling_tells_everybody_and_frees_everything() -> None:
    where = workshop(1)
    first, second = join(where), join(where)
    actions.cancel_workshop(where, by=OFFICE, now=NOW, reason="Die Leitung ist erkrankt.")
    assert states(where) == ["cancelled", "cancelled"]
    where.refresh_from_db()
    assert (where.state, where.taken, where.cancel_reason) == (
        "cancelled",
        0,
        "Die Leitung ist erkrankt.",
    )
    for one in (first, second):
        assert kinds(one.person) == ["workshop-cancelled"]
        assert reminders(one.person) == []
    told = OutgoingMail.objects.filter(kind="workshop-cancelled").order_by("facts__had_place")
    assert [bool(mail.facts["sessions"]) for mail in told] == [False, True]
    assert breaches(NOW) == []
    with pytest.raises(RuleViolation):
        join(where)


@pytest.mark.parametrize("verb", ["cancel", "move"])
def test_telling_many_asks_for_the_sessions_as_often_as_telling_few(verb: str) -> None:
    def asked(people: int) -> int:
        where = workshop(people)
        for _person in range(people):
            join(where)
        with CaptureQueriesContext(connection) as caught:
            if verb == "cancel":
                actions.cancel_workshop(where, by=OFFICE, now=NOW)
            else:
                moved = planned(where, by=HOUR)
                actions.change_workshop(where, by=OFFICE, now=NOW, values={}, sessions=moved)
        sessions = 'FROM "workshops_session"'
        return sum(sessions in one["sql"] for one in caught.captured_queries)

    assert asked(2) == asked(6)


def test_what_is_over_is_not_cancelled_any_more() -> None:
    where = workshop()
    with pytest.raises(RuleViolation):
        actions.cancel_workshop(where, by=OFFICE, now=BEGINS + 3 * HOUR)
    assert actions.cancel_workshop(where, by=OFFICE, now=BEGINS + HOUR).state == "cancelled"


def test_s11_a_moved_session_moves_calendar_and_reminder() -> None:
    where = workshop()
    one = join(where)
    moved = actions.change_workshop(
        where, by=OFFICE, now=NOW + HOUR, values={}, sessions=planned(where, by=7 * DAY)
    )
    assert moved.schedule_version == 1
    assert kinds(one.person) == ["workshop-registered", "workshop-changed"]
    assert reminders(one.person) == [BEGINS + 6 * DAY]
    sequences = OutgoingMail.objects.filter(recipient=one.person).exclude(kind="workshop-reminder")
    first, second = sequences.order_by("created_at").values_list("facts__sequence", flat=True)
    assert second > first
    assert breaches(NOW + HOUR) == []


def test_a_new_place_tells_who_has_a_place_and_nobody_else() -> None:
    where = workshop(1)
    first, second = join(where), join(where)
    actions.change_workshop(where, by=OFFICE, now=NOW, values={"place": "Raum 211"})
    assert kinds(first.person) == ["workshop-changed", "workshop-registered"]
    assert kinds(second.person) == ["workshop-waitlisted"]
    changed = OutgoingMail.objects.get(kind="workshop-changed")
    assert changed.facts["place"] == "Raum 211"
    reminder = OutgoingMail.objects.get(kind="workshop-reminder", status="planned")
    assert reminder.facts["place"] == "Raum 211"


def test_words_that_stand_in_no_calendar_tell_nobody() -> None:
    where = workshop()
    one = join(where)
    changed = actions.change_workshop(
        where,
        by=OFFICE,
        now=NOW,
        values={"summary": "Neu", "capacity": 12, "access": "https://x.y"},
    )
    assert (changed.summary, changed.capacity, changed.schedule_version) == ("Neu", 12, 0)
    assert kinds(one.person) == ["workshop-registered"]
    verbs = [event.verb for event in AuditEvent.objects.of(where)]
    assert sorted(verbs) == ["change", "change_capacity"]


def test_nothing_changed_is_no_event() -> None:
    where = workshop()
    actions.change_workshop(
        where, by=OFFICE, now=NOW, values={"title": where.title}, sessions=planned(where)
    )
    assert not AuditEvent.objects.of(where).exists()


def test_a_session_taken_out_leaves_the_calendar_and_one_added_enters_it() -> None:
    where = workshop()
    second = add_session(where, days=14)
    one = join(where)
    first = planned(where)[0]
    added = PlannedSession(BEGINS + 21 * DAY, BEGINS + 21 * DAY + HOUR)
    actions.change_workshop(where, by=OFFICE, now=NOW, values={}, sessions=[first, added])
    facts = OutgoingMail.objects.get(kind="workshop-changed").facts
    assert [gone["id"] for gone in facts["gone"]] == [second.pk]
    assert len(facts["sessions"]) == 2
    assert reminders(one.person) == [BEGINS - DAY, BEGINS + 20 * DAY]


def test_a_session_with_attendance_stays() -> None:
    where = workshop()
    add_session(where, days=14)
    session = where.sessions.order_by("starts_at").first()
    actions.record_attendance(session, join(where), "present", by=OFFICE, now=BEGINS + DAY)
    with pytest.raises(RuleViolation, match=r"."):
        actions.change_workshop(
            where, by=OFFICE, now=BEGINS + DAY, values={}, sessions=planned(where)[1:]
        )
    assert where.sessions.count() == 2


def test_a_published_workshop_keeps_a_session() -> None:
    where = workshop()
    with pytest.raises(RuleViolation):
        actions.change_workshop(where, by=OFFICE, now=NOW, values={}, sessions=[])
    assert where.sessions.count() == 1


def test_the_capacity_of_the_form_follows_the_same_rule() -> None:
    where = workshop(2)
    join(where), join(where), join(where)
    with pytest.raises(RuleViolation):
        actions.change_workshop(where, by=OFFICE, now=NOW, values={"capacity": 1})
    actions.change_workshop(where, by=OFFICE, now=NOW, values={"capacity": 3})
    assert states(where) == ["confirmed"] * 3


def test_a_cancelled_workshop_does_not_change() -> None:
    with pytest.raises(RuleViolation):
        actions.change_workshop(
            factories.workshop("cancelled"), by=OFFICE, now=NOW, values={"title": "x"}
        )
