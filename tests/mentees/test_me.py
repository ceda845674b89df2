"""A person's own applications, what waits for them, and what waits on the desk."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from core.todo import DeskItem, NextAction
from mentees import todo
from mentees.models import Application, without_spare
from mentors.models import Mentor
from programme.models import Cohort
from tests import factories
from tests.conftest import NOW
from tests.mentees.helpers import posted, vocabulary
from tests.opened import opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
STATES = ["unconfirmed", "submitted", "in_review", "invited", "accepted", "waitlisted"]
STATES += ["rejected", "withdrawn"]


def mine(state: str, **values: Any) -> Application:
    values.setdefault("confirmed_at", None if state == "unconfirmed" else NOW)
    values.setdefault("decide_by", NOW + timedelta(days=20))
    if state == "invited":
        values.update(talk_at=NOW + timedelta(days=5), talk_place="Raum 214")
    if state == "withdrawn":
        values.setdefault("withdrawn_from", "submitted")
    return factories.application(state, **values)


@pytest.mark.parametrize("state", STATES)
def test_the_page_tells_the_state_and_the_answers(client: Client, state: str) -> None:
    application = mine(state, situation="Ich habe ein Kind.")
    client.force_login(application.applicant)
    for url in (reverse("my_application"), reverse("my_application_detail", args=[application.pk])):
        page = client.get(url).content.decode()
        assert page.count("<h1") == 1
        assert escape(str(application.state_word().label)) in page
        assert "Ehrliche Rückmeldungen." in page
        assert "Ich habe ein Kind." in page


def test_without_an_application_the_page_is_calm(client: Client) -> None:
    client.force_login(factories.person())
    assert client.get("/me/application/").status_code == 200
    factories.cohort()
    assert b"/apply/" in client.get("/me/application/").content


def test_the_newest_that_stands_is_shown_first(client: Client) -> None:
    standing = mine("submitted")
    other = mine(
        "withdrawn", applicant=standing.applicant, of=factories.cohort("2027/28"), sent_at=NOW
    )
    client.force_login(standing.applicant)
    page = client.get("/me/application/").content.decode()
    assert "2026/27" in page
    assert reverse("my_application_detail", args=[other.pk]) in page


@pytest.mark.parametrize(
    "name",
    ["my_application_detail", "confirm_application", "withdraw_application", "undo_withdrawal"],
)
def test_a1_foreign_and_missing_applications_are_not_found(client: Client, name: str) -> None:
    foreign = mine("submitted")
    for pk in (foreign.pk, uuid.uuid4()):
        client.force_login(factories.person())
        assert client.post(reverse(name, args=[pk])).status_code in (404, 405)
        if name in ("my_application_detail", "withdraw_application"):
            assert client.get(reverse(name, args=[pk])).status_code == 404
    foreign.refresh_from_db()
    assert foreign.state == "submitted"


def test_strangers_are_asked_to_sign_in(client: Client) -> None:
    assert client.get("/me/application/")["Location"].startswith("/account/login/")


def test_withdraw_asks_once_and_can_be_undone(client: Client) -> None:
    application = mine("submitted")
    client.force_login(application.applicant)
    url = reverse("withdraw_application", args=[application.pk])
    assert b'name="withdraw-application"' in client.get(url).content
    application.refresh_from_db()
    assert application.state == "submitted"
    assert client.post(url).status_code == 302
    page = client.get("/me/application/")
    assert b'name="undo-withdrawal"' in page.content
    client.post(reverse("undo_withdrawal", args=[application.pk]))
    application.refresh_from_db()
    assert application.state == "submitted"


def test_confirming_while_signed_in(client: Client) -> None:
    application = mine("unconfirmed")
    client.force_login(application.applicant)
    assert b'name="confirm-application"' in client.get("/me/application/").content
    client.post(reverse("confirm_application", args=[application.pk]))
    application.refresh_from_db()
    assert application.state == "submitted"


def test_a_refusal_is_said_on_the_page(client: Client) -> None:
    application = mine("accepted")
    client.force_login(application.applicant)
    response = client.post(reverse("withdraw_application", args=[application.pk]), follow=True)
    assert b"notice-error" in response.content
    assert client.get(reverse("withdraw_application", args=[application.pk])).status_code == 302


@pytest.mark.parametrize("number", [0, 3])
def test_the_page_costs_the_same_however_many_there_are(
    client: Client, number: int, django_assert_max_num_queries: Any
) -> None:
    application = mine("submitted")
    for index in range(number):
        mine("submitted", applicant=application.applicant, of=factories.cohort(f"20{index}"))
    client.force_login(application.applicant)
    with django_assert_max_num_queries(11):
        client.get(reverse("my_application_detail", args=[application.pk]))


def next_actions(person: Any, now: datetime) -> list[NextAction]:
    return todo.next_actions(without_spare(Application.objects.of(person)), now)


# ── next_actions ─────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("state", STATES)
def test_next_actions_only_where_the_person_has_something_to_do(state: str) -> None:
    application = mine(state)
    found = next_actions(application.applicant, NOW)
    assert bool(found) == (state in ("unconfirmed", "invited", "withdrawn"))
    for next_action in found:
        assert next_action.deadline is not None
        assert next_action.deadline > NOW
        assert next_actions(application.applicant, next_action.deadline) == []


def desk_items(user: Any, now: datetime) -> list[DeskItem]:
    return todo.desk_items([*Cohort.objects.coordinated_by(user)], now)


# ── the desk ─────────────────────────────────────────────────────────────────
def test_the_desk_counts_what_waits_with_its_deadline(django_assert_num_queries: Any) -> None:
    boss = factories.coordinator()
    mine("submitted", sent_at=NOW - timedelta(days=4), decide_by=NOW + timedelta(days=2))
    mine("submitted")
    mine("invited")
    mine("waitlisted")
    mine("accepted")
    mine("submitted", of=factories.cohort("2025/26"))  # not hers
    with django_assert_num_queries(2):  # the cohorts, too
        items = desk_items(boss, NOW)
    assert [(item.count, item.urgent) for item in items] == [(2, True), (1, False)]
    assert all(item.url.startswith("/admin/mentees/application/") for item in items)


def test_an_empty_desk_is_empty() -> None:
    assert desk_items(factories.coordinator(), NOW) == []


def test_c8_a_second_form_to_the_same_cohort_hides_nothing_and_asks_for_nothing(
    client: Client,
) -> None:
    standing = mine("submitted")
    spare = mine("unconfirmed", applicant=standing.applicant, of=standing.cohort)
    spare.sent_at = spare.state_since = NOW + timedelta(hours=1)
    spare.save()
    assert next_actions(standing.applicant, NOW) == []
    client.force_login(standing.applicant)
    shown = client.get("/me/application/").context["application"]
    assert shown == standing
    assert client.get("/me/").context["application"] == standing
    mine("unconfirmed", applicant=standing.applicant, of=factories.cohort("2027/28"))
    assert len(next_actions(standing.applicant, NOW)) == 1, "another cohort's is asked for"


@pytest.mark.parametrize(("state", "verb"), [("unconfirmed", "confirm"), ("submitted", "withdraw")])
def test_c8_pressing_twice_reads_the_same(client: Client, state: str, verb: str) -> None:
    application = mine(state)
    client.force_login(application.applicant)
    url = reverse(f"{verb}_application", args=[application.pk])
    said = [
        [(one.level_tag, str(one)) for one in client.post(url, follow=True).context["messages"]]
        for _press in range(2)
    ]
    assert said[0] == said[1]
    assert said[0][0][0] == "success"


# ── changing the answers ─────────────────────────────────────────────────────
def revised(application: Application, **changes: Any) -> dict[str, Any]:
    """The form filled in; address and consent are not asked again."""
    given = posted(**changes)
    for name in ("form_id", "cohort", "notice", "email", "agree"):
        given.pop(name)
    return given


def test_the_answers_can_be_changed_while_applications_are_taken(client: Client) -> None:
    vocabulary()
    gone = factories.mentor(name="Henrike Osterloh", public=True, profession="Solocellistin")
    application = mine("submitted", of=factories.cohort())
    application.wishes.create(rank=1, mentor=gone)
    Mentor.objects.filter(pk=gone.pk).update(public=False)
    client.force_login(application.applicant)
    url = reverse("revise_application", args=[application.pk])
    assert url in client.get("/me/application/").content.decode()
    page = client.get(url).content.decode()
    assert "Henrike Osterloh, Solocellistin" in page
    assert 'name="email"' not in page
    answer = client.post(
        url,
        opened(client, url)
        | revised(application, goals="Anderes.", wish_1="Henrike Osterloh, Solocellistin"),
    )
    assert answer["Location"] == reverse("my_application_detail", args=[application.pk])
    application.refresh_from_db()
    assert application.goals == "Anderes."
    assert application.wishes.get().mentor == gone


def test_an_answer_that_is_missing_is_said_beside_its_field(client: Client) -> None:
    vocabulary()
    application = mine("in_review", of=factories.cohort())
    client.force_login(application.applicant)
    url = reverse("revise_application", args=[application.pk])
    answer = client.post(url, revised(application, goals="", motivation="Neu."))
    assert answer.status_code == 400
    assert 'id="id_goals_error"' in answer.content.decode()
    assert "Neu." in answer.content.decode()
    application.refresh_from_db()
    assert application.motivation != "Neu."


def test_when_it_is_too_late_to_change_the_page_leads_back_and_a_form_keeps_its_words(
    client: Client,
) -> None:
    vocabulary()
    application = mine("invited", of=factories.cohort())
    client.force_login(application.applicant)
    url = reverse("revise_application", args=[application.pk])
    assert client.get(url)["Location"] == reverse("my_application_detail", args=[application.pk])
    assert url not in client.get("/me/application/").content.decode()
    answer = client.post(url, revised(application, goals="Anderes."))
    assert (answer.status_code, "Anderes." in answer.content.decode()) == (400, True)
    seal = re.search(r'name="form-seal" value="([^"]*)"', answer.content.decode())
    assert seal
    begun = {"form-seal": seal[1], "goals": "Anderes.", "lang": "en"}
    switched = client.post("/language/", begun, follow=True)
    assert (switched.status_code, "Anderes." in switched.content.decode()) == (200, True)
    assert client.get(url).status_code == 302
