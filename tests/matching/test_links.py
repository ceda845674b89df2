"""The mentor's link in every state, and what it never does (promises L1 to L6)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.translation import override

from core.audit.models import AuditEvent
from core.links.actions import issue, token_of
from core.links.models import ActionLink
from matching import actions
from matching.models import Tandem
from matching.states import TANDEM
from mentees import actions as mentees
from mentors import actions as mentors
from mentors.models import Mentor
from outbox.models import OutgoingMail
from tests import factories
from tests.accounts.helpers import confirm_new_address, move
from tests.conftest import NOW
from tests.matching.people import a_mentee, a_mentor, as_mentee, as_mentor, office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

LINK_STATES = ("open", "used", "expired", "replaced", "withdrawn", "unknown")


def asked(capacity: int = 1, **words: Any) -> tuple[Tandem, str]:
    """A tandem whose mentor was asked just now, and the path of the link."""
    by = office()
    mentee = a_mentee(words_for_mentor="Ich suche ein ehrliches Wort.", **words)
    mentee.user.phone = "+49 341 111 22 33"
    mentee.user.save()
    mentor = a_mentor(capacity=capacity)
    tandem = actions.propose_tandem(mentee, mentor, by=by, now=NOW)
    actions.agree(tandem, by=as_mentee(tandem), now=NOW)
    tandem = actions.approve(tandem, by=by, now=NOW)
    return tandem, path_of(tandem)


def path_of(tandem: Tandem) -> str:
    link = actions.live_link(tandem)
    assert link is not None
    return f"/l/{token_of(link)}/"


def fresh(tandem: Tandem) -> Tandem:
    return Tandem.objects.get(pk=tandem.pk)


def text_of(response: Any) -> str:
    body = re.sub(r"<(style|script)[^>]*>.*?</\1>", " ", response.content.decode(), flags=re.S)
    return unescape(re.sub(r"<[^>]+>", " ", body))


def test_l2_a_no_can_not_be_changed_once_the_mentee_has_left(client: Client) -> None:
    tandem, path = asked()
    client.post(path, {"answer": "decline"})
    assert "Antwort zurücknehmen" in text_of(client.get(path))
    mentees.leave(tandem.mentee, by=office(), now=NOW)
    assert "Antwort zurücknehmen" not in text_of(client.get(path))
    client.post(path, {"answer": "undo"})
    assert fresh(tandem).state == "declined"


@pytest.mark.parametrize(("last_day", "told"), [(15, True), (14, False)])
def test_a_probation_that_is_over_is_not_promised_any_more(
    client: Client, last_day: int, told: bool
) -> None:
    """Who is asked late in the cohort, after the day it plans, has no probation."""
    factories.cohort(probation_until=date(2026, 9, last_day))
    tandem, path = asked()
    assert ("Probezeit" in text_of(client.get(path))) is told
    client.post(path, {"answer": "confirm"})
    assert ("Probezeit" in text_of(client.get(path))) is told
    mail = OutgoingMail.objects.get(kind="tandem-confirmed-mentor")
    assert mail.facts["probation_until"] == ("2026-09-15" if told else "")
    tandem = fresh(tandem)
    begun = actions.begin(tandem, by=office(), now=NOW + timedelta(hours=73))
    assert begun.state == "active"
    assert begun.probation_ahead(NOW.date()) is None


# ── the answers ──────────────────────────────────────────────────────────────
def test_the_mentor_reads_what_is_needed_and_accepts(client: Client) -> None:
    tandem, path = asked()
    page = client.get(path)
    text = " ".join(text_of(page).split())
    assert page.status_code == 200
    for words in ("Leyla Arslan", "Violoncello", "Ich suche ein ehrliches Wort.", "Unbezahlt"):
        assert words in text
    assert "25. September 2026" in text  # the deadline both sides see
    assert 'value="confirm"' in page.content.decode()
    answer = client.post(path, {"answer": "confirm", "word": "Sehr gern."}, follow=True)
    assert "Sie begleiten" in text_of(answer)
    tandem = fresh(tandem)
    assert (tandem.state, tandem.word_to_office) == ("confirmed", "Sehr gern.")


def test_declining_goes_without_a_reason_and_with_one(client: Client) -> None:
    tandem, path = asked()
    client.post(path, {"answer": "decline", "reason": "Auf Tournee."})
    assert (fresh(tandem).state, fresh(tandem).word_to_office) == ("declined", "Auf Tournee.")
    told = OutgoingMail.objects.get(kind="tandem-declined-mentee")
    assert "Tournee" not in str(told.facts)
    page = text_of(client.get(path))
    assert "Danke, dass Sie darüber nachgedacht haben" in page  # the thanks the form promised
    assert "Sie haben diesmal abgesagt" in page


def test_a_question_first_keeps_the_link_open(client: Client) -> None:
    tandem, path = asked()
    wrong = client.post(path, {"answer": "question"})
    assert wrong.status_code == 400
    assert "Bitte schreiben Sie, was Sie wissen möchten." in text_of(wrong)
    client.post(path, {"answer": "question", "question": "Auch in den Ferien?"})
    assert fresh(tandem).question == "Auch in den Ferien?"
    page = text_of(client.get(path))
    assert "Die Frist ruht" in page
    assert "Auch in den Ferien?" in page
    client.post(path, {"answer": "confirm"})
    assert fresh(tandem).state == "confirmed"


# ── L1: nothing happens by reading ───────────────────────────────────────────
AGENTS: list[dict[str, str]] = [
    {"HTTP_USER_AGENT": ""},
    {"HTTP_USER_AGENT": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
    {"HTTP_USER_AGENT": "SafeLinks"},
    {"HTTP_SEC_PURPOSE": "prefetch"},
    {"HTTP_PURPOSE": "prefetch", "HTTP_X_MOZ": "prefetch"},
]


@pytest.mark.parametrize("headers", AGENTS)
@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_l1_reading_changes_nothing(client: Client, method: str, headers: dict[str, str]) -> None:
    tandem, path = asked()
    mails, events = OutgoingMail.objects.count(), AuditEvent.objects.count()
    getattr(client, method)(path, **headers)
    assert (fresh(tandem).state, fresh(tandem).version) == ("mentor_asked", tandem.version)
    assert (OutgoingMail.objects.count(), AuditEvent.objects.count()) == (mails, events)
    assert ActionLink.objects.get(purpose=actions.INVITATION).used_at is None


def test_l1_the_untouched_form_decides_nothing(client: Client) -> None:
    tandem, path = asked()
    page = client.get(path).content.decode()
    assert not re.search(r'name="answer"[^>]*checked', page)
    answer = client.post(path, {"confirm-tandem": ""})
    assert answer.status_code == 400
    assert "noch ist nichts entschieden" in text_of(answer)
    assert fresh(tandem).state == "mentor_asked"


# ── L2: a wrong answer is taken back without signing in ──────────────────────
@pytest.mark.parametrize("answer", ["confirm", "decline"])
def test_l2_what_a_robot_answered_is_taken_back_by_the_same_link(
    client: Client, clock: time_machine.Traveller, answer: str
) -> None:
    tandem, path = asked()
    client.post(path, {"answer": answer})
    clock.move_to(NOW + timedelta(hours=71))
    page = client.get(path)
    assert 'value="undo"' in page.content.decode()
    client.post(path, {"answer": "undo"})
    assert fresh(tandem).state == "mentor_asked"
    assert Mentor.objects.get().held == 0
    verbs = list(AuditEvent.objects.of(tandem).order_by("at").values_list("verb", "actor_role"))
    assert verbs[-1] == ("undo", "mentor")
    client.post(path, {"answer": "confirm"})
    assert fresh(tandem).state == "confirmed"


def test_l2_after_the_hours_the_page_only_tells(
    client: Client, clock: time_machine.Traveller
) -> None:
    tandem, path = asked()
    client.post(path, {"answer": "confirm"})
    clock.move_to(NOW + timedelta(hours=72))
    assert 'value="undo"' not in client.get(path).content.decode()
    answer = client.post(path, {"answer": "undo"})
    assert answer.status_code == 302
    assert fresh(tandem).state == "confirmed"


# ── L3: the same again ───────────────────────────────────────────────────────
@pytest.mark.parametrize("second", ["confirm", "decline", "question"])
@pytest.mark.parametrize("first", ["confirm", "decline"])
def test_l3_a_second_answer_changes_nothing_and_finds_the_same_page(
    client: Client, first: str, second: str
) -> None:
    tandem, path = asked()
    one = client.post(path, {"answer": first})
    state, mails = fresh(tandem).state, OutgoingMail.objects.count()
    two = client.post(path, {"answer": second, "question": "?"})
    assert (one.status_code, two.status_code) == (302, 302)
    assert (one["Location"], two["Location"]) == (path, path)
    assert fresh(tandem).state == state
    assert OutgoingMail.objects.count() == mails


def test_l3_an_old_tab_with_the_way_back_decides_nothing(client: Client) -> None:
    tandem, path = asked()
    answer = client.post(path, {"answer": "undo"})
    assert (answer.status_code, answer["Location"]) == (302, path)
    assert fresh(tandem).state == "mentor_asked"


# ── C7 on the page ───────────────────────────────────────────────────────────
def test_c7_a_place_that_is_gone_has_a_friendly_page(client: Client) -> None:
    tandem, path = asked()
    factories.tandem("confirmed", mentor=tandem.mentor)
    page = client.get(path)
    assert page.status_code == 410
    assert "nicht mehr frei" in text_of(page)
    answer = client.post(path, {"answer": "confirm"}, follow=True)
    assert answer.status_code == 410
    assert "die Koordination weiß davon" in text_of(answer)
    assert OutgoingMail.objects.filter(kind="tandem-no-place-office").count() == 1
    client.post(path, {"answer": "confirm"})
    assert OutgoingMail.objects.filter(kind="tandem-no-place-office").count() == 1
    Mentor.objects.filter(pk=tandem.mentor_id).update(capacity=2)
    assert 'value="confirm"' in client.get(path).content.decode()


# ── L5: every state of the link × every state of the tandem ──────────────────
def link_in(state: str, tandem: Tandem) -> str:
    """The path of a link in ``state`` about the tandem."""
    link = issue(
        actions.INVITATION,
        tandem,
        tandem.mentor.user,
        now=NOW - timedelta(days=2),
        expires_at=NOW + timedelta(days=8),
    )
    changes: dict[str, dict[str, Any]] = {
        "used": {"used_at": NOW - timedelta(hours=1)},
        "expired": {"expires_at": NOW},
        "replaced": {"closed_at": NOW, "closed_as": "replaced"},
        "withdrawn": {"closed_at": NOW, "closed_as": "withdrawn"},
    }
    if state in changes:
        ActionLink.objects.filter(pk=link.pk).update(**changes[state])
    if state == "unknown":
        return "/l/" + "A" * 43 + "/"
    return f"/l/{token_of(link)}/"


@pytest.mark.parametrize("state", sorted(TANDEM.states))
@pytest.mark.parametrize("link_state", LINK_STATES)
def test_l5_every_cell_is_a_calm_page_in_german(
    client: Client, link_state: str, state: str
) -> None:
    mentee = a_mentee("Leyla Arslan")
    mentee.user.phone = "+49 341 111 22 33"
    mentee.user.save()
    move(mentee.user, "leyla@example.org")
    other = factories.tandem("mentor_asked", mentee=a_mentee("Noah Bergmann"))
    tandem = factories.tandem(
        state,
        mentee=mentee,
        mentor=a_mentor(),
        answered_at=NOW - timedelta(hours=1),
        approved_at=NOW - timedelta(days=2),
    )
    if state in ("draft", "mentee_agreed", "approved", "mentor_asked", "expired"):
        Tandem.objects.filter(pk=tandem.pk).update(answered_at=None)
    path = link_in(link_state, tandem)
    before = (fresh(tandem).state, OutgoingMail.objects.count())
    page = client.get(path, HTTP_ACCEPT_LANGUAGE="de")
    text = text_of(page)
    expected = {"unknown": {404}, "open": {200, 410}, "used": {200, 410}}.get(link_state, {410})
    assert page.status_code in expected
    assert page.content.decode().count("<h1") == 1
    assert 'lang="de"' in page.content.decode()
    assert link_state == "unknown" or "no-store" in page["Cache-Control"]
    for secret in ("leyla@example.org", "+49 341 111 22 33", str(other.mentee), "person"):
        assert secret not in text
    if page.status_code != 200:
        assert "Leyla Arslan" not in text
    # whatever is posted there, it is never an error, and only an open question is decided
    for answer in ("confirm", "undo", "nonsense", ""):
        posted = client.post(path, {"answer": answer})
        assert posted.status_code in {302, 400, 404, 410}
    if state not in ("mentor_asked", "confirmed", "declined") or link_state not in ("open", "used"):
        assert (fresh(tandem).state, OutgoingMail.objects.count()) == before


@pytest.mark.parametrize("state", ["mentor_asked", "confirmed", "declined", "active"])
def test_l6_no_contact_data_on_any_page(client: Client, state: str) -> None:
    tandem, path = asked()
    if state in ("confirmed", "active"):
        actions.confirm(tandem, by=as_mentor(tandem), now=NOW)
    if state == "declined":
        actions.decline(tandem, by=as_mentor(tandem), now=NOW)
    if state == "active":
        actions.pass_deadlines(NOW + timedelta(hours=72))
    text = text_of(client.get(path))
    for secret in (
        tandem.mentee.user.email,
        tandem.mentee.user.phone,
        tandem.mentor.user.email,
        tandem.mentee.application.motivation,
        tandem.mentee.application.goals,
        tandem.mentee.application.expectations,
    ):
        assert secret not in text


def test_l5_after_the_deadline_the_link_tells_and_renews_nothing(
    client: Client, clock: time_machine.Traveller
) -> None:
    tandem, path = asked()
    clock.move_to(tandem.answer_by)
    page = client.get(path)
    assert page.status_code == 410
    assert "abgelaufen" in text_of(page)
    assert "renew-link" not in page.content.decode()
    actions.pass_deadlines(tandem.answer_by)
    assert client.get(path).status_code == 410


def test_l5_a_new_link_revokes_the_old_one(client: Client) -> None:
    tandem, path = asked()
    actions.send_again(tandem, by=office(), now=NOW)
    assert "neueren Link" in text_of(client.get(path))
    assert client.get(path_of(tandem)).status_code == 200


def test_l4_the_link_of_one_tandem_decides_about_no_other(client: Client) -> None:
    tandem, path = asked()
    other = factories.tandem("mentor_asked", mentee=a_mentee("Noah Bergmann"))
    client.post(path, {"answer": "confirm", "tandem": str(other.pk), "object_id": str(other.pk)})
    assert fresh(tandem).state == "confirmed"
    assert fresh(other).state == "mentor_asked"


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_page_speaks_both_languages(client: Client, language: str) -> None:
    _tandem, path = asked()
    with override(language):
        page = client.get(path, HTTP_ACCEPT_LANGUAGE=language)
    heading = {"de": "Möchten Sie", "en": "Would you like to mentor"}[language]
    assert heading in text_of(page)


def test_l5_a_new_address_closes_what_the_former_one_got_and_asks_there(client: Client) -> None:
    tandem, path = asked()
    mentors.change_mentor(tandem.mentor, by=office(), now=NOW, values={"email": "neu@example.org"})
    assert client.get(path).status_code == 200  # until it is confirmed, nothing changes
    confirm_new_address(tandem.mentor.user)
    assert client.get(path).status_code == 410
    again = path_of(tandem)
    assert again != path
    assert client.get(again).status_code == 200
    invitation = OutgoingMail.objects.filter(kind="tandem-invitation", status="planned").get()
    assert invitation.recipient.email == "neu@example.org"
    assert fresh(tandem).answer_by == tandem.answer_by


def test_l5_an_address_corrected_twice_within_seconds_is_asked_at_the_last_one() -> None:
    """No button pressed twice: the second address belongs to another person than the first."""
    tandem, _path = asked()
    Mentor.objects.filter(pk=tandem.mentor_id).update(confirmed_at=None)
    by = office()
    for email in ("erste@example.org", "zweite@example.org"):
        mentors.change_mentor(tandem.mentor, by=by, now=NOW, values={"email": email})
    held = ActionLink.objects.about("tandem-invitation", tandem).live()
    assert [link.holder.email for link in held] == ["zweite@example.org"]


def test_l5_where_a_question_is_open_the_answer_brings_the_link_to_the_new_address(
    client: Client,
) -> None:
    tandem, path = asked()
    actions.ask_question(tandem, by=as_mentor(tandem), now=NOW, question="Auch online?")
    mentors.change_mentor(tandem.mentor, by=office(), now=NOW, values={"email": "neu@example.org"})
    assert client.get(path).status_code == 200  # until it is confirmed, nothing changes
    confirm_new_address(tandem.mentor.user)
    assert client.get(path).status_code == 410
    # Another invitation would have no deadline to name.
    assert OutgoingMail.objects.filter(kind="tandem-invitation").count() == 1
    actions.answer_question(fresh(tandem), by=office(), now=NOW, answer="Ja.")
    assert client.get(path_of(tandem)).status_code == 200


def test_l5_an_answer_cannot_be_taken_back_from_a_former_address(client: Client) -> None:
    tandem, path = asked()
    actions.confirm(tandem, by=as_mentor(tandem), now=NOW)
    mentors.change_mentor(tandem.mentor, by=office(), now=NOW, values={"email": "neu@example.org"})
    assert client.get(path).status_code == 200  # until it is confirmed, nothing changes
    confirm_new_address(tandem.mentor.user)
    assert client.post(path, {"answer": "undo"}).status_code == 410
    assert fresh(tandem).state == "confirmed"
