"""What the desk keeps for the coordinators of the same cohorts changes at once, for each of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core import page_cache
from core.audit.models import AppendOnly
from matching import actions as matching
from meetings import actions as meetings
from mentees import actions as mentees
from mentees.models import MentorWish
from mentoring.desk.page import Desk, desk_of
from mentors import actions as mentors
from programme import actions as programme
from tests import factories as make
from tests.desk.test_page import mail, other_cohort
from tests.meetings.helpers import on, pair, scheduled
from tests.workshops import helpers
from workshops import actions as workshops
from workshops.models import Registration, Session

pytestmark = pytest.mark.django_db
BY = make.SYSTEM
DAY = timedelta(days=1)
TABLE = re.compile(r'(?:FROM|JOIN) "(\w+)"')
# Read each time: whose desk it is, the newest event, the mails with who may be known.
LIVE = {
    "accounts_user",
    "programme_cohort",
    "programme_cohortrole",
    "audit_auditevent",
    "outbox_outgoingmail",
}
FIXED = {"programme_consentnotice"}  # a notice is never changed, and a new one ends no consent


@pytest.fixture(autouse=True)
def _kept_inside_a_test_too(monkeypatch: pytest.MonkeyPatch, now: datetime) -> Iterator[None]:
    """A test's own transaction is the one in which nothing would be kept."""
    monkeypatch.setattr(page_cache, "_present", page_cache._reading.get)
    with time_machine.travel(now, tick=False):
        yield


class Office:
    """Two coordinators of a cohort in which something of every kind waits."""

    def __init__(self, now: datetime) -> None:
        self.now, self.cohort = now, make.cohort()
        self.both = [make.coordinator(self.cohort), make.coordinator(self.cohort, "Mira Falk")]
        self.by = make.by(self.both[0])
        self.application = make.application("submitted")
        known = make.mentor(name="Bekannte Stimme")
        self.wish = MentorWish.objects.create(application=self.application, name=known.name, rank=1)
        self.tandem = make.tandem("mentee_agreed", answer_by=now + 9 * DAY)
        self.mentee, self.mentor = make.mentee(), make.mentor("under_review")
        self.mentor.checks.update(verdict="met")
        meeting = scheduled(pair("active", answered_at=now), [on("2026-10-14")])
        self.meeting, self.after = meeting, meeting.ends_at + DAY
        meetings.report_held(meeting, by=make.by(meeting.mentee, "mentee"), now=self.after)
        self.full = helpers.workshop(1)
        helpers.join(self.full)
        helpers.join(self.full)
        self.over = helpers.workshop(title="Past", starts_at=now - 2 * DAY)
        self.session = Session.objects.get(workshop=self.over)
        self.guest = Registration(
            workshop=self.over, person=helpers.mentee(), joined_at=now, place_in_line=1
        )
        make.at(self.guest, "confirmed")

    def read(self, user: User, now: datetime | None = None) -> Desk:
        """The desk of a coordinator in a request of their own."""
        moment = now or self.now
        with page_cache.reading(RequestFactory().get("/admin/"), moment):
            return desk_of(User.objects.get(pk=user.pk), moment)

    def see(self) -> list[str]:
        """The desks of both, in words."""
        return [repr(self.read(one)) for one in self.both]

    def tables(self) -> set[str]:
        """The tables that one desk is made from."""
        with CaptureQueriesContext(connection) as asked:
            self.read(self.both[1])
        return {table for one in asked for table in TABLE.findall(one["sql"])}

    # ── how things change ────────────────────────────────────────────────────
    def doubt_criterion(self) -> None:
        mentors.check_criterion(
            self.mentor, criterion=5, verdict="open", evidence="", by=self.by, now=self.now
        )

    def move_session(self) -> None:
        held = self.session
        moved = workshops.PlannedSession(held.starts_at - DAY, held.ends_at - DAY, held.pk)
        workshops.change_workshop(self.over, by=BY, now=self.now, values={}, sessions=[moved])

    def rename_cohort(self) -> None:
        self.cohort.name = "2026/28"
        programme.change_cohort(self.cohort, by=BY, now=self.now, fields=["name"])


# Per table that is read for what is kept: a change of it by a verb.
CHANGES: dict[str, Callable[[Office], Any]] = {
    "mentees_mentorwish": lambda office: mentees.join_wishes(
        office.application, by=office.by, now=office.now, wish_1=make.mentor(name="Andere")
    ),
    "mentees_application": lambda office: mentees.begin_reading(
        office.application, by=office.by, now=office.now
    ),
    "mentees_mentee": lambda office: mentees.leave(office.mentee, by=office.by, now=office.now),
    "matching_tandem": lambda office: matching.dissolve(
        office.tandem, by=office.by, now=office.now
    ),
    "meetings_meeting": lambda office: meetings.report_missed(
        office.meeting, by=make.by(office.meeting.mentor, "mentor"), now=office.after
    ),
    "workshops_workshop": lambda office: workshops.change_workshop(
        office.full, by=BY, now=office.now, values={"title": "Renamed"}
    ),
    "workshops_registration": lambda office: helpers.join(office.full),
    "workshops_session": Office.move_session,
    "workshops_attendance": lambda office: workshops.record_attendance(
        office.session, office.guest, "present", by=BY, now=office.now
    ),
    "programme_consent": lambda office: mentors.record_consent(
        office.mentor, by=office.by, now=office.now, how="letter"
    ),
    "mentors_criterioncheck": Office.doubt_criterion,
    "mentors_mentor": lambda office: mentors.reject(office.mentor, by=office.by, now=office.now),
}


@pytest.fixture
def office(now: datetime) -> Office:
    make.notice("mentor")
    return Office(now)


def test_every_change_is_on_the_desks_of_both_coordinators_at_once(office: Office) -> None:
    """Of every table from which something is kept, so that a new one has to be entered in CHANGES."""
    assert office.tables() - LIVE - FIXED == set(CHANGES)
    assert office.tables() <= LIVE  # kept by now
    seen = {}
    for table, change in {**CHANGES, "programme_cohort": Office.rename_cohort}.items():
        before = office.see()
        assert before[0] == before[1]
        change(office)
        seen[table] = [one != old for one, old in zip(office.see(), before, strict=True)]
    assert {table: both for table, both in seen.items() if not all(both)} == {}


def test_control_a_version_that_stands_still_shows_an_old_desk(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AppendOnly, "newest", lambda self: 0)
    before = office.see()
    for change in CHANGES.values():
        change(office)
    assert office.see() == before


def test_a_mail_that_fails_is_on_the_desk_at_once_without_an_event(office: Office) -> None:
    assert "nicht zustellbar" not in office.see()[1]
    row = mail("failed", office.cohort)
    assert "nicht zustellbar" in office.see()[1]
    type(row).objects.filter(pk=row.pk).update(resolved_at=office.now)
    assert "nicht zustellbar" not in office.see()[1]


def test_what_waits_because_of_the_clock_is_there_with_the_next_minute(office: Office) -> None:
    soon = office.now + timedelta(minutes=1)
    before = office.read(office.both[0])
    make.application("invited", talk_at=soon, decide_by=office.now + 9 * DAY)
    caches["shared"].clear()
    titles = [[one.title for one in office.read(office.both[0], when).rest] for when in (office.now, soon)]  # fmt: skip
    assert "Gespräch geführt, Entscheidung offen" not in titles[0]
    assert "Gespräch geführt, Entscheidung offen" in titles[1]
    assert before.rest


def test_a1_coordinators_of_other_cohorts_share_nothing(office: Office) -> None:
    """Also where one coordinates this cohort and another one, and where a role is added or ends."""
    elsewhere = make.coordinator(other_cohort(), "Jonas Thiel")
    assert office.see()[0] not in (alone := repr(office.read(elsewhere)))
    role = elsewhere.cohort_roles.create(cohort=office.cohort)
    names = [card.cohort.name for card in office.read(elsewhere).cards]
    assert names == ["2026/27", "2027/28"]
    role.delete()
    assert repr(office.read(elsewhere)) == alone
    assert [card.cohort.name for card in office.read(office.both[0]).cards] == ["2026/27"]


def test_a_cohort_that_was_read_before_it_changed_is_kept_for_nobody_else(
    office: Office,
) -> None:
    """A request reads the cohorts first and asks for the version afterwards."""
    with page_cache.reading(RequestFactory().get("/admin/"), office.now):
        early = User.objects.get(pk=office.both[0].pk)
        early._cohorts = list(type(office.cohort).objects.coordinated_by(early))  # type: ignore[attr-defined]
        office.rename_cohort()
        desk_of(early, office.now)
    assert [card.cohort.name for card in office.read(office.both[1]).cards] == ["2026/28"]


def test_nothing_that_is_kept_names_a_person(office: Office) -> None:
    office.see()
    kept = [repr(value) for key, value in caches["shared"]._cache.items() if "desk:" in key]
    assert kept
    people = {one for user in User.objects.all() for one in (user.name, user.email) if one}
    assert [one for one in people for text in kept if one in text] == []
