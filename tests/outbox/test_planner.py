"""The planner upserts what is wanted and cancels what is superseded (promise S11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.links.actions import issue
from outbox import actions, claims, delivery
from outbox.models import OutgoingMail
from outbox.planner import plan
from outbox.reminders import PlannedReminder
from tests import factories

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def wanted(obj, person, at, version=1, offset="24h", **facts):
    told = {"at": at.isoformat(), "version": str(version), **facts}
    return PlannedReminder("probe-reminder", person.pk, obj, told, at - DAY, at, version, offset)


@pytest.fixture
def pair(db):
    return factories.person(), factories.person()


def statuses():
    return sorted(OutgoingMail.objects.values_list("schedule_version", "status"))


def test_planning_twice_is_planning_once(pair, now):
    for expected in (1, 0):
        assert plan([wanted(*pair, now + 3 * DAY)], now)["planned"] == expected
    [row] = OutgoingMail.objects.all()
    assert row.due_at == row.planned_for == now + 2 * DAY
    assert row.useful_until == now + 3 * DAY


def test_facts_that_changed_without_a_new_version_are_kept_up(pair, now):
    plan([wanted(*pair, now + 3 * DAY)], now)
    counts = plan([wanted(*pair, now + 4 * DAY)], now)
    assert counts["changed"] == 1
    [row] = OutgoingMail.objects.all()
    assert row.due_at == now + 3 * DAY


def test_s11_a_new_version_cancels_the_planned_rows_of_the_old(pair, now):
    plan([wanted(*pair, now + 3 * DAY)], now)
    counts = plan([wanted(*pair, now + 5 * DAY, version=2)], now)
    assert counts == {"planned": 1, "cancelled": 1}
    assert statuses() == [(1, "cancelled"), (2, "planned")]


def test_s11_the_old_time_is_never_told_after_the_move(pair, now, mailbox):
    plan([wanted(*pair, now + DAY)], now)  # due now
    plan([wanted(*pair, now + 2 * DAY, version=2)], now)
    delivery.deliver(now + 3 * DAY - timedelta(hours=30))
    told = [mail.get_body(("plain",)).get_content() for mail in mailbox.mails()]
    assert len(told) == 1
    assert "Version 2" in told[0]


def test_what_was_sent_stays(pair, now, mailbox):
    plan([wanted(*pair, now + DAY)], now)
    delivery.deliver(now)
    assert plan([wanted(*pair, now + DAY)], now) == {}
    assert delivery.deliver(now + timedelta(minutes=1)) == {}
    assert len(mailbox.files()) == 1


def test_s16_what_was_withdrawn_and_is_wanted_again_is_planned_again(pair, now, mailbox):
    plan([wanted(*pair, now + 3 * DAY)], now)
    actions.cancel(pair[0], now=now)
    assert plan([wanted(*pair, now + 3 * DAY)], now)["planned"] == 1
    [row] = OutgoingMail.objects.all()
    assert (row.status, row.due_at, row.resolved_at) == ("planned", now + 2 * DAY, None)
    delivery.deliver(now + 2 * DAY)
    assert plan([wanted(*pair, now + 3 * DAY)], now) == {}
    assert len(mailbox.files()) == 1


def test_s11_a_sweep_that_read_before_a_change_brings_nothing_back(pair, now):
    """What it wants was read without a lock; the change withdrew it meanwhile."""
    read_before = [wanted(*pair, now + 3 * DAY)]
    plan(read_before, now)
    actions.cancel(pair[0], now=now)
    settled = now - timedelta(minutes=5)
    assert plan(read_before, now, withdrawn_until=settled) == {}
    assert statuses() == [(1, "cancelled")]
    assert plan(read_before, now, withdrawn_until=now)["planned"] == 1


def test_a_question_queued_at_once_is_not_the_planners(pair, now, queued):
    obj, person = pair
    row = queued("probe-question", obj=obj, recipient=person, version=1)
    plan([wanted(obj, person, now + 3 * DAY, version=5)], now)
    row.refresh_from_db()
    assert row.status == "planned"


def test_nothing_is_planned_while_muted(pair, now):
    with actions.muted():
        assert not plan([wanted(*pair, now + 3 * DAY)], now)
    assert not OutgoingMail.objects.exists()


def test_facts_a_kind_does_not_announce_are_refused(pair, now):
    with pytest.raises(ValueError, match="more"):
        plan([wanted(*pair, now + DAY, more="x")], now)


@pytest.mark.parametrize("number", [10, 900])
def test_planning_asks_the_same_few_questions_whatever_the_number(now, number):
    person = factories.person()
    objects = [factories.person() for _ in range(10)]
    first = [wanted(objects[i % 10], person, now + 3 * DAY, offset=str(i)) for i in range(number)]
    second = [
        wanted(objects[i % 10], person, now + 4 * DAY, version=2, offset=str(i))
        for i in range(number)
    ]
    for batch in (first, first, second):
        with CaptureQueriesContext(connection) as context:
            plan(batch, now)
        writes = [q for q in context.captured_queries if not q["sql"].startswith(("SAVE", "REL"))]
        # SQLite takes at most 999 values a statement, so that a long INSERT is cut there
        cut = number // 30 if connection.vendor == "sqlite" else 0
        assert len(writes) <= 6 + cut


def test_generators_are_taken_in_batches(now, monkeypatch):
    monkeypatch.setattr("outbox.planner.BATCH", 3)
    person, objects = factories.person(), [factories.person() for _ in range(8)]
    counts = plan((wanted(obj, person, now + 3 * DAY) for obj in objects), now)
    assert counts["planned"] == 8


def test_s11_a_row_a_worker_holds_is_withdrawn_when_it_became_stale(pair, now):
    plan([wanted(*pair, now + DAY)], now)
    [held] = claims.claim(now, "worker", 10)
    plan([wanted(*pair, now + 5 * DAY, version=2)], now)
    held.refresh_from_db()
    assert (held.status, held.withdrawn_at) == ("claimed", now)
    assert not claims.hand_over(held.pk, "worker", now)


def test_l5_a_reminder_that_waits_leads_to_the_link_that_is_wanted_now(pair, now):
    first, second = (
        issue("probe", pair[0], holder, now=now) for holder in (factories.person(), pair[1])
    )
    one = wanted(*pair, now + 3 * DAY)
    plan([replace(one, link_id=first.pk)], now)
    for changed in (1, 0):
        assert plan([replace(one, link_id=second.pk)], now)["changed"] == changed
    assert OutgoingMail.objects.get().link == second
