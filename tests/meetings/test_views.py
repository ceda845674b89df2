"""The pages below /me/meetings/: who finds what, what is kept, what is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meetings import actions
from meetings.models import Meeting
from tests import corpus, factories
from tests.factories import NOW
from tests.meetings.helpers import (
    HOUR,
    THREE,
    Pair,
    mails,
    offered,
    on,
    pair,
    proposal,
    scheduled,
)
from tests.opened import opened

pytestmark = pytest.mark.django_db
AFTER = THREE[0].ends_at + HOUR
ROW = {"day_1": "2026-10-14", "time_1": "17:30", "place_1": "online", "length": "60"}


def web(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def url(name: str, meeting: Meeting) -> str:
    return reverse(f"meetings:{name}", args=[meeting.pk])


def text(answer: Any) -> str:
    return str(answer.content.decode())


# ── who ──────────────────────────────────────────────────────────────────────
NAMES = ["meeting", "pick", "offer", "move", "cancel", "report", "agenda"]


@pytest.mark.parametrize("name", NAMES)
def test_a1_somebody_elses_meeting_is_not_found(two: Pair, clock: list[Any], name: str) -> None:
    meeting = scheduled(two)
    other = pair(mentee="Noah Bergmann", mentor="Ida Czerny")
    for person in (other.mentee, other.mentor, factories.coordinator(), factories.person()):
        assert web(person).get(url(name, meeting)).status_code == 404
        sent = web(person).post(url(name, meeting), ROW)
        assert sent.status_code == (405 if name == "meeting" else 404)
    anonymous = Client().get(url(name, meeting))
    assert anonymous.status_code == 302
    assert anonymous["Location"].startswith("/account/login/")


@pytest.mark.parametrize("name", ["offer", "agenda"])
def test_what_is_the_mentees_is_not_found_by_the_mentor(
    two: Pair, clock: list[Any], name: str
) -> None:
    assert web(two.mentor).get(url(name, scheduled(two))).status_code == 404


def test_dates_are_proposed_by_mentees_of_a_held_tandem_alone(two: Pair, clock: list[Any]) -> None:
    path = reverse("meetings:propose")
    assert web(two.mentee).get(path).status_code == 200
    for person in (two.mentor, factories.person()):
        assert web(person).get(path).status_code == 404
    waiting = pair("mentor_asked", mentee="Noah Bergmann", mentor="Ida Czerny")
    assert web(waiting.mentee).get(path).status_code == 404


# ── proposing ────────────────────────────────────────────────────────────────
def test_proposing_three_dates(two: Pair, clock: list[Any]) -> None:
    client = web(two.mentee)
    page = text(client.get(reverse("meetings:propose")))
    assert 'name="propose-dates"' in page
    assert page.count('type="date"') == page.count('type="time"') == 3
    data = {
        **ROW,
        "day_2": "17.10.2026",
        "time_2": "11 Uhr",
        "place_2": "Foyer",
        "day_3": "2026-10-23",
        "time_3": "13:00",
        "place_3": "online",
        "agenda": "Bewerbungsmappe",
    }
    answer = client.post(reverse("meetings:propose"), data)
    meeting = Meeting.objects.get()
    assert answer["Location"] == url("meeting", meeting)
    assert [one.starts_at for one in meeting.proposals.all()] == [one.starts_at for one in THREE]
    page = text(client.get(answer["Location"]))
    assert "Ihre Termine sind unterwegs zu" in page
    assert "Bewerbungsmappe" in page
    again = client.post(reverse("meetings:propose"), data)
    assert again["Location"] == answer["Location"]
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize("typed", [*corpus.DATES, "31.02."])
def test_a_bad_day_is_kept_with_its_sentence_and_nothing_is_written(
    two: Pair, clock: list[Any], typed: str
) -> None:
    data = {**ROW, "day_1": typed, "agenda": "Das bleibt <b>stehen</b>", "place_1": "O’Brien"}
    answer = web(two.mentee).post(reverse("meetings:propose"), data)
    page = text(answer)
    assert answer.status_code == 400
    assert 'id="id_day_1_error"' in page
    assert "Das bleibt &lt;b&gt;stehen&lt;/b&gt;" in page
    assert 'value="O’Brien"' in page
    assert 'value="17:30"' in page
    assert not Meeting.objects.exists()


@pytest.mark.parametrize("typed", ["24:00", "25:61", "noon"])
def test_a_bad_time_is_kept_with_its_sentence(two: Pair, clock: list[Any], typed: str) -> None:
    answer = web(two.mentee).post(reverse("meetings:propose"), {**ROW, "time_1": typed})
    assert answer.status_code == 400
    assert f'value="{typed}"' in text(answer)
    assert 'id="id_time_1_error"' in text(answer)


def test_s12_a_time_that_does_not_exist_is_moved_on_and_told(two: Pair, clock: list[Any]) -> None:
    data = {**ROW, "day_1": "2027-03-28", "time_1": "02:30"}
    answer = web(two.mentee).post(reverse("meetings:propose"), data, follow=True)
    page = text(answer)
    assert (
        "2.30\N{NO-BREAK SPACE}Uhr gibt es nicht; wir haben stattdessen 3.30\N{NO-BREAK SPACE}Uhr eingetragen"
        in page
    )
    assert "3.30–4.30\N{NO-BREAK SPACE}Uhr" in page


def test_a_rule_of_the_action_stands_above_the_form(two: Pair, clock: list[Any]) -> None:
    offered(two)
    answer = web(two.mentee).post(
        reverse("meetings:propose"), {**ROW, "day_1": "2026-11-03", "agenda": "bleibt"}
    )
    assert answer.status_code == 400
    assert "Sie haben schon Termine für ein Treffen angeboten" in text(answer)
    assert "bleibt" in text(answer)


def test_while_an_offer_is_open_the_page_leads_to_it_and_asks_for_no_dates(
    two: Pair, clock: list[Any]
) -> None:
    meeting = offered(two)
    page = text(web(two.mentee).get(reverse("meetings:propose")))
    assert "schon Termine angeboten</h1>" in page
    assert '<p class="masthead-language">' not in page  # a paragraph can hold no form
    assert "Wann möchten Sie" not in page
    assert f'href="{url("meeting", meeting)}"' in page
    assert 'name="propose-dates"' not in page
    assert 'type="date"' not in page
    assert 'name="propose-dates"' in text(web(two.mentee).get(url("offer", meeting)))


def test_unknown_and_doubled_fields_change_nothing(two: Pair, clock: list[Any]) -> None:
    data = {**ROW, "state": "held", "tandem": "x", "answer_by": "2030-01-01"}
    web(two.mentee).post(reverse("meetings:propose"), data)
    assert Meeting.objects.get().state == "proposed"


def test_ones_own_engagements_stand_beside_the_form(two: Pair, clock: list[Any]) -> None:
    scheduled(two)
    page = text(web(two.mentee).get(reverse("meetings:propose")))
    assert "Was Sie schon vorhaben" in page
    assert "Treffen mit Henrike Osterloh" in page


# ── the meeting ──────────────────────────────────────────────────────────────
def test_the_mentor_signed_in_picks_on_the_page(two: Pair, clock: list[Any]) -> None:
    meeting = offered(two)
    client = web(two.mentor)
    page = text(client.get(url("meeting", meeting)))
    assert 'name="pick-date"' in page
    assert "checked" not in page
    answer = client.post(url("pick", meeting), {"answer": proposal(meeting, 1).pk}, follow=True)
    assert "Der Termin steht fest" in text(answer)
    assert "Foyer" in text(answer)


def test_a_clash_is_named_to_the_signed_in(two: Pair, clock: list[Any]) -> None:
    second = scheduled(two, [THREE[0]])
    meeting = offered(two)
    page = text(web(two.mentor).get(url("meeting", meeting)))
    assert "zugleich: Treffen mit Leyla Arslan" in page
    assert second.number == 1


def test_the_mentee_sees_no_form_to_pick_from_own_dates(two: Pair, clock: list[Any]) -> None:
    meeting = offered(two)
    client = web(two.mentee)
    assert 'name="pick-date"' not in text(client.get(url("meeting", meeting)))
    answer = client.post(url("pick", meeting), {"answer": proposal(meeting).pk})
    assert answer.status_code == 400
    meeting.refresh_from_db()
    assert meeting.state == "proposed"


@pytest.mark.parametrize("key", corpus.IDS)
def test_no_answer_breaks_the_page(two: Pair, clock: list[Any], key: str) -> None:
    meeting = offered(two)
    answer = web(two.mentor).post(url("pick", meeting), {"answer": key})
    assert answer.status_code == 400
    assert "nicht mehr angeboten" in text(answer)


@pytest.mark.parametrize("key", corpus.IDS)
def test_no_address_breaks_the_site(two: Pair, clock: list[Any], key: str) -> None:
    answer = web(two.mentor).get(f"/me/meetings/{key}/")
    assert answer.status_code in (404, 400)


def test_the_choice_may_be_changed_from_the_page(two: Pair, clock: list[Any]) -> None:
    meeting = scheduled(two)
    client = web(two.mentor)
    assert url("pick", meeting) in text(client.get(url("meeting", meeting)))
    assert 'name="pick-date"' in text(client.get(url("pick", meeting)))
    clock[0] = NOW + timedelta(hours=73)
    client = web(two.mentor)
    assert url("pick", meeting) not in text(client.get(url("meeting", meeting)))
    assert client.get(url("pick", meeting)).status_code == 302


def test_offering_other_dates_says_that_the_old_one_falls(two: Pair, clock: list[Any]) -> None:
    meeting = scheduled(two)
    client = web(two.mentee)
    page = text(client.get(url("offer", meeting)))
    assert "gilt dann nicht mehr" in page
    assert "Mappe" in page
    sent = {**ROW, "day_1": "2026-11-03", "agenda": "Mappe"}
    answer = client.post(url("offer", meeting), opened(client, url("offer", meeting)) | sent)
    assert answer.status_code == 302
    meeting.refresh_from_db()
    assert meeting.state == "proposed"


def test_moving_asks_whether_it_is_agreed(two: Pair, clock: list[Any]) -> None:
    meeting = scheduled(two)
    client = web(two.mentor)
    page = text(client.get(url("move", meeting)))
    assert 'name="move-meeting"' in page
    assert 'value="2026-10-14"' in page
    assert 'value="17:30"' in page
    data = opened(client, url("move", meeting)) | ROW | {"day_1": "2026-11-03"}
    answer = client.post(url("move", meeting), data)
    assert answer.status_code == 400
    assert 'value="2026-11-03"' in text(answer)
    answer = client.post(url("move", meeting), {**data, "agreed": "on"})
    assert answer.status_code == 302
    assert len(mails(meeting, "meeting-moved")) == 2


def test_cancelling_asks_first(two: Pair, clock: list[Any]) -> None:
    meeting = scheduled(two)
    client = web(two.mentor)
    assert 'name="cancel-meeting"' in text(client.get(url("cancel", meeting)))
    meeting.refresh_from_db()
    assert meeting.state == "scheduled"
    client.post(url("cancel", meeting), {"reason": "Krank."})
    meeting.refresh_from_db()
    assert (meeting.state, meeting.cancel_reason) == ("cancelled", "Krank.")
    assert "Krank." in text(client.get(url("meeting", meeting)))


def test_reporting(two: Pair, clock: list[Any]) -> None:
    meeting = scheduled(two)
    client = web(two.mentee)
    assert client.get(url("report", meeting)).status_code == 302
    clock[0] = AFTER
    client = web(two.mentee)  # the session of weeks ago is over
    assert 'name="report-meeting"' in text(client.get(url("meeting", meeting)))
    assert client.post(url("report", meeting), {}).status_code == 400
    sent = opened(client, url("meeting", meeting)) | {"report": "held"}
    answer = client.post(url("report", meeting), sent, follow=True)
    assert "Danke, es ist vermerkt" in text(answer)
    meeting.refresh_from_db()
    assert meeting.state == "held"
    assert 'name="report-meeting"' in text(client.get(url("report", meeting)))


def test_a_refusal_of_the_action_is_told_on_the_page(two: Pair, clock: list[Any]) -> None:
    meeting = scheduled(two)
    clock[0] = AFTER
    client = web(two.mentee)
    answer = client.post(url("cancel", meeting), {"reason": "zu spät"})
    assert answer.status_code == 400
    assert "Das Treffen hat schon begonnen" in text(answer)
    answer = client.post(url("move", meeting), {**ROW, "day_1": "2026-11-03", "agreed": "on"})
    assert answer.status_code == 400


def test_the_agenda_is_changed_by_the_mentee_and_read_by_both(two: Pair, clock: list[Any]) -> None:
    meeting = scheduled(two)
    client = web(two.mentee)
    shown = opened(client, url("agenda", meeting))
    client.post(url("agenda", meeting), shown | {"agenda": "Lampenfieber\nund Atem"})
    page = text(web(two.mentor).get(url("meeting", meeting)))
    assert "Lampenfieber<br>und Atem" in page
    assert url("agenda", meeting) not in page


def test_taking_an_offer_back_is_not_told_as_cancelling_a_meeting(
    two: Pair, clock: list[Any]
) -> None:
    client = web(two.mentee)
    page = text(client.post(url("cancel", offered(two)), {"reason": ""}, follow=True))
    assert "Das Treffen ist abgesagt. Wir sagen" not in page


def test_the_agenda_of_a_cancelled_meeting_leads_back_to_it(two: Pair, clock: list[Any]) -> None:
    meeting = scheduled(two)
    client = web(two.mentee)
    client.post(url("cancel", meeting), {"reason": ""})
    answer = client.get(url("agenda", meeting))
    assert (answer.status_code, answer["Location"]) == (302, url("meeting", meeting))


def test_the_meetings_of_both_roles_of_a_person_stand_in_one_list(clock: list[Any]) -> None:
    two = pair()
    other = pair(mentee="Noah Bergmann", mentor="Ida Czerny")
    other.tandem.mentor.user = None
    other.tandem.mentor.save()
    mentor = factories.mentor(user=two.mentee, name=two.mentee.name)
    other.tandem.mentor = mentor
    other.tandem.save()
    scheduled(two)
    scheduled(Pair(other.tandem, other.mentee, two.mentee), [on("2026-11-03")])
    page = text(web(two.mentee).get(reverse("meetings:meetings")))
    assert "Henrike Osterloh" in page
    assert "Noah Bergmann" in page


def test_the_end_of_the_tandem_leaves_the_page_to_read(two: Pair, clock: list[Any]) -> None:
    meeting = actions.cancel(scheduled(two), by=two.by_mentee, now=NOW)
    factories.at(two.tandem, "dissolved")
    page = web(two.mentor).get(url("meeting", meeting))
    assert page.status_code == 200
    assert url("offer", meeting) not in text(page)


@pytest.mark.parametrize("name", ["meetings", "meeting", "propose"])
def test_the_number_of_queries_does_not_grow(two: Pair, clock: list[Any], name: str) -> None:
    def count() -> int:
        path = url("meeting", last) if name == "meeting" else reverse(f"meetings:{name}")
        client = web(two.mentee)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(path).status_code == 200
        return len(caught)

    last = scheduled(two)
    for day in range(1, 4):
        last = scheduled(two, [on(f"2026-11-{day:02}")])
    few = count()
    for day in range(1, 28):
        last = scheduled(two, [on(f"2026-12-{day:02}")])
    assert count() == few
    assert few <= 14


def test_a_date_that_is_over_is_told_as_unreported_until_somebody_reports(
    two: Pair, clock: list[Any]
) -> None:
    meeting = scheduled(two)
    word = "Rückmeldung steht aus"
    for moment, told in ((meeting.ends_at - HOUR, False), (meeting.ends_at, True)):
        clock[0] = moment
        for path in ("/me/", "/me/meetings/", f"/me/meetings/{meeting.pk}/"):
            page = web(two.mentee).get(path).content.decode()
            assert (word in page) == told, (path, told)
    assert "Rückmeldung steht aus" not in str(meeting.state_word().label)
