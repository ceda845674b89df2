"""``verify`` finds each kind of breach, and nothing where all is well."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command

from mentoring import audit
from mentoring.links import actions as links
from mentoring.links.models import ActionLink
from mentoring.operations.verify import breaches
from mentoring.outbox.models import MailStatus, OutgoingMail
from mentors.models import Mentor
from tests import factories
from workshops.models import Registration, Workshop

pytestmark = pytest.mark.django_db


def names(now: datetime) -> set[str]:
    return {line.split(":")[0] for line in breaches(now)}


def registration(workshop: Workshop, place: int, state: str) -> Registration:
    return factories.at(
        Registration(
            workshop=workshop,
            person=factories.person(),
            joined_at=factories.NOW,
            place_in_line=place,
        ),
        state,
    )


def test_an_empty_programme_is_sound(now: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    assert breaches(now) == []
    call_command("verify")


def test_a_wrong_count_of_places_is_found(now: datetime) -> None:
    workshop = factories.workshop()
    Workshop.objects.filter(pk=workshop.pk).update(taken=3)
    assert names(now) == {"workshop places"}


def test_somebody_overtaking_the_waiting_list_is_found(now: datetime) -> None:
    workshop = factories.workshop(capacity=1)
    registration(workshop, 1, "waitlisted")
    registration(workshop, 2, "confirmed")
    Workshop.objects.filter(pk=workshop.pk).update(taken=1)
    assert names(now) == {"waiting lists"}


def test_somebody_waiting_beside_a_free_place_is_found(now: datetime) -> None:
    registration(factories.workshop(capacity=1), 1, "waitlisted")
    assert names(now) == {"waiting lists"}


def test_a_mentor_with_a_wrong_count_is_found(now: datetime) -> None:
    tandem = factories.tandem("confirmed")
    Mentor.objects.filter(pk=tandem.mentor.pk).update(held=0)
    assert "mentor places" in names(now)


def test_a_move_without_an_event_is_found_and_one_with_an_event_is_not(now: datetime) -> None:
    application = factories.application("submitted")
    application.TABLE.move(application, "read", now=now)
    application.save()
    assert names(now) == {"moves audited"}
    audit.record(application, "read", by=factories.SYSTEM, now=now, values={"state": "in_review"})
    assert breaches(now) == []


def test_a_mail_claimed_long_ago_is_found(now: datetime) -> None:
    user = factories.person()
    OutgoingMail.objects.create(
        dedupe_key="x",
        kind="sign-in-code",
        recipient=user,
        object_type="accounts.User",
        object_id=user.pk,
        created_at=now,
        due_at=now,
        status=MailStatus.CLAIMED,
        claim_until=now - timedelta(hours=1),
    )
    assert names(now) == {"outbox"}


def test_a_link_to_nothing_and_a_link_with_a_foreign_hash_are_found(now: datetime) -> None:
    user = factories.person()
    link = links.issue("staff-invitation", user, user, now=now)
    ActionLink.objects.filter(pk=link.pk).update(object_type="mentors.Mentor")
    assert names(now) == {"links"}
    ActionLink.objects.filter(pk=link.pk).update(object_type="accounts.User", token_hash="0" * 64)
    assert names(now) == {"links"}
