"""The network on the coordinators' desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backoffice.history import verb_label
from core.audit import Actor
from mentors import actions
from mentors.models import Mentor
from outbox.models import OutgoingMail
from programme.models import Consent
from tests import factories as make
from tests.opened import opened

pytestmark = pytest.mark.django_db
LIST = "/admin/mentors/mentor/"


@pytest.fixture
def desk(staff_client: Callable[[Any], Client]) -> Client:
    return staff_client(make.coordinator())


def _page(mentor: Mentor, *rest: str) -> str:
    return "/".join([f"{LIST}{mentor.pk}", *rest, ""])


def _sheet(**changes: tuple[str, str]) -> dict[str, str]:
    data = {}
    for number in range(1, 6):
        verdict, evidence = changes.get(f"c{number}", ("met", "geprüft"))
        data[f"criterion-{number}-verdict"] = verdict
        data[f"criterion-{number}-evidence"] = evidence
    return data


def test_the_list_says_state_criteria_and_places(desk: Client) -> None:
    make.mentor(name="Henrike Osterloh", capacity=2).career_fields.add(
        make.career_field("orchestra")
    )
    text = desk.get(LIST).content.decode()
    assert "Henrike Osterloh" in text
    assert "5 / 5" in text
    assert "2 / 2" in text
    assert "Orchestra" in text
    assert "state-done" in text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("state__exact=paused", {"Pausiert"}),
        ("places=full", {"Voll"}),
        ("consent=no", {"Pausiert"}),
        ("consent=yes", {"Aktiv", "Voll"}),
        ("q=flöt", {"Aktiv"}),
        ("q=voll", {"Voll"}),
    ],
)
def test_the_list_filters_and_searches(desk: Client, query: str, shown: set[str]) -> None:
    make.mentor(name="Aktiv", profession="Flötistin")
    full = make.mentor(name="Voll")
    Mentor.objects.filter(pk=full.pk).update(held=1)
    make.mentor("paused", name="Pausiert")
    text = desk.get(f"{LIST}?{query}").content.decode()
    assert {name for name in ("Aktiv", "Voll", "Pausiert") if f">{name}<" in text} == shown


def test_the_list_takes_the_same_queries_for_3_and_30_mentors(desk: Client) -> None:
    field = make.career_field("orchestra")
    desk.get(LIST)  # the session's first page writes what the others read

    def count(number: int) -> int:
        while Mentor.objects.count() < number:
            make.mentor().career_fields.add(field)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(LIST).status_code == 200
        return len(queries)

    assert count(3) == count(30)


def test_a_mentor_is_entered_through_the_form(desk: Client) -> None:
    page = desk.post(
        f"{LIST}add/",
        {
            "name": "Henrike Osterloh",
            "email": "OSTERLOH@example.org",
            "language": "de",
            "profession": "Solocellistin",
            "capacity": "2",
            "topics": [str(make.topic("fees").pk)],
        },
    )
    assert page.status_code == 302
    mentor = Mentor.objects.get()
    assert (mentor.user.email, mentor.capacity) == ("osterloh@example.org", 2)
    assert mentor.checks.count() == 5
    assert mentor.topics.count() == 1
    assert desk.get(page["Location"]).status_code == 200


def test_what_belongs_to_a_person_is_not_lost_while_no_address_is_known(desk: Client) -> None:
    """Telephone and salutation are kept with the address; without one they are asked back, not dropped."""
    data = {"name": "Ada", "profession": "Hornistin", "phone": "0341 555", "language": "de"}
    data |= {"capacity": "1", "meetings_a_month": "1", "meeting_format": "both"}
    page = desk.post("/admin/mentors/mentor/add/", data)
    assert set(page.context["adminform"].form.errors) == {"phone"}
    assert "0341 555" in page.content.decode()
    assert desk.post("/admin/mentors/mentor/add/", data | {"phone": ""}).status_code == 302


def test_an_address_that_is_known_elsewhere_waits_like_any_other(desk: Client) -> None:
    """Whoever has it, the same is said: the new mailbox is asked (promise P3)."""
    mentor, other = make.mentor(), make.person("Noah Bergmann")
    said = []
    for email in (other.email, "unbekannt@example.org"):
        data = {"name": mentor.name, "profession": "Solo", "language": "de", "capacity": "1"}
        sent = opened(desk, _page(mentor, "change")) | {**data, "email": email}
        assert desk.post(_page(mentor, "change"), sent).status_code == 302
        mentor.user.refresh_from_db()
        assert mentor.user.new_email == email
        listed = desk.get(LIST).content.decode()
        assert "Die neue Adresse gilt, sobald sie bestätigt ist" in listed
        page = desk.get(_page(mentor, "change")).content.decode()
        assert "Noah Bergmann" not in page
        said.append(f"{email} ist noch nicht bestätigt" in page)
    assert said == [True, True]
    sent = opened(desk, _page(mentor, "change")) | data | {"email": mentor.user.email}
    sent["profession"] = "Bratsche"
    assert desk.post(_page(mentor, "change"), sent).status_code == 302
    assert "Die neue Adresse gilt" not in desk.get(LIST).content.decode()  # nothing new is asked


def test_places_below_what_is_held_are_refused_beside_the_field(desk: Client) -> None:
    mentor = make.mentor(capacity=2)
    Mentor.objects.filter(pk=mentor.pk).update(held=2)
    page = desk.post(
        _page(mentor, "change"),
        {
            "name": "Anders",
            "email": mentor.user.email,
            "language": "de",
            "profession": "Solo",
            "capacity": "1",
        },
    )
    assert page.status_code == 200
    assert page.context["adminform"].form.errors["capacity"]
    mentor.refresh_from_db()
    assert mentor.capacity == 2


def test_a_change_leaves_the_rest_alone(desk: Client) -> None:
    mentor = make.mentor(name="Henrike Osterloh", region="Leipzig")
    page = desk.post(
        _page(mentor, "change"),
        opened(desk, _page(mentor, "change"))
        | {
            "name": "Henrike Osterloh",
            "email": mentor.user.email,
            "language": "en",
            "profession": "Dirigentin",
            "capacity": "1",
            "region": "Leipzig",
        },
    )
    assert page.status_code == 302
    mentor.refresh_from_db()
    assert (mentor.profession, mentor.region, mentor.user.language) == (
        "Dirigentin",
        "Leipzig",
        "en",
    )


def test_the_sheet_saves_each_changed_criterion(desk: Client) -> None:
    mentor = make.mentor("under_review")
    mentor.checks.update(verdict="open", evidence="")
    shown = opened(desk, _page(mentor, "change"))
    page = desk.post(_page(mentor, "change"), shown | _sheet(c4=("open", "")))
    assert page.status_code == 302
    verdicts = dict(mentor.checks.values_list("criterion", "verdict"))
    assert verdicts == {1: "met", 2: "met", 3: "met", 4: "open", 5: "met"}
    assert mentor.checks.get(criterion=1).checked_by is not None
    assert mentor.checks.get(criterion=4).checked_by is None


def test_a_verdict_without_evidence_saves_nothing_and_keeps_what_was_typed(desk: Client) -> None:
    mentor = make.mentor("under_review")
    mentor.checks.update(verdict="open", evidence="")
    sent = opened(desk, _page(mentor, "change")) | {"region": "Halle", "save-criteria": ""}
    sent |= _sheet(c1=("met", "Seit 2009 im Orchester"), c2=("met", " "))
    page = desk.post(_page(mentor, "change"), sent).content.decode()
    assert "Nichts ist gespeichert" in page or "Noch ist nichts gespeichert" in page
    assert "Seit 2009 im Orchester" in page
    assert 'value="Halle"' in page
    assert not mentor.checks.filter(verdict="met").exists()


@pytest.mark.parametrize("wrong", [{"email": "kein-postfach"}, {"criterion-1-evidence": " "}])
def test_what_went_wrong_is_said_above_all_that_can_be_filled_in(
    desk: Client, wrong: dict[str, str]
) -> None:
    """The sheet of criteria fills the first screen: a note below it is not seen by who has just saved."""
    mentor = make.mentor()
    page = desk.post(_page(mentor, "change"), opened(desk, _page(mentor, "change")) | wrong)
    read = page.content.decode()
    [name] = wrong
    link = read.index(f'<a href="#id_{name.removesuffix("evidence")}')
    assert read.index("noch einmal an") < link < read.index("<h1") < read.index('id="criteria"')
    assert 'class="errornote"' not in read


def test_a_refused_form_is_headed_by_the_stored_name(desk: Client) -> None:
    mentor = make.mentor(name="Tobias Wendland")
    sent = opened(desk, _page(mentor, "change")) | {"name": "Niemand", "email": "kein-postfach"}
    read = desk.post(_page(mentor, "change"), sent).content.decode()
    heading = read[read.index("<h1") : read.index("</h1>")]
    assert "Tobias Wendland" in heading
    assert "Niemand" not in read[: read.index('id="criteria"')]
    assert 'value="Niemand"' in read


def test_reopening_a_criterion_on_the_sheet_pauses_and_says_so(desk: Client) -> None:
    mentor = make.mentor()
    sent = opened(desk, _page(mentor, "change")) | {"save-criteria": ""}
    sent |= _sheet(c5=("not_met", "auf Tournee"))
    page = desk.post(_page(mentor, "change"), sent, follow=True)
    mentor.refresh_from_db()
    assert mentor.state == "paused"
    assert len(page.context["messages"]) == 2


def test_making_active_is_refused_with_a_sentence_while_something_is_missing(desk: Client) -> None:
    mentor = make.mentor("under_review")
    page = desk.get(_page(mentor, "do", "activate"))
    assert page.context["problem"]
    page = desk.post(_page(mentor, "do", "activate"))
    assert page.status_code == 400
    mentor.refresh_from_db()
    assert mentor.state == "under_review"
    mentor.checks.update(verdict="met")
    make.consent(mentor.user)
    page = desk.get(_page(mentor, "do", "activate"))
    assert len(page.context["previews"]) == 1
    assert not OutgoingMail.objects.exists()
    assert desk.post(_page(mentor, "do", "activate")).status_code == 302
    mentor.refresh_from_db()
    assert mentor.state == "active"
    assert OutgoingMail.objects.get().kind == "mentor-welcome"


def test_consent_is_asked_for_recorded_and_withdrawn_on_the_desk(desk: Client) -> None:
    make.notice("mentor")
    mentor = make.mentor("under_review")
    page = desk.get(_page(mentor, "do", "ask-for-consent"))
    assert len(page.context["previews"]) == 1
    assert desk.post(_page(mentor, "do", "ask-for-consent")).status_code == 302
    assert desk.post(_page(mentor, "do", "record-consent"), {"how": ""}).status_code == 400
    assert desk.post(_page(mentor, "do", "record-consent"), {"how": "Brief"}).status_code == 302
    assert mentor.user.consents.get().how == "Brief"
    text = desk.get(_page(mentor, "change")).content.decode()
    assert "withdraw-consent" in text
    assert "ask-for-consent" not in text
    assert desk.post(_page(mentor, "do", "withdraw-consent")).status_code == 302
    assert mentor.user.consents.get().withdrawn_at


def test_the_consent_on_the_page_is_the_one_as_a_mentor(desk: Client) -> None:
    """Who applied as a mentee consented to that, which says nothing about the network."""
    mentor = make.mentor("under_review")
    make.consent(mentor.user, "application")
    assert desk.get(_page(mentor, "change")).context["consent_events"]["latest"] is None
    make.consent(mentor.user, given_at=make.NOW - timedelta(days=9))
    shown = desk.get(_page(mentor, "change")).context["consent_events"]["latest"]
    assert shown.notice.purpose == "mentor"


def test_the_page_of_every_state_opens_with_its_verbs(desk: Client) -> None:
    for state in Mentor.TABLE.states:
        mentor = make.mentor(state)
        page = desk.get(_page(mentor, "change"))
        assert page.status_code == 200
        offered = {one["verb"] for one in page.context["object_actions"]}
        assert {one.verb for one in mentor.verbs()} <= offered


def test_the_history_is_told_in_words(desk: Client) -> None:
    mentor = make.mentor("under_review")
    shown = opened(desk, _page(mentor, "change"))
    desk.post(_page(mentor, "change"), shown | _sheet(c5=("not_met", "auf Tournee")))
    text = desk.get(_page(mentor, "history")).content.decode()
    assert "check_criterion" not in text
    assert "Katrin Behrend" in text


@pytest.mark.parametrize(
    ("role", "given", "withdrawn"),
    [
        ("mentor", "hat eingewilligt", "hat die Einwilligung widerrufen"),
        (
            "coordinator",
            "hat die Einwilligung festgehalten",
            "hat den Widerruf der Einwilligung festgehalten",
        ),
    ],
)
def test_a_consent_is_told_as_given_by_its_person_and_as_recorded_by_the_office(
    desk: Client, role: str, given: str, withdrawn: str
) -> None:
    make.notice("mentor")
    mentor = make.mentor("under_review")
    who = mentor.user if role == "mentor" else make.coordinator()
    by = Actor.person(who, role)
    actions.record_consent(mentor, by=by, now=make.NOW)
    actions.withdraw_consent(mentor, by=by, now=make.NOW)
    history = desk.get(_page(mentor, "history")).content.decode()
    trail = desk.get("/admin/audit/auditevent/").content.decode()
    for verb, label in (("give", given), ("withdraw", withdrawn)):
        assert label in history
        assert label in trail
        assert verb_label(verb, Consent, role) == label


def test_a1_strangers_see_nothing(client: Client) -> None:
    mentor = make.mentor()
    for address in (LIST, _page(mentor, "change"), _page(mentor, "change")):
        assert client.get(address).status_code in (302, 404)
    client.force_login(mentor.user)
    for address in (LIST, _page(mentor, "change"), _page(mentor, "do", "retire")):
        assert client.get(address).status_code in (302, 403, 404)


def test_making_active_is_the_main_button_once_nothing_is_missing(desk: Client) -> None:
    mentor = make.mentor("under_review")

    def main() -> list[str]:
        verbs = desk.get(_page(mentor, "change")).context["object_actions"]
        return [one["verb"] for one in verbs if one["primary"]]

    assert main() == []
    make.consent(mentor.user)
    mentor.checks.update(verdict="met")
    assert main() == ["activate"]


@pytest.mark.django_db(transaction=True)
def test_c4_two_who_enter_the_same_mentor_at_once_are_told_in_a_sentence(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second reads, when begun again, what the first wrote meanwhile."""
    enter, begun = actions.enter_mentor, []

    def another_was_faster(**given: Any) -> Mentor:
        begun.append(given)
        if len(begun) == 1:
            raise IntegrityError("UNIQUE constraint failed: mentors_mentor.user_id")
        return enter(**given)

    monkeypatch.setattr(actions, "enter_mentor", another_was_faster)
    data = {"name": "Ada Falk", "profession": "Hornistin", "email": "ada@example.org"}
    data |= {"language": "de", "capacity": "1", "meetings_a_month": "1"}
    assert desk.post("/admin/mentors/mentor/add/", data).status_code == 302
    assert len(begun) == 2
    again = desk.post("/admin/mentors/mentor/add/", data)
    assert again.status_code == 200
    assert 'id="id_email_error"' in again.content.decode()
    assert Mentor.objects.filter(name="Ada Falk").count() == 1
