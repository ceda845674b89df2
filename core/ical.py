"""Calendar files (RFC 5545, 5546): invitation, cancellation, removal.

Needs no models and no settings, and reads no clock: every moment is an argument.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from icalendar import Calendar, Event, Timezone, vCalAddress, vText, vUri

from core.times import aware, local

PRODID = "-//Mentoring//Calendar//EN"

# The rule in force since 1996, written out rather than generated: generated zones list years
# one by one and end somewhere. Tested against the system's zone data for 2026 to 2036.
_VTIMEZONE_BERLIN = """\
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
END:STANDARD
END:VTIMEZONE
"""

# Everything that some program reads as a line end; a CRLF counts as one.
_LINE_BREAK = re.compile("\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")
# Overrides of the writing direction: a name holding one displays as another name.
_DIRECTION_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")

# A time of day as German (“17.30 Uhr”) and English texts (“17:30”) write it.
CLOCK_TIME = re.compile(r"\d\sUhr\b|\b\d{1,2}:\d{2}\b|\bmidnight\b")

# Parameters have no escaping of their own: a double quote would need the carets of RFC 6868,
# which many programs show as they stand; a backslash makes some read past the closing colon.
_NOT_IN_A_NAME = str.maketrans({'"': "'", "^": None, "\\": "/"})


@dataclass(frozen=True, kw_only=True)
class CalendarEvent:
    """One appointment as it stands in one recipient's calendar.

    `uid` stays the same as long as the appointment exists; `sequence` is the caller's `schedule_version` and
    must be higher than in any file sent before whenever the time or place changes, or the appointment is
    cancelled or resumed. `organizer_email` is the constant mailbox of the programme: clients ignore a change
    that comes from another one. `attendee_email` is the recipient of this copy; no other address is
    disclosed.

    Raises ValueError for moments without a zone, an end not after the start, a negative sequence, and for a
    UID or address that contains blanks or control characters.
    """

    uid: str
    sequence: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    summary: str
    description: str = ""
    location: str = ""
    url: str = ""
    organizer_email: str
    organizer_name: str
    attendee_email: str
    attendee_name: str = ""
    last_modified: dt.datetime

    def __post_init__(self) -> None:
        for name in ("starts_at", "ends_at", "last_modified"):
            aware(getattr(self, name), name)
        if self.ends_at.astimezone(dt.UTC) <= self.starts_at.astimezone(dt.UTC):
            raise ValueError("ends_at must lie after starts_at")
        if self.sequence < 0:
            raise ValueError("sequence must not be negative")
        if not self.uid or not _is_one_word(self.uid):
            raise ValueError("uid must be one word without control characters")
        _mailto(self.organizer_email)
        _mailto(self.attendee_email)


def invitation(event: CalendarEvent, *, stamped_at: dt.datetime) -> bytes:
    """Return the file that puts `event` into the recipient's calendar, or moves it there.

    METHOD:REQUEST (RFC 5546 §3.2.2): a client that knows the UID replaces its entry when
    SEQUENCE (then DTSTAMP) is newer. `stamped_at` is the time of sending. UTF-8 with CRLF.
    Send it as `text/calendar; method=REQUEST; charset=utf-8` and as attachment.
    """
    return _document("REQUEST", _vevent(event, stamped_at, status="CONFIRMED"))


def cancellation(event: CalendarEvent, *, stamped_at: dt.datetime) -> bytes:
    """Return the file that cancels the whole `event` for its recipient.

    METHOD:CANCEL *and* STATUS:CANCELLED (RFC 5546 §3.2.5): with only one of them the entry
    stays in some calendars. `event.sequence` must be higher than the last one sent.
    """
    return _document("CANCEL", _vevent(event, stamped_at, status="CANCELLED"))


def removal(event: CalendarEvent, *, stamped_at: dt.datetime) -> bytes:
    """Return the file that takes `event` out of this attendee's calendar while it goes on.

    METHOD:CANCEL listing only the removed attendee, without STATUS (RFC 5546 §3.2.5): the
    engagement itself is not cancelled. `event.sequence` must be higher than the last one sent.
    """
    return _document("CANCEL", _vevent(event, stamped_at, status=None))


class _Text(vText):
    """TEXT escaped by RFC 5545 §3.3.11 alone.

    icalendar turns a literal backslash followed by N into a line break while escaping, which
    breaks texts such as a path; here each character stands for itself.
    """

    def to_ical(self) -> bytes:
        escaped = str(self).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return escaped.replace("\n", "\\n").encode()


def _document(method: str, event: Event) -> bytes:
    """Return the whole VCALENDAR; icalendar writes CRLF and folds at 75 octets."""
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(Timezone.from_ical(_VTIMEZONE_BERLIN))
    calendar.add_component(event)
    document: bytes = calendar.to_ical()
    return document


def _vevent(event: CalendarEvent, stamped_at: dt.datetime, *, status: str | None) -> Event:
    vevent = Event()
    vevent.add("uid", _Text(event.uid))
    vevent.add("sequence", event.sequence)
    vevent.add("dtstamp", _utc(aware(stamped_at, "stamped_at")))
    vevent.add("last-modified", _utc(event.last_modified))
    starts_at, ends_at = _times(event)
    vevent.add("dtstart", starts_at)
    vevent.add("dtend", ends_at)
    vevent.add("summary", _Text(_one_line(event.summary)))
    if description := _lines(event.description):
        vevent.add("description", _Text(description))
    if location := _one_line(event.location):
        vevent.add("location", _Text(location))
    if url := _web_address(event.url):
        vevent.add("url", vUri(url))
    if status is not None:
        vevent.add("status", status)
    vevent.add("organizer", _person(event.organizer_email, event.organizer_name))
    attendee = _person(event.attendee_email, event.attendee_name)
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["PARTSTAT"] = "NEEDS-ACTION"
    # Calendar replies are not read; decisions are made by link or at /me/.
    attendee.params["RSVP"] = "FALSE"
    vevent.add("attendee", attendee)
    return vevent


def _times(event: CalendarEvent) -> tuple[dt.datetime, dt.datetime]:
    """Return start and end as local Berlin time, or both in UTC where local time cannot say it.

    RFC 5545 §3.3.5 reads an ambiguous local time as the first of the two, so the hour after
    the clocks went back has no local form.
    """
    starts_at = local(event.starts_at).replace(microsecond=0)
    ends_at = local(event.ends_at).replace(microsecond=0)
    if any(moment.fold for moment in (starts_at, ends_at)):
        return _utc(starts_at), _utc(ends_at)
    return starts_at, ends_at


def _utc(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(microsecond=0)


def _person(email: str, name: str) -> vCalAddress:
    address = vCalAddress(_mailto(email))
    if common_name := _one_line(name.translate(_NOT_IN_A_NAME)):
        address.params["CN"] = common_name
    return address


def _mailto(email: str) -> str:
    """Return the mailto URI of an address. Raises ValueError for what cannot be one."""
    if "@" not in email or not _is_one_word(email):
        raise ValueError("an e-mail address must be one word with an @")
    return "mailto:" + quote(email, safe="!$&'*+-./=^_`{|}~@")


def _web_address(url: str) -> str:
    """Return `url` when it is a plain http(s) address, else "": no `javascript:` address is written."""
    url = url.strip()
    if not _is_one_word(url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    return quote(url, safe="%/:?#[]@!$&'()*+,;=-._~")


def _is_one_word(text: str) -> bool:
    return not any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp", "Zs") for sign in text)


def _one_line(text: str) -> str:
    """Return `text` on one line: breaks and control characters become single blanks."""
    text = _DIRECTION_OVERRIDES.sub("", _lines(text))
    return " ".join(text.split())


def _lines(text: str) -> str:
    """Return `text` with plain line feeds and without other control characters or surrogates."""
    text = _LINE_BREAK.sub("\n", text)
    kept = (
        sign if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs") else " "
        for sign in text
    )
    return "".join(kept).strip()
