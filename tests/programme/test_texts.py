"""The words of the public pages and the facts in them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import translation

from programme.facts import (
    NAMES,
    current_cohort,
    facts,
    in_words,
    semesters,
)
from programme.models import PageText
from programme.texts import (
    PAGES,
    compose,
    ours,
    placeholders,
    texts,
)
from programme.vocabulary import ensure_vocabulary
from tests import factories as make
from tests.corpus import TEMPLATES


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_our_words_exist_and_mention_only_facts_that_exist(page: str, language: str) -> None:
    title, body = ours(page, language)
    assert title
    assert body
    assert placeholders(title + body) <= set(NAMES)


@pytest.mark.parametrize("page", PAGES)
def test_german_and_english_have_the_same_parts(page: str) -> None:
    german, english = (ours(page, language)[1] for language in ("de", "en"))
    assert german.count("\n## ") == english.count("\n## ")
    assert placeholders(german) == placeholders(english)
    assert "!" not in german + english


def test_a_text_is_a_lead_and_parts() -> None:
    text = compose(
        "Titel", "Anfang\nzweite Zeile\n\n## Teil\nAbsatz\n\n- eins\n- zwei\n\n> groß", {}
    )
    assert (text.title, text.lead) == ("Titel", "Anfang zweite Zeile")
    assert [part.heading for part in text.parts] == ["Teil"]
    assert text.parts[0].body == (
        '<p>Absatz</p>\n<ul><li>eins</li><li>zwei</li></ul>\n<p class="statement">groß</p>'
    )


def test_a_line_whose_fact_is_missing_is_left_out() -> None:
    text = compose("T", "## Teil\n- {places} Plätze\n- kostenlos\n\n## Leer\n{address}", {})
    assert [part.heading for part in text.parts] == ["Teil"]
    assert text.parts[0].body == "<ul><li>kostenlos</li></ul>"


def test_p8_facts_are_escaped_and_put_in_once() -> None:
    text = compose("T", "## A\n{organisation}", {"organisation": "<b>{places}</b>", "places": "25"})
    assert text.parts[0].body == "<p>&lt;b&gt;{places}&lt;/b&gt;</p>"


def test_links_lead_to_our_pages_or_by_https_alone() -> None:
    body = (
        compose("T", "## A\n[da](/apply/) [x](javascript:alert(1)) https://a.example/x.", {})
        .parts[0]
        .body
    )
    assert '<a href="/apply/">da</a>' in body
    assert 'href="javascript' not in body
    assert '<a href="https://a.example/x">https://a.example/x</a>.' in body


def test_an_address_is_a_link_by_itself() -> None:
    body = compose("T", "## A\nan {office_email}.", {"office_email": "buero@hochschule.example"})
    assert 'href="mailto:buero@hochschule.example"' in body.parts[0].body


@pytest.mark.parametrize("value", TEMPLATES)
def test_p8_hostile_words_stay_words(value: str) -> None:
    body = compose("T", f"## A\n{value}", {}).parts
    assert all("<script" not in part.body for part in body)


@pytest.mark.django_db
def test_every_figure_is_the_cohorts_own() -> None:
    cohort = make.cohort(places=31, workshop_hours=90, meetings_a_month=2, credit_points=5)
    with translation.override("de"):
        known = facts(cohort, make.organisation())
    assert (known["places"], known["workshop_hours"], known["credit_hours"]) == ("31", "90", "45")
    assert known["organisation"] == "Hochschule für Musik und Theater"
    assert "address" not in known


@pytest.mark.django_db
def test_who_may_apply_comes_from_the_vocabulary() -> None:
    ensure_vocabulary()
    with translation.override("en"):
        known = facts(None, None, vocabulary=True)
    assert known["departments"] == "eleven"
    assert known["excluded"] == "Acting, Teacher training, Double major and Erasmus"
    assert known["recommended"].startswith("Bachelor of Music and Bachelor of Arts from semester 5")


@pytest.mark.django_db
def test_the_coordinators_words_stand_in_place_of_ours(django_assert_num_queries: object) -> None:
    PageText.objects.create(
        page="imprint", title_de="Unser Impressum", title_en="", body_de="Worte", body_en=""
    )
    with django_assert_num_queries(1), translation.override("en"):  # type: ignore[operator]
        found = texts(("imprint", "privacy"), {})
    assert found["imprint"].title == "Unser Impressum"
    assert found["privacy"].title == "Privacy"


@pytest.mark.django_db
def test_the_pages_speak_of_the_cohort_that_takes_applications() -> None:
    now = make.NOW
    past = make.cohort("2024/25", starts_on=date(2024, 10, 1), ends_on=date(2025, 7, 31),
                       applications_open_at=now - timedelta(days=800),
                       applications_close_at=now - timedelta(days=750))  # fmt: skip
    assert current_cohort(now) == past
    running = make.cohort("2025/26", starts_on=date(2025, 10, 1), ends_on=date(2026, 9, 30),
                          applications_open_at=now - timedelta(days=450),
                          applications_close_at=now - timedelta(days=400))  # fmt: skip
    assert current_cohort(now) == running
    coming = make.cohort("2027/28", starts_on=date(2027, 10, 1), ends_on=date(2028, 7, 31),
                         applications_open_at=now + timedelta(days=300),
                         applications_close_at=now + timedelta(days=330))  # fmt: skip
    assert current_cohort(now) == coming
    taking = make.cohort()
    assert current_cohort(now) == taking
    assert semesters(taking) == 2


def test_small_numbers_are_words() -> None:
    with translation.override("en"):
        assert [in_words(number) for number in (2, 12, 13)] == ["two", "twelve", "13"]
