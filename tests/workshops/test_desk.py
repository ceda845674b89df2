"""Workshops in the administration: enter, publish, change, extra places, cancel, attendance."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.todo import DeskItem
from outbox.models import OutgoingMail
from programme.models import Cohort
from tests import factories
from tests.conftest import NOW
from tests.opened import opened
from tests.workshops.helpers import BEGINS, OFFICE, add_session, join, kinds, mentee, workshop
from workshops import actions, todo
from workshops.models import Attendance, Registration, Session, Workshop

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LIST = "/admin/workshops/workshop/"


@pytest.fixture(autouse=True)
def _at_now(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """Pages look at the same clock as the factories."""
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture
def desk(staff_client: Callable[[Any], Client]) -> Client:
    """A coordinator of the usual cohort at the desk."""
    client = staff_client(factories.coordinator())
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    return client


def change(where: Workshop) -> str:
    return f"{LIST}{where.pk}/change/"


def do(where: Workshop, verb: str) -> str:
    return f"{LIST}{where.pk}/do/{verb}/"


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def filled(where: Workshop | None = None, **values: Any) -> dict[str, Any]:
    """What the form sends: the workshop as it is (or a new one), with ``values``."""
    sessions = list(where.sessions.all()) if where else []
    sent: dict[str, Any] = {
        "title": where.title if where else "Honorare verhandeln",
        "slug": where.slug if where else "",
        "summary": "",
        "description": "",
        "led_by": "",
        "place": where.place if where else "Raum 211",
        "access": "",
        "language": "de",
        "capacity": where.capacity if where else 10,
        "registration_closes_at_0": "",
        "registration_closes_at_1": "",
        "sessions-TOTAL_FORMS": len(sessions) + 1,
        "sessions-INITIAL_FORMS": len(sessions),
    }
    if where is None:
        sent["cohort"] = factories.cohort().pk
    for number, session in enumerate(sessions):
        sent[f"sessions-{number}-id"] = session.pk
        sent[f"sessions-{number}-workshop"] = session.workshop_id
        for name in ("starts_at", "ends_at"):
            moment = timezone.localtime(getattr(session, name))
            sent[f"sessions-{number}-{name}_0"] = moment.strftime("%Y-%m-%d")
            sent[f"sessions-{number}-{name}_1"] = moment.strftime("%H:%M")
    return {**sent, **values}


def a_session(number: int, day: str, begins: str = "09:00", ends: str = "12:00") -> dict[str, str]:
    return {
        f"sessions-{number}-starts_at_0": day,
        f"sessions-{number}-starts_at_1": begins,
        f"sessions-{number}-ends_at_0": day,
        f"sessions-{number}-ends_at_1": ends,
    }


def test_a_workshop_of_ten_places_is_entered_and_published(desk: Client) -> None:
    answer = desk.post(f"{LIST}add/", filled(**a_session(0, "2026-10-13")))
    assert answer.status_code == 302, words(answer)
    made = Workshop.objects.get()
    assert answer.headers["Location"] == change(made)  # where it is published
    assert "ist eingetragen, Stand: „Entwurf“" in words(desk.get(change(made)))
    assert (made.state, made.capacity, made.slug) == ("draft", 10, "honorare-verhandeln")
    assert made.sessions.count() == 1
    assert desk.post(do(made, "publish")).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.published_at) == ("published", NOW)
    assert made.title in words(desk.get("/workshops/"))


def test_day_and_time_say_which_question_they_belong_to(desk: Client) -> None:
    text = desk.get(f"{LIST}add/").content.decode()
    groups = re.findall(r'<div role="group" aria-label="([^"]+)"', text)
    assert groups[:3] == ["Anmeldung bis", "Beginnt", "Endet"]
    assert 'for=""' not in text


def test_the_address_asked_for_is_that_of_the_page(desk: Client) -> None:
    for page in (f"{LIST}add/", change(factories.workshop("draft"))):
        label = re.search(r'<label[^>]*for="id_slug"[^>]*>(.*?)</label>', words(desk.get(page)))
        assert label is not None
        assert "Adresse der Seite" in label[1]


def test_a_workshop_without_a_session_is_not_published(desk: Client) -> None:
    made = factories.workshop("draft")
    made.sessions.all().delete()
    refused = desk.post(do(made, "publish"))
    assert refused.status_code == 400
    assert "mindestens einen Termin" in words(refused)


def test_fewer_places_than_taken_are_refused_beside_the_field(desk: Client) -> None:
    where = workshop(3)
    join(where), join(where)
    refused = desk.post(change(where), filled(where, capacity=1, summary="Neu"))
    page = words(refused)
    assert "Schon vergebene Plätze: 2. Weniger sind nicht möglich." in page
    assert 'value="Neu"' in page  # what was typed is kept
    where.refresh_from_db()
    assert (where.capacity, where.summary) == (3, "")


def test_a_slip_of_the_keys_does_not_empty_the_waiting_list(desk: Client) -> None:
    where = workshop(1)
    join(where), join(where)
    refused = desk.post(change(where), filled(where, capacity="1000"))
    assert 'id="id_capacity_error"' in refused.content.decode()
    where.refresh_from_db()
    assert (where.capacity, where.taken) == (1, 1)


def test_more_places_move_up_who_waits(desk: Client) -> None:
    where = workshop(1)
    _first, second, third = join(where), join(where), join(where)
    sent = opened(desk, change(where)) | filled(where, capacity=2)
    told = words(desk.post(change(where), sent, follow=True))
    assert "Gespeichert: " in told
    assert "1 Person rückt von der Warteliste nach." in told
    assert "1 E-Mail geht dazu hinaus." in told
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.state, third.state) == ("confirmed", "waitlisted")
    assert kinds(second.person) == ["workshop-promotion"]


def test_a_moved_session_is_told_once_to_who_has_a_place(desk: Client) -> None:
    where = workshop()
    one = join(where)
    moved = filled(where, place="Raum 12", **a_session(0, "2026-10-20"))
    shown = opened(desk, change(where))
    told = words(desk.post(change(where), shown | moved, follow=True))
    assert "1 E-Mail geht dazu hinaus." in told
    assert kinds(one.person).count("workshop-changed") == 1
    shown = opened(desk, change(where))
    sent = {**shown, **moved, "summary": "Neu"}
    again = words(desk.post(change(where), sent, follow=True))
    assert "dazu hinaus" not in again


@pytest.mark.parametrize(
    ("session", "said"),
    [
        (a_session(1, "2026-10-20", "12:00", "09:00"), "Ein Termin endet nach seinem Beginn"),
        (a_session(1, "2026-10-13", "12:00", "13:00"), "Zwei Termine überschneiden sich"),
    ],
)
def test_a_session_that_cannot_be_is_refused_and_nothing_typed_is_lost(
    desk: Client, session: dict[str, str], said: str
) -> None:
    where = workshop()
    refused = desk.post(change(where), filled(where, summary="Neu", **session))
    assert refused.status_code == 200
    assert said in words(refused)
    assert session["sessions-1-ends_at_1"] in words(refused)
    assert where.sessions.count() == 1


def test_the_page_shows_who_has_a_place_and_who_waits_in_order(desk: Client) -> None:
    where = workshop(1)
    people = [mentee(name) for name in ("Leyla Arslan", "Hana Sato", "Emil Hartmann")]
    for person in people:
        join(where, person)
    page = words(desk.get(change(where)))
    assert "Plätze vergeben: 1 von 1" in page
    assert "2 warten" in page
    places = page.index('id="participants"')
    line = page.index('id="waiting-list"')
    found = [page.index(person.name, places) for person in people]
    assert places < found[0] < line < found[1] < found[2]


def test_the_list_opens_with_what_comes_next(desk: Client) -> None:
    over = workshop(title="Vorbei", starts_at=NOW - DAY)
    later = workshop(title="Danach", starts_at=BEGINS + DAY)
    soon = workshop(title="Zuerst", starts_at=BEGINS)
    page = words(desk.get(LIST))
    found = [page.index(change(one)) for one in (soon, later, over)]
    assert found == sorted(found)


def test_the_list_asks_the_same_number_of_questions_for_many(desk: Client) -> None:
    def count(number: int) -> int:
        for _one in range(number):
            join(workshop(1))
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(LIST).status_code == 200
        return len(asked)

    count(1)  # notes the visit
    assert count(2) == count(10)


def test_the_filters_find_what_there_is_to_do(desk: Client) -> None:
    full, quiet = workshop(1), workshop(9)
    join(full), join(full)
    past = workshop(starts_at=NOW - DAY)
    join(past, now=NOW - 2 * DAY)
    page = words(desk.get(f"{LIST}?line=waiting"))
    assert [change(one) in page for one in (full, quiet, past)] == [True, False, False]
    page = words(desk.get(f"{LIST}?line=attendance"))
    assert [change(one) in page for one in (full, quiet, past)] == [False, False, True]


def test_a_line_of_a_workshop_that_has_begun_is_nothing_to_do(desk: Client) -> None:
    """Its later sessions don't make it one: nobody moves up any more. The desk and the list agree."""
    begun = workshop(1, starts_at=NOW - DAY)
    add_session(begun, days=7)
    line = [join(begun, now=NOW - 2 * DAY) for _ in range(2)]
    assert [one.state for one in line] == ["confirmed", "waitlisted"]
    assert change(begun) not in words(desk.get(f"{LIST}?line=waiting"))
    user = factories.coordinator(begun.cohort)
    assert not any("Warteliste" in str(item.title) for item in desk_items(user, NOW))
    assert any("Warteliste" in str(item.title) for item in desk_items(user, NOW - 2 * DAY))


def test_another_cohorts_workshop_is_not_found(desk: Client) -> None:
    other = workshop(of=factories.cohort("2027/28"))
    session = other.sessions.get()
    sheet = reverse("admin:workshops_attendance", args=[other.pk, session.pk])
    for path in (change(other), do(other, "cancel"), do(other, "extra-place"), sheet):
        assert desk.get(path).status_code == 404
        assert desk.post(path).status_code == 404


# ── extra places and leaving ─────────────────────────────────────────────────
def test_an_extra_place_is_given_beside_capacity_and_queue(desk: Client) -> None:
    where = workshop(1)
    join(where)
    waiting, guest = join(where), mentee("Vera Grünwald")
    assert "Vera Grünwald" in words(desk.get(do(where, "extra-place")))
    answer = desk.post(do(where, "extra-place"), {"person": guest.pk})
    assert answer.status_code == 302
    given = Registration.objects.get(person=guest)
    assert (given.state, given.extra) == ("confirmed", True)
    where.refresh_from_db()
    waiting.refresh_from_db()
    assert (where.taken, waiting.state) == (1, "waitlisted")
    assert kinds(guest) == ["workshop-extra-place"]


def test_the_mail_of_an_extra_place_is_seen_once_somebody_is_chosen(desk: Client) -> None:
    where, guest = workshop(), mentee("Vera Grünwald")
    page = words(desk.get(do(where, "extra-place")))
    assert "Es geht keine E-Mail hinaus" not in page
    assert 'name="preview"' in page
    page = words(desk.post(do(where, "extra-place"), {"person": guest.pk, "preview": "1"}))
    assert "Guten Tag Vera Grünwald," in page
    assert not Registration.objects.exists()


def test_the_mails_shown_before_a_verb_cost_the_same_queries_for_2_and_for_30(desk: Client) -> None:
    """Beside those of the verb itself, which is carried out and undone."""
    desk.get(do(workshop(), "cancel"))  # whatever is read once for all
    costs = []
    for number in (2, 30):
        where = workshop(30)
        for _ in range(number):
            join(where)
        with transaction.atomic(), CaptureQueriesContext(connection) as verb:
            actions.cancel_workshop(where, by=OFFICE, now=NOW, reason="")
            transaction.set_rollback(True)
        with CaptureQueriesContext(connection) as page:
            shown = desk.get(do(where, "cancel"))
        assert len(shown.context["previews"]) == number
        assert "Guten Tag" in words(shown)
        costs.append(len(page) - len(verb))
    assert costs[0] == costs[1]


@pytest.mark.parametrize("sent", [{}, {"person": ""}, {"person": "\u200b"}, {"person": "7"}])
def test_an_extra_place_for_nobody_is_refused_with_a_sentence(
    desk: Client, sent: dict[str, str]
) -> None:
    where = workshop()
    refused = desk.post(do(where, "extra-place"), sent)
    assert refused.status_code == 400
    assert 'aria-invalid="true"' in words(refused)
    assert not Registration.objects.exists()


def test_a_verb_that_is_not_offered_now_says_so(desk: Client) -> None:
    page = desk.get(do(factories.workshop("draft"), "extra-place"))
    assert page.context["problem"]
    assert not page.context["possible"]


def test_who_has_a_place_is_not_offered_an_extra_one(desk: Client) -> None:
    where = workshop()
    one = join(where)
    assert one.person.name not in words(desk.get(do(where, "extra-place")))
    assert desk.post(do(where, "extra-place"), {"person": one.person.pk}).status_code == 400


def test_a_registration_tells_the_rank_and_offers_each_verb_once(desk: Client) -> None:
    where = workshop(1)
    join(where)
    waiting = join(where)
    base = f"/admin/workshops/registration/{waiting.pk}/"
    page = words(desk.get(f"{base}change/"))
    assert "Platz 1" in page
    assert page.count(f'href="{base}do/confirm/"') == 1
    assert page.count(f'href="{base}do/cancel/"') == 1
    assert "Platz" in words(desk.get("/admin/workshops/registration/"))


def test_the_office_takes_somebody_off_and_the_next_moves_up(desk: Client) -> None:
    where = workshop(1)
    first, second = join(where), join(where)
    path = f"/admin/workshops/registration/{first.pk}/do/cancel/"
    assert second.person.name in words(desk.get(path))  # the preview of the mails
    second.refresh_from_db()
    assert second.state == "waitlisted"
    assert desk.post(path).status_code == 302
    second.refresh_from_db()
    assert second.state == "confirmed"
    left = OutgoingMail.objects.get(recipient=first.person, kind="workshop-registration-cancelled")
    assert left.facts["by_office"] is True


def test_cancelling_a_workshop_tells_everybody_the_reason(desk: Client) -> None:
    where = workshop(1)
    first, second = join(where), join(where)
    assert desk.post(do(where, "cancel"), {"reason": "Die Leitung ist krank."}).status_code == 302
    where.refresh_from_db()
    assert (where.state, where.cancel_reason) == ("cancelled", "Die Leitung ist krank.")
    for one in (first, second):
        assert kinds(one.person) == ["workshop-cancelled"]
    page = words(desk.get(change(where)))
    assert 'name="title"' not in page  # nothing to change any more


# ── the attendance sheet ─────────────────────────────────────────────────────
@pytest.fixture
def past() -> Workshop:
    """A workshop of yesterday with two participants and one who waited."""
    where = workshop(2, starts_at=NOW - DAY)
    for name in ("Leyla Arslan", "Hana Sato", "Emil Hartmann"):
        join(where, mentee(name), NOW - 9 * DAY)
    return where


def sheet_of(where: Workshop) -> str:
    return reverse("admin:workshops_attendance", args=[where.pk, where.sessions.first().pk])


def line_of(where: Workshop, name: str) -> Any:
    return Registration.objects.get(workshop=where, person__name=name).pk


def test_the_sheet_lists_who_has_a_place_and_preselects_nothing(
    desk: Client, past: Workshop
) -> None:
    page = words(desk.get(sheet_of(past)))
    assert page.index("Hana Sato") < page.index("Leyla Arslan")
    assert "Emil Hartmann" not in page
    assert " checked" not in page
    assert "0 von 2 eingetragen" in page
    assert sheet_of(past) in words(desk.get(change(past)))


def test_the_sheet_records_and_corrects(desk: Client, past: Workshop) -> None:
    leyla, hana = line_of(past, "Leyla Arslan"), line_of(past, "Hana Sato")
    sent = {f"{leyla}-presence": "present", f"{leyla}-minutes": "90"}
    shown = opened(desk, sheet_of(past))
    assert desk.post(sheet_of(past), shown | sent).status_code == 302
    assert [(one.presence, one.minutes) for one in Attendance.objects.all()] == [("present", 90)]
    sent = {f"{leyla}-presence": "excused", f"{leyla}-minutes": "90", "rest-present": "on"}
    sent[f"{hana}-minutes"] = "180"  # as the browser sends it of a line left alone
    shown = opened(desk, sheet_of(past))
    assert desk.post(sheet_of(past), shown | sent).status_code == 302
    found = Attendance.objects.values_list("registration", "presence", "minutes")
    assert set(found) == {(leyla, "excused", 0), (hana, "present", 180)}
    assert "2 von 2 eingetragen" in words(desk.get(sheet_of(past)))


def test_a_sheet_leaves_open_whom_nothing_is_chosen_for(desk: Client, past: Workshop) -> None:
    leyla, hana = line_of(past, "Leyla Arslan"), line_of(past, "Hana Sato")
    page = words(desk.get(sheet_of(past)))
    assert len(re.findall(r'<button[^>]*name="(record-attendance|rest-[a-z]+)"', page)) == 1
    sent = {f"{leyla}-presence": "absent", f"{leyla}-minutes": "180", f"{hana}-minutes": "180"}
    desk.post(sheet_of(past), opened(desk, sheet_of(past)) | sent)
    assert list(Attendance.objects.values_list("registration", "presence")) == [(leyla, "absent")]
    page = words(desk.get(sheet_of(past)))
    assert "1 von 2 eingetragen" in page
    assert "Alle noch Offenen waren den ganzen Termin lang anwesend" in page


def test_a_whole_sheet_offers_to_record_nobody_else(desk: Client, past: Workshop) -> None:
    sent: dict[str, Any] = {
        f"{line_of(past, name)}-minutes": "180" for name in ("Leyla Arslan", "Hana Sato")
    }
    desk.post(sheet_of(past), opened(desk, sheet_of(past)) | sent | {"rest-present": "on"})
    assert Attendance.objects.count() == 2
    assert "rest-present" not in words(desk.get(sheet_of(past)))


def test_who_was_absent_or_excused_shows_no_minutes(desk: Client, past: Workshop) -> None:
    leyla, hana = line_of(past, "Leyla Arslan"), line_of(past, "Hana Sato")

    def minutes_of(line: Any) -> str | None:
        field = re.search(
            rf'<input[^>]*name="{line}-minutes"[^>]*>', desk.get(sheet_of(past)).content.decode()
        )
        assert field is not None
        value = re.search(r'value="(\d+)"', field[0])
        return value[1] if value else None

    assert (minutes_of(leyla), minutes_of(hana)) == (
        "180",
        "180",
    )  # offered before anything is said
    absent = {f"{leyla}-presence": "absent", f"{hana}-presence": "excused"}
    desk.post(sheet_of(past), opened(desk, sheet_of(past)) | absent)
    assert (minutes_of(leyla), minutes_of(hana)) == (None, None)
    came = {f"{leyla}-presence": "present", f"{leyla}-minutes": "90", f"{hana}-presence": "excused"}
    desk.post(sheet_of(past), opened(desk, sheet_of(past)) | came)
    assert (minutes_of(leyla), minutes_of(hana)) == ("90", None)


@pytest.mark.parametrize("minutes", ["181", "0", "-3", "viele", "9" * 400])
def test_minutes_that_cannot_be_are_refused_beside_the_person(
    desk: Client, past: Workshop, minutes: str
) -> None:
    leyla, hana = line_of(past, "Leyla Arslan"), line_of(past, "Hana Sato")
    sent = {
        f"{leyla}-presence": "present",
        f"{leyla}-minutes": minutes,
        f"{hana}-presence": "absent",
    }
    refused = desk.post(sheet_of(past), sent)
    assert refused.status_code == 400
    page = words(refused)
    assert f'id="id_{leyla}-minutes_error"' in page
    assert f'href="#id_{leyla}-minutes"' in page
    assert f'value="{minutes}"' in page
    assert not Attendance.objects.exists()  # all lines or none


def test_a_sheet_sent_untouched_does_not_claim_to_have_recorded(
    desk: Client, past: Workshop
) -> None:
    answer = words(desk.post(sheet_of(past), {}, follow=True))
    assert "Es wurde nichts geändert." in answer


def test_the_sheet_of_a_session_to_come_is_closed(desk: Client) -> None:
    where = workshop()
    one = join(where)
    assert "Die Liste öffnet sich mit seinem Beginn." in words(desk.get(sheet_of(where)))
    refused = desk.post(sheet_of(where), {f"{one.pk}-presence": "present"})
    assert refused.status_code == 400
    assert not Attendance.objects.exists()


def test_a_session_with_attendance_stays_in_the_form(desk: Client, past: Workshop) -> None:
    add_session(past, days=1)
    one = Registration.objects.get(pk=line_of(past, "Leyla Arslan"))
    actions.record_attendance(past.sessions.first(), one, "present", by=OFFICE, now=NOW)
    refused = desk.post(change(past), filled(past, **{"sessions-0-DELETE": "on"}))
    assert "ist die Anwesenheit eingetragen; er muss bleiben." in words(refused)
    assert past.sessions.count() == 2


def desk_items(user: Any, now: datetime) -> list[DeskItem]:
    return todo.desk_items([*Cohort.objects.coordinated_by(user)], now)


# ── what waits on the desk ───────────────────────────────────────────────────
def test_the_desk_tells_what_there_is_to_do(past: Workshop) -> None:
    user = factories.coordinator()
    full = workshop(1)
    join(full), join(full)
    workshop(starts_at=NOW + 3 * DAY)
    factories.workshop("draft", starts_at=NOW + 9 * DAY)
    workshop(of=factories.cohort("2027/28"), starts_at=NOW + 3 * DAY)
    assert [(item.count, item.url) for item in desk_items(user, NOW)] == [
        (1, sheet_of(past)),
        (1, change(Workshop.objects.get(sessions__starts_at=NOW + 3 * DAY, cohort=past.cohort))),
        (1, change(Workshop.objects.get(state="draft"))),
        (1, change(full)),
    ]
    assert desk_items(factories.person(), NOW) == []


def test_the_desk_counts_a_workshop_once_however_many_sessions_lack_attendance(
    past: Workshop,
) -> None:
    ends = [NOW - timedelta(hours=number) for number in range(1, 151)]
    Session.objects.bulk_create(
        Session(workshop=past, starts_at=end - timedelta(hours=1), ends_at=end) for end in ends
    )
    user = factories.coordinator(past.cohort)
    [item] = desk_items(user, NOW)
    assert (item.count, item.url) == (1, sheet_of(past))  # one workshop, however many sessions
    assert item.since == past.sessions.earliest("starts_at").ends_at
