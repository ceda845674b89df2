"""What a participant's page costs, and what it offers while dates are on offer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.query_utils import DeferredAttribute
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from matching.states import TANDEM
from meetings import actions
from mentees.states import APPLICATION
from tests import factories as make
from tests.meetings.helpers import NOW, THREE, offered, on, pair, scheduled
from tests.workshops.helpers import BEGINS, OFFICE, join, leave, workshop
from workshops.actions import record_attendance
from workshops.models import Registration
from workshops.states import REGISTRATION

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def queries(client: Client, user: Any) -> int:
    """Queries of one's page under the whole middleware, that of session and user among them."""
    client.force_login(user)
    with CaptureQueriesContext(connection) as seen:
        response = client.get("/me/")
    assert response.status_code == 200
    return len(seen)


def test_the_page_of_somebody_with_everything_costs_twelve_queries_for_few_rows_and_many(
    client: Client, clock: Any
) -> None:
    make.organisation()
    two = pair("active", answered_at=NOW)

    def more(number: int, first: int) -> None:
        """A meeting, a workshop attended, one ahead, one in vain, and a place from the waiting list."""
        for index in range(first, first + number):
            scheduled(two, [on("2026-11-02", f"{index // 2:02}:{index % 2 * 30:02}", minutes=20)])
            visited = join(workshop(), two.mentee)
            session = visited.workshop.sessions.get()
            record_attendance(session, visited, "present", by=OFFICE, now=BEGINS + timedelta(1))
            join(workshop(), two.mentee)
            full = workshop(1)
            join(full)
            join(full, two.mentee)
            moving = workshop(1)
            placed = join(moving)
            join(moving, two.mentee)
            leave(placed, NOW + timedelta(hours=1))
            late = NOW + timedelta(days=40)
            again = make.cohort(f"of {index}")
            make.application("submitted", again, applicant=two.mentee, decide_by=late)

    more(2, 0)
    actions.refuse_dates(offered(two), by=two.by_mentor, now=NOW, dates=[on("2026-11-03")])
    clock.move_to(NOW + timedelta(hours=2))
    few = queries(client, two.mentee)
    page = client.get("/me/").content.decode()
    for shown in (
        'name="pick-date"',
        "Sie hören von uns",
        "Warteliste, Platz 1",
        "Ein Platz für Sie",
    ):
        assert shown in page
    open_offer = two.tandem.meetings.get(state="proposed")
    actions.cancel(open_offer, by=two.by_mentee, now=NOW)
    more(14, 2)
    actions.refuse_dates(offered(two), by=two.by_mentor, now=NOW, dates=[on("2026-11-03")])
    assert queries(client, two.mentee) == few <= 12


def test_a_mentor_of_many_costs_as_much_as_a_mentor_of_two(client: Client, clock: Any) -> None:
    make.organisation()
    mentor = make.mentor(capacity=40, name="Henrike Osterloh")

    def more(number: int) -> None:
        """Dates to pick, a report to give, a question to answer; and nothing planned."""
        for _one in range(number):
            make.tandem("mentor_asked", mentor=mentor, answer_by=NOW + timedelta(days=9))
            make.tandem("active", mentor=mentor, confirmed_at=NOW)
            for report in (False, True):
                two = pair("active", mentor="Henrike", answered_at=NOW)
                two.tandem.mentor, two.mentor = mentor, mentor.user
                two.tandem.save()
                scheduled(two, THREE[1:]) if report else offered(two)

    more(2)
    clock.move_to(THREE[1].ends_at)
    few = queries(client, mentor.user)
    page = client.get("/me/").content.decode()
    assert 'name="pick-date"' in page  # the next action; the others stand below it
    below = page[page.index("Danach:") :]
    for title, number in (
        ("Wann treffen Sie sich?", 1),
        ("Hat das Treffen stattgefunden?", 2),
        ("schlägt Termine für Oktober vor", 2),
        ("Mentor_in ist gefragt", 2),
    ):
        assert below.count(title) == number, title
    clock.move_to(NOW)
    more(7)
    clock.move_to(THREE[1].ends_at)
    assert queries(client, mentor.user) == few <= 12


def test_no_state_of_anything_makes_the_page_read_a_column_later(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of wide rows the page reads only the columns it shows; a forgotten one would be a query for each row."""
    make.organisation()
    later: list[Any] = []
    known = {"answer_by": NOW + timedelta(days=9), "confirmed_at": NOW, "answered_at": NOW}
    mentor = make.mentor(capacity=40, name="Henrike Osterloh")
    tandems = [make.tandem(state, mentor=mentor, **known) for state in TANDEM.states]
    asking = make.tandem("mentor_asked", mentor=mentor, question_at=NOW, **known)
    people = [mentor.user, *(one.mentee.user for one in (*tandems, asking))]
    people += [make.application(state, talk_at=NOW + timedelta(days=1)).applicant for state in APPLICATION.states]  # fmt: skip
    for state in REGISTRATION.states:
        for where in (workshop(), make.workshop("cancelled")):
            one = Registration(workshop=where, person=people[-1], joined_at=NOW, place_in_line=1)
            make.at(one, state, since=NOW + timedelta(hours=1))
    monkeypatch.setattr(DeferredAttribute, "__get__", _noting(later, DeferredAttribute.__get__))
    for person in people:
        client.force_login(person)
        assert client.get("/me/").status_code == 200
    assert later == []


def _noting(found: list[Any], read: Any) -> Any:
    def noted(self: Any, instance: Any, cls: Any = None) -> Any:
        if instance is not None and self.field.attname in instance.get_deferred_fields():
            found.append(self.field)
        return read(self, instance, cls)

    return noted


def test_while_dates_are_on_offer_no_others_are_asked_for(client: Client) -> None:
    two = pair()
    propose = reverse("meetings:propose")
    client.force_login(two.mentee)
    assert propose in client.get("/me/").content.decode()
    meeting = offered(two)
    page = client.get("/me/").content.decode()
    assert propose not in page
    wait = page[page.index("wählt bis") :]
    offer = reverse("meetings:meeting", args=[meeting.pk])
    assert f'<a href="{offer}">Ihr Angebot ansehen, ändern oder zurückziehen</a>' in wait
    offer_page = client.get(offer).content.decode()
    assert reverse("meetings:offer", args=[meeting.pk]) in offer_page
    assert reverse("meetings:cancel", args=[meeting.pk]) in offer_page
    actions.cancel(meeting, by=two.by_mentee, now=NOW)
    assert propose in client.get("/me/").content.decode()
