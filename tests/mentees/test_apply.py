"""The application form, its answers and refusals."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from core import audit, page_cache
from mentees import questions, views
from mentees import vocabulary as offers
from mentees.models import Application
from outbox.models import OutgoingMail
from programme.models import Cohort, ConsentNotice
from tests import corpus, factories
from tests.conftest import NOW
from tests.mentees.helpers import kinds, posted, vocabulary

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
TEXTS = ("motivation", "goals", "expectations", "situation", "words_for_mentor")


@pytest.fixture(autouse=True)
def _words() -> None:
    vocabulary()


def asked_for() -> list[str]:
    return [name for one in questions.every() for name in one.names]


def test_a_complete_form_is_kept_and_leads_to_the_same_page(client: Client) -> None:
    mentor = factories.mentor(name="Henrike Osterloh", public=True, profession="Solocellistin")
    response = client.post("/apply/", posted(wish_2="henrike  osterloh, solocellistin"))
    assert response.status_code == 400  # the same person twice
    response = client.post(
        "/apply/", posted(wish_2="Prof. Unbekannt", topic_2=str(factories.topic("fees").pk))
    )
    assert (response.status_code, response["Location"]) == (302, "/apply/sent/")
    sent = Application.objects.get()
    assert sent.applicant.email == "leyla@example.org"
    assert [(wish.mentor, wish.name) for wish in sent.wishes.all()] == [
        (mentor, ""),
        (None, "Prof. Unbekannt"),
    ]
    assert [str(one) for one in sent.topics.all()] == ["Auditions", "Fees"]
    assert sent.notice == factories.notice()
    page = client.get("/apply/sent/").content.decode()
    assert "leyla" not in page


def test_a_kept_form_changes_with_its_choices_and_has_an_id_for_each_visitor(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a test's own transaction is the one in which nothing would be kept
    monkeypatch.setattr(page_cache, "_present", page_cache._reading.get)
    caches[page_cache.CACHE].clear()

    def opened() -> tuple[str, str]:
        with CaptureQueriesContext(connection) as queries:
            page = Client(headers={"accept-language": "en"}).get("/apply/").content.decode()
        ids = re.findall(r'name="form_id" value="([^"]*)"', page)
        seen.append(len(queries))
        return ids[0], page.split('id="id_topic_1"')[1].split("</select>")[0]

    seen: list[int] = []
    (first, topics), (second, _same) = opened(), opened()
    assert len({first, second, str(uuid.UUID(int=0))}) == 3
    assert seen[1] == 1 < seen[0]  # the newest event
    assert "Contracts" not in topics
    topic = factories.topic("contracts")
    audit.record(topic, "change", by=factories.SYSTEM, now=NOW)
    assert "Contracts" in opened()[1]
    other = Client(headers={"accept-language": "de"}).get("/apply/").content.decode()
    assert 'class="part" id="requirements"' in other
    assert "Voraussetzungen" in other
    page = client.get("/apply/?view=single").content.decode()
    assert "steps-ways" not in page
    person = factories.person("Leyla Arslan", email="leyla@example.org")
    client.force_login(person)
    assert 'value="leyla@example.org"' in client.get("/apply/").content.decode()
    assert "leyla@example.org" not in Client().get("/apply/").content.decode()


def test_no_part_of_a_blank_form_is_told_to_be_answered(client: Client) -> None:
    page = client.get("/apply/", headers={"accept-language": "de"}).content.decode()
    nav = page.split('class="steps-nav"')[1].split("</nav>")[0]
    assert 'data-done=", beantwortet"' in nav  # the word the script takes
    assert "beantwortet" not in nav.split("<li>", 1)[1]
    assert "is-done" not in nav


def test_the_form_is_shown_in_parts_and_whole_on_request_or_with_something_to_mend(
    client: Client,
) -> None:
    in_parts = b'class="steps"'
    assert in_parts in client.get("/apply/").content
    assert in_parts not in client.get("/apply/?view=single").content
    assert in_parts not in client.post("/apply/", {"name": "x"}).content


def test_a_form_begun_keeps_its_words_in_the_other_language_after_the_deadline_too(
    client: Client, clock: Any
) -> None:
    page = client.get("/apply/").content.decode()
    hidden = dict(re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', page))
    begun = {"name": "Leyla Arslan", "motivation": "Vor dem Probespiel.", "lang": "en"}
    clock.move_to(Cohort.objects.get().applications_close_at + timedelta(minutes=1))
    answer = client.post("/language/", hidden | begun, follow=True)
    assert answer.redirect_chain == [("/apply/", 302)]
    page = answer.content.decode()
    assert '<html lang="en"' in page
    assert 'class="steps"' in page
    assert "Leyla Arslan" in page
    assert "Vor dem Probespiel." in page
    assert "aria-invalid" not in page
    assert not Application.objects.exists()
    assert 'class="steps"' not in client.get("/apply/").content.decode()


def test_single_view_has_the_whole_form(client: Client) -> None:
    page = client.get("/apply/?view=single")
    assert page.status_code == 200
    assert page.content.count(b"<h1") == 1
    assert b'name="submit-application"' in page.content
    for name in ("form_id", "cohort", "notice", *asked_for()):
        assert f'name="{name}"'.encode() in page.content


def test_no_field_asks_for_age_gender_or_nationality() -> None:
    for name in asked_for():
        assert not any(word in name for word in ("birth", "age_", "gender", "nation", "photo"))


def test_only_what_is_needed_is_required(client: Client) -> None:
    needed = posted()
    for name in ("salutation", "topic_1", "wish_1"):
        del needed[name]
    assert client.post("/apply/", needed).status_code == 302


NEEDED = (
    "subject", "degree", "semester", "semesters_left", "german", "name", "email", "career_fields",
    "motivation", "goals", "expectations", "agree",
)  # fmt: skip


@pytest.mark.parametrize("missing", [NEEDED[::2], NEEDED[1::2], NEEDED[-1:]])
def test_a_missing_answer_is_said_beside_its_field_and_the_rest_is_kept(
    client: Client, missing: tuple[str, ...]
) -> None:
    given_ = posted(situation="Ich habe ein Kind.")
    for name in missing:
        del given_[name]
    response = client.post("/apply/", given_)
    assert response.status_code == 400
    page = response.content.decode()
    said = {name for name in NEEDED if f'id="id_{name}_error"' in page}
    assert said == set(missing)
    assert 'role="alert"' in page
    assert page.index('role="alert"') < page.index("<h1")
    for name in ("situation", "form_id", "name", "email", "motivation", "goals", "expectations"):
        assert name in missing or given_[name] in page, name
    assert not Application.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_a_form_sent_after_the_window_is_kept_on_the_page(client: Client, clock: Any) -> None:
    given_ = posted()
    clock.move_to(factories.cohort().applications_close_at + timedelta(seconds=1))
    response = client.post("/apply/", given_)
    assert response.status_code == 400
    assert "Ehrliche Rückmeldungen." in response.content.decode()
    assert not Application.objects.exists()


def test_outside_the_window_the_page_says_when_the_next_opens(client: Client, clock: Any) -> None:
    factories.cohort(
        "2027/28",
        applications_open_at=NOW + timedelta(days=300),
        applications_close_at=NOW + timedelta(days=330),
    )
    clock.move_to(NOW + timedelta(days=31))
    with translation.override("en"):
        page = client.get("/apply/", headers={"accept-language": "en"})
    assert page.status_code == 200
    assert b"2027/28" in page.content
    assert b"2026/27" in page.content
    assert b'<form method="post" action="/apply/"' not in page.content


@pytest.mark.parametrize("empty", [Cohort, ConsentNotice])
def test_without_cohort_or_notice_the_page_is_calm(client: Client, empty: Any) -> None:
    empty.objects.all().delete()
    page = client.get("/apply/")
    assert page.status_code == 200
    assert page.content.count(b"<h1") == 1
    assert client.post("/apply/", {"email": "x"}).status_code == 200


def test_a_notice_that_changed_meanwhile_is_read_again(client: Client) -> None:
    given_ = posted()
    ConsentNotice.objects.create(
        purpose="application", version="2026-2", valid_from=NOW, text_de="Neu", text_en="New"
    )
    response = client.post("/apply/", given_)
    assert response.status_code == 400
    assert "2026-2" in response.content.decode()
    assert not Application.objects.exists()
    # what comes back asks for the consent anew, and can be sent
    form = response.context["form"]
    assert not form["agree"].value()
    assert client.post("/apply/", given_ | {"notice": form["notice"].value()}).status_code == 302
    assert Application.objects.get().notice.version == "2026-2"


def test_p3_known_and_unknown_address_get_the_same_answer(client: Client) -> None:
    factories.application("submitted", applicant=factories.person(email="known@example.org"))
    client.post("/apply/", posted("warm-up@example.org"))
    seen = []
    for email in ("known@example.org", "unknown@example.org"):
        given_ = posted(email)
        with CaptureQueriesContext(connection) as queries:
            response = client.post("/apply/", given_)
        mails = OutgoingMail.objects.filter(recipient__email=email, kind="application-confirm")
        seen.append((response.status_code, response["Location"], len(queries), mails.count()))
    assert seen[0] == seen[1]
    assert seen[0][0] == 302
    assert seen[0][3] == 1


def test_c8_the_same_post_again_is_one_row_one_mail_and_the_same_answer(client: Client) -> None:
    given_ = posted()
    answers = {
        (one.status_code, one["Location"])
        for one in [client.post("/apply/", given_) for _ in range(3)]
    }
    assert answers == {(302, "/apply/sent/")}
    assert Application.objects.count() == 1
    assert kinds() == ["application-confirm"]


def test_p1_many_forms_from_one_network_are_slowed_down_and_kept(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert views.POSTS_A_MINUTE == 60
    monkeypatch.setattr(views, "POSTS_A_MINUTE", 3)
    for _number in range(3):
        assert client.post("/apply/", {"name": "x"}).status_code == 400
    response = client.post("/apply/", posted())
    assert response.status_code == 429
    assert "Ehrliche Rückmeldungen." in response.content.decode()


def test_a_signed_in_person_and_a_mentor_of_the_directory_are_filled_in(client: Client) -> None:
    person = factories.person("Leyla Arslan", email="leyla@example.org")
    mentor = factories.mentor(name="Henrike Osterloh", public=True, profession="Solocellistin")
    hidden = factories.mentor(name="Ganz Geheim")
    client.force_login(person)
    page = client.get(f"/apply/?wish={mentor.pk}").content.decode()
    assert 'value="leyla@example.org"' in page
    assert 'value="Henrike Osterloh, Solocellistin"' in page
    assert "Ganz Geheim" not in client.get(f"/apply/?wish={hidden.pk}").content.decode()


def test_two_mentors_of_one_name_are_told_apart_by_their_profession() -> None:
    one = factories.mentor(name="Anna Berg", public=True, profession="Sängerin")
    factories.mentor(name="Anna Berg", public=True, profession="Agentin")
    offer = offers.offer()
    assert offer.mentor_of("Anna Berg, Sängerin") == one
    assert offer.mentor_of("Anna Berg") == "Anna Berg"


@pytest.mark.parametrize("number", [3, 30])
def test_the_page_costs_the_same_however_much_is_offered(
    client: Client, number: int, django_assert_num_queries: Any
) -> None:
    for index in range(number):
        factories.mentor(name=f"Mentor {index}", public=True)
        factories.topic(f"topic-{index}")
        factories.subject(f"subject-{index}")
        factories.career_field(f"field-{index}")
    with django_assert_num_queries(10):
        client.get("/apply/")


# ── bad input ────────────────────────────────────────────────────────────────
HOSTILE = [*corpus.NAMES, *corpus.UNICODE, *corpus.HEADERS]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_kept_as_words(client: Client, text: str) -> None:
    if text == "\ud800":
        text = "\ufffd"  # what a browser sends for it
    given_ = posted(name=text, salutation=text[:80], wish_1=text, **dict.fromkeys(TEXTS, text))
    response = client.post("/apply/", given_)
    assert response.status_code in (302, 400)
    if response.status_code == 302:
        sent = Application.objects.get()
        for value in (sent.name, sent.salutation, str(sent.wishes.get())):
            assert not any(ord(char) < 32 or char in "\u202e\u2028\u0085\ufeff" for char in value)


@pytest.mark.parametrize("text", corpus.INVISIBLE)
def test_invisible_words_are_empty(client: Client, text: str) -> None:
    assert client.post("/apply/", posted(name=text)).status_code == 400
    assert client.post("/apply/", posted(goals=text)).status_code == 400


@pytest.mark.parametrize("text", corpus.SIZES)
def test_too_long_texts_are_refused_and_kept(client: Client, text: str) -> None:
    response = client.post("/apply/", posted(motivation=text))
    assert response.status_code == 400
    assert text[:5000] in response.content.decode()


@pytest.mark.parametrize("address", corpus.BAD_ADDRESSES)
def test_bad_addresses_are_refused_with_a_sentence(client: Client, address: str) -> None:
    response = client.post("/apply/", posted(address))
    assert response.status_code == 400
    assert 'id="id_email_error"' in response.content.decode()
    assert not User.objects.filter(email__contains="example.org,").exists()


@pytest.mark.parametrize(("typed", "stored"), corpus.GOOD_ADDRESSES.items())
def test_good_addresses_are_stored_in_one_spelling(client: Client, typed: str, stored: str) -> None:
    assert client.post("/apply/", posted(typed)).status_code == 302
    assert Application.objects.get().applicant.email == stored


CHOSEN = ("subject", "degree", "topic_1", "career_fields")


@pytest.mark.parametrize("value", corpus.IDS)
def test_foreign_keys_are_refused_calmly(client: Client, value: str) -> None:
    response = client.post("/apply/", posted(**dict.fromkeys(CHOSEN, value)))
    assert response.status_code == 400
    assert set(response.context["form"].errors) >= {*CHOSEN}
    assert not Application.objects.exists()


@pytest.mark.parametrize("value", [*corpus.IDS, ""])
def test_broken_hidden_fields_lose_nothing(client: Client, value: str) -> None:
    given_ = posted(cohort=value, form_id=value)
    assert client.post("/apply/", given_).status_code == 302
    assert client.post("/apply/", given_).status_code == 302
    assert Application.objects.count() == 1


@pytest.mark.parametrize("value", ["-1", "0", "31", "1.5", "1e9", "x", str(2**64)])
def test_semesters_have_limits(client: Client, value: str) -> None:
    response = client.post("/apply/", posted(semester=value))
    assert response.status_code == 400
    assert 'id="id_semester_error"' in response.content.decode()


def test_ten_thousand_fields_are_a_calm_refusal(client: Client) -> None:
    response = client.post("/apply/", {f"x{number}": "1" for number in range(10_000)})
    assert response.status_code == 400
    assert not Application.objects.exists()


def test_unknown_fields_are_ignored(client: Client) -> None:
    assert client.post("/apply/", posted(state="accepted", office_note="x")).status_code == 302
    sent = Application.objects.get()
    assert (sent.state, sent.office_note) == ("unconfirmed", "")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    text=st.text(max_size=60),
    number=st.one_of(st.text(max_size=6), st.integers().map(str)),
    key=st.one_of(st.uuids().map(str), st.text(max_size=10)),
)
def test_whatever_is_typed_is_answered_calmly(text: str, number: str, key: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    given_ = posted(
        name=text, motivation=text, wish_1=text, topic_1=key, semester=number, form_id=key
    )
    response = Client().post(
        reverse("apply"), given_, REMOTE_ADDR=f"10.0.0.{uuid.uuid4().int % 255}"
    )
    assert response.status_code in (302, 400, 429)
