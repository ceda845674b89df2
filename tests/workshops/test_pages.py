"""What visitors, mentees and mentors see and do on the pages of workshops."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.appointments import appointments
from core.todo import NextAction
from outbox.models import OutgoingMail
from tests import factories
from tests.conftest import NOW
from tests.workshops.helpers import BEGINS, OFFICE, add_session, join, leave, mentee, workshop
from workshops import actions, todo
from workshops.models import Registration, Workshop

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_now(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """Pages look at the same clock as the factories."""
    monkeypatch.setattr(timezone, "now", lambda: now)


def next_actions(person: Any, now: datetime) -> list[NextAction]:
    return todo.next_actions(Registration.objects.of(person).with_hours(), now)


def text(client: Client, path: str) -> str:
    answer = client.get(path, headers={"accept-language": "de"})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def address(where: Workshop) -> str:
    return f"/workshops/{where.slug}/"


def post(client: Client, where: Workshop, verb: str) -> Any:
    return client.post(f"{address(where)}{verb}/", headers={"accept-language": "de"})


def test_the_list_shows_what_is_ahead_by_its_next_date(client: Client) -> None:
    later = workshop(title="Danach", starts_at=BEGINS + 7 * DAY)
    series = workshop(title="Reihe", starts_at=NOW - DAY)
    add_session(series, days=1)
    workshop(title="Vorbei", starts_at=NOW - DAY)
    factories.workshop("draft", title="Noch geheim")
    factories.workshop("cancelled", title="Fällt aus", published_at=NOW)
    page = text(client, "/workshops/")
    assert page.index("Reihe") < page.index("Danach")
    assert not any(title in page for title in ("Vorbei", "Noch geheim", "Fällt aus"))
    assert address(later) in page


def test_the_list_has_a_part_for_each_month(client: Client) -> None:
    for title, day in (("Am Ersten", 1), ("Noch im Oktober", 30), ("Im November", 31)):
        workshop(title=title, starts_at=datetime(2026, 10, day, 23, 30, tzinfo=UTC))
    parts = text(client, "/workshops/").split("<h2>")[1:]
    assert [part.split("</h2>")[0] for part in parts] == ["Oktober 2026", "November 2026"]
    assert "Am Ersten" in parts[0]
    assert "Noch im Oktober" in parts[0]
    assert "Im November" in parts[1]  # already the 1st in Berlin
    assert "<span>Sonntag</span> <b>1.</b>" in parts[1]


def test_an_empty_list_says_so(client: Client) -> None:
    assert "Zurzeit ist kein Workshop angekündigt." in text(client, "/workshops/")


def test_the_list_asks_the_same_number_of_questions_for_many(client: Client) -> None:
    client.force_login(mentee())

    def count(number: int) -> int:
        for _one in range(number):
            join(workshop(1))
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/workshops/").status_code == 200
        return len(asked)

    assert count(1) == count(9)


def test_strangers_read_free_or_full_and_no_numbers(client: Client) -> None:
    free, full = workshop(7), workshop(1)
    join(full), join(full), join(full)
    page = text(client, address(free))
    assert "Plätze frei" in page
    assert "von 7" not in page
    assert "register-workshop" not in page
    page = text(client, address(full))
    assert "ausgebucht" in page
    assert "warten" not in page.replace("Warteliste", "")


def test_the_deadline_and_the_way_in_stand_on_the_page(client: Client) -> None:
    where = workshop(
        1, access="https://raum.hochschule.example/x", registration_closes_at=NOW + 3 * DAY
    )
    first, second = join(where), join(where)
    page = text(client, address(where))
    assert "Freitag, 18. September 2026, 12.00 Uhr" in page
    assert "raum.hochschule.example" not in page
    client.force_login(second.person)
    assert "raum.hochschule.example" not in text(client, address(where))
    client.force_login(first.person)
    assert 'href="https://raum.hochschule.example/x"' in text(client, address(where))


def test_a_mentee_registers_and_the_eleventh_reads_the_rank(client: Client) -> None:
    where = workshop(10)
    for _ in range(10):
        join(where)
    client.force_login(mentee())
    assert "Alle Plätze sind vergeben." in text(client, address(where))
    answer = post(client, where, "register")
    assert (answer.status_code, answer["Location"]) == (302, f"{address(where)}#place")
    assert "Warteliste, Platz 1" in text(client, address(where))
    assert "Warteliste, Platz 1" in text(client, "/workshops/")
    assert "Warteliste, Platz 1" in text(client, "/me/")


def test_a_mentor_registers_too(client: Client) -> None:
    where = workshop()
    client.force_login(factories.mentor().user)
    assert "Für den Workshop anmelden" in text(client, address(where))
    assert post(client, where, "register").status_code == 302
    assert Registration.objects.get(workshop=where).state == "confirmed"


def test_who_may_not_register_reads_who_may(client: Client) -> None:
    where = workshop()
    client.force_login(factories.mentee(of=factories.cohort("2025/26")).user)
    page = text(client, address(where))
    assert "Anmelden können sich Mentees des Durchgangs 2026/27" in page
    refused = post(client, where, "register")
    assert refused.status_code == 400
    assert "können sich Mentees des Durchgangs und Mentor_innen anmelden" in str(
        refused.content.decode()
    )
    assert not Registration.objects.exists()


def test_who_is_not_signed_in_is_led_back_after_signing_in(client: Client) -> None:
    where = workshop()
    answer = post(client, where, "register")
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"/account/login/?next=%2Fworkshops%2F{where.slug}%2F")
    assert not Registration.objects.exists()


def test_after_closing_the_page_says_so_and_takes_nobody(client: Client) -> None:
    where = workshop(registration_closes_at=NOW)
    client.force_login(mentee())
    page = text(client, address(where))
    assert "Die Anmeldung zu diesem Workshop ist geschlossen." in page
    assert "register-workshop" not in page
    assert post(client, where, "register").status_code == 400


def test_giving_the_place_back_is_asked_first_and_moves_up_the_next(client: Client) -> None:
    where = workshop(1)
    first, second = join(where), join(where)
    client.force_login(first.person)
    assert "Den Platz zurückgeben?" in text(client, f"{address(where)}cancel/")
    first.refresh_from_db()
    assert first.state == "confirmed"
    assert post(client, where, "cancel").status_code == 302
    second.refresh_from_db()
    assert second.state == "confirmed"
    assert OutgoingMail.objects.filter(
        recipient=second.person, kind="workshop-promotion", status="planned"
    ).exists()
    assert post(client, where, "cancel").status_code == 302  # twice is once


def test_after_the_start_nobody_cancels_on_the_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = workshop()
    one = join(where)
    monkeypatch.setattr(timezone, "now", lambda: BEGINS)
    client.force_login(one.person)
    answer = post(client, where, "cancel")
    assert answer.status_code == 400
    assert "Der Workshop hat schon begonnen." in answer.content.decode()
    one.refresh_from_db()
    assert one.state == "confirmed"


def test_who_moved_up_is_told_on_the_own_page_until_the_start(client: Client) -> None:
    where = workshop(1, title="Honorare verhandeln")
    first, second = join(where), join(where)
    assert next_actions(second.person, NOW) == []
    leave(first, NOW + DAY)
    (next_action,) = next_actions(second.person, NOW + DAY)
    assert (next_action.deadline, next_action.url) == (BEGINS, address(where))
    assert next_actions(second.person, NOW + 9 * DAY) == []
    assert next_actions(first.person, NOW + DAY) == []


def test_a_clash_with_another_workshop_is_told_before_registering(client: Client) -> None:
    one, other = workshop(title="Verträge lesen"), workshop()
    person = mentee()
    join(one, person)
    assert [found.title for found in appointments(person.pk, BEGINS, BEGINS + DAY)]
    client.force_login(person)
    assert "Verträge lesen" in text(client, address(other))


def test_a_cancelled_workshop_keeps_its_page(client: Client) -> None:
    where = workshop()
    one = join(where)
    actions.cancel_workshop(where, by=OFFICE, now=NOW)
    page = text(client, address(where))
    assert "Dieser Workshop wurde abgesagt." in page
    assert "Ihr Platz" not in page
    client.force_login(one.person)
    assert "abgesagt" in text(client, "/me/")


def test_who_registered_and_the_coordinators_alone_read_why_a_workshop_is_cancelled(
    client: Client,
) -> None:
    where, other = workshop(1), workshop()
    with_place, waiting, gone, elsewhere = join(where), join(where), join(where), join(other)
    leave(gone)
    actions.cancel_workshop(where, by=OFFICE, now=NOW, reason="Die Leitung ist erkrankt.")

    def reads(person: Any) -> bool:
        client.logout()
        if person is not None:
            client.force_login(person)
        page = text(client, address(where))
        assert "Dieser Workshop wurde abgesagt" in page
        return "erkrankt" in page

    for told in (with_place.person, waiting.person, gone.person, factories.coordinator()):
        assert reads(told)
    foreign = factories.coordinator(factories.cohort("2027/28"))
    for stranger in (None, elsewhere.person, factories.mentor().user, foreign):
        assert not reads(stranger)


def test_a_draft_has_no_page(client: Client) -> None:
    where = factories.workshop("draft")
    client.force_login(mentee())
    assert client.get(address(where)).status_code == 404
    assert post(client, where, "register").status_code == 404


def test_the_page_of_a_workshop_that_has_begun_promises_no_place_any_more(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, waiting = workshop(1), mentee()
    placed = join(where).person
    join(where, waiting)
    monkeypatch.setattr(timezone, "now", lambda: BEGINS)
    client.force_login(waiting)
    assert "Wird ein Platz frei" not in text(client, address(where))
    client.force_login(placed)
    assert "melden Sie sich bitte ab" not in text(client, address(where))
