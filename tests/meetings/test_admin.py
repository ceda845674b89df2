"""What coordinators see of meetings: that and when, never what about or where."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.privacy import personal_data
from meetings import actions
from meetings.admin import times_met
from meetings.models import DateProposal, Meeting
from tests import factories
from tests.factories import NOW
from tests.meetings.helpers import Pair, offered, on, pair, scheduled

pytestmark = pytest.mark.django_db
LIST = reverse("admin:meetings_meeting_changelist")


@pytest.fixture
def desk(two: Pair, staff_client: Any) -> Any:
    return staff_client(factories.coordinator(two.tandem.cohort))


def test_coordinators_see_that_and_when_but_not_what_or_where(two: Pair, desk: Any) -> None:
    secret = on("2026-10-14", place="In meiner Küche")
    meeting = offered(two, [secret])
    meeting = actions.refuse_dates(meeting, by=two.by_mentor, now=NOW, word="Ganz privat")
    meeting = actions.offer_again(
        meeting, by=two.by_mentee, now=NOW, dates=[secret], agenda="Lampenfieber"
    )
    meeting = actions.cancel(meeting, by=two.by_mentee, now=NOW, reason="Herzschmerz")
    for path in (
        LIST,
        reverse("admin:meetings_meeting_change", args=[meeting.pk]),
        reverse("admin:meetings_meeting_history", args=[meeting.pk]),
    ):
        answer = desk.get(path)
        assert answer.status_code == 200
        page = answer.content.decode()
        assert "Leyla Arslan" in page
        for words in ("Küche", "Ganz privat", "Lampenfieber", "Herzschmerz"):
            assert words not in page


def test_nothing_can_be_added_changed_or_deleted(two: Pair, desk: Any) -> None:
    meeting = scheduled(two)
    change = reverse("admin:meetings_meeting_change", args=[meeting.pk])
    assert desk.post(change, {"number": 7}).status_code == 403
    assert desk.get(reverse("admin:meetings_meeting_add")).status_code == 403
    delete = reverse("admin:meetings_meeting_delete", args=[meeting.pk])
    assert desk.post(delete, {"post": "yes"}).status_code == 403
    for verb in meeting.TABLE.moves:
        assert desk.post(f"{change.removesuffix('change/')}do/{verb}/").status_code == 404
    meeting.refresh_from_db()
    assert meeting.number == 1


def test_a1_other_cohorts_are_not_found(two: Pair, staff_client: Any) -> None:
    meeting = scheduled(two)
    stranger = staff_client(factories.coordinator(factories.cohort("2025/26")))
    page = stranger.get(LIST)
    assert "Leyla Arslan" not in page.content.decode()
    change = stranger.get(reverse("admin:meetings_meeting_change", args=[meeting.pk]))
    assert change.status_code in (302, 404)
    assert "Leyla" not in stranger.get(reverse("admin:meetings_meeting_quiet")).content.decode()


def test_filters_and_search(two: Pair, desk: Any) -> None:
    scheduled(two)
    offered(two, [on("2026-11-03")])
    actions.pass_deadlines(NOW + timedelta(days=6))
    late = desk.get(f"{LIST}?waiting=unanswered")
    assert "nicht beantwortet" in late.content.decode()
    found = {
        query: desk.get(f"{LIST}?{query}").context["cl"].result_count
        for query in (
            "waiting=unanswered",
            "q=Leyla",
            "q=Henrike",
            "q=Nobody",
            "state__exact=scheduled",
            f"tandem__cohort__id__exact={two.tandem.cohort_id}",
            "disputed__exact=1",
        )
    }
    assert list(found.values()) == [1, 2, 2, 0, 1, 2, 0]


def test_the_quiet_tandems_are_listed(two: Pair, desk: Any, monkeypatch: Any) -> None:
    factories.at(two.tandem, "active", confirmed_at=NOW - timedelta(days=50))
    two.tandem.cohort.starts_on = date(2026, 7, 1)
    two.tandem.cohort.save()
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    page = desk.get(reverse("admin:meetings_meeting_quiet")).content.decode()
    assert "Leyla Arslan" in page
    assert "Henrike Osterloh" in page
    for words in (
        two.mentee.email,
        two.mentor.email,
        "seit Montag, 27. Juli 2026 noch nie",
        reverse("admin:matching_tandem_change", args=[two.tandem.pk]),
    ):
        assert words in page
    scheduled(two)
    page = desk.get(reverse("admin:meetings_meeting_quiet")).content.decode()
    assert "Alle treffen sich" in page


def test_the_list_asks_the_same_number_of_questions(two: Pair, desk: Any) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert desk.get(LIST).status_code == 200
        return len(caught)

    for day in range(1, 4):
        scheduled(two, [on(f"2026-11-{day:02}")])
    desk.get(LIST)
    few = count()
    for number in range(10):
        other = pair(mentee=f"Mentee {number}", mentor=f"Mentor {number}")
        for day in range(1, 4):
            scheduled(other, [on(f"2026-12-{day:02}")])
    assert count() == few


def test_p13_every_field_has_its_entry() -> None:
    for model in (Meeting, DateProposal):
        names = {field.name for field in model._meta.get_fields() if not field.auto_created}
        names |= {field.name for field in model._meta.fields}
        assert set(personal_data[model._meta.label]) == names


def test_a_meeting_and_a_date_name_themselves(two: Pair) -> None:
    assert str(scheduled(two)).endswith("· 1")
    assert str(DateProposal.objects.earliest("starts_at")).startswith("2026-10-14")


# ── what the tandems are told about them ─────────────────────────────────────
def test_a_tandem_shows_its_meetings_and_the_list_how_often_and_when(two: Pair, desk: Any) -> None:
    desk.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    page = reverse("admin:matching_tandem_change", args=[two.tandem.pk])
    tandems = reverse("admin:matching_tandem_changelist")
    assert "Bisher hat kein Treffen stattgefunden." in desk.get(page).content.decode()
    first, _second = scheduled(two, [on("2026-10-14")]), scheduled(two, [on("2026-11-02")])
    after = first.ends_at + timedelta(hours=1)
    actions.report_held(first, by=two.by_mentee, now=after)
    text = desk.get(page).content.decode()
    assert "1 Treffen fand statt." in text
    assert text.index("2. Treffen") < text.index("1. Treffen")
    assert reverse("admin:meetings_meeting_change", args=[first.pk]) in text
    scheduled(pair(mentee="Noah Bergmann", mentor="Jan Marquardt"), [on("2026-11-03")])
    [told] = times_met([two.tandem], NOW).values()  # of no other tandem
    assert told.startswith("1 ")
    assert "2. Nov." in told
    assert "14. Okt." in times_met([two.tandem], NOW + timedelta(days=90))[two.tandem.pk]
    assert desk.get(tandems).status_code == 200


def test_the_list_of_tandems_asks_the_same_number_of_questions(two: Pair, desk: Any) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert desk.get(reverse("admin:matching_tandem_changelist")).status_code == 200
        return len(caught)

    scheduled(two, [on("2026-11-01")])
    desk.get(LIST)
    few = count()
    for number in range(10):
        other = pair(mentee=f"Mentee {number}", mentor=f"Mentor {number}")
        scheduled(other, [on("2026-12-01")])
    assert count() == few


def test_the_dates_to_choose_from_are_shown_while_they_wait(two: Pair, desk: Any) -> None:
    desk.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    meeting = offered(two, [on("2026-10-14", place="In meiner Küche"), on("2026-10-16")])
    change = reverse("admin:meetings_meeting_change", args=[meeting.pk])
    page = desk.get(change).content.decode()
    assert "14. Oktober 2026" in page
    assert "16. Oktober 2026" in page
    assert "Küche" not in page
    first = meeting.proposals.earliest("starts_at")
    actions.pick_date(meeting, by=two.by_mentor, now=NOW, proposal_id=first.pk)
    assert "16. Oktober 2026" not in desk.get(change).content.decode()
