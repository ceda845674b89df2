"""Every mail of the app, in both languages; and what is declared about every field."""

from __future__ import annotations

import pytest
from django.apps import apps

from core.privacy import personal_data
from outbox import markup
from outbox.kinds import mail_kinds
from outbox.render import render
from tests import corpus, factories
from tests.outbox.kinds import placeholders

KINDS = [kind for kind in mail_kinds if mail_kinds[kind].app == "mentees"]
LETTERHEAD = {"greeting", "programme", "organisation", "office_email", "office_phone", "signed_by"}


def test_nine_kinds() -> None:
    assert len(KINDS) == 9


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_letters_use_announced_facts_and_only_those(kind: str, language: str) -> None:
    letter = markup.load("mentees", kind, language)
    used = placeholders(letter) - LETTERHEAD
    announced = set(mail_kinds[kind].facts)
    assert used <= announced
    assert announced - used <= {"url"}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_letters_read_whole(kind: str, language: str) -> None:
    factories.organisation()
    known = mail_kinds[kind]
    mail = render(
        known,
        known.sample,
        factories.person("Leyla Arslan", language=language),
        has_link=kind == "application-confirm",
    )
    assert len(mail.subject) <= 100
    assert "{" not in mail.subject + mail.text
    assert "!" not in mail.text


@pytest.mark.django_db
@pytest.mark.parametrize("text", [*corpus.NAMES, *corpus.HEADERS, "www.evil.example/login"])
def test_p8_hostile_names_stay_words(text: str) -> None:
    known = mail_kinds["application-arrived"]
    facts = {**known.sample, "name": text}
    mail = render(known, facts, factories.person(text[:150]), has_link=False)
    assert "\n" not in mail.subject
    assert "evil.example/login" not in mail.html.split("</title>")[1]
    assert "<b>x</b>" not in mail.html


@pytest.mark.django_db
def test_p8_the_mail_to_an_unproven_address_holds_nothing_somebody_typed() -> None:
    assert set(mail_kinds["application-confirm"].facts) == {"cohort", "confirm_until"}


@pytest.mark.parametrize(
    "model", [one.__name__ for one in apps.get_app_config("mentees").get_models()]
)
def test_p13_every_field_is_declared(model: str) -> None:
    fields = {
        field.name
        for field in apps.get_model("mentees", model)._meta.get_fields()
        if getattr(field, "concrete", False)
    }
    assert set(personal_data[f"mentees.{model}"]) == fields


@pytest.mark.django_db
def test_an_invitation_seen_before_the_place_is_known_names_none() -> None:
    known = mail_kinds["application-invited"]
    facts = {**known.sample, "talk_place": ""}
    mail = render(known, facts, factories.person(), has_link=False, language="de")
    assert "Wo:" not in mail.text
    assert "Wo: Grassi" in render(known, known.sample, factories.person(), has_link=False).text
