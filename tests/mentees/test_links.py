"""The link that confirms an application (promises L1, L3, L5, L6)."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from core.audit import Actor
from core.links.models import ActionLink
from mentees import actions
from mentees.models import Application
from outbox.models import OutgoingMail
from tests import factories
from tests.conftest import NOW
from tests.mentees.helpers import answer, application_data, kinds, link_of, path_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def sent() -> Application:
    return actions.send_application(
        factories.cohort(),
        by=Actor(None, "applicant"),
        now=NOW,
        application_data=application_data(situation="Ich habe ein Kind.", salutation="Frau Arslan"),
        form_id=uuid.uuid4(),
    )


def state_of(application: Application) -> str:
    return Application.objects.get(pk=application.pk).state


@pytest.mark.parametrize("method", ["get", "head", "options"])
@pytest.mark.parametrize("agent", ["", "Mozilla/5.0", "Safe Links", "Googlebot", "curl/8"])
def test_l1_looking_changes_nothing(sent: Application, method: str, agent: str) -> None:
    client = Client(headers={"user-agent": agent, "sec-purpose": "prefetch"})
    getattr(client, method)(path_of(link_of(sent)))
    assert state_of(sent) == "unconfirmed"
    assert link_of(sent).used_at is None


def test_l1_nothing_is_preselected_and_an_untouched_form_is_shown_again(
    client: Client, sent: Application
) -> None:
    page = client.get(path_of(link_of(sent))).content.decode()
    assert len(re.findall(r'type="radio" name="answer"', page)) == 2
    assert "checked" not in page
    response = client.post(path_of(link_of(sent)), {})
    assert response.status_code == 400
    assert b'type="radio" name="answer"' in response.content
    assert state_of(sent) == "unconfirmed"


def test_l6_the_page_tells_only_what_the_decision_needs(client: Client, sent: Application) -> None:
    page = client.get(path_of(link_of(sent))).content.decode()
    assert "Leyla Arslan" in page
    for hidden in ("leyla@example.org", "Ich habe ein Kind.", "Ich möchte ins Orchester."):
        assert hidden not in page


def test_confirming(client: Client, sent: Application) -> None:
    response = answer(client, sent, "confirm")
    assert (response.status_code, response["Location"]) == (302, path_of(link_of(sent)))
    assert state_of(sent) == "submitted"
    page = client.get(path_of(link_of(sent)))
    assert page.status_code == 200
    assert b"/me/application/" in page.content


@pytest.mark.parametrize("choice", ["confirm", "deny"])
def test_l3_the_same_answer_again_changes_nothing(
    client: Client, sent: Application, choice: str
) -> None:
    answer(client, sent, choice)
    version, mails = Application.objects.get().version, kinds()
    for _again in range(3):
        assert answer(client, sent, choice).status_code == 302
    assert Application.objects.get().version == version
    assert kinds() == mails


def test_l2_either_answer_can_be_changed_by_the_same_link(
    client: Client, sent: Application, clock: Any
) -> None:
    answer(client, sent, "deny")
    assert state_of(sent) == "withdrawn"
    clock.move_to(NOW + timedelta(hours=71))
    answer(client, sent, "confirm")
    assert state_of(sent) == "submitted"
    answer(client, sent, "deny")
    assert state_of(sent) == "withdrawn"


def test_the_page_says_what_has_become_of_the_application(
    client: Client, sent: Application
) -> None:
    for state, heading in (
        ("unconfirmed", "Ist das Ihre Bewerbung?"),
        ("submitted", "Ihre Bewerbung ist bestätigt"),
        ("withdrawn", "Diese Bewerbung ist zurückgezogen"),
        ("accepted", "Über Ihre Bewerbung ist entschieden"),
        ("rejected", "Über Ihre Bewerbung ist entschieden"),
    ):
        factories.at(sent, state)
        page = client.get(path_of(link_of(sent))).content.decode()
        assert re.findall(r"<h1[^>]*>\s*(.*?)\s*</h1>", page, re.DOTALL) == [heading], state


def test_only_the_other_answer_is_offered_afterwards(client: Client, sent: Application) -> None:
    for given, other in (("confirm", "deny"), ("deny", "confirm")):
        answer(client, sent, given)
        page = client.get(path_of(link_of(sent))).content.decode()
        assert re.findall(r'name="answer" value="(\w+)"', page) == [other]


def test_l2_a_no_after_the_yes_is_changed_back_by_the_same_link(
    client: Client, sent: Application
) -> None:
    answer(client, sent, "confirm")
    answer(client, sent, "deny")
    assert b'name="answer"' in client.get(path_of(link_of(sent))).content
    answer(client, sent, "confirm")
    assert state_of(sent) == "submitted"
    assert kinds().count("application-received") == 1


def test_l2_a_no_stays_once_another_application_stands(client: Client, sent: Application) -> None:
    answer(client, sent, "confirm")
    answer(client, sent, "deny")
    factories.application("submitted", applicant=sent.applicant)
    assert b'name="answer"' not in client.get(path_of(link_of(sent))).content
    answer(client, sent, "confirm")
    assert state_of(sent) == "withdrawn"


def test_l2_after_72_hours_the_answer_stands(client: Client, sent: Application, clock: Any) -> None:
    answer(client, sent, "confirm")
    clock.move_to(NOW + timedelta(hours=72))
    page = client.get(path_of(link_of(sent)))
    assert b'name="answer"' not in page.content
    assert answer(client, sent, "deny").status_code == 302
    assert state_of(sent) == "submitted"


def test_deny_mails_nobody(client: Client, sent: Application) -> None:
    factories.coordinator()
    answer(client, sent, "deny")
    assert kinds(status="planned") == []
    assert OutgoingMail.objects.get().status == "cancelled"


def test_an_older_application_that_stands_is_said_clearly(
    client: Client, sent: Application
) -> None:
    factories.application("submitted", applicant=sent.applicant)
    page = client.get(path_of(link_of(sent)), headers={"accept-language": "en"})
    assert b"You have already applied" in page.content
    assert answer(client, sent, "confirm").status_code == 302
    assert state_of(sent) == "unconfirmed"


@pytest.mark.parametrize(
    "state",
    [
        "unconfirmed",
        "submitted",
        "in_review",
        "invited",
        "accepted",
        "waitlisted",
        "rejected",
        "withdrawn",
    ],
)
@pytest.mark.parametrize("link_state", ["open", "used", "expired", "replaced", "withdrawn"])
def test_l5_every_state_of_link_and_application_has_a_calm_page(
    client: Client, sent: Application, state: str, link_state: str
) -> None:
    factories.at(sent, state, decide_by=NOW, confirmed_at=None if state == "unconfirmed" else NOW)
    link = link_of(sent)
    path = path_of(link)
    changes: dict[str, Any] = {
        "open": {},
        "used": {"used_at": NOW - timedelta(hours=1)},
        "expired": {"expires_at": NOW},
        "replaced": {"closed_at": NOW, "closed_as": "replaced"},
        "withdrawn": {"closed_at": NOW, "closed_as": "withdrawn"},
    }[link_state]
    ActionLink.objects.filter(pk=link.pk).update(**changes)
    page = client.get(path)
    assert page.status_code == (200 if link_state in ("open", "used") else 410)
    assert page.content.count(b"<h1") == 1
    assert b"leyla@example.org" not in page.content
    for choice in ("confirm", "deny"):
        assert client.post(path, {"answer": choice}).status_code in (200, 302, 400, 410)


def test_l5_a_deleted_application_is_a_calm_page(
    client: Client, sent: Application, clock: Any
) -> None:
    answer(client, sent, "deny")
    path = path_of(link_of(sent))
    clock.move_to(NOW + timedelta(hours=73))
    actions.pass_deadlines(NOW + timedelta(hours=73))
    assert client.get(path).status_code == 410
    assert client.post(path, {"answer": "confirm"}).status_code in (302, 410)


def test_l5_a_new_link_goes_to_the_address_on_file(
    client: Client, sent: Application, clock: Any
) -> None:
    link = link_of(sent)
    ActionLink.objects.filter(pk=link.pk).update(expires_at=NOW)
    assert client.post(path_of(link), {"renew-link": "1"}).status_code == 410
    assert kinds(recipient=sent.applicant) == ["application-confirm"] * 2
    assert client.get(path_of(link_of(sent))).status_code == 200


def test_lapsed_applications_have_no_new_link(
    client: Client, sent: Application, clock: Any
) -> None:
    path = path_of(link_of(sent))
    late = sent.confirm_until
    clock.move_to(late)
    actions.lapse(sent, by=Actor.system(), now=late)
    page = client.post(path, {"renew-link": "1"})
    assert page.status_code == 410
    assert kinds(status="planned") == []
