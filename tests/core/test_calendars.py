"""Calendar files as a calendar program takes them in, and line by line."""

import datetime as dt
import itertools
from dataclasses import dataclass, replace

import pytest

from core.ical import (
    cancellation,
    invitation,
    removal,
)
from tests.core.calendar_samples import (
    ME,
    STAMP,
    an_event,
    at,
    every_reader,
    unfolded,
)
from tests.core.rfc5546_client import READERS, Client

# --- twelve golden sequences -------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One file on its way: what it says, in which version, about which start."""

    verb: str
    sequence: int
    start: str = "2027-02-01 10:00"
    uid: str = "tandem-meeting-7@mentoring.example"
    place: str = "Probensaal"
    resent: int = 0

    def file(self) -> bytes:
        starts_at = at(*self.start.split())
        event = an_event(
            uid=self.uid,
            sequence=self.sequence,
            starts_at=starts_at,
            ends_at=starts_at + dt.timedelta(minutes=90),
            location=self.place,
        )
        write = {"ask": invitation, "cancel": cancellation, "remove": removal}[self.verb]
        minutes = 10 * self.sequence + self.resent
        return write(event, stamped_at=STAMP + dt.timedelta(minutes=minutes))


OTHER = "tandem-meeting-8@mentoring.example"
create = Step("ask", 0)
move = Step("ask", 1, "2027-02-08 18:15")
move_again = Step("ask", 2, "2027-02-15 09:00")
cancel = Step("cancel", 3, "2027-02-15 09:00")
recreate = Step("ask", 4, "2027-02-22 16:45")

# name: (files in the order they arrive, what stands in the calendar after each of them)
SEQUENCES: dict[str, tuple[list[Step], list[list[Step]]]] = {
    "created": ([create], [[create]]),
    "moved": ([create, move], [[create], [move]]),
    "cancelled": ([create, Step("cancel", 1)], [[create], []]),
    "moved twice, then cancelled": (
        [create, move, move_again, cancel],
        [[create], [move], [move_again], []],
    ),
    "taken up again after the cancellation": (
        [create, move, move_again, cancel, recreate],
        [[create], [move], [move_again], [], [recreate]],
    ),
    "another place at the same time": (
        [create, Step("ask", 1, place="Bibliothek")],
        [[create], [Step("ask", 1, place="Bibliothek")]],
    ),
    "moved to summer time": (
        [create, Step("ask", 1, "2027-03-28 10:00"), Step("ask", 2, "2027-10-31 02:30")],
        [[create], [Step("ask", 1, "2027-03-28 10:00")], [Step("ask", 2, "2027-10-31 02:30")]],
    ),
    "one person removed": ([create, Step("remove", 1)], [[create], []]),
    "delivered twice": (
        [create, create, move, move, Step("cancel", 2), Step("cancel", 2)],
        [[create], [create], [move], [move], [], []],
    ),
    "the second change before the first": (
        [create, move_again, move],
        [[create], [move_again], [move_again]],
    ),
    "the cancellation before all else": (
        [cancel, create, move_again, move],
        [[], [], [], []],
    ),
    "cancelled and replaced by a new meeting": (
        [create, Step("ask", 0, uid=OTHER), Step("cancel", 1), Step("ask", 1, uid=OTHER)],
        [
            [create],
            [create, Step("ask", 0, uid=OTHER)],
            [Step("ask", 0, uid=OTHER)],
            [Step("ask", 1, uid=OTHER)],
        ],
    ),
}


def facts(client: Client) -> list[tuple[str, int, dt.datetime, dt.timedelta, str]]:
    return [
        (m.uid, m.sequence, m.starts_at, m.ends_at - m.starts_at, m.location)
        for m in client.entries()
    ]


def expected(steps: list[Step]) -> list[tuple[str, int, dt.datetime, dt.timedelta, str]]:
    return [
        (s.uid, s.sequence, at(*s.start.split()), dt.timedelta(minutes=90), s.place) for s in steps
    ]


def test_there_are_twelve_golden_sequences() -> None:
    assert len(SEQUENCES) == 12


@every_reader
@pytest.mark.parametrize("name", SEQUENCES)
def test_golden_sequence(name: str, reader: str) -> None:
    arriving, shown = SEQUENCES[name]
    client = Client(ME, READERS[reader])
    for step, calendar in zip(arriving, shown, strict=True):
        client.receive(step.file())
        assert facts(client) == expected(calendar)


@every_reader
@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_in_any_order_of_delivery_the_newest_file_wins(count: int, reader: str) -> None:
    sent = [create, move, move_again, cancel, recreate][:count]
    files = [step.file() for step in sent]
    wanted = expected([] if sent[-1].verb == "cancel" else [sent[-1]])
    messages = {file: READERS[reader](file) for file in files}
    for order in itertools.permutations(files):
        client = Client(ME, messages.__getitem__)
        for file in order:
            client.receive(file)
        assert facts(client) == wanted


@every_reader
def test_same_version_sent_again_replaces_by_its_stamp(reader: str) -> None:
    client = Client(ME, READERS[reader])
    again = replace(create, place="Foyer", resent=5)
    for step in (create, again, create):
        client.receive(step.file())
    assert facts(client) == expected([again])


@every_reader
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (b"METHOD:CANCEL", b"METHOD:REQUEST"),
        (b"SEQUENCE:1\r\n", b"SEQUENCE:0\r\n"),
        (b"UID:tandem-meeting-7", b"UID:tandem-meeting-9"),
        (b"mailto:office@", b"mailto:no-reply@"),
        (b"mailto:clara@", b"mailto:robert@"),
    ],
)
def test_the_client_notices_a_wrong_cancellation(right: bytes, wrong: bytes, reader: str) -> None:
    """The negative control: each mistake seen elsewhere leaves the entry standing."""
    good = cancellation(an_event(sequence=1), stamped_at=STAMP - dt.timedelta(hours=1))
    good = good.replace(b"\r\n ", b"")
    assert right in good
    client = Client(ME, READERS[reader])
    client.receive(invitation(an_event(), stamped_at=STAMP))
    client.receive(good.replace(right, wrong))
    assert "tandem-meeting-7@mentoring.example" in [m.uid for m in client.entries()]
    client.receive(good)
    assert "tandem-meeting-7@mentoring.example" not in [m.uid for m in client.entries()]


# --- the documents, line by line -----------------------------------------------------------

GOLDEN_EVENT = """\
BEGIN:VEVENT
SUMMARY:Treffen im Tandem
DTSTART;TZID=Europe/Berlin:20270201T100000
DTEND;TZID=Europe/Berlin:20270201T113000
DTSTAMP:20270104T080000Z
UID:tandem-meeting-7@mentoring.example
SEQUENCE:3
ATTENDEE;CN="Clara Wieck";PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;\
RSVP=FALSE:mailto:clara@example.org
DESCRIPTION:Mappe mitbringen\\; Noten\\, Stift\\nBis bald
LAST-MODIFIED:20270103T080000Z
LOCATION:Probensaal 2
ORGANIZER;CN=Mentoring-Koordination:mailto:office@mentoring.example
STATUS:CONFIRMED
URL:https://mentoring.example/me/
END:VEVENT
"""


def test_an_invitation_holds_exactly_these_properties() -> None:
    event = an_event(
        sequence=3,
        description="Mappe mitbringen; Noten, Stift\r\nBis bald",
        location="Probensaal 2",
        url="https://mentoring.example/me/",
        last_modified=STAMP - dt.timedelta(days=1),
    )
    lines = unfolded(invitation(event, stamped_at=STAMP))
    start = lines.index("BEGIN:VEVENT")
    assert sorted(lines[start:-2]) == sorted(GOLDEN_EVENT.splitlines())
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert set(lines[1:5]) == {
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        "METHOD:REQUEST",
        "PRODID:-//Mentoring//Calendar//EN",
    }


def test_a_cancellation_says_so_twice_and_keeps_the_uid() -> None:
    lines = unfolded(cancellation(an_event(sequence=4), stamped_at=STAMP))
    assert {"METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:4"} <= set(lines)
    assert "UID:tandem-meeting-7@mentoring.example" in lines
    assert sum(line.startswith("ATTENDEE") for line in lines) == 1


def test_a_removal_lists_the_attendee_and_has_no_status() -> None:
    lines = unfolded(removal(an_event(sequence=4), stamped_at=STAMP))
    assert "METHOD:CANCEL" in lines
    assert not any(line.startswith("STATUS") for line in lines)
    assert sum(line.startswith("ATTENDEE") for line in lines) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_at": dt.datetime(2027, 2, 1, 10)},
        {"last_modified": dt.datetime(2027, 2, 1, 10)},
        {"ends_at": at("2027-02-01", "10:00")},
        {"sequence": -1},
        {"uid": ""},
        {"uid": "a\r\nMETHOD:CANCEL"},
        {"attendee_email": "clara@example.org\r\nX:1"},
        {"attendee_email": "clara"},
        {"organizer_email": "büro mentoring@example.org"},
    ],
)
def test_an_event_that_no_calendar_could_hold_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must"):
        an_event(**changes)


def test_a_stamp_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="stamped_at"):
        invitation(an_event(), stamped_at=dt.datetime(2027, 1, 1))
