"""One sweep: deadlines, planning, delivery; nothing of one app stops another."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core import audit
from core.audit.models import AuditEvent
from core.deadlines import in_turn
from core.errors import RuleViolation
from mentoring.operations import tasks
from mentoring.operations.sweep import sweep
from outbox.models import OutgoingMail, Sweep
from outbox.reminders import PlannedReminder, ReminderSource
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def tables(monkeypatch):
    """Only the sources of the test."""
    items = {}
    monkeypatch.setattr("mentoring.operations.sweep.REMINDER_SOURCES", items)
    return items


def test_what_one_sweep_moved_carries_one_id(tables, now):
    people = [factories.person() for _ in range(2)]

    def pass_deadlines(moment):
        for one in people:
            audit.record(one, "change", by=audit.Actor.system(), now=moment)
        return len(people)

    tables["probe"] = ReminderSource(pass_deadlines=pass_deadlines)
    for number in (1, 2):
        sweep(now)
        events = AuditEvent.objects.filter(object_id__in=[str(one.pk) for one in people])
        assert events.values("request_id").distinct().count() == number
    assert audit.request_id.get() is None


def test_a_sweep_does_all_three(tables, mailbox, now):
    obj, person = factories.person(), factories.person()
    seen = []

    def pass_deadlines(moment):
        seen.append(moment)
        return 2

    def wanted(moment):
        seen.append(moment)
        facts = {"at": moment.isoformat(), "version": "1"}
        later = moment + timedelta(days=1)
        yield PlannedReminder("probe-reminder", person.pk, obj, facts, moment, later, 1, "24h")

    tables["probe"] = ReminderSource(wanted=wanted, pass_deadlines=pass_deadlines)
    report = sweep(now)
    assert report.ok
    assert report.passed == {"probe": 2}
    assert report.planned["planned"] == 1
    assert report.mails == {"sent": 1}
    assert seen == [now, now]
    row = Sweep.objects.get()
    assert row.started_at <= row.completed_at
    assert timezone.now() - row.completed_at < timedelta(minutes=1)


def test_an_app_that_fails_stops_no_other(tables, mailbox, queued, now, caplog):
    def fail(moment):
        raise ZeroDivisionError

    passed = []
    tables["a"] = ReminderSource(wanted=fail, pass_deadlines=fail)
    tables["b"] = ReminderSource(pass_deadlines=lambda moment: passed.append(moment) or 1)
    queued()
    report = sweep(now)
    assert report.failed == ["a.deadlines", "a.reminders"]
    assert passed == [now]
    assert report.mails == {"sent": 1}
    assert Sweep.objects.get().completed_at is not None
    assert caplog.messages.count("sweep.part_failed") == 2
    with pytest.raises(CommandError, match=r"a\.deadlines"):
        call_command("send_due", at=now.isoformat(), stdout=StringIO())


def test_send_due_prints_counts_by_state(tables, mailbox, queued, now):
    queued(), queued("probe-broken"), queued(useful_until=now - timedelta(hours=1))
    out = StringIO()
    call_command("send_due", at="2026-09-15T12:00:00+02:00", stdout=out)
    assert out.getvalue().splitlines() == ["failed: 1", "missed: 1", "sent: 1"]
    out = StringIO()
    call_command("send_due", at="2026-09-15T12:00", stdout=out)  # Berlin's clock
    assert out.getvalue() == "nothing due\n"
    with pytest.raises(CommandError, match="no moment"):
        call_command("send_due", at="gestern")


def test_s12_now_is_read_once_and_passed_down(tables, mailbox, queued, now, monkeypatch):
    moments: list[datetime] = []
    tables["probe"] = ReminderSource(
        wanted=lambda moment: moments.append(moment) or iter(()),
        pass_deadlines=lambda moment: moments.append(moment) or 0,
    )
    row = queued()
    # The machine's clock jumps; what is due and what is written goes by the run's moment alone.
    monkeypatch.setattr("django.utils.timezone.now", lambda: now - timedelta(days=1))
    sweep(now)
    row.refresh_from_db()
    assert moments == [now, now]
    assert row.rendered_at == row.sent_at == now


@pytest.mark.parametrize("jump", [timedelta(hours=2), -timedelta(hours=2), -timedelta(days=1)])
def test_s12_a_clock_that_jumps_sends_nothing_twice_and_loses_nothing(
    tables, mailbox, queued, now, jump
):
    rows = [queued(due_at=now + timedelta(minutes=number)) for number in range(-5, 5)]
    for moment in (now, now + jump, now + timedelta(minutes=10)):
        sweep(moment)
    assert len(mailbox.files()) == len(rows)
    assert set(OutgoingMail.objects.values_list("status", flat=True)) == {"sent"}


def test_s13_a_task_takes_what_another_release_may_send(tables, mailbox, queued, now):
    queued(now=now)
    tasks.sweep(1, unknown=True)
    tasks.deliver_due("x", more={"y": 1})
    assert len(mailbox.files()) == 1


def test_one_object_that_fails_holds_up_no_other_deadline(tables, mailbox, now, caplog):
    people = [factories.person() for _number in range(3)]
    seen = []

    def verb(person, *, by, now):
        seen.append((person, by.role))
        if person == people[0]:
            raise ZeroDivisionError
        if person == people[1]:
            raise RuleViolation("somebody was faster")

    def last(person, *, by, now):
        seen.append((person, "last"))

    tables["a"] = ReminderSource(
        pass_deadlines=lambda moment: in_turn((verb, people), (last, people[:1]), now=moment)
    )
    report = sweep(now)
    assert seen == [*((one, "system") for one in people), (people[0], "last")]
    assert report.failed == ["a.deadlines"]
    assert caplog.messages.count("deadline.failed") == 1
