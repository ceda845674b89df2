"""Start, information and legal pages."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from mentoring.public import schedule
from programme.models import CareerField, Cohort, PageText
from programme.vocabulary import ensure_vocabulary
from tests import factories as make

pytestmark = pytest.mark.django_db
PAGES = (
    "/",
    "/about/mentees/",
    "/about/mentors/",
    "/about/matching/",
    "/imprint/",
    "/privacy/",
    "/accessibility/",
    "/contact/received/",
)


@pytest.fixture(autouse=True)
def _today(now: datetime) -> object:
    with time_machine.travel(now, tick=False):
        yield


def _start(client: Client) -> str:
    return client.get("/", headers={"Accept-Language": "en"}).content.decode()


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("page", [*PAGES, "/contact/"])
def test_every_page_has_one_h1_and_no_open_fact(page: str, language: str, client: Client) -> None:
    make.cohort()
    ensure_vocabulary()
    response = client.get(page, headers={"Accept-Language": language})
    text = response.content.decode()
    assert response.status_code == 200
    assert text.count("<h1") == 1
    assert f'<html lang="{language}"' in text
    assert "{" not in text


@pytest.mark.parametrize("page", [*PAGES, "/contact/"])
def test_every_page_opens_on_an_empty_system(page: str, client: Client) -> None:
    assert client.get(page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_a_fresh_visit_sets_no_cookie(page: str, client: Client) -> None:
    make.cohort()
    assert not client.get(page).cookies


def test_the_next_action_stands_while_applications_are_open(client: Client, now: datetime) -> None:
    make.cohort(applications_close_at=now + timedelta(days=3))
    text = _start(client)
    assert "Apply by Friday, 18 September" in text
    assert text.count('data-action="start-application"') == 1


@pytest.mark.parametrize("opens", [-60, 20])
def test_without_an_open_window_there_is_no_next_action_and_the_page_says_so(
    opens: int, client: Client, now: datetime
) -> None:
    make.cohort(
        applications_open_at=now + timedelta(days=opens),
        applications_close_at=now + timedelta(days=opens + 10),
    )
    text = _start(client)
    assert "start-application" not in text
    assert ("Applications open on" if opens > 0 else "Applications are closed.") in text
    assert ("Monday, 5 October 2026" in text) == (opens > 0)


def test_the_second_after_the_window_the_next_action_is_gone(client: Client, now: datetime) -> None:
    make.cohort(applications_close_at=now)
    assert "start-application" not in _start(client)


def test_who_is_signed_in_is_led_to_their_area(client: Client) -> None:
    make.cohort()
    client.force_login(make.person(language="en"))
    text = client.get("/").content.decode()
    assert "start-application" not in text
    assert 'href="/me/"' in text


def test_the_course_follows_the_dates_of_the_cohort(client: Client) -> None:
    cohort = make.cohort()
    Cohort.objects.filter(pk=cohort.pk).update(
        talks_from="2026-09-21",
        talks_until="2026-09-30",
        kickoff_on="2026-10-23",
        closing_on="2027-07-02",
        places=31,
    )
    text = _start(client)
    for expected in ("21–30 Sep", "23 Oct", "Oct to Jul", "2 July 2027", "All the tandems"):
        assert expected in text


def test_a_day_of_another_year_says_its_year() -> None:
    autumn, today = date(2027, 10, 23), date(2026, 11, 27)
    with translation.override("de"):
        assert (schedule.short(autumn, today), schedule.month(autumn, today)) == (
            "23. Okt. 2027",
            "Oktober 2027",
        )
        assert (schedule.short(autumn, autumn), schedule.month(autumn, autumn)) == (
            "23. Okt.",
            "Oktober",
        )


def test_what_has_no_date_is_not_promised(client: Client) -> None:
    make.cohort()
    text = _start(client)
    assert "Kick-off" not in text
    assert "Selection interview" not in text


def test_the_next_three_workshops_are_shown(client: Client, now: datetime) -> None:
    for number in range(5):
        make.workshop(title=f"Workshop {number}", starts_at=now + timedelta(days=number + 1))
    make.workshop("draft", title="Noch geheim", starts_at=now + timedelta(hours=1))
    text = _start(client)
    assert [name in text for name in ("Workshop 0", "Workshop 2", "Workshop 3", "Noch geheim")] == [
        True,
        True,
        False,
        False,
    ]


def test_the_start_page_takes_eight_queries_however_much_there_is(client: Client) -> None:
    make.cohort()
    ensure_vocabulary()
    fields = list(CareerField.objects.all())

    def count(number: int) -> int:
        for one in range(number):
            make.workshop()
            make.mentor(public=True, about="Wort").career_fields.add(fields[one % len(fields)])
        with CaptureQueriesContext(connection) as queries:
            _start(client)
        return len(queries)

    assert count(3) == count(20) == 8


@pytest.mark.parametrize(
    ("page", "most"), [("/about/mentees/", 6), ("/imprint/", 3), ("/privacy/", 4)]
)
def test_information_takes_few_queries(page: str, most: int, client: Client) -> None:
    make.cohort()
    with CaptureQueriesContext(connection) as queries:
        client.get(page)
    assert len(queries) <= most


def test_coordinators_words_are_shown(client: Client) -> None:
    PageText.objects.create(
        page="about-matching",
        title_de="Unser Weg",
        title_en="Our way",
        body_de="Anfang <b>fett</b>\n\n## Teil\nWorte",
        body_en="Beginning <b>bold</b>\n\n## Part\nWords",
    )
    text = client.get("/about/matching/", headers={"Accept-Language": "en"}).content.decode()
    assert "Our way" in text
    assert "&lt;b&gt;bold" in text


def test_a_text_without_headings_does_not_say_its_title_twice(client: Client) -> None:
    body = "Beginning\n\nWords"
    PageText.objects.create(
        page="about-matching", title_de="Weg", title_en="Our way", body_de=body, body_en=body
    )
    text = client.get("/about/matching/", headers={"Accept-Language": "en"}).content.decode()
    assert "<p>Words</p>" in text
    assert re.findall(r"<h[1-6]>Our way</h[1-6]>", text) == ["<h1>Our way</h1>"]


def test_the_imprint_leaves_out_what_nobody_has_entered(client: Client) -> None:
    organisation = make.organisation()
    text = client.get("/imprint/", headers={"Accept-Language": "en"}).content.decode()
    assert "Represented by" not in text
    organisation.represented_by = "Die Rektorin"
    organisation.save()
    text = client.get("/imprint/", headers={"Accept-Language": "en"}).content.decode()
    assert "Represented by" in text
    assert organisation.office_email in text


def test_the_accessibility_statement_names_the_way_to_complain(client: Client) -> None:
    text = client.get("/accessibility/").content.decode()
    assert "https://www.durchsetzungsstelle.sachsen.de" in text
    assert 'href="/contact/"' in text


def test_the_privacy_page_shows_the_notices_in_force(client: Client, now: datetime) -> None:
    make.notice("mentor")
    later = make.notice("application")
    later.valid_from, later.text_de = now + timedelta(days=1), "Erst morgen"
    later.save()
    text = client.get("/privacy/", headers={"Accept-Language": "de"}).content.decode()
    assert "Hinweis" in text
    assert "Erst morgen" not in text


def test_who_is_signed_in_finds_the_way_out_in_every_public_head(client: Client) -> None:
    person = make.person()
    for path in (*PAGES, "/contact/", "/workshops/", "/mentors/"):
        assert "account/logout" not in client.get(path).content.decode(), path
    client.force_login(person)
    for path in (*PAGES, "/contact/", "/workshops/", "/mentors/", "/me/"):
        head = client.get(path).content.decode().partition("<main")[0]
        assert head.count('action="/account/logout/"') == 1, path


def test_one_german_word_for_signing_out_and_another_for_giving_a_place_back() -> None:
    import polib
    from django.conf import settings

    catalogue = polib.pofile(str(settings.BASE_DIR / "locale/de/LC_MESSAGES/django.po"))
    assert {entry.msgid for entry in catalogue if entry.msgstr == "Abmelden"} == {"Sign out"}


def test_the_start_page_advertises_workshops_with_a_place(client: Client, now: datetime) -> None:
    """Full ones, those with a waiting list and those one can't register for any more come last."""
    begins = now + timedelta(days=10)

    def titled(title: str, days: int, **values: object) -> None:
        make.workshop(
            "published", title=title, starts_at=begins + timedelta(days=days), capacity=2,
            published_at=now, **values,
        )  # fmt: skip

    titled("Voll", 0, taken=2)
    titled("Zu spät", 1, registration_closes_at=now)
    titled("Zweiter", 3)
    titled("Erster", 2, taken=1)
    page = client.get("/").content.decode()
    assert page.index("Erster") < page.index("Zweiter") < page.index("Voll")
    assert "Zu spät" not in page
    titled("Dritter", 4)
    assert "Voll" not in client.get("/").content.decode()
