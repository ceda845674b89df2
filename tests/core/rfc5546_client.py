"""A calendar program in miniature: what RFC 5546 tells a client to do with our files.

Two readers (icalendar and vobject, which share no code) turn a file into the same `Message`;
`Client` keeps the calendar of one attendee. Nothing here imports the code under test.
"""

import datetime as dt
import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import icalendar

# Imported by name because it comes without types, whatever the checker's settings.
vobject: Any = importlib.import_module("vobject")


@dataclass(frozen=True)
class Message:
    """One VEVENT of a file; moments in UTC."""

    method: str
    uid: str
    sequence: int
    stamped_at: dt.datetime
    starts_at: dt.datetime
    ends_at: dt.datetime
    status: str
    organizer: str
    attendees: tuple[str, ...]
    summary: str
    description: str
    location: str
    common_names: tuple[str, ...]


def read_with_icalendar(document: bytes) -> list[Message]:
    """Return the events of `document`; times by the zone's name."""
    calendar: Any = icalendar.Calendar.from_ical(document)
    messages = []
    for event in calendar.walk("VEVENT"):
        people = event.get("attendee", [])
        people = people if isinstance(people, list) else [people]
        messages.append(
            Message(
                method=str(calendar["method"]),
                uid=str(event["uid"]),
                sequence=int(event["sequence"]),
                stamped_at=event.decoded("dtstamp").astimezone(dt.UTC),
                starts_at=event.decoded("dtstart").astimezone(dt.UTC),
                ends_at=event.decoded("dtend").astimezone(dt.UTC),
                status=str(event.get("status", "")),
                organizer=str(event["organizer"]),
                attendees=tuple(str(person) for person in people),
                summary=str(event["summary"]),
                description=str(event.get("description", "")),
                location=str(event.get("location", "")),
                common_names=tuple(str(person.params.get("CN", "")) for person in people),
            )
        )
    return messages


def read_with_vobject(document: bytes) -> list[Message]:
    """Return the events of `document`; times by the rules of its own VTIMEZONE."""
    calendar: Any = vobject.readOne(document.decode())
    messages = []
    for event in calendar.contents.get("vevent", []):
        people = event.contents.get("attendee", [])

        def text(name: str, event: Any = event) -> str:
            return str(event.contents[name][0].value) if name in event.contents else ""

        messages.append(
            Message(
                method=calendar.method.value,
                uid=text("uid"),
                sequence=int(text("sequence")),
                stamped_at=event.dtstamp.value.astimezone(dt.UTC),
                starts_at=event.dtstart.value.astimezone(dt.UTC),
                ends_at=event.dtend.value.astimezone(dt.UTC),
                status=text("status"),
                organizer=text("organizer"),
                attendees=tuple(person.value for person in people),
                summary=text("summary"),
                description=text("description"),
                location=text("location"),
                common_names=tuple(person.params.get("CN", [""])[0] for person in people),
            )
        )
    return messages


def written_zone(document: bytes) -> dt.tzinfo:
    """Return the zone as the document's own VTIMEZONE describes it, without any zone data."""
    zone: dt.tzinfo = vobject.readOne(document.decode()).vtimezone.tzinfo
    return zone


READERS: dict[str, Callable[[bytes], list[Message]]] = {
    "icalendar": read_with_icalendar,
    "vobject": read_with_vobject,
}


@dataclass
class Client:
    """The calendar of the attendee `me`, fed by the files that arrive, in whatever order."""

    me: str
    read: Callable[[bytes], list[Message]]
    known: dict[str, Message] = field(default_factory=dict)

    def receive(self, document: bytes) -> None:
        """Take in one file as it came by mail."""
        for message in self.read(document):
            if self._concerns_me(message) and not self._is_stale(message):
                self.known[message.uid] = message

    def entries(self) -> list[Message]:
        """Return what the person sees, by start."""
        shown = [message for message in self.known.values() if not self._is_gone(message)]
        return sorted(shown, key=lambda message: message.starts_at)

    def _concerns_me(self, message: Message) -> bool:
        """§3.2.2, §3.2.5: only from the organizer known so far, only for a listed attendee."""
        earlier = self.known.get(message.uid)
        same_organizer = earlier is None or earlier.organizer == message.organizer
        return (
            message.method in ("REQUEST", "CANCEL")
            and same_organizer
            and f"mailto:{self.me}" in message.attendees
        )

    def _is_stale(self, message: Message) -> bool:
        """§2.1.5: the higher SEQUENCE is newer; at a draw the later DTSTAMP."""
        earlier = self.known.get(message.uid)
        if earlier is None:
            return False
        mine = (earlier.sequence, earlier.stamped_at)
        return (message.sequence, message.stamped_at) < mine

    def _is_gone(self, message: Message) -> bool:
        """§3.2.5: only CANCEL takes away; a REQUEST that says CANCELLED is shown struck through.

        A CANCEL is kept, not forgotten, so that an older REQUEST coming late revives nothing.
        """
        return message.method == "CANCEL"
