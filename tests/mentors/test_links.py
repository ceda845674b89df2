"""The standing link to consent and withdraw (promises L1 to L6)."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from core.audit.models import AuditEvent
from core.links.actions import token_of
from mentors import actions
from mentors.models import Mentor
from outbox.models import OutgoingMail
from programme.consents import has_consent
from tests import factories as make
from tests.corpus.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def mentor() -> Mentor:
    make.notice("mentor")
    return make.mentor("under_review", name="Henrike Osterloh")


@pytest.fixture
def url(mentor: Mentor, now: datetime) -> str:
    link = actions.ask_for_consent(mentor, by=make.by(make.coordinator()), now=now)
    return f"/l/{token_of(link)}/"


def _answer(client: Client, url: str, answer: str) -> int:
    page = client.get(url)
    notice = page.context["page"].form["notice"].value()
    return client.post(url, {"answer": answer, "notice": notice}).status_code


def test_l1_looking_changes_nothing(client: Client, url: str, mentor: Mentor) -> None:
    before = AuditEvent.objects.count()
    page = client.get(url)
    assert page.status_code == 200
    assert client.head(url).status_code == 200
    assert "checked" not in page.content.decode()
    assert not has_consent(mentor.user, "mentor")
    assert AuditEvent.objects.count() == before


def test_a7_this_is_my_address_confirms_it_and_brings_the_welcome(
    client: Client, mentor: Mentor, now: datetime
) -> None:
    office = make.by(make.coordinator())
    Mentor.objects.filter(pk=mentor.pk).update(confirmed_at=None)
    mentor.checks.update(verdict="met")
    mentor.refresh_from_db()
    actions.record_consent(mentor, by=office, now=now, how="Brief")
    actions.activate(mentor, by=office, now=now)
    link = OutgoingMail.objects.get(kind="mentor-address-request").link
    url = f"/l/{token_of(link)}/"
    shown = client.get(url).content.decode()
    assert (mentor.name in shown, 'value="mine"' in shown) == (False, True)
    assert [_answer(client, url, "mine") for _time in range(2)] == [302] * 2
    mentor.refresh_from_db()
    assert mentor.confirmed_at is not None
    assert OutgoingMail.objects.filter(kind="mentor-welcome").count() == 1
    assert 'value="keep"' in client.get(url).content.decode()


def test_l1_a_form_sent_untouched_is_asked_again(client: Client, url: str, mentor: Mentor) -> None:
    page = client.post(url, {"notice": make.notice("mentor").pk})
    assert page.status_code == 400
    assert not has_consent(mentor.user, "mentor")


def test_agreeing_records_the_consent_to_the_version_that_was_shown(
    client: Client, url: str, mentor: Mentor
) -> None:
    assert _answer(client, url, "agree") == 302
    consent = mentor.user.consents.get()
    assert (consent.notice, consent.withdrawn_at) == (make.notice("mentor"), None)
    event = AuditEvent.objects.of(mentor).filter(verb="record_consent").get()
    assert (event.actor_role, event.actor_id) == ("mentor", mentor.user_id)
    page = client.get(url)
    assert page.status_code == 200
    assert page.context["consent"] == consent


def test_l3_the_same_answer_twice_is_one_consent_and_the_same_page(
    client: Client, url: str, mentor: Mentor
) -> None:
    data = {"answer": "agree", "notice": make.notice("mentor").pk}
    assert [client.post(url, data).status_code for _time in range(3)] == [302] * 3
    assert mentor.user.consents.count() == 1


def test_not_now_changes_nothing_and_may_be_changed(
    client: Client, url: str, mentor: Mentor
) -> None:
    assert _answer(client, url, "not_now") == 302
    assert not has_consent(mentor.user, "mentor")
    assert client.get(url).status_code == 200
    assert _answer(client, url, "agree") == 302
    assert has_consent(mentor.user, "mentor")


def test_the_link_stays_good_for_withdrawing(client: Client, url: str, mentor: Mentor) -> None:
    _answer(client, url, "agree")
    mentor.checks.update(verdict="met")
    actions.activate(mentor, by=make.SYSTEM, now=make.NOW)
    assert _answer(client, url, "withdraw") == 302
    mentor.refresh_from_db()
    assert mentor.state == "paused"
    assert OutgoingMail.objects.filter(kind="mentor-consent-withdrawn").exists()
    assert _answer(client, url, "agree") == 302
    assert has_consent(mentor.user, "mentor")


def test_keeping_the_consent_keeps_it(client: Client, url: str, mentor: Mentor) -> None:
    _answer(client, url, "agree")
    assert _answer(client, url, "keep") == 302
    assert has_consent(mentor.user, "mentor")


def test_a_notice_renewed_meanwhile_has_to_be_read_first(
    client: Client, url: str, mentor: Mentor
) -> None:
    page = client.post(url, {"answer": "agree", "notice": make.notice("application").pk})
    assert page.status_code == 400
    assert not has_consent(mentor.user, "mentor")
    # the page that comes back is about the new one, and can be answered
    shown = Page(page.content.decode()).form_with({"answer"})
    assert shown is not None
    assert not shown.controls["answer"].sends
    assert client.post(url, shown.data() | {"answer": "agree"}).status_code == 302
    assert has_consent(mentor.user, "mentor")


@pytest.mark.parametrize("state", ["former", "declined", "rejected"])
def test_after_parting_there_is_nothing_to_agree_to(
    state: str, client: Client, url: str, mentor: Mentor
) -> None:
    make.at(mentor, state)
    page = client.get(url)
    assert page.status_code == 200
    assert page.context["page"].form is None
    data = {"answer": "agree", "notice": make.notice("mentor").pk}
    assert client.post(url, data).status_code == 302
    assert not has_consent(mentor.user, "mentor")


def test_l6_the_page_shows_no_contact_data(client: Client, url: str, mentor: Mentor) -> None:
    mentor.user.phone = "0341 4711"
    mentor.user.save()
    text = client.get(url).content.decode()
    assert mentor.user.email not in text
    assert "4711" not in text
