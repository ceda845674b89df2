"""A change and its mail commit together (promise S1), and the broker can refuse nothing (S4)."""

from __future__ import annotations

import random
import socket
import time
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from kombu.exceptions import OperationalError

from outbox import actions, broker, delivery
from outbox.models import OutgoingMail
from tests import factories
from tests.outbox import kinds
from tests.races.harness import rounds

SAMPLE = kinds.KINDS[0].sample


class Undone(Exception):
    """Leaves a transaction."""


@pytest.mark.django_db(transaction=True)
def test_s1_a_transaction_and_its_mail_live_or_die_together(mailbox, now, record_property):
    count = rounds(60, 1000)
    record_property("rounds", count)
    dice, alive = random.Random(1), 0  # the same throws in each run
    for number in range(count):
        person = factories.person()
        kept = dice.random() < 0.5
        try:
            with transaction.atomic():
                person.name = "geändert"
                person.save()
                actions.queue("probe-question", person, person, SAMPLE, now=now, version=number)
                if not kept:
                    raise Undone
        except Undone:
            pass
        alive += kept
        person.refresh_from_db()
        mails = OutgoingMail.objects.filter(object_id=person.pk).count()
        assert (person.name == "geändert") == kept == (mails == 1)
    delivery.deliver(now)
    assert len(mailbox.files()) == alive


@pytest.mark.django_db(transaction=True)
def test_s1_the_nudge_comes_after_the_commit_and_once(now, request):
    person = factories.person()
    nudges = request.getfixturevalue("_no_broker")
    with transaction.atomic():
        for version in range(5):
            actions.queue("probe-question", person, person, SAMPLE, now=now, version=version)
        assert nudges == []
    assert nudges == [1]
    with suppress(Undone), transaction.atomic():
        actions.queue("probe-question", person, person, SAMPLE, now=now, version=9)
        raise Undone
    assert nudges == [1]


@pytest.mark.django_db(transaction=True)
def test_s1_outside_a_transaction_nothing_can_be_queued(now):
    person = factories.person()
    with pytest.raises(RuntimeError, match="inside the transaction"):
        actions.queue("probe-question", person, person, SAMPLE, now=now)


@pytest.mark.django_db(transaction=True)
def test_s1_a_lost_nudge_delays_and_loses_nothing(mailbox, now, monkeypatch):
    from mentoring.operations.sweep import sweep

    monkeypatch.setattr(actions, "_publish", lambda: None)
    person = factories.person()
    with transaction.atomic():
        actions.queue("probe-question", person, person, SAMPLE, now=now)
    assert mailbox.files() == []
    sweep(now)  # the one of the next minute
    assert len(mailbox.files()) == 1


@pytest.mark.django_db(transaction=True)
def test_s4_a_broker_that_is_gone_turns_no_accepted_request_into_an_error(
    mailbox, now, monkeypatch, caplog
):
    def gone():
        raise ConnectionRefusedError

    monkeypatch.setattr(broker, "publish_sweep", gone)
    person = factories.person()
    with transaction.atomic():
        actions.queue("probe-question", person, person, SAMPLE, now=now)
    assert "outbox.nudge_failed" in caplog.messages
    assert OutgoingMail.objects.count() == 1


@pytest.mark.django_db
def test_queueing_the_same_again_changes_nothing(queued, now):
    obj, person = factories.person(), factories.person()
    first = queued(obj=obj, recipient=person)
    with transaction.atomic(), actions.capturing() as keys:
        again, is_new = actions.queue("probe-question", person, obj, SAMPLE, now=now, version=1)
    assert (again.pk, is_new, keys) == (first.pk, False, [])


@pytest.mark.django_db
def test_s16_other_facts_are_another_mail_and_are_counted_as_one(queued, now):
    obj, person = factories.person(), factories.person()
    queued(obj=obj, recipient=person)
    other = {"name": "Andere", "words": ""}
    with transaction.atomic(), actions.capturing() as keys:
        row, is_new = actions.queue("probe-question", person, obj, other, now=now, version=1)
    assert (is_new, keys) == (True, [row.pk])
    assert OutgoingMail.objects.filter(recipient=person).count() == 2


@pytest.mark.django_db
def test_s16_what_was_withdrawn_before_it_left_is_queued_anew(queued, now):
    obj, person = factories.person(), factories.person()
    first = queued(obj=obj, recipient=person)
    actions.cancel(obj, now=now)
    later = now + timedelta(hours=1)
    with transaction.atomic(), actions.capturing() as keys:
        row, is_new = actions.queue("probe-question", person, obj, SAMPLE, now=later, version=1)
    assert (row.pk, is_new, keys) == (first.pk, True, [first.pk])
    assert (row.status, row.due_at, row.resolved_at) == ("planned", later, None)


@pytest.mark.django_db
def test_s16_what_a_later_step_withdraws_is_not_announced(queued, now):
    obj, person = factories.person(), factories.person()
    with transaction.atomic(), actions.capturing() as keys:
        actions.queue("probe-question", person, obj, SAMPLE, now=now, version=1)
        actions.cancel(obj, now=now)
    assert len(keys) == 1
    assert not actions.leaving(keys).exists()


@pytest.mark.django_db
def test_only_the_announced_facts_are_taken(now):
    person = factories.person()
    with transaction.atomic():
        with pytest.raises(ValueError, match="does not announce"):
            actions.queue("probe-question", person, person, {**SAMPLE, "more": 1}, now=now)
        with pytest.raises(ValueError, match="needs"):
            actions.queue("probe-question", person, person, {"name": "A"}, now=now)
        with pytest.raises(LookupError):
            actions.queue("no-such-kind", person, person, {}, now=now)


# ── the real broker, away ────────────────────────────────────────────────────
@pytest.fixture
def real_publish(monkeypatch, settings):
    """The real ``publish_sweep`` (conftest counts nudges instead) on an application of its own."""
    import importlib

    from celery import Celery

    app = Celery("probe", set_as_current=False)
    monkeypatch.setattr("mentoring.celery.app", app)
    source = importlib.util.find_spec("outbox.broker")
    fresh = importlib.util.module_from_spec(source)
    source.loader.exec_module(fresh)

    def use(url, **options):
        settings.CELERY_BROKER_TRANSPORT_OPTIONS = options
        app.conf.update(broker_url=url, broker_transport_options=options)
        return fresh

    return use


def test_s4_a_closed_redis_port_costs_a_second_at_most_and_then_nothing(real_publish):
    fresh = real_publish("redis://127.0.0.1:9/0", socket_connect_timeout=5)
    for longest in (2.0, 0.5):  # the next requests do not wait for the dead port again
        began = time.monotonic()
        with suppress(OperationalError):
            fresh.publish_sweep()
        assert time.monotonic() - began < longest


def test_s4_a_mute_redis_costs_a_second_or_two_once(real_publish):
    with socket.create_server(("127.0.0.1", 0), backlog=8) as mute:
        url = f"redis://127.0.0.1:{mute.getsockname()[1]}/0"
        fresh = real_publish(url, socket_connect_timeout=5, socket_timeout=30)
        for longest in (4.0, 0.5):
            began = time.monotonic()
            with suppress(OperationalError):
                fresh.publish_sweep()
            assert time.monotonic() - began < longest


def test_s4_a_deleted_broker_folder_is_made_again(real_publish, tmp_path):
    folder = tmp_path / "broker"
    fresh = real_publish(
        "folder://localhost",
        data_folder_in=str(folder),
        data_folder_out=str(folder),
        control_folder=str(tmp_path / "control"),
    )
    fresh.publish_sweep()
    [message] = folder.glob("*.msg")
    assert b"mentoring.deliver" in message.read_bytes()
