"""How times are told: the zone once, a deadline at midnight as the end of the day before."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone, translation

from core.ical import CLOCK_TIME
from core.templatetags.ui import span, until_when
from core.times import last_day, wall_time
from outbox.kinds import mail_kinds
from outbox.markup import END
from outbox.render import render
from tests import factories
from tests.access import matrix, world
from tests.access.matrix import MATRIX
from tests.access.test_matrix import address
from tests.conftest import NOW
from tests.core.links.every_purpose import PURPOSES
from tests.outbox import kinds as probes

pytestmark = pytest.mark.django_db
PROBES = {one.kind for one in probes.KINDS}
KINDS = [mail_kinds[key] for key in mail_kinds if key not in PROBES]
ZONE = {"de": "Alle Uhrzeiten sind Berliner Zeit.", "en": "All times are Berlin time."}
MIDNIGHT = wall_time(datetime(2026, 12, 16).date(), datetime.min.time())


# ── the zone ─────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_mail_with_a_clock_time_names_its_zone_once(language: str) -> None:
    factories.organisation()
    person = factories.person(language=language)
    with_clock = 0
    for kind in KINDS:
        mail = render(kind, kind.sample, person, has_link=False)
        shows = CLOCK_TIME.search(mail.text) is not None
        with_clock += shows
        assert mail.text.count(ZONE[language]) == mail.html.count(ZONE[language]) == shows, (
            kind.kind
        )
    assert 20 < with_clock < len(KINDS)


def words(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html.partition("<main")[2].partition("</main>")[0])


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_page_that_leaves_the_site_names_the_zone_of_its_times_once(
    client: Client, settings: Any, tmp_path: Any, language: str
) -> None:
    """All pages of visitors and participants, the personal links included; not those of the desk."""
    settings.MAIL_URL = tmp_path.as_uri()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    shown = {}
    with time_machine.travel(NOW, tick=False):
        full_world = world.build()
        for role in ("anonymous", "mentee", "mentor", "applicant"):
            if role != "anonymous":
                full_world.people[role].language = language
                full_world.people[role].save()
            world.enter(client, full_world, role)
            for name, page in MATRIX.items():
                if (
                    page.own[role] == "P"
                    and not page.acts
                    and not name.startswith(("admin:", "dev_"))
                ):
                    path = address(name, page, matrix.objects(full_world, page)["own"], full_world)
                    shown[f"{role} {path}"] = client.get(path)
        client.logout()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        from core.links.actions import token_of

        for purpose, make in PURPOSES.items():
            shown[purpose] = client.get(f"/l/{token_of(make())}/")
    counted = 0
    for where, answer in shown.items():
        if not answer.get("Content-Type", "").startswith("text/html"):
            continue
        text = words(answer.content.decode())
        has_clock = CLOCK_TIME.search(text) is not None
        counted += has_clock
        asks = "/propose/" in where or "/offer/" in where
        assert text.count(ZONE[language]) == (has_clock or asks), where
    assert counted > 12


# ── midnight ─────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "day", ["2026-12-16", "2027-03-28", "2027-03-29", "2027-10-31", "2027-11-01"]
)
def test_s12_midnight_is_the_end_of_the_day_before(day: str) -> None:
    """On the days the clocks change, too: midnight in Berlin is at another hour of UTC."""
    date = datetime.fromisoformat(day).date()
    midnight = wall_time(date, datetime.min.time())
    assert last_day(midnight) == (date - timedelta(days=1), True)
    assert last_day(midnight + timedelta(minutes=1)) == (date, False)
    assert last_day(midnight - timedelta(minutes=1)) == (date - timedelta(days=1), False)


@pytest.mark.parametrize(
    ("language", "read"), [("de", "22.30–24\N{NO-BREAK SPACE}Uhr"), ("en", "22:30–midnight")]
)
def test_what_ends_at_midnight_ends_with_its_day(language: str, read: str) -> None:
    start = datetime(2026, 12, 7, 21, 30, tzinfo=UTC)
    with translation.override(language):
        assert span(start, start + timedelta(minutes=90)) == read


def test_a_deadline_reads_as_people_say_it() -> None:
    for language, said in (
        ("de", ["Dienstag, 15. Dezember, 24\N{NO-BREAK SPACE}Uhr", "Dienstag, 15. Dezember 2026, 24\N{NO-BREAK SPACE}Uhr", "24\N{NO-BREAK SPACE}Uhr",
                "Dienstag, 15. Dezember", "Dienstag, 15. Dezember 2026, 24\N{NO-BREAK SPACE}Uhr"]),
        ("en", ["Tuesday, 15 December, midnight", "Tuesday, 15 December 2026, midnight", "midnight",
                "Tuesday, 15 December", "Tuesday, 15 December 2026, midnight"]),
    ):  # fmt: skip
        forms = ["day", "full_day", "clock", "day alone", "moment"]
        with translation.override(language):
            assert [until_when(MIDNIGHT, form) for form in forms] == said
    noon = datetime(2026, 12, 16, 11, tzinfo=UTC)
    with translation.override("de"):
        assert (
            until_when(noon, "moment") == "Mittwoch, 16. Dezember 2026, 12.00\N{NO-BREAK SPACE}Uhr"
        )
        assert until_when(noon, "day") == "Mittwoch, 16. Dezember"
        assert until_when(None) == ""


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_mail_reads_a_deadline_at_midnight_as_a_day_more(language: str) -> None:
    factories.organisation()
    person = factories.person(language=language)
    right = {"de": "15. Dezember", "en": "15 December"}[language]
    wrong = {"de": "16. Dezember", "en": "16 December"}[language]
    seen = 0
    for kind in KINDS:
        ends = {name for name in kind.sample if END.search(name) and _is_moment(kind.sample[name])}
        if not ends:
            continue
        facts = {**kind.sample, **dict.fromkeys(ends, MIDNIGHT.isoformat())}
        mail = render(kind, facts, person, has_link=False)
        assert wrong not in mail.subject + mail.text + mail.html, kind.kind
        seen += right in mail.subject + mail.text
    assert seen > 15


def _is_moment(value: Any) -> bool:
    return isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value) is not None


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_page_reads_the_end_of_applications_at_midnight_as_a_day_more(
    client: Client, settings: Any, language: str
) -> None:
    cohort = factories.cohort(applications_close_at=MIDNIGHT)
    factories.notice()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    right = {
        "de": "Dienstag, 15. Dezember, 24\N{NO-BREAK SPACE}Uhr",
        "en": "Tuesday, 15 December, midnight",
    }[language]
    wrong = {"de": "16. Dez", "en": "16 Dec"}[language]
    with time_machine.travel(NOW, tick=False):
        for path in ("/", "/about/mentees/", "/about/matching/", "/apply/"):
            text = client.get(path).content.decode()
            assert right in text, path
            assert wrong not in text, path
        person = factories.person(language=language)
        factories.application("submitted", cohort, applicant=person)
        client.force_login(person)
        for path in ("/me/", "/me/application/"):
            assert wrong not in client.get(path).content.decode(), path
    later = timezone.make_aware(datetime(2026, 12, 20))
    with time_machine.travel(later, tick=False):
        assert wrong not in client.get("/apply/").content.decode()
