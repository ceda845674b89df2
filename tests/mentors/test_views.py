"""The public pages of the network."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from mentors.models import Mentor
from outbox.models import OutgoingMail
from tests import factories as make
from tests.conftest import NOW
from tests.corpus import EVERYTHING

pytestmark = pytest.mark.django_db


def _form(**values: Any) -> dict[str, Any]:
    return {
        "name": "Henrike Osterloh",
        "email": "osterloh@example.org",
        "profession": "Solocellistin",
        "motivation": "Ich hatte selbst eine Mentorin.",
        "website": "",
        "form_id": str(uuid.uuid4()),
        **values,
    }


# ── directory ────────────────────────────────────────────────────────────────
def test_the_directory_shows_those_alone_who_agreed_to_be_shown(client: Client) -> None:
    make.organisation()
    make.mentor(name="Zeigt Sich", public=True)
    make.mentor(name="Bleibt Still")
    make.mentor("paused", name="Macht Pause", public=True)
    without = make.mentor(name="Ohne Einwilligung", public=True)
    without.user.consents.all().delete()
    text = client.get("/mentors/").content.decode()
    assert "Zeigt Sich" in text
    for hidden in ("Bleibt Still", "Macht Pause", "Ohne Einwilligung"):
        assert hidden not in text


def test_the_directory_leads_to_a_wish_while_one_may_apply(
    client: Client, time_machine: Any
) -> None:
    time_machine.move_to(NOW, tick=False)
    mentor = make.mentor(name="Zeigt Sich", public=True)
    assert "wish=" not in client.get("/mentors/").content.decode()
    make.cohort()
    assert f'href="/apply/?wish={mentor.pk}"' in client.get("/mentors/").content.decode()


def test_the_directory_shows_no_contact_data(client: Client) -> None:
    mentor = make.mentor(public=True, source="Empfehlung", motivation="geheim")
    text = client.get("/mentors/").content.decode()
    for hidden in (mentor.user.email, "Empfehlung", "geheim"):
        assert hidden not in text


def test_the_directory_filters_by_career_field(client: Client) -> None:
    make.mentor(name="Im Orchester", public=True).career_fields.add(make.career_field("orchestra"))
    make.mentor(name="In der Agentur", public=True).career_fields.add(make.career_field("agency"))
    text = client.get("/mentors/?field=agency").content.decode()
    assert "In der Agentur" in text
    assert "Im Orchester" not in text
    assert "Im Orchester" in client.get("/mentors/?field=unknown").content.decode()


def test_the_directory_has_pages(client: Client) -> None:
    for number in range(25):
        make.mentor(name=f"Mentor {number:02}", public=True)
    first = client.get("/mentors/").content.decode()
    assert "Mentor 00" in first
    assert "Mentor 24" not in first
    assert "Mentor 24" in client.get("/mentors/?page=2").content.decode()
    assert client.get("/mentors/?page=nonsense").status_code == 200


def test_an_empty_directory_says_so(client: Client) -> None:
    assert 'class="rest"' in client.get("/mentors/").content.decode()


def test_the_directory_takes_the_same_queries_for_3_and_20_mentors(client: Client) -> None:
    make.organisation()
    field, topic = make.career_field("orchestra"), make.topic("fees")

    def count(number: int) -> int:
        while Mentor.objects.count() < number:
            mentor = make.mentor(public=True)
            mentor.career_fields.add(field)
            mentor.topics.add(topic)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/mentors/")
        return len(queries)

    assert count(3) == count(20) <= 7


def test_a_fresh_visit_to_the_directory_sets_no_cookie(client: Client) -> None:
    assert not client.get("/mentors/").cookies


# ── join ─────────────────────────────────────────────────────────────────────
def test_joining_enters_a_prospect_and_tells_both_sides(client: Client) -> None:
    office = make.organisation().office
    response = client.post("/mentors/join/", _form(website="www.osterloh.example"))
    assert response.status_code == 302
    mentor = Mentor.objects.get()
    assert (mentor.state, mentor.name) == ("prospect", "Henrike Osterloh")
    assert mentor.website == "https://www.osterloh.example"
    assert mentor.checks.count() == 5
    assert not mentor.user.has_usable_password()
    mails = {mail.kind: mail.recipient for mail in OutgoingMail.objects.select_related("recipient")}
    assert mails == {"mentor-interest-received": mentor.user, "mentor-interest": office}
    assert client.get(response["Location"]).status_code == 200


def test_p3_a_known_address_gets_the_same_answer_queries_and_mails(client: Client) -> None:
    make.organisation()
    known = make.mentor(name="Schon Da")
    answers = []
    for email in ("neu@example.org", known.user.email):
        before = OutgoingMail.objects.count()
        with CaptureQueriesContext(connection) as queries:
            response = client.post("/mentors/join/", _form(email=email))
        mails = OutgoingMail.objects.count() - before
        answers.append((response.status_code, response["Location"], len(queries), mails))
    assert answers[0] == answers[1]
    known.refresh_from_db()
    assert (known.name, known.state) == ("Schon Da", "active")
    assert known.user.name == "Schon Da"


def test_c8_the_same_form_twice_is_one_prospect_and_one_mail_each(client: Client) -> None:
    make.organisation()
    form = _form()
    for _time in range(3):
        assert client.post("/mentors/join/", form).status_code == 302
    assert Mentor.objects.count() == 1
    assert OutgoingMail.objects.count() == 2


def test_a_form_id_of_somebody_else_enters_nobody(client: Client) -> None:
    make.organisation()
    form = _form()
    client.post("/mentors/join/", form)
    response = client.post("/mentors/join/", {**form, "email": "other@example.org"})
    assert response.status_code == 302
    assert Mentor.objects.count() == 1


def test_what_was_typed_is_kept_beside_the_sentence(client: Client) -> None:
    response = client.post("/mentors/join/", _form(email="no address", website="ftp://x.example"))
    text = response.content.decode()
    assert response.status_code == 400
    assert "no address" in text
    assert "Ich hatte selbst eine Mentorin." in text
    assert not User.objects.filter(mentor__isnull=False).exists()


def test_an_empty_post_is_asked_again(client: Client) -> None:
    assert client.post("/mentors/join/", {}).status_code == 400


def test_p1_nobody_floods_an_address(client: Client) -> None:
    make.organisation()
    codes = [client.post("/mentors/join/", _form()).status_code for _time in range(6)]
    assert codes == [302] * 5 + [429]
    assert (
        "Ich hatte selbst eine Mentorin." in client.post("/mentors/join/", _form()).content.decode()
    )


@pytest.mark.parametrize(
    "field", ["name", "email", "profession", "motivation", "website", "form_id"]
)
def test_the_corpus_never_breaks_the_form(field: str, client: Client) -> None:
    make.organisation()
    for value in EVERYTHING:
        cache.clear()  # the limit is not what is tried here
        typed = value.encode("utf-8", "replace").decode()
        response = client.post("/mentors/join/", _form(**{field: typed}))
        assert response.status_code in (302, 400), repr(value[:40])
