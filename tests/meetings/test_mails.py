"""The finished mails: letters, links, and calendar files as programs take them in."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from meetings import actions
from meetings.mails.files import uid_of
from meetings.mails.kinds import KINDS
from meetings.models import Meeting
from outbox.kinds import mail_kinds
from outbox.markup import load
from outbox.message import build, message_id
from outbox.models import OutgoingMail
from outbox.render import render
from programme.letterhead import letterhead
from tests import factories
from tests.core.rfc5546_client import READERS, Client
from tests.factories import NOW
from tests.meetings.helpers import HOUR, THREE, Pair, offered, on, pair, proposal, scheduled
from tests.outbox.kinds import placeholders

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def two() -> Pair:
    return pair(mentee="Müller-Lüdenscheidt, Zoë; „Zo“")


def built(row: OutgoingMail, sent_at: datetime | None = None) -> EmailMessage:
    """The mail as it leaves, parsed again."""
    kind = mail_kinds[row.kind]
    language = row.recipient.language
    mail = render(kind, row.facts, row.recipient, has_link=row.link_id is not None)
    row.subject, row.text, row.html, row.language = mail.subject, mail.text, mail.html, language
    row.rendered_at = sent_at or row.created_at
    row.message_id = message_id(row.dedupe_key)
    data = build(row, kind, letterhead(language)).data
    return message_from_bytes(data, policy=policy.default)  # type: ignore[return-value]


def calendar_parts(mail: EmailMessage) -> list[Any]:
    return [part for part in mail.walk() if part.get_content_type() == "text/calendar"]


def rows_to(person: Any) -> list[OutgoingMail]:
    found = OutgoingMail.objects.filter(recipient=person, planned_for=None).exclude(
        status="cancelled"
    )
    return list(
        found.select_related("recipient", "link").order_by("created_at", "schedule_version")
    )


def test_a_fixed_date_brings_a_request_as_alternative_and_as_file(two: Pair) -> None:
    meeting = scheduled(two)
    (row,) = [one for one in rows_to(two.mentee) if one.kind == "meeting-scheduled"]
    mail = built(row)
    alternative, file = calendar_parts(mail)
    for part in (alternative, file):
        assert part.get_param("method") == "REQUEST"
        assert part.get_content_charset() == "utf-8"
    assert file.get_content_disposition() == "attachment"
    assert file.get_filename() == "meeting.ics"
    assert alternative.get_content_disposition() != "attachment"
    assert alternative.get_payload(decode=True) == file.get_payload(decode=True)
    for read in READERS.values():
        (entry,) = read(file.get_payload(decode=True))
        assert entry.uid == uid_of(meeting.pk)
        assert (entry.method, entry.sequence) == ("REQUEST", 1)
        assert (entry.starts_at, entry.ends_at) == (meeting.starts_at, meeting.ends_at)
        assert entry.organizer == "mailto:mentoring@hochschule.example"
        assert entry.attendees == (f"mailto:{two.mentee.email}",)
        assert entry.summary == "Mentoring: Treffen mit Henrike Osterloh"
        assert entry.location == "online"
        assert entry.description == "Mappe"
        assert entry.stamped_at == NOW


def test_the_recipients_language_reaches_the_calendar(two: Pair) -> None:
    two.mentee.language = "en"
    two.mentee.save()
    scheduled(two)
    (row,) = [one for one in rows_to(two.mentee) if one.kind == "meeting-scheduled"]
    (entry,) = READERS["icalendar"](calendar_parts(built(row))[0].get_payload(decode=True))
    assert entry.summary == "Mentoring: meeting with Henrike Osterloh"


def test_a_withdrawn_offer_that_was_never_fixed_brings_no_file(two: Pair) -> None:
    actions.cancel(offered(two), by=two.by_mentee, now=NOW)
    assert not rows_to(two.mentee)
    [row] = rows_to(two.mentor)
    assert row.kind == "dates-withdrawn"
    assert not calendar_parts(built(row))


# ── golden sequences through the mails ───────────────────────────────────────
def pick(two: Pair, meeting: Meeting, now: datetime) -> Meeting:
    return actions.pick_date(meeting, by=two.by_mentor, now=now, proposal_id=proposal(meeting).pk)


def move(two: Pair, meeting: Meeting, now: datetime, day: str = "2026-11-03") -> Meeting:
    return actions.move_meeting(meeting, by=two.by_mentee, now=now, date=on(day))


def move_again(two: Pair, meeting: Meeting, now: datetime) -> Meeting:
    return move(two, meeting, now, "2026-12-01")


def other_place(two: Pair, meeting: Meeting, now: datetime) -> Meeting:
    assert meeting.starts_at
    assert meeting.ends_at
    from meetings.rules import OfferedDate

    place = OfferedDate(meeting.starts_at, meeting.ends_at, "Café; am Markt, hinten\\links")
    return actions.move_meeting(meeting, by=two.by_mentor, now=now, date=place)


def give_up(two: Pair, meeting: Meeting, now: datetime) -> Meeting:
    return actions.offer_again(meeting, by=two.by_mentee, now=now, dates=[on("2027-01-12")])


def take_back(two: Pair, meeting: Meeting, now: datetime) -> Meeting:
    return actions.refuse_dates(meeting, by=two.by_mentor, now=now, word=str(now))


def counter(two: Pair, meeting: Meeting, now: datetime) -> Meeting:
    return actions.refuse_dates(
        meeting, by=two.by_mentor, now=now, dates=[on("2027-02-03"), on("2027-02-04")]
    )


def pick_back(two: Pair, meeting: Meeting, now: datetime) -> Meeting:
    return actions.pick_date(meeting, by=two.by_mentee, now=now, proposal_id=proposal(meeting).pk)


def pick_another(two: Pair, meeting: Meeting, now: datetime) -> Meeting:
    return actions.pick_date(
        meeting, by=two.by_mentor, now=now, proposal_id=proposal(meeting, 1).pk
    )


def cancel(two: Pair, meeting: Meeting, now: datetime) -> Meeting:
    return actions.cancel(meeting, by=two.by_mentor, now=now)


SEQUENCES = {
    "fixed": [pick],
    "moved": [pick, move],
    "moved twice": [pick, move, move_again],
    "moved to another place": [pick, other_place],
    "cancelled": [pick, cancel],
    "moved, then cancelled": [pick, move, move_again, cancel],
    "given up": [pick, give_up],
    "given up and fixed anew": [pick, give_up, pick],
    "given up, fixed, moved, cancelled": [pick, give_up, pick, move, cancel],
    "taken back": [pick, take_back],
    "taken back and offered again": [pick, take_back, give_up, pick, other_place],
    "taken back with the mentor's dates": [pick, counter, pick_back, move],
    "another of the dates": [pick, pick_another, cancel],
}


@pytest.mark.parametrize("name", SEQUENCES)
@pytest.mark.parametrize("reader", READERS)
def test_calendars_follow_the_mails_of_a_golden_sequence(two: Pair, name: str, reader: str) -> None:
    meeting, now = offered(two), NOW
    clients = {
        person.pk: (person, Client(person.email, READERS[reader]))
        for person in (two.mentee, two.mentor)
    }
    seen: set[Any] = set()
    sequences: list[int] = []
    for step in SEQUENCES[name]:
        now += HOUR
        meeting = step(two, meeting, now)
        for person, client in clients.values():
            for row in rows_to(person):
                if row.pk in seen:
                    continue
                seen.add(row.pk)
                for part in calendar_parts(built(row)):
                    client.receive(part.get_payload(decode=True))
                    sequences.append(row.facts["sequence"])
            entries = client.entries()
            if meeting.state == "scheduled":
                (entry,) = entries
                assert (entry.starts_at, entry.ends_at) == (meeting.starts_at, meeting.ends_at)
                assert entry.location == meeting.place
                assert entry.sequence == meeting.schedule_version
            else:
                assert entries == []
    assert sequences == sorted(sequences)


def test_mails_out_of_order_leave_the_newest_date(two: Pair) -> None:
    meeting = move_again(two, move(two, scheduled(two), NOW + HOUR), NOW + 2 * HOUR)
    files = [
        part.get_payload(decode=True)
        for row in rows_to(two.mentor)
        for part in calendar_parts(built(row))
    ]
    for order in itertools.permutations(files[::2]):
        client = Client(two.mentor.email, READERS["icalendar"])
        for file in order:
            client.receive(file)
        (entry,) = client.entries()
        assert entry.starts_at == meeting.starts_at


# ── letters ──────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", [kind.kind for kind in KINDS])
def test_every_letter_reads_in_both_languages_from_its_sample(kind: str, language: str) -> None:
    registered = mail_kinds[kind]
    factories.organisation()
    person = factories.person("Henrike Osterloh", language=language)
    letter = load("meetings", kind, language)
    always = {"greeting", "programme", "organisation", "office_email", "office_phone", "signed_by"}
    assert placeholders(letter) <= {*registered.facts, *always}
    assert set(registered.sample) == set(registered.facts)
    mail = render(registered, registered.sample, person, has_link=kind == "dates-offered")
    assert "{" not in mail.text
    assert "Henrike Osterloh" in mail.text
    if registered.attachments is not None:
        registered.attachments(registered.sample, person, NOW)


def test_no_two_kinds_share_a_subject() -> None:
    for language in ("de", "en"):
        subjects = [load("meetings", kind.kind, language).subject for kind in KINDS]
        assert len(set(subjects)) == len(subjects)


def test_the_offer_names_every_date_and_until_when(two: Pair) -> None:
    offered(two, [*THREE, on("2026-11-03", place="Bühne"), on("2026-11-05")])
    (row,) = [one for one in rows_to(two.mentor) if one.kind == "dates-offered"]
    mail = built(row)
    assert (
        mail["Subject"]
        .strip()
        .startswith("Bitte wählen Sie bis Sonntag, 20. September einen Termin mit")
    )
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Erster Termin: Mittwoch, 14. Oktober 2026, 17.30\N{NO-BREAK SPACE}Uhr, online" in text
    assert "Vierter Termin: Dienstag, 3. November 2026, 17.30\N{NO-BREAK SPACE}Uhr, Bühne" in text
    assert "Fünfter Termin" in text
    assert "Mappe" in text
    assert "/l/" in text
    assert mail["X-Mentoring-Kind"] == "dates-offered"
    three_only = OutgoingMail(facts={**row.facts, "date_four": "", "date_five": ""})
    shown = render(mail_kinds["dates-offered"], three_only.facts, two.mentor, has_link=True)
    assert "Vierter Termin" not in shown.text


def test_contact_data_of_the_other_side_stay_out_of_the_mails(two: Pair) -> None:
    two.mentee.phone = "+49 151 000"
    two.mentee.save()
    scheduled(two)
    rows = rows_to(two.mentor)
    assert [row.kind for row in rows] == ["meeting-scheduled"]
    for row in rows:
        mail = built(row)
        assert two.mentee.email not in mail.as_string()
        assert "151 000" not in mail.as_string()
