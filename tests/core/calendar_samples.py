"""What the tests of calendar files share: one event, one stamp, both readers."""

import datetime as dt
from dataclasses import replace

import pytest

from core.ical import CalendarEvent
from core.times import wall_time
from tests.core.rfc5546_client import READERS, Message

ME = "clara@example.org"
STAMP = dt.datetime(2027, 1, 4, 8, 0, tzinfo=dt.UTC)
every_reader = pytest.mark.parametrize("reader", READERS)


def at(day: str, clock: str) -> dt.datetime:
    return wall_time(dt.date.fromisoformat(day), dt.time.fromisoformat(clock))


def an_event(**changes: object) -> CalendarEvent:
    event = CalendarEvent(
        uid="tandem-meeting-7@mentoring.example",
        sequence=0,
        starts_at=at("2027-02-01", "10:00"),
        ends_at=at("2027-02-01", "11:30"),
        summary="Treffen im Tandem",
        organizer_email="office@mentoring.example",
        organizer_name="Mentoring-Koordination",
        attendee_email=ME,
        attendee_name="Clara Wieck",
        last_modified=STAMP,
    )
    return replace(event, **changes)  # type: ignore[arg-type]


def only(reader: str, document: bytes) -> Message:
    (message,) = READERS[reader](document)
    return message


def unfolded(document: bytes) -> list[str]:
    return document.decode().replace("\r\n ", "").split("\r\n")
