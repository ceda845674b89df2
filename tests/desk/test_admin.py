"""The outbox, people and the audit trail on the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import audit
from core.audit.models import AuditEvent
from outbox.kinds import mail_kinds
from outbox.models import OutgoingMail
from tests import factories as make
from tests.desk.test_page import mail, other_cohort
from tests.opened import opened

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], Client]
OUTBOX = "/admin/outbox/outgoingmail/"


@pytest.fixture
def desk(staff_client: SignIn) -> Client:
    return staff_client(make.coordinator())


def grows(client: Client, path: str, more: Callable[[], object]) -> bool:
    """Whether a page needs more queries with more rows."""
    client.get(path)
    counts = []
    for _more in range(2):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        counts.append(len(seen))
        for _one in range(10):
            more()
    return counts[0] != counts[1]


# ── outbox ───────────────────────────────────────────────────────────────────
def test_the_outbox_tells_what_became_of_a_mail_and_never_what_it_says(desk: Client) -> None:
    row = mail(
        "failed",
        make.cohort(),
        last_error="550 no such user",
        subject="Betreff geheim",
        text="Text geheim",
        facts={"word": "Wort geheim"},
    )
    listed = desk.get(OUTBOX).content.decode()
    shown = desk.get(f"{OUTBOX}{row.pk}/change/").content.decode()
    for text in (listed, shown):
        assert "Anfrage an Mentor_in" in text
        assert "Ruth Zander" in text
        assert "550 no such user" in text
        assert "geheim" not in text


def test_a1_mails_of_other_cohorts_decoys_and_codes_are_not_there(desk: Client) -> None:
    own = mail("sent", make.cohort(), 1)
    shared = mail("sent", None, 2, kind="mentor-welcome")
    foreign = mail("sent", other_cohort(), 3)
    code = mail("sent", None, 4, kind="sign-in-code")
    listed = desk.get(OUTBOX).content.decode()
    assert str(own.pk) in listed
    assert str(shared.pk) in listed
    for hidden in (foreign, code):
        assert str(hidden.pk) not in listed
        assert desk.get(f"{OUTBOX}{hidden.pk}/change/").status_code == 404
        assert desk.get(f"{OUTBOX}{hidden.pk}/do/close/").status_code == 404


def test_the_kind_says_whether_a_mail_of_no_cohort_is_every_coordinators(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = mail("sent", None, kind="mentor-welcome")
    page = f"{OUTBOX}{row.pk}/change/"
    assert desk.get(page).status_code == 200
    alone = replace(mail_kinds["mentor-welcome"], shared=False)
    monkeypatch.setitem(mail_kinds._items, "mentor-welcome", alone)
    assert desk.get(page).status_code == 404


def test_a_failed_mail_is_sent_again_or_closed_through_its_action(desk: Client) -> None:
    again, done = mail("failed", make.cohort(), 1), mail("in_doubt", make.cohort(), 2)
    assert 'data-action="send-again"' in desk.get(f"{OUTBOX}{again.pk}/change/").content.decode()
    assert desk.post(f"{OUTBOX}{again.pk}/do/send-again/").status_code == 302
    assert desk.post(f"{OUTBOX}{done.pk}/do/close/").status_code == 302
    again.refresh_from_db()
    done.refresh_from_db()
    assert again.status == "planned"
    assert (done.status, done.resolved_at is None) == ("in_doubt", False)
    assert set(AuditEvent.objects.values_list("verb", flat=True)) == {"send_again", "close"}
    shown = desk.get(f"{OUTBOX}{done.pk}/change/").content.decode()
    assert "Erledigt am" in shown
    assert 'data-action="close"' not in shown


def test_a6_a_mail_is_found_by_the_name_of_who_is_known_and_by_the_address_of_anybody(
    desk: Client,
) -> None:
    known = make.mentor(name="Henrike Osterloh").user
    unknown = make.person("Gesine Geheim", email="unbekannt@example.org")
    rows = {}
    for number, person in enumerate((known, unknown)):
        rows[person] = mail("sent", None, number, kind="mentor-welcome")
        OutgoingMail.objects.filter(pk=rows[person].pk).update(
            recipient=person, to_address=person.email
        )
    for words, person, found in (
        ("Henrike", known, True),
        ("Gesine", unknown, False),
        ("unbekannt@", unknown, True),
    ):
        listed = desk.get(OUTBOX, {"q": words}).content.decode()
        assert (str(rows[person].pk) in listed) is found, words


def test_looking_at_a_verb_sends_nothing(desk: Client) -> None:
    row = mail("failed", make.cohort())
    assert desk.get(f"{OUTBOX}{row.pk}/do/send-again/").status_code == 200
    row.refresh_from_db()
    assert row.status == "failed"


def test_a_mail_that_was_sent_offers_nothing(desk: Client) -> None:
    row = mail("sent", make.cohort())
    assert 'data-action="send-again"' not in desk.get(f"{OUTBOX}{row.pk}/change/").content.decode()
    assert desk.post(f"{OUTBOX}{row.pk}/do/send-again/").status_code == 400


def test_what_is_to_be_decided_can_be_filtered(desk: Client) -> None:
    waits, settled = mail("failed", make.cohort(), 1), mail("failed", make.cohort(), 2)
    OutgoingMail.objects.filter(pk=settled.pk).update(resolved_at=make.NOW)
    found = desk.get(f"{OUTBOX}?settled=open&status__exact=failed").content.decode()
    assert str(waits.pk) in found
    assert str(settled.pk) not in found


def test_the_lists_need_as_many_queries_with_many_rows(desk: Client) -> None:
    cohort = make.cohort()

    def event() -> None:
        somebody = make.person()
        by = audit.Actor.person(somebody, "mentee")
        audit.record(make.mentor(), "pause", by=by, now=make.NOW, cohort_id=cohort.pk)

    event()
    mail("sent", cohort)
    assert not grows(desk, OUTBOX, lambda: mail("sent", cohort))
    assert not grows(desk, "/admin/audit/auditevent/", event)
    assert not grows(desk, "/admin/accounts/user/", lambda: make.application("submitted"))


# ── people ───────────────────────────────────────────────────────────────────
PEOPLE = "/admin/accounts/user/"


def test_a1_coordinators_see_the_people_of_their_cohorts_and_the_network(desk: Client) -> None:
    mine, mentor = make.mentee(), make.mentor()
    foreign = make.mentee(of=other_cohort())
    nobody = make.person("Niemand Bekanntes")
    listed = desk.get(PEOPLE).content.decode()
    for seen in (mine.user, mentor.user):
        assert seen.email in listed
    for hidden in (foreign.user, nobody):
        assert hidden.email not in listed
        assert desk.get(f"{PEOPLE}{hidden.pk}/change/").status_code == 404


def test_what_a_person_is_called_is_changed_by_an_audited_action(desk: Client) -> None:
    user = make.mentee().user
    sent = {"name": "Leyla  Arslan", "salutation": "Leyla", "language": "en", "phone": ""}
    hack = {"is_staff": "on", "is_superuser": "on", "email": "other@example.org"}
    path = f"{PEOPLE}{user.pk}/change/"
    assert desk.post(path, opened(desk, path) | sent | hack).status_code == 302
    before = user.email
    user.refresh_from_db()
    assert (user.name, user.salutation, user.language) == ("Leyla Arslan", "Leyla", "en")
    assert (user.email, user.is_staff, user.is_superuser) == (before, False, False)
    event = AuditEvent.objects.get()
    assert (event.verb, event.fields) == ("change", ["language", "name", "salutation"])
    assert "Arslan" not in str(event.values)


def test_colleagues_are_read_and_not_written(desk: Client) -> None:
    colleague = make.coordinator(name="Jonas Thiel")
    page = desk.get(f"{PEOPLE}{colleague.pk}/change/").content.decode()
    assert "Jonas Thiel" in page
    assert 'name="salutation"' not in page
    assert desk.post(f"{PEOPLE}{colleague.pk}/change/", {"name": "X"}).status_code == 403


def test_a_word_in_the_language_of_an_address_is_searched_for(desk: Client) -> None:
    user = make.application("submitted", applicant=make.person("Ida Lindqvist")).applicant
    make.application("submitted", applicant=make.person("Paul Richter"))
    found = desk.get(f"{PEOPLE}?q=lindq").content.decode()
    assert user.email in found
    assert "Paul Richter" not in found


# ── audit trail ──────────────────────────────────────────────────────────────
def test_the_trail_is_read_and_never_written(desk: Client) -> None:
    katrin = make.coordinator(name="Mira Falk")
    tandem = make.tandem("confirmed")
    by = audit.Actor.person(katrin, "coordinator")
    values = {"state": "confirmed"}
    event = audit.record(tandem, "confirm", by=by, now=make.NOW, values=values, fields=["state"])
    foreign = audit.record(tandem, "confirm", by=by, now=make.NOW, cohort_id=other_cohort().pk)
    base = "/admin/audit/auditevent/"
    listed = desk.get(base).content.decode()
    assert "Mira Falk" in listed
    assert f"/admin/matching/tandem/{tandem.pk}/change/" in listed
    shown = desk.get(f"{base}{event.pk}/change/").content.decode()
    assert "Stand: bestätigt" in shown
    assert desk.get(f"{base}{foreign.pk}/change/").status_code == 404
    for path in ("add/", f"{event.pk}/delete/"):
        assert desk.get(f"{base}{path}").status_code == 403
    assert desk.post(f"{base}{event.pk}/change/", {"verb": "x"}).status_code == 403
    assert AuditEvent.objects.filter(verb="confirm").count() == 2


def test_a1_events_of_no_cohort_are_read_where_their_object_is(desk: Client) -> None:
    """The network belongs to every coordinator; what was done to an account does not."""
    by = audit.Actor.person(make.person(), "admin")

    def event(obj: Any, verb: str) -> AuditEvent:
        return audit.record(obj, verb, by=by, now=make.NOW)

    shared = event(make.mentor(), "change")
    secret = event(make.person(), "deactivate")
    assert (shared.cohort_id, secret.cohort_id) == (None, None)
    base = "/admin/audit/auditevent/"
    assert desk.get(f"{base}{shared.pk}/change/").status_code == 200
    assert desk.get(f"{base}{secret.pk}/change/").status_code == 404
    listed = desk.get(base).context["cl"].queryset
    assert shared in listed
    assert secret not in listed


def test_a_name_that_is_known_is_not_taken_away(desk: Client) -> None:
    person = make.application("submitted").applicant
    path = f"/admin/accounts/user/{person.pk}/change/"
    page = desk.post(path, {"name": "", "language": "de"})
    assert page.status_code == 200
    assert page.context["adminform"].form.errors["name"]


def test_the_page_of_a_person_leads_to_what_they_are_in_the_programme(desk: Client) -> None:
    part = make.mentee()
    mentor = make.mentor(user=part.user)
    elsewhere = make.application("submitted", of=other_cohort(), applicant=part.user)
    page = desk.get(f"/admin/accounts/user/{part.user_id}/change/").content.decode()
    for path in (
        f"/admin/mentees/application/{part.application_id}/change/",
        f"/admin/mentees/mentee/{part.pk}/change/",
        f"/admin/mentors/mentor/{mentor.pk}/change/",
    ):
        assert path in page
    assert str(elsewhere.pk) not in page


def test_the_outbox_counts_mails(desk: Client) -> None:
    for _number in range(2):
        mail("failed", make.cohort())
    assert "2 E-Mails" in " ".join(desk.get(OUTBOX).content.decode().split())
