"""What holds for every kind of mail there is, whichever app brings it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from itertools import combinations

import pytest
from django.utils import translation

from outbox.kinds import mail_kinds
from outbox.markup import PLACEHOLDER, load, path_of
from outbox.render import letterhead_in, render
from tests import factories
from tests.outbox import kinds as probes
from tests.outbox.kinds import placeholders

PROBES = {one.kind for one in probes.KINDS}
KINDS = [mail_kinds[key] for key in mail_kinds if key not in PROBES]
LANGUAGES = ("de", "en")
ALWAYS = {
    "greeting", "programme", "organisation", "office_email", "office_phone", "signed_by",
}  # fmt: skip
FORMS = {"", "day", "date", "datetime", "time", "month", "name", "lines"}


def everything(letter):
    lines = [line for block in letter.blocks for line in block.lines]
    return [letter.subject, letter.preview, *lines]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_every_kind_has_a_letter_that_mentions_only_announced_facts(kind, language):
    assert path_of(kind.app, kind.kind, language).exists()
    letter = load(kind.app, kind.kind, language)
    assert placeholders(letter) <= {*kind.facts, *ALWAYS}
    forms = {m[2] or "" for text in everything(letter) for m in PLACEHOLDER.finditer(text)}
    assert forms <= FORMS
    # An open brace that is no placeholder is a slip of the pen.
    assert not any("{" in PLACEHOLDER.sub("", text) for text in everything(letter))
    assert letter.blocks[0].form == "heading"
    assert len([block for block in letter.blocks if block.form == "button"]) <= 2
    assert not any("!" in text.replace("?!", "") for text in everything(letter))


def test_of_no_cohort_only_mails_of_the_network_and_to_the_office_are_shared():
    assert {kind.app for kind in KINDS if kind.shared} == {"mentors", "public"}
    assert all(kind.shared for kind in KINDS if kind.app in {"mentors", "public"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_a_label_of_its_own_in_both_languages(language):
    with translation.override(language):
        labels = Counter(str(kind.label) for kind in KINDS)
    assert "" not in labels
    assert set(labels.values()) == {1}
    with translation.override("de" if language == "en" else "en"):
        assert not labels.keys() & {str(kind.label) for kind in KINDS}


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_every_kind_renders_with_its_sample(kind, language):
    factories.organisation()
    person = factories.person("Leyla Arslan", language=language)
    for has_link in (True, False):
        mail = render(kind, kind.sample, person, has_link=has_link)
        assert 0 < len(mail.subject) <= 120
        assert mail.language == language
        assert "{" not in mail.subject
        for text in (mail.text, mail.html):
            assert not re.search(r"\bNone\b(?! of)", text)
            assert not re.search(r"\d{4}-\d\d-\d\d", text), "a date nobody wrote out"
        assert len(mail.html) < 100_000  # Gmail cuts what is longer
    if kind.attachments is not None:
        files = kind.attachments(kind.sample, person, datetime.fromisoformat("2026-09-15T10:00Z"))
        # Base64 makes a third more of them; ten megabytes is what most servers take (S15).
        assert sum(len(one.content) for one in files) * 1.37 < 10_000_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_kinds_share_a_subject(language):
    """Elsewhere a third overlook the mail that asks since it looks like the receipt before it."""
    shapes = {}
    for kind in KINDS:
        subject = load(kind.app, kind.kind, language).subject
        shapes[kind.kind] = " ".join(PLACEHOLDER.sub("…", subject).casefold().split())
    for (one, first), (other, second) in combinations(shapes.items(), 2):
        assert first != second, f"{one} and {other}"
        assert re.sub(r"\W+", "", first), f"the subject of {one} is nothing but a fact"


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_finished_subjects_are_the_same(language):
    person, head = factories.person(language=language), None
    subjects: dict[str, str] = {}
    for kind in KINDS:
        head = head or letterhead_in(language)
        subject = render(kind, kind.sample, person, has_link=False, letterhead=head).subject
        assert subject not in subjects, f"{kind.kind} and {subjects.get(subject)}"
        subjects[subject] = kind.kind
