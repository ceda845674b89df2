"""Mails of workshops in both languages, their calendar files, and the reminders."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from mentoring.operations.verify import breaches
from outbox.actions import muted
from outbox.kinds import mail_kinds
from outbox.markup import load
from outbox.models import OutgoingMail
from outbox.planner import plan
from outbox.render import render
from tests import factories
from tests.accounts.helpers import move
from tests.conftest import NOW
from tests.core.rfc5546_client import READERS, Client
from tests.outbox.kinds import placeholders
from tests.workshops.helpers import (
    BEGINS,
    OFFICE,
    add_session,
    join,
    leave,
    mentee,
    reminders,
    workshop,
)
from workshops import actions
from workshops.actions import PlannedSession
from workshops.mails import sequence_of
from workshops.mails.kinds import KINDS
from workshops.models import Registration, Workshop
from workshops.reminders import wanted

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_every_mail_reads_well_in_both_languages(kind, language: str) -> None:  # type: ignore[no-untyped-def]
    factories.organisation()
    person = factories.person("Leyla Arslan", language=language)
    shown = render(kind, kind.sample, person, has_link=False)
    assert "Honorare verhandeln" in shown.subject
    assert "{" not in shown.text + shown.subject
    assert "/workshops/honorare-verhandeln/" in shown.text
    assert placeholders(load("workshops", kind.kind, language)) <= {*kind.facts, "greeting"}


def test_no_two_kinds_share_a_subject() -> None:
    for language in ("de", "en"):
        subjects = [load("workshops", kind.kind, language).subject for kind in KINDS]
        assert len(set(subjects)) == len(subjects)


def test_the_dates_are_told_in_the_language_of_the_recipient() -> None:
    where = workshop(place="Raum 211", online=True)
    add_session(where, days=14)
    for language, words in (
        ("de", "Dienstag, 13. Oktober 2026, 12.00–15.00\N{NO-BREAK SPACE}Uhr"),
        ("en", "Tuesday, 13 October 2026, 12:00–15:00"),
    ):
        person = mentee(language=language)
        join(where, person)
        facts = OutgoingMail.objects.get(recipient=person, kind="workshop-registered").facts
        assert facts["dates"].splitlines()[0] == words
        assert len(facts["dates"].splitlines()) == 2
        assert facts["place"] == "online, Raum 211"


# ── calendar files ───────────────────────────────────────────────────────────
def files(person, kind: str) -> list:  # type: ignore[no-untyped-def,type-arg]
    row = OutgoingMail.objects.filter(recipient=person, kind=kind).latest("created_at")
    made = mail_kinds[kind].attachments
    return made(row.facts, person, row.created_at) if made else []


def test_one_session_stands_beside_the_text_and_several_are_files() -> None:
    single, double = workshop(), workshop()
    add_session(double, days=14)
    person = mentee()
    join(single, person)
    (one,) = files(person, "workshop-registered")
    assert one.alternative
    assert one.mimetype == "text/calendar; method=REQUEST; charset=utf-8"
    join(double, person, NOW + timedelta(minutes=1))
    two = files(person, "workshop-registered")
    assert [(file.filename, file.alternative) for file in two] == [
        ("workshop-1.ics", False),
        ("workshop-2.ics", False),
    ]
    assert len({Calendar.from_ical(file.content).walk("VEVENT")[0]["UID"] for file in two}) == 2


@pytest.mark.parametrize("reader", READERS)
def test_a_calendar_follows_register_move_leave_and_come_back(reader: str) -> None:
    where, person = workshop(), mentee()
    factories.organisation()
    client = Client(person.email, READERS[reader])

    def take(kind: str) -> None:
        for file in files(person, kind):
            client.receive(file.content)

    mine = join(where, person)
    take("workshop-registered")
    assert [event.starts_at for event in client.entries()] == [BEGINS]
    session = where.sessions.get()
    later = PlannedSession(BEGINS + DAY, BEGINS + DAY + timedelta(hours=3), session.pk)
    actions.change_workshop(
        where, by=OFFICE, now=NOW + timedelta(hours=1), values={}, sessions=[later]
    )
    take("workshop-changed")
    assert [event.starts_at for event in client.entries()] == [BEGINS + DAY]
    leave(mine, NOW + timedelta(hours=2))
    take("workshop-registration-cancelled")
    assert client.entries() == []
    join(where, person, NOW + timedelta(hours=3))
    take("workshop-registered")
    assert [event.starts_at for event in client.entries()] == [BEGINS + DAY]
    actions.cancel_workshop(where, by=OFFICE, now=NOW + timedelta(hours=4))
    take("workshop-cancelled")
    assert client.entries() == []


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_corrected_title_is_not_told_as_another_date(language: str) -> None:
    """The same letter goes out for a title, a place or a date, and has to be true of each of them."""
    factories.organisation()
    where, person = workshop(), mentee(language=language)
    join(where, person)
    actions.change_workshop(where, by=OFFICE, now=NOW, values={"title": "Honorare"})
    row = OutgoingMail.objects.get(kind="workshop-changed")
    shown = render(mail_kinds[row.kind], row.facts, person, has_link=False)
    assert "Honorare" in shown.subject
    assert not re.search(r"Termin oder Ort|[Dd]ate or place", shown.subject + shown.text)


def test_a_changed_workshop_is_told_with_what_was_announced_before() -> None:
    factories.organisation()
    where, person = workshop(title="Honorare", place="Raum 214"), mentee()
    add_session(where, days=14)
    join(where, person)
    first, second = where.sessions.order_by("starts_at")
    later = PlannedSession(first.starts_at + DAY, first.ends_at + DAY, first.pk)
    stays = PlannedSession(second.starts_at, second.ends_at, second.pk)
    told = {}
    for hour, values, dates in (
        (1, {"title": "Verträge"}, None),
        (2, {"place": "Raum 3"}, None),
        (3, {}, [later, stays]),
    ):
        now = NOW + timedelta(hours=hour)
        actions.change_workshop(where, by=OFFICE, now=now, values=values, sessions=dates)
        row = OutgoingMail.objects.filter(kind="workshop-changed").latest("created_at")
        told[hour] = " ".join(render(mail_kinds[row.kind], row.facts, person, has_link=False).text.split())  # fmt: skip
    assert "Der Titel war bisher „Honorare“." in told[1]
    assert "Raum 214" not in told[1].split("Der Titel")[1]
    assert "Der Ort war bisher: Raum 214" in told[2]
    assert "Honorare" not in told[2]
    assert "Bisher geplant und nun verlegt: Dienstag, 13. Oktober 2026" in told[3]
    assert told[3].count("Oktober 2026") == 3  # two that hold now, and the former one


def test_who_only_waited_gets_no_calendar_file() -> None:
    where = workshop(1)
    join(where)
    waiting = join(where)
    leave(waiting)
    assert files(waiting.person, "workshop-registration-cancelled") == []


def test_a_session_taken_out_is_cancelled_beside_the_one_that_stays() -> None:
    where, person = workshop(), mentee()
    add_session(where, days=14)
    join(where, person)
    kept = where.sessions.order_by("starts_at")[0]
    actions.change_workshop(
        where,
        by=OFFICE,
        now=NOW,
        values={},
        sessions=[PlannedSession(kept.starts_at, kept.ends_at, kept.pk)],
    )
    stays, gone = files(person, "workshop-changed")
    assert b"METHOD:REQUEST" in stays.content
    assert b"METHOD:CANCEL" in gone.content
    assert gone.mimetype.startswith("application/ics; method=CANCEL")


# ── reminders ────────────────────────────────────────────────────────────────
def test_s12_the_reminder_leaves_the_day_before_by_the_clock_on_the_wall() -> None:
    # Sunday, 25 October 2026: the clocks go back; the workshop is on Sunday at noon.
    starts_at = datetime(2026, 10, 25, 11, 0, tzinfo=UTC)
    one = join(workshop(starts_at=starts_at))
    assert reminders(one.person) == [datetime(2026, 10, 24, 10, 0, tzinfo=UTC)]
    row = OutgoingMail.objects.get(kind="workshop-reminder")
    assert row.useful_until == starts_at


def test_who_registers_on_the_day_itself_is_not_reminded() -> None:
    one = join(workshop(), now=BEGINS - timedelta(hours=2))
    assert reminders(one.person) == []


def test_s10_a_session_that_began_is_not_reminded_of() -> None:
    where = workshop()
    add_session(where, days=14)
    one = join(where)
    assert len(reminders(one.person)) == 2
    due = [one.due_at for one in wanted(BEGINS + timedelta(minutes=1))]
    assert due == []  # the first has begun, the second is not near yet
    assert [one.due_at for one in wanted(BEGINS + 12 * DAY)] == [BEGINS + 13 * DAY]


def test_the_sweep_plans_what_is_missing_and_nothing_twice() -> None:
    where = workshop()
    with muted():
        one = join(where)
    assert reminders(one.person) == []
    near = BEGINS - 2 * DAY
    assert [line for line in breaches(near) if "reminder" in line]
    for planned in (1, 0):
        assert plan(wanted(near), near)["planned"] == planned
    assert reminders(one.person) == [BEGINS - DAY]
    assert breaches(near) == []


def test_the_sweep_asks_the_same_number_of_questions_for_many(
    django_assert_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    where = workshop(20)
    near = BEGINS - 2 * DAY
    join(where)
    with django_assert_num_queries(2):
        assert len(list(wanted(near))) == 1
    for _ in range(9):
        join(where)
    with django_assert_num_queries(2):
        assert len(list(wanted(near))) == 10


def test_nothing_leaves_for_waiting_cancelled_or_unpublished() -> None:
    where = workshop(1)
    leave(join(where))
    join(where)
    join(where)
    assert len(list(wanted(BEGINS - 2 * DAY))) == 1
    actions.cancel_workshop(Workshop.objects.get(pk=where.pk), by=OFFICE, now=NOW)
    assert list(wanted(BEGINS - 2 * DAY)) == []


def test_who_moved_twice_and_comes_back_gets_no_older_calendar_file() -> None:
    where, person = workshop(), mentee()
    first = join(where, person)
    for address in ("eins@example.org", "zwei@example.org"):
        move(person, address)
    first = leave(Registration.objects.get(pk=first.pk))
    assert sequence_of(join(where, person)) > sequence_of(first)
