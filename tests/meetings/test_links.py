"""The mentor's link in every state (promises L1, L2, L3, L5, L6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from core.audit import Actor
from core.links.models import ActionLink
from matching.models import Tandem
from matching.signals import tandem_ended
from meetings import actions
from meetings.models import Meeting
from outbox.models import OutgoingMail
from tests.accounts.helpers import move
from tests.factories import NOW, at
from tests.meetings.helpers import (
    THREE,
    Pair,
    link_of,
    mails,
    offered,
    on,
    pair,
    proposal,
    scheduled,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def web(clock: list[Any]) -> Client:
    return Client()


def rows() -> tuple[int, int]:
    return OutgoingMail.objects.count(), Meeting.objects.filter(state="scheduled").count()


def test_l1_looking_changes_nothing_and_nothing_is_preselected(two: Pair, web: Client) -> None:
    path = link_of(offered(two))
    before = rows()
    for answer in (web.head(path), web.get(path), web.get(path), web.options(path)):
        assert answer.status_code in (200, 405)
    page = web.get(path).content.decode()
    assert "checked" not in page
    assert 'name="pick-date"' in page
    assert "Mittwoch" in page
    assert "14. Oktober" in page
    assert "17.30–18.30\N{NO-BREAK SPACE}Uhr" in page
    assert "Keiner davon passt" in page
    assert rows() == before


def test_l1_the_untouched_form_decides_nothing(two: Pair, web: Client) -> None:
    meeting = offered(two)
    answer = web.post(link_of(meeting), {"pick-date": ""})
    assert answer.status_code == 400
    assert "Bitte wählen Sie eine Antwort" in answer.content.decode()
    meeting.refresh_from_db()
    assert meeting.state == "proposed"


def test_picking_by_link_fixes_the_date_and_the_page_then_shows_it(two: Pair, web: Client) -> None:
    meeting = offered(two)
    path = link_of(meeting)
    answer = web.post(path, {"answer": proposal(meeting, 1).pk})
    assert (answer.status_code, answer["Location"]) == (302, path)
    page = web.get(path)
    assert page.status_code == 200
    text = page.content.decode()
    assert "Samstag, 17. Oktober 2026" in text
    assert "Foyer" in text
    meeting.refresh_from_db()
    assert (meeting.state, meeting.place) == ("scheduled", "Foyer")


def test_l3_posting_twice_is_one_move_and_one_mail_each(two: Pair, web: Client) -> None:
    meeting = offered(two)
    path, data = link_of(meeting), {"answer": proposal(meeting).pk}
    first, second = web.post(path, data), web.post(path, data)
    assert first.status_code == second.status_code == 302
    assert len(mails(meeting, "meeting-scheduled")) == 2
    assert not mails(meeting, "meeting-moved")


def test_l2_the_same_link_takes_the_answer_back_for_72_hours(
    two: Pair, web: Client, clock: list[Any]
) -> None:
    meeting = offered(two)
    path = link_of(meeting)
    web.post(path, {"answer": proposal(meeting).pk})
    clock[0] = NOW + timedelta(hours=71)
    assert "Keiner davon passt" in web.get(path).content.decode()
    web.post(path, {"answer": "none", "word": "Ein Versehen."})
    meeting.refresh_from_db()
    assert (meeting.state, meeting.waits_for, meeting.word) == (
        "proposed",
        "mentee",
        "Ein Versehen.",
    )


def test_a_link_that_refused_all_dates_does_not_run_out(
    two: Pair, web: Client, clock: list[Any]
) -> None:
    meeting = offered(two)
    path = link_of(meeting)
    web.post(path, {"answer": "none"})
    clock[0] = NOW + timedelta(days=60)
    page = web.get(path)
    assert page.status_code == 200
    assert "Leyla Arslan sind vorbei" in page.content.decode()


def test_l2_after_that_the_page_only_tells(two: Pair, web: Client, clock: list[Any]) -> None:
    meeting = offered(two)
    path = link_of(meeting)
    web.post(path, {"answer": proposal(meeting).pk})
    clock[0] = NOW + timedelta(hours=73)
    page = web.get(path)
    assert page.status_code == 200
    assert b'name="pick-date"' not in page.content
    assert web.post(path, {"answer": "none"}).status_code == 302
    meeting.refresh_from_db()
    assert meeting.state == "scheduled"


def test_none_fits_with_a_word_and_other_dates(two: Pair, web: Client) -> None:
    meeting = offered(two)
    path = link_of(meeting)
    data = {
        "answer": "none",
        "word": "Lieber im November.",
        "day_1": "2026-11-03",
        "time_1": "18:00",
        "place_1": "Café",
        "length": "90",
    }
    assert web.post(path, data).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.waits_for, meeting.round) == ("mentee", 2)
    assert proposal(meeting).ends_at - proposal(meeting).starts_at == timedelta(minutes=90)
    page = web.get(path)
    assert page.status_code == 200
    assert "3. November" in page.content.decode()
    assert b'name="pick-date"' not in page.content


def test_half_a_date_is_asked_for_and_everything_is_kept(two: Pair, web: Client) -> None:
    data = {"answer": "none", "word": "Lieber so", "day_2": "2026-11-03", "length": "45"}
    answer = web.post(link_of(offered(two)), data)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Um welche Zeit?" in page
    assert 'value="2026-11-03"' in page
    assert "Lieber so" in page
    assert '<option value="45" selected>' in page


def test_rows_are_not_looked_at_when_a_date_is_picked(two: Pair, web: Client) -> None:
    meeting = offered(two)
    data = {"answer": proposal(meeting).pk, "day_1": "31.02.", "time_1": "24:00", "length": "x"}
    assert web.post(link_of(meeting), data).status_code == 302


def test_l5_a_newer_offer_replaces_the_link(two: Pair, web: Client) -> None:
    meeting = offered(two)
    path = link_of(meeting)
    actions.offer_again(meeting, by=two.by_mentee, now=NOW, dates=[on("2026-11-03")])
    page = web.get(path)
    assert page.status_code == 410
    assert "neueren Link" in page.content.decode()
    assert web.post(path, {"answer": "none"}).status_code == 410


def test_l5_a_withdrawn_offer_closes_the_link(two: Pair, web: Client) -> None:
    meeting = offered(two)
    path = link_of(meeting)
    actions.cancel(meeting, by=two.by_mentee, now=NOW)
    assert web.get(path).status_code == 410


def test_l5_the_end_of_the_tandem_closes_the_link(two: Pair, web: Client) -> None:
    meeting = offered(two)
    path = link_of(meeting)
    tandem_ended.send(Tandem, obj=two.tandem, by=Actor.system(), now=NOW)
    assert web.get(path).status_code == 410
    assert Meeting.objects.get().state == "cancelled"


def test_l5_an_expired_link_brings_a_new_one_to_the_address_on_file(
    two: Pair, web: Client, clock: list[Any]
) -> None:
    meeting = offered(two)
    path = link_of(meeting)
    clock[0] = NOW + timedelta(days=6)
    actions.pass_deadlines(clock[0])
    page = web.get(path)
    assert page.status_code == 410
    assert b'name="renew-link"' in page.content
    assert web.post(path, {"answer": proposal(meeting).pk}).status_code == 410
    web.post(path, {"renew-link": ""})
    fresh = link_of(meeting)
    assert fresh != path
    mail = mails(meeting, "dates-offered")[-1]
    assert mail.recipient == two.mentor
    assert web.post(fresh, {"answer": proposal(meeting).pk}).status_code == 302
    meeting.refresh_from_db()
    assert meeting.state == "scheduled"


def test_l5_no_new_link_when_all_dates_have_passed(
    two: Pair, web: Client, clock: list[Any]
) -> None:
    meeting = offered(two)
    path = link_of(meeting)
    clock[0] = THREE[2].ends_at
    answer = web.post(path, {"renew-link": ""})
    assert answer.status_code == 410
    assert ActionLink.objects.about("pick-date", meeting).count() == 1


@pytest.mark.parametrize("link_state", ["open", "used", "expired", "replaced", "withdrawn"])
@pytest.mark.parametrize("state", ["proposed", "scheduled", "held", "missed", "cancelled"])
@pytest.mark.parametrize("tandem_state", ["confirmed", "active", "dissolved", "mentor_asked"])
def test_l5_every_state_of_link_meeting_and_tandem_has_a_calm_page(
    two: Pair, web: Client, clock: list[Any], link_state: str, state: str, tandem_state: str
) -> None:
    meeting = offered(two)
    path = link_of(meeting)
    values: dict[str, Any] = {}
    if state in ("scheduled", "held", "missed"):
        values = {
            "starts_at": THREE[0].starts_at,
            "ends_at": THREE[0].ends_at,
            "fixed_at": NOW,
            "waits_for": "",
        }
    at(meeting, state, **values)
    at(two.tandem, tandem_state)
    link = ActionLink.objects.get()
    if link_state == "used":
        link.used_at = NOW
    elif link_state in ("replaced", "withdrawn"):
        link.closed_at, link.closed_as = NOW, link_state
    elif link_state == "expired":
        clock[0] = NOW + timedelta(days=6)
    link.save()
    page = web.get(path)
    answer = web.post(path, {"answer": "none"})
    assert page.status_code in (200, 410)
    assert answer.status_code in (302, 410)
    assert "<h1" in page.content.decode()
    over = tandem_state in ("dissolved", "mentor_asked") or state == "cancelled"
    closed = link_state in ("expired", "replaced", "withdrawn") or over
    assert page.status_code == (410 if closed else 200)
    meeting.refresh_from_db()
    if closed or state != "proposed":
        assert meeting.state == state


def test_l6_a_forwarded_link_shows_no_contact_data_and_no_other_names(
    two: Pair, web: Client
) -> None:
    two.mentee.phone = "+49 151 000"
    two.mentee.save()
    other = pair(mentee="Noah Bergmann", mentor="Ida Czerny")
    other.tandem.mentor.user = None
    other.tandem.mentor.save()
    two.tandem.mentor.capacity = 2
    two.tandem.mentor.save()
    other.tandem.mentor = two.tandem.mentor
    other.tandem.save()
    scheduled(Pair(other.tandem, other.mentee, two.mentor), [THREE[0]])
    page = web.get(link_of(offered(two))).content.decode()
    assert two.mentee.name in page
    for secret in (two.mentee.email, "151 000", two.mentor.email, "Noah Bergmann"):
        assert secret not in page
    assert "anderen Termin im Programm" in page


def test_l4_the_link_of_somebody_who_is_not_the_mentor_any_more_decides_nothing(
    two: Pair, web: Client
) -> None:
    path = link_of(offered(two))
    two.tandem.mentor.user = None
    two.tandem.mentor.save()
    page = web.get(path)
    assert page.status_code == 410
    assert two.mentee.name not in page.content.decode()
    assert web.post(path, {"answer": "none"}).status_code == 302


def test_the_page_in_english(two: Pair, web: Client) -> None:
    page = web.get(link_of(offered(two)), headers={"accept-language": "en"}).content.decode()
    assert "None of these suits me" in page
    assert "17:30–18:30" in page


def test_l5_offered_dates_follow_the_mentor_to_another_address(two: Pair, web: Client) -> None:
    meeting = offered(two)
    path = link_of(meeting)
    move(two.mentor, "neu@example.org")
    assert web.get(path).status_code == 410
    meeting.refresh_from_db()
    assert (meeting.state, meeting.waits_for) == ("proposed", "mentor")
    assert web.get(link_of(meeting)).status_code == 200
