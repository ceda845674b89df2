"""What the network puts on the desk."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from mentors import mails
from mentors.todo import desk_items
from outbox.kinds import mail_kinds
from outbox.markup import load
from outbox.render import render
from programme.models import Consent
from tests import factories as make
from tests.outbox.kinds import placeholders

pytestmark = pytest.mark.django_db


def test_nothing_waits_in_a_quiet_network(now: datetime) -> None:
    make.mentor()
    make.mentor("prospect")
    assert desk_items([], now) == []


def test_each_thing_that_waits_is_counted_once(
    now: datetime, django_assert_num_queries: object
) -> None:
    make.mentor("under_review")
    make.at(make.mentor("under_review"), "under_review", since=now - timedelta(days=20))
    ready = make.mentor("under_review")
    ready.checks.update(verdict="met")
    make.consent(ready.user)
    silent = make.mentor("under_review")
    silent.checks.update(verdict="met")
    make.mentor("paused", paused_because="consent")
    make.mentor("paused", paused_because="criterion")
    make.mentor("paused", paused_because="wish")
    make.mentor("prospect", form_id=uuid.uuid4())
    with django_assert_num_queries(1):  # type: ignore[operator]
        items = desk_items([], now)
    assert [(item.count, item.urgent) for item in items] == [
        (1, True),
        (1, False),
        (1, False),
        (2, False),
        (2, True),
    ]


@pytest.mark.parametrize("reason", ["consent", "criterion"])
def test_a_pause_whose_reason_is_gone_waits_to_be_ended(
    reason: str, now: datetime, staff_client: Callable[[Any], Client]
) -> None:
    mentor = make.mentor("paused", paused_because=reason)
    desk = staff_client(make.coordinator())
    gone = "Es fehlt nichts mehr; die Pause kann beendet werden."
    make.consent(mentor.user)
    assert [item.title for item in desk_items([], now)] == [
        "Mentor_in pausiert, weil ein Kriterium wieder offen ist"
    ]
    mentor.checks.update(verdict="met")
    (item,) = desk_items([], now)
    assert (item.title, item.urgent) == ("Mentor_in kann aktiv werden", False)
    assert gone in desk.get(item.url).content.decode()
    Consent.objects.filter(person=mentor.user).delete()
    (item,) = desk_items([], now)
    assert item.title == "Mentor_in hat nicht eingewilligt"
    assert gone not in desk.get(item.url).content.decode()


def test_the_list_behind_each_number_has_as_many_rows(
    now: datetime, staff_client: Callable[[Any], Client]
) -> None:
    for _each in range(2):  # a single one is opened at once
        make.mentor()
        make.mentor("under_review")
        ready = make.mentor("under_review")
        ready.checks.update(verdict="met")
        make.consent(ready.user)
        make.mentor("paused", paused_because="consent")
        make.mentor("paused", paused_because="criterion")
        make.mentor("prospect", form_id=uuid.uuid4())
        make.mentor("prospect")
    desk = staff_client(make.coordinator())
    items = desk_items([], now)
    assert len(items) == 5
    for item in items:
        assert desk.get(item.url).context["cl"].result_count == item.count == 2


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", [kind.kind for kind in mails.KINDS])
def test_every_mail_is_written_in_both_languages(kind: str, language: str) -> None:
    make.organisation()
    person = make.person("Henrike Osterloh", language=language)
    mail = render(mail_kinds[kind], mail_kinds[kind].sample, person, has_link=False)
    assert mail.subject
    assert "{" not in mail.text + mail.html.split("</style>")[1]
    known = {"greeting", "programme", "organisation", "office_email", "office_phone", "signed_by"}
    assert placeholders(load("mentors", kind, language)) <= {*mail_kinds[kind].facts, *known}
