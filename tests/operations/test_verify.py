"""``verify`` finds each kind of breach, and nothing where all is well."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from core import audit
from core.links import actions as links
from core.links.models import ActionLink
from meetings.models import Meeting
from mentoring.operations.verify import breaches
from mentoring.reminder_sources import REMINDER_SOURCES
from mentors.models import Mentor
from outbox.message import message_id
from outbox.models import MailStatus, OutgoingMail
from outbox.planner import plan
from programme.models import PageText
from tests import factories
from workshops.models import Registration, Workshop

pytestmark = pytest.mark.django_db


def names(now: datetime) -> set[str]:
    return {line.split(":")[0] for line in breaches(now)}


def registration(workshop: Workshop, place: int, state: str) -> Registration:
    return factories.at(
        Registration(
            workshop=workshop,
            person=factories.mentee().user,
            joined_at=factories.NOW,
            place_in_line=place,
        ),
        state,
    )


def test_the_command_tells_each_breach_in_a_line_and_ends_with_one(
    now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    workshop = factories.workshop()
    Workshop.objects.filter(pk=workshop.pk).update(taken=3)
    with pytest.raises(SystemExit) as ended:
        call_command("verify")
    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith(f"workshop places: workshop {workshop.pk}: ")


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


def test_a_gap_in_a_waiting_list_is_found(now: datetime) -> None:
    workshop = factories.workshop(capacity=1)
    registration(workshop, 1, "confirmed")
    registration(workshop, 3, "waitlisted")
    Workshop.objects.filter(pk=workshop.pk).update(taken=1)
    assert names(now) == {"waiting lists"}


def test_a_mentor_with_a_wrong_count_is_found(now: datetime) -> None:
    tandem = factories.tandem("confirmed")
    Mentor.objects.filter(pk=tandem.mentor.pk).update(held=0)
    assert "mentor places" in names(now)


def test_a_second_open_tandem_of_a_mentee_is_found(now: datetime) -> None:
    first = factories.tandem("mentee_agreed")
    with connection.cursor() as cursor:  # what the database itself would refuse
        cursor.execute("DROP INDEX one_open_tandem_per_mentee")
    factories.tandem("mentee_agreed", mentee=first.mentee)
    assert names(now) == {"one tandem per mentee"}


def test_a_reminder_that_was_never_planned_is_found(now: datetime) -> None:
    tandem = factories.tandem("active")
    starts = now + timedelta(days=10)
    ends = starts + timedelta(hours=1)
    dates = {"starts_at": starts, "ends_at": ends, "created_at": now, "changed_at": now}
    meeting = Meeting(tandem=tandem, number=1, **dates)
    factories.at(meeting, "scheduled", fixed_at=now)
    assert names(now) == {"reminders planned"}
    table = REMINDER_SOURCES["meetings"]
    assert table.wanted is not None
    plan(table.wanted(now), now)
    assert breaches(now) == []
    # a date that was moved wants reminders of its own
    Meeting.objects.filter(pk=meeting.pk).update(schedule_version=1)
    assert names(now) == {"reminders planned"}


def test_a_state_that_came_back_without_an_event_is_found(now: datetime) -> None:
    """The state alone has an event already; the number of moves tells."""
    mentor = factories.mentor()
    for verb, at in (("pause", now), ("resume", now), ("pause", now)):
        mentor.TABLE.move(mentor, verb, now=at)
        mentor.save()
        values = {"state": mentor.state}
        audit.record(mentor, verb, by=factories.SYSTEM, now=at, values=values)
    assert breaches(now) == []
    for verb in ("resume", "pause"):
        mentor.TABLE.move(mentor, verb, now=now)
        mentor.save()
    assert names(now) == {"moves audited"}


def test_a_move_without_an_event_is_found_and_one_with_an_event_is_not(now: datetime) -> None:
    application = factories.application("submitted")
    application.TABLE.move(application, "read", now=now)
    application.save()
    assert names(now) == {"moves audited"}
    audit.record(application, "read", by=factories.SYSTEM, now=now, values={"state": "in_review"})
    assert breaches(now) == []


def mail(now: datetime, status: str, key: str = "x", **values: Any) -> OutgoingMail:
    user = factories.person()
    return OutgoingMail.objects.create(
        dedupe_key=key,
        kind=values.pop("kind", "application-received"),
        recipient=user,
        object_type="accounts.User",
        object_id=user.pk,
        created_at=now,
        due_at=now,
        status=status,
        **values,
    )


def test_a_mail_claimed_long_ago_is_found(now: datetime) -> None:
    mail(now, MailStatus.CLAIMED, claim_until=now - timedelta(hours=1))
    assert names(now) == {"outbox"}


def test_s9_a_mail_sent_under_a_foreign_message_id_is_found(now: datetime) -> None:
    mail(now, MailStatus.SENT, "right", sent_at=now, message_id=message_id("right"))
    assert breaches(now) == []
    mail(now, MailStatus.SENT, "other", sent_at=now, message_id="<x@example.org>")
    assert names(now) == {"outbox"}


def test_s9_two_mails_sent_under_one_message_id_are_found(now: datetime) -> None:
    for key in ("right", "other"):
        mail(now, MailStatus.SENT, key, sent_at=now, message_id=message_id("right"))
    lines = breaches(now)
    assert f"outbox: 2 mails were sent as {message_id('right')}" in lines


def test_a_secret_that_was_sent_and_not_forgotten_is_found(now: datetime) -> None:
    values = {"kind": "sign-in-code", "sent_at": now, "message_id": message_id("code")}
    row = mail(now, MailStatus.SENT, "code", text="K7QW", **values)
    assert names(now) == {"outbox"}
    OutgoingMail.objects.filter(pk=row.pk).update(text="")
    assert breaches(now) == []


@pytest.mark.parametrize("page", ["imprint", "privacy", "accessibility"])
def test_a_legal_page_without_words_is_found(now: datetime, page: str) -> None:
    said = {"title_de": "Titel", "title_en": "Title", "body_de": "Worte", "body_en": "Words"}
    text = PageText.objects.create(page=page, **said)
    assert breaches(now) == []
    PageText.objects.filter(pk=text.pk).update(body_en=" ")
    assert names(now) == {"legal pages"}


def test_a_link_to_nothing_and_a_link_with_a_foreign_hash_are_found(now: datetime) -> None:
    user = factories.person()
    link = links.issue("staff-invitation", user, user, now=now)
    ActionLink.objects.filter(pk=link.pk).update(object_type="mentors.Mentor")
    assert names(now) == {"links"}
    ActionLink.objects.filter(pk=link.pk).update(object_type="mentors.Gone")  # nor does its model
    assert names(now) == {"links"}
    ActionLink.objects.filter(pk=link.pk).update(object_type="accounts.User", token_hash="0" * 64)
    assert names(now) == {"links"}
