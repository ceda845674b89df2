"""The contact form reaches the office."""

from __future__ import annotations

import uuid
from email import message_from_bytes
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from core.audit.models import AuditEvent
from mentoring.public.mails import CONTACT
from outbox.message import build
from outbox.models import OutgoingMail
from outbox.render import render
from programme.letterhead import letterhead
from tests import factories as make
from tests.corpus import EVERYTHING, HEADERS

pytestmark = pytest.mark.django_db


def _form(**values: Any) -> dict[str, Any]:
    return {
        "name": "Leyla Arslan",
        "email": "leyla@example.org",
        "message": "Kann ich mich im Urlaubssemester bewerben?",
        "form_id": str(uuid.uuid4()),
        **values,
    }


def test_a_message_goes_to_the_office_and_is_answered_to_its_writer(client: Client) -> None:
    office = make.organisation().office
    response = client.post("/contact/", _form())
    assert response.status_code == 302
    assert client.get(response["Location"]).status_code == 200
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.recipient) == ("contact-message", office)
    assert mail.facts["reply_to"] == "leyla@example.org"
    assert mail.facts["message"] == "Kann ich mich im Urlaubssemester bewerben?"


def test_c8_the_same_form_twice_is_one_mail(client: Client) -> None:
    make.organisation()
    form = _form()
    for _time in range(2):
        assert client.post("/contact/", form).status_code == 302
    assert OutgoingMail.objects.count() == 1
    event = AuditEvent.objects.get(verb="send_message")
    assert (event.actor_id, event.values, event.fields) == (None, {}, [])  # nothing personal


def test_what_was_typed_is_kept(client: Client) -> None:
    make.organisation()
    response = client.post("/contact/", _form(email="nirgendwo"))
    text = response.content.decode()
    assert response.status_code == 400
    assert "nirgendwo" in text
    assert "Kann ich mich im Urlaubssemester bewerben?" in text
    assert not OutgoingMail.objects.exists()


def test_before_there_is_an_office_nothing_is_promised(client: Client) -> None:
    response = client.post("/contact/", _form())
    assert response.status_code == 400
    assert "send-message" not in client.get("/contact/").content.decode()


def test_p1_nobody_floods_the_office(client: Client) -> None:
    make.organisation()
    codes = [client.post("/contact/", _form()).status_code for _time in range(11)]
    assert codes == [302] * 10 + [429]
    assert OutgoingMail.objects.count() == 10
    assert "Urlaubssemester" in client.post("/contact/", _form()).content.decode()


@pytest.mark.parametrize("field", ["name", "email", "message", "form_id"])
def test_the_corpus_never_breaks_the_form(field: str, client: Client) -> None:
    make.organisation()
    for value in EVERYTHING:
        cache.clear()  # the limit is not what is tried here
        typed = value.encode("utf-8", "replace").decode()
        response = client.post("/contact/", _form(**{field: typed}))
        assert response.status_code in (302, 400), repr(value[:40])
    for mail in OutgoingMail.objects.select_related("recipient"):
        assert render(CONTACT, mail.facts, mail.recipient, has_link=False).subject


@pytest.mark.parametrize("value", HEADERS)
def test_p8_no_value_becomes_a_header(value: str, client: Client) -> None:
    make.organisation()
    client.post("/contact/", _form(name=value, message=value))
    mail = OutgoingMail.objects.select_related("recipient").get()
    done = render(CONTACT, mail.facts, mail.recipient, has_link=False)
    assert "\n" not in done.subject
    assert "\r" not in done.subject


def test_the_answer_goes_to_the_writer_and_everything_else_to_the_office(client: Client) -> None:
    office = make.organisation().office
    client.post("/contact/", _form())
    row = OutgoingMail.objects.select_related("recipient").get()
    done = render(CONTACT, row.facts, office, has_link=False)
    row.subject, row.text, row.html, row.language = done.subject, done.text, done.html, "de"
    row.rendered_at, row.message_id = make.NOW, "<x@hochschule.example>"
    head = message_from_bytes(build(row, CONTACT, letterhead("de")).data)
    assert (head["To"].split("<")[-1], head["Reply-To"]) == (
        f"{office.email}>",
        "leyla@example.org",
    )
    row.facts = {**row.facts, "reply_to": ""}
    head = message_from_bytes(build(row, CONTACT, letterhead("de")).data)
    assert head["Reply-To"] == office.email
