"""The audit trail is written with the change, and nothing in it is changed or deleted."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from core import audit
from core.audit import Actor
from core.audit.models import AuditEvent
from tests import factories
from tests.races.harness import Ground


@pytest.mark.django_db
def test_an_event_tells_who_in_which_role_did_what_and_which_fields(now: datetime) -> None:
    person, cohort = factories.person(), factories.cohort()
    event = audit.record(
        cohort,
        "change",
        by=Actor.person(person, "coordinator"),
        now=now,
        fields=["places", "ends_on"],
        values={"places": 30},
        cohort_id=cohort.pk,
    )
    assert (event.actor_id, event.actor_role) == (person.pk, "coordinator")
    assert event.fields == ["ends_on", "places"]
    assert event.values == {"places": 30}
    assert list(AuditEvent.objects.of(cohort)) == [event]


@pytest.mark.django_db(transaction=True)
def test_p9_an_event_goes_with_its_transaction(now: datetime) -> None:
    cohort = factories.cohort()
    before = AuditEvent.objects.count()

    @transaction.atomic
    def change_and_fail() -> None:
        audit.record(cohort, "change", by=Actor.system(), now=now)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    assert AuditEvent.objects.count() == before


@pytest.mark.django_db
def test_p9_the_models_refuse_to_change_or_delete(now: datetime) -> None:
    event = audit.record(factories.cohort(), "change", by=Actor.system(), now=now)
    event.verb = "other"
    for attempt in (
        event.save,
        event.delete,
        AuditEvent.objects.all().delete,
        lambda: AuditEvent.objects.update(verb="x"),
    ):
        with pytest.raises(PermissionError):
            attempt()


@pytest.mark.django_db
def test_events_of_one_request_carry_one_id(now: datetime) -> None:
    token = audit.request_id.set(uuid.uuid4())
    try:
        cohort = factories.cohort()
        ids = {
            audit.record(cohort, verb, by=Actor.system(), now=now).request_id
            for verb in ("create", "change")
        }
    finally:
        audit.request_id.reset(token)
    assert len(ids) == 1


def try_sql() -> list[str]:
    """Runs on the ground: what PostgreSQL says to SQL that changes or deletes an event."""
    from django.db import DatabaseError, connection
    from django.utils import timezone

    user = factories.person()
    audit.record(user, "change", by=Actor.system(), now=timezone.now())
    said = []
    for sql in (
        "UPDATE audit_auditevent SET verb = 'x'",
        "DELETE FROM audit_auditevent",
        "TRUNCATE audit_auditevent",
    ):
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql)
            said.append("done")
        except DatabaseError as error:
            said.append(str(error).splitlines()[0])
    return said


@pytest.mark.postgres
def test_p9_postgresql_refuses_changes_by_sql_too() -> None:
    with Ground("postgres") as ground:
        said: Any = ground.call("tests.core.audit.test_audit:try_sql")
    assert said == ["audit events are never changed or deleted"] * 3
