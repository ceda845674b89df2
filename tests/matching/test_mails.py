"""The mails of a tandem: complete in both languages, with their own subjects, telling no more than they may."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from matching import actions
from outbox.kinds import mail_kinds
from outbox.markup import load
from outbox.models import OutgoingMail
from outbox.render import render
from tests import factories
from tests.conftest import NOW
from tests.matching.people import a_mentee, a_mentor, as_mentee, as_mentor, office
from tests.outbox.kinds import placeholders

KINDS = [kind for kind in mail_kinds if kind.startswith("tandem-")]
HEAD = {"greeting", "programme", "organisation", "office_email", "office_phone", "signed_by"}
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_letter_mentions_only_announced_facts_and_renders(kind: str, language: str) -> None:
    registered = mail_kinds[kind]
    letter = load("matching", kind, language)
    assert placeholders(letter) <= set(registered.facts) | HEAD
    factories.organisation()
    mail = render(
        registered,
        registered.sample,
        factories.person("Eva Jansson"),
        has_link=False,
        language=language,
    )
    assert "{" not in mail.subject + mail.text
    assert "!" not in mail.subject + mail.text
    assert len(mail.subject) < 120


def test_no_two_kinds_share_a_subject() -> None:
    for language in ("de", "en"):
        subjects = [load("matching", kind, language).subject for kind in KINDS]
        shapes = [re.sub(r"\{[^}]*\}", "…", subject) for subject in subjects]
        assert len(set(shapes)) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_both_languages_announce_the_same_facts(kind: str) -> None:
    german, english = (load("matching", kind, language) for language in ("de", "en"))
    assert placeholders(german) == placeholders(english)
    assert [block.form for block in german.blocks] == [block.form for block in english.blocks]


def test_what_asks_says_until_when_in_its_subject() -> None:
    for kind in (
        "tandem-proposal",
        "tandem-to-approve",
        "tandem-invitation",
        "tandem-reminder-mentee",
        "tandem-reminder-mentor",
        "tandem-question-answered",
    ):
        for language in ("de", "en"):
            assert "{deadline:day}" in load("matching", kind, language).subject


def test_l6_contact_data_leave_with_the_confirmation_and_never_before() -> None:
    by = office()
    tandem = actions.propose_tandem(a_mentee(), a_mentor(), by=by, now=NOW)
    addresses = {tandem.mentee.user.email, tandem.mentor.user.email}
    actions.agree(tandem, by=as_mentee(tandem), now=NOW)
    tandem = actions.approve(tandem, by=by, now=NOW)
    for mail in OutgoingMail.objects.all():
        assert not any(address in str(mail.facts) for address in addresses)
    actions.confirm(tandem, by=as_mentor(tandem), now=NOW)
    with_contact = {
        mail.kind
        for mail in OutgoingMail.objects.all()
        if any(address in str(mail.facts) for address in addresses)
    }
    assert with_contact == {"tandem-confirmed-mentee", "tandem-confirmed-mentor"}


def test_an_address_in_a_mail_can_be_copied() -> None:
    kind = mail_kinds["tandem-confirmed-mentee"]
    mail = render(kind, kind.sample, factories.person(), has_link=False, language="de")
    assert "henrike.osterloh@example.org" in mail.html
    assert "henrike.osterloh@example.org" in mail.text


def test_each_mail_is_in_its_readers_language() -> None:
    by = office()
    mentee, mentor = a_mentee(), a_mentor(fields=("orchestra",))
    mentee.user.language = "en"
    mentee.user.save()
    actions.compute_plan(mentee.cohort, by=by, now=NOW)
    actions.propose_tandem(mentee, mentor, by=by, now=NOW)
    mail = OutgoingMail.objects.get(kind="tandem-proposal")
    assert "Can talk about two of your three topics" in mail.facts["why"]


def test_a_mentor_without_address_gets_no_mail_and_breaks_nothing() -> None:
    tandem = factories.tandem("active", mentee=a_mentee(), mentor=a_mentor())
    tandem.mentor.user = None
    tandem.mentor.save()
    actions.dissolve(tandem, by=office(), now=NOW, reason="…")
    assert OutgoingMail.objects.filter(kind="tandem-dissolved").count() == 1


def test_an_expired_question_leaves_the_right_words() -> None:
    tandem = factories.tandem("mentor_asked", mentee=a_mentee(), mentor=a_mentor())
    factories.coordinator()
    actions.pass_deadlines(NOW + timedelta(days=7))
    office_mail = OutgoingMail.objects.get(kind="tandem-expired-office")
    assert office_mail.facts["silent_mentor"] is True
    kind = mail_kinds["tandem-expired-office"]
    text = render(kind, office_mail.facts, factories.person(), has_link=False, language="de").text
    assert f"{tandem.mentor.name} hat auf die Anfrage zu Leyla Arslan nicht geantwortet" in text
