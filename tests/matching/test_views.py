"""The pages of a tandem for the two in it, and what nobody else sees."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from core.todo import NextAction
from matching import actions, todo
from matching.models import Tandem
from matching.states import HELD, TANDEM
from mentees.models import Mentee
from outbox.models import OutgoingMail
from tests import factories
from tests.conftest import NOW
from tests.matching.people import a_mentee, a_mentor, as_mentee, as_mentor, office
from tests.matching.test_links import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
MINE = "/me/tandem/"


def next_actions(person: Any, now: datetime) -> list[NextAction]:
    return todo.next_actions(
        Tandem.objects.of_members(person, Mentee.objects.of(person).first()), person, now
    )


def page_of(tandem: Tandem) -> str:
    return reverse("matching:tandem", args=[tandem.pk])


def proposed() -> Tandem:
    mentor = a_mentor(about="Ich spiele seit zwanzig Jahren.")
    run = actions.compute_plan(a_mentee(wishes=(mentor,)).cohort, by=office(), now=NOW)
    [row] = run.suggestions.all()
    return actions.propose_tandem(row.mentee, row.mentor, by=office(), now=NOW)


def test_the_mentee_reads_the_proposal_and_agrees(client: Client) -> None:
    tandem = proposed()
    client.force_login(tandem.mentee.user)
    assert client.get(MINE)["Location"] == page_of(tandem)
    page = client.get(page_of(tandem))
    text = " ".join(text_of(page).split())
    for words in (
        "Wir schlagen Ihnen Henrike Osterloh vor",
        "Ich spiele seit zwanzig Jahren.",
        "Das war Ihr eigener Vorschlag.",
        "Bitte antworten Sie bis Dienstag, 22. September 2026",
    ):
        assert words in text
    assert 'name="agree-tandem"' in page.content.decode()
    assert " checked" not in page.content.decode()
    empty = client.post(page_of(tandem), {"agree-tandem": ""})
    assert empty.status_code == 400
    assert Tandem.objects.get().state == "draft"
    client.post(page_of(tandem), {"answer": "agree", "word": "Ich freue mich."})
    found = Tandem.objects.get()
    assert (found.state, found.mentee_word) == ("mentee_agreed", "Ich freue mich.")
    again = client.post(page_of(tandem), {"answer": "decline"})
    assert again.status_code == 302
    assert Tandem.objects.get().state == "mentee_agreed"
    assert "Die Koordination gibt bis" in text_of(client.get(page_of(tandem)))


def test_a_probation_that_is_over_is_not_told_as_one_that_lasts(
    client: Client, clock: time_machine.Traveller
) -> None:
    tandem = factories.tandem(
        "probation", mentee=a_mentee(), mentor=a_mentor(), probation_until=localdate(NOW)
    )
    client.force_login(tandem.mentee.user)
    page = page_of(tandem)
    client.get(page + "?lang=en")
    assert "The trial period lasts until" in text_of(client.get(page))
    clock.move_to(NOW + timedelta(days=1))
    client.force_login(tandem.mentee.user)
    over = text_of(client.get(page))
    assert "The trial period lasts until" not in over
    assert "The trial period ended on" in over


def test_the_deadline_of_the_coordinators_is_not_told_as_one_of_an_answer(client: Client) -> None:
    tandem = factories.tandem(
        "mentee_agreed", mentee=a_mentee(), mentor=a_mentor(), answer_by=NOW + timedelta(days=7)
    )
    client.force_login(tandem.mentee.user)
    assert "Antwort bis" not in text_of(client.get(page_of(tandem)))


def test_no_score_no_rank_and_no_weak_point_for_the_mentee(client: Client) -> None:
    tandem = proposed()
    client.force_login(tandem.mentee.user)
    text = text_of(client.get(page_of(tandem)))
    assert "Schwächster Punkt" not in text
    assert f"{tandem.score:.2f}".replace(".", ",") not in text
    assert tandem.mentor.user.email not in text


def test_the_mentee_declines_with_a_word_kept_when_wrong(client: Client) -> None:
    tandem = proposed()
    client.force_login(tandem.mentee.user)
    wrong = client.post(page_of(tandem), {"word": "Wir kennen uns."})
    assert "Wir kennen uns." in wrong.content.decode()
    client.post(page_of(tandem), {"answer": "decline", "word": "Wir kennen uns."})
    assert Tandem.objects.get().state == "declined"
    assert OutgoingMail.objects.filter(kind="tandem-proposal-declined").exists()
    assert not OutgoingMail.objects.filter(recipient=tandem.mentor.user).exists()


def test_after_the_deadline_the_form_is_gone(client: Client, clock: time_machine.Traveller) -> None:
    tandem = proposed()
    client.force_login(tandem.mentee.user)
    clock.move_to(NOW + timedelta(days=7))
    assert 'name="agree-tandem"' not in client.get(page_of(tandem)).content.decode()
    assert client.post(page_of(tandem), {"answer": "agree"}).status_code == 302
    assert Tandem.objects.get().state == "draft"


def test_the_mentor_answers_signed_in_too(client: Client) -> None:
    tandem = factories.tandem("mentor_asked", mentee=a_mentee(), mentor=a_mentor())
    client.force_login(tandem.mentor.user)
    assert client.get(MINE)["Location"] == page_of(tandem)
    page = client.get(page_of(tandem))
    assert "Möchten Sie" in text_of(page)
    assert tandem.mentee.user.email not in text_of(page)
    client.post(page_of(tandem), {"answer": "confirm"})
    assert Tandem.objects.get().state == "confirmed"
    after = client.get(page_of(tandem))
    assert tandem.mentee.user.email in text_of(after)
    assert 'name="undo-tandem"' in after.content.decode()
    client.post(page_of(tandem), {"answer": "undo"})
    assert Tandem.objects.get().state == "mentor_asked"


def test_a_mentor_without_a_free_place_is_not_told_to_decide() -> None:
    tandem = factories.tandem("mentor_asked", mentee=a_mentee(), mentor=a_mentor(capacity=1))
    mentor = tandem.mentor
    assert len(next_actions(mentor.user, NOW)) == 1
    type(mentor).objects.filter(pk=mentor.pk).update(held=1)
    assert next_actions(mentor.user, NOW) == []


def test_the_question_is_not_called_optional_beside_the_answer_that_needs_it(
    client: Client,
) -> None:
    tandem = factories.tandem("mentor_asked", mentee=a_mentee(), mentor=a_mentor())
    client.force_login(tandem.mentor.user)
    page = client.get(page_of(tandem)).content.decode()
    label = re.search(r'<label class="form-label" for="id_question">(.*?)</label>', page)
    assert label is not None
    assert label[1].strip() == "Ihre Frage"


@pytest.mark.parametrize("state", sorted(TANDEM.states))
@pytest.mark.parametrize("who", ["mentee", "mentor", "stranger", "coordinator", "nobody"])
def test_a1_only_the_two_read_it_and_the_mentor_once_asked(
    client: Client, who: str, state: str
) -> None:
    tandem = factories.tandem(
        state,
        mentee=a_mentee(),
        mentor=a_mentor(),
        approved_at=None if state in ("draft", "mentee_agreed", "approved") else NOW,
        answered_at=NOW if state in HELD else None,
    )
    user: Any = {
        "mentee": tandem.mentee.user,
        "mentor": tandem.mentor.user,
        "stranger": factories.person(),
        "coordinator": factories.person(is_staff=False),
        "nobody": None,
    }[who]
    if user is not None:
        client.force_login(user)
    page = client.get(page_of(tandem))
    hidden = who == "mentor" and state in ("draft", "mentee_agreed", "approved")
    if who == "nobody":
        assert page.status_code == 302
        assert "/account/login/" in page["Location"]
    elif who in ("stranger", "coordinator") or hidden:
        assert page.status_code == 404
        assert client.post(page_of(tandem), {"answer": "confirm"}).status_code == 404
    else:
        assert page.status_code == 200
        partner = tandem.mentor.user if who == "mentee" else tandem.mentee.user
        # contact data only while the tandem holds
        assert (partner.email in text_of(page)) == (state in HELD)
    assert Tandem.objects.get().state == state


def test_a_mentor_who_was_never_asked_learns_nothing(client: Client) -> None:
    tandem = proposed()
    actions.decline_proposal(tandem, by=as_mentee(tandem), now=NOW)
    client.force_login(tandem.mentor.user)
    assert client.get(page_of(tandem)).status_code == 404
    assert "Noch gibt es kein Tandem." in text_of(client.get(MINE))


def test_somebody_with_several_gets_a_list_in_as_many_queries(client: Client) -> None:
    mentor = a_mentor(capacity=20)
    for number in range(2):
        factories.tandem("active", mentor=mentor, mentee=a_mentee(f"Mentee {number}"))
    client.force_login(mentor.user)
    client.get(MINE)
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(MINE).status_code == 200
        counts.append(len(captured))
        for number in range(8):
            factories.tandem("active", mentor=mentor, mentee=a_mentee(f"Weitere {number}"))
    assert counts[0] == counts[1]


def test_next_actions_say_what_is_theirs_to_do_and_until_when() -> None:
    tandem = proposed()
    [next_action] = next_actions(tandem.mentee.user, NOW)
    assert (next_action.deadline, next_action.url) == (tandem.answer_by, page_of(tandem))
    assert next_actions(tandem.mentor.user, NOW) == []
    assert next_actions(tandem.mentee.user, NOW + timedelta(days=8)) == []
    actions.agree(tandem, by=as_mentee(tandem), now=NOW)
    tandem = actions.approve(tandem, by=office(), now=NOW)
    [next_action] = next_actions(tandem.mentor.user, NOW)
    assert next_action.deadline == tandem.answer_by
    actions.confirm(tandem, by=as_mentor(tandem), now=NOW)
    assert next_actions(tandem.mentor.user, NOW) == next_actions(tandem.mentee.user, NOW) == []


def test_the_next_action_stands_on_the_home_page(client: Client) -> None:
    tandem = proposed()
    client.force_login(tandem.mentee.user)
    page = client.get("/me/")
    assert 'data-action="answer-proposal"' in page.content.decode()
