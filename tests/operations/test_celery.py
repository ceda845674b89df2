"""Celery carries nothing but a nudge, and takes nothing but JSON (promises P16, S13)."""

from __future__ import annotations

import pytest
from celery import current_app
from celery.beat import Scheduler
from kombu.exceptions import ContentDisallowed
from kombu.serialization import dumps, loads

from mentoring.celery import app


def test_p16_the_settings_are_the_hard_ones() -> None:
    conf = app.conf
    assert conf.accept_content == ["json"]
    assert conf.task_serializer == "json"
    assert conf.task_ignore_result is True
    assert conf.task_acks_late is True
    assert conf.task_reject_on_worker_lost is True
    assert conf.worker_prefetch_multiplier == 1
    assert conf.task_time_limit
    assert conf.result_backend is None
    assert conf.timezone == "UTC"


def test_p16_a_pickled_message_is_refused() -> None:
    content_type, encoding, payload = dumps({"x": 1}, serializer="pickle")
    with pytest.raises(ContentDisallowed):
        loads(payload, content_type, encoding, accept=app.conf.accept_content)


def test_s3_the_scheduler_only_says_sweep_every_minute() -> None:
    [entry] = app.conf.beat_schedule.values()
    assert entry["task"] == "mentoring.sweep"
    assert entry["schedule"] == 60.0
    assert not entry.get("args")


def test_the_scheduler_starts_where_no_folder_has_been_made() -> None:
    """A fresh machine has no ``var/``: the schedule lives in memory."""
    service = app.Beat().Service(app=app, scheduler_cls=app.conf.beat_scheduler)
    assert type(service.get_scheduler(lazy=True)) is Scheduler


@pytest.mark.django_db(transaction=True)
def test_s13_the_task_takes_arguments_it_does_not_know_yet() -> None:
    app.loader.import_default_modules()
    task = current_app.tasks["mentoring.sweep"]
    task.run(something_new="from the next release")
