"""The kinds of mail about meetings, and the calendar files that travel with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from core import ical
from meetings.mails import ABOUT, DATES, FIXED, RELEASED
from outbox.kinds import Attachment, MailKind
from programme.letterhead import letterhead


# ── calendar files ───────────────────────────────────────────────────────────
def uid_of(meeting_id: Any) -> str:
    """The name of a meeting in every calendar, the same for its whole life."""
    return f"tandem-meeting-{meeting_id}@{settings.MAIL_DOMAIN}"


def request_file(
    facts: Mapping[str, Any], recipient: Any, stamped_at: datetime
) -> list[Attachment]:
    """The entry that puts the meeting into the recipient's calendar, or moves it there."""
    event = _event(facts, recipient, facts["starts_at"], facts["ends_at"], facts["place"])
    return _file(ical.invitation, "REQUEST", event, stamped_at)


def cancel_file(facts: Mapping[str, Any], recipient: Any, stamped_at: datetime) -> list[Attachment]:
    """The entry that removes the meeting again; nothing where no date had been fixed."""
    if not facts["was_at"]:
        return []
    event = _event(facts, recipient, facts["was_at"], facts["was_until"], facts["was_place"])
    return _file(ical.cancellation, "CANCEL", event, stamped_at)


def removal_file(
    facts: Mapping[str, Any], recipient: Any, stamped_at: datetime
) -> list[Attachment]:
    """The entry that takes a meeting that goes on out of this one calendar."""
    event = _event(facts, recipient, facts["was_at"], facts["was_until"], facts["was_place"])
    return _file(ical.removal, "CANCEL", event, stamped_at)


def _event(
    facts: Mapping[str, Any], recipient: Any, starts_at: str, ends_at: str, place: str
) -> ical.CalendarEvent:
    head = letterhead(recipient.language)
    with translation.override(recipient.language):
        summary = _("Mentoring: meeting with %(name)s") % {"name": facts["partner"]}
        description = facts.get("agenda") or _("Arranged through the mentoring programme.")
    return ical.CalendarEvent(
        uid=uid_of(facts["meeting"]),
        sequence=facts["sequence"],
        starts_at=datetime.fromisoformat(starts_at),
        ends_at=datetime.fromisoformat(ends_at),
        summary=summary,
        description=description,
        location=place,
        url=f"{settings.BASE_URL}{facts['url']}",
        # absent in mails queued before the event kept its own
        organizer_email=facts.get("organizer") or head["office_email"] or settings.MAIL_FROM,
        organizer_name=head["programme"],
        attendee_email=recipient.email,
        attendee_name=recipient.name,
        last_modified=datetime.fromisoformat(facts["changed_at"]),
    )


def _file(
    write: Callable[..., bytes],
    method: str,
    event: ical.CalendarEvent,
    stamped_at: datetime,
) -> list[Attachment]:
    return [
        Attachment(
            "meeting.ics",
            write(event, stamped_at=stamped_at),
            f"text/calendar; method={method}; charset=utf-8",
            alternative=True,
        )
    ]


# ── kinds ────────────────────────────────────────────────────────────────────
_MEETING = "0c8d5a3e-6f0b-4c0e-9f57-0d6a2b7f4e11"
_SAMPLE: dict[str, Any] = {
    "partner": "Leyla Arslan",
    "number": 4,
    "url": f"/me/meetings/{_MEETING}/",
    "meeting": _MEETING,
    "sequence": 1,
    "organizer": "mentoring@hochschule.example",
    "changed_at": "2027-01-09T09:30:00+00:00",
    "starts_at": "2027-01-20T16:30:00+00:00",
    "ends_at": "2027-01-20T17:30:00+00:00",
    "place": "online",
    "agenda": "Bewerbungsmappe: Was lasse ich weg?",
    "was_at": "",
    "was_until": "",
    "was_place": "",
    "answer_by": "2027-01-15T11:00:00+00:00",
    "word": "Im Januar bin ich auf Tournee.",
    "reason": "Ich bin krank geworden.",
    "to_mentee": True,
    "mentee": "Leyla Arslan",
    "mentor": "Henrike Osterloh",
    **dict.fromkeys(DATES, ""),
    "date_one": "2027-01-20T16:30:00+00:00",
    "place_one": "online",
    "date_two": "2027-01-23T10:00:00+00:00",
    "place_two": "Foyer der Hochschule",
    "date_three": "2027-01-29T12:00:00+00:00",
    "place_three": "online",
}
_WAS = {
    "was_at": "2027-01-18T16:30:00+00:00",
    "was_until": "2027-01-18T17:30:00+00:00",
    "was_place": "online",
    "sequence": 2,
}


def _kind(name: str, *facts: str, sample: Mapping[str, Any] | None = None, **rest: Any) -> MailKind:
    names = tuple(dict.fromkeys(facts))
    known = {**_SAMPLE, **(sample or {})}
    return MailKind(name, "meetings", names, {key: known[key] for key in names}, **rest)


KINDS = [
    _kind(
        "dates-offered",
        *ABOUT,
        *DATES,
        *RELEASED,
        "agenda",
        "answer_by",
        attachments=cancel_file,
    ),
    _kind(
        "dates-offered-back",
        *ABOUT,
        *DATES,
        *RELEASED,
        "word",
        "answer_by",
        sample={"partner": "Henrike Osterloh"},
        attachments=cancel_file,
    ),
    _kind(
        "dates-refused",
        *ABOUT,
        *RELEASED,
        "word",
        "to_mentee",
        sample={"partner": "Henrike Osterloh"},
        attachments=cancel_file,
    ),
    _kind("dates-unanswered", *ABOUT, "answer_by", "to_mentee"),
    _kind("dates-withdrawn", *ABOUT, "reason"),
    _kind("date-answer-reminder", *ABOUT, "answer_by", lost_reply="resend"),
    _kind(
        "meeting-date-released",
        *ABOUT,
        *RELEASED,
        sample=_WAS,
        lost_reply="resend",
        attachments=cancel_file,
    ),
    _kind(
        "meeting-mailbox-changed",
        *ABOUT,
        *RELEASED,
        sample=_WAS,
        lost_reply="resend",
        attachments=removal_file,
        reaches_closed=True,
    ),
    _kind("meeting-scheduled", *ABOUT, *FIXED, lost_reply="resend", attachments=request_file),
    _kind(
        "meeting-moved",
        *ABOUT,
        *FIXED,
        "was_at",
        sample=_WAS,
        lost_reply="resend",
        attachments=request_file,
    ),
    _kind(
        "meeting-cancelled",
        *ABOUT,
        *RELEASED,
        "reason",
        sample=_WAS,
        lost_reply="resend",
        attachments=cancel_file,
        reaches_closed=True,
    ),
    _kind(
        "meeting-reminder-week",
        *ABOUT,
        "starts_at",
        "ends_at",
        "place",
        "agenda",
        lost_reply="resend",
    ),
    _kind(
        "meeting-reminder-day",
        *ABOUT,
        "starts_at",
        "ends_at",
        "place",
        "agenda",
        lost_reply="resend",
    ),
    _kind(
        "meeting-disputed",
        "mentee",
        "mentor",
        "starts_at",
        "url",
        sample={"url": f"/admin/meetings/meeting/{_MEETING}/change/"},
        lost_reply="resend",
    ),
]
