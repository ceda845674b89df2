"""Whether the site runs and can work (promises S5, S14)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError

from mentoring.operations import health
from outbox.models import OutgoingMail, Sweep
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(now):
    """The web server's clock stands at ``now``."""
    with time_machine.travel(now, tick=False):
        yield now


def swept(moment):
    Sweep.objects.update_or_create(pk=1, defaults={"started_at": moment, "completed_at": moment})


def ready(client):
    answer = client.get("/health/ready")
    return answer.status_code, answer.json()["wrong"]


def late_mail(now, late):
    person = factories.person()
    return OutgoingMail.objects.create(
        dedupe_key="x", kind="x", recipient=person, object_type="x", object_id=person.pk,
        created_at=now, due_at=now - late,
    )  # fmt: skip


def test_live_asks_nothing_of_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/health/live")
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_s5_ready_as_long_as_somebody_sweeps(client, at):
    assert ready(client) == (503, ["sweep"])
    swept(at - timedelta(minutes=4))
    assert ready(client) == (200, [])
    swept(at - timedelta(minutes=6))
    assert ready(client) == (503, ["sweep"])


def test_s5_a_sweep_in_the_future_is_no_sweep(client, at):
    swept(at + timedelta(days=400))
    assert ready(client) == (503, ["sweep"])


def test_s5_a_sweep_that_began_and_never_ended_is_none(client, at):
    Sweep.objects.create(pk=1, started_at=at)
    assert ready(client) == (503, ["sweep"])


def test_s14_the_alarm_rings_ten_minutes_after_a_mail_was_due(client, at):
    swept(at)
    row = late_mail(at, timedelta(minutes=9))
    assert ready(client) == (200, [])
    OutgoingMail.objects.filter(pk=row.pk).update(due_at=at - timedelta(minutes=11))
    assert ready(client) == (503, ["mail"])
    OutgoingMail.objects.filter(pk=row.pk).update(status="failed")
    assert ready(client) == (200, [])


def test_a_database_that_is_gone_is_told_calmly(client, at, monkeypatch):
    def gone(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(health, "_is_migrated", gone)
    assert ready(client) == (503, ["database"])


def test_a_database_without_its_tables_is_not_ready(client, at, monkeypatch):
    monkeypatch.setattr(health, "_is_migrated", lambda: False)
    assert ready(client) == (503, ["migrations"])
