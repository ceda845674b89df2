"""The kinds of mail about meetings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from meetings.mails.files import cancel_file, removal_file, request_file
from outbox.kinds import MailKind

PLACES = ("one", "two", "three", "four", "five")
DATES = tuple(f"{part}_{place}" for place in PLACES for part in ("date", "place"))
ABOUT = ("partner", "number", "url")
CALENDAR = ("meeting", "sequence", "organizer", "changed_at")
FIXED = (*CALENDAR, "starts_at", "ends_at", "place", "agenda")
# A date that no longer holds; "was_at" is empty where there was none.
RELEASED = (*CALENDAR, "was_at", "was_until", "was_place")

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


def _kind(
    name: str, label: Any, *facts: str, sample: Mapping[str, Any] | None = None, **rest: Any
) -> MailKind:
    known = {**_SAMPLE, **(sample or {})}
    return MailKind(name, "meetings", label, {key: known[key] for key in facts}, **rest)


KINDS = (
    _kind(
        "dates-offered",
        _("dates to choose from, to the mentor"),
        *ABOUT,
        *DATES,
        *RELEASED,
        "agenda",
        "answer_by",
        attachments=cancel_file,
    ),
    _kind(
        "dates-offered-back",
        _("dates to choose from, to the mentee"),
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
        _("none of the dates suits"),
        *ABOUT,
        *RELEASED,
        "word",
        "to_mentee",
        sample={"partner": "Henrike Osterloh"},
        attachments=cancel_file,
    ),
    _kind("dates-unanswered", _("dates not answered"), *ABOUT, "answer_by", "to_mentee"),
    _kind("dates-withdrawn", _("dates withdrawn"), *ABOUT, "reason"),
    _kind(
        "date-answer-reminder",
        _("reminder to choose a date"),
        *ABOUT,
        "answer_by",
        lost_reply="resend",
    ),
    _kind(
        "meeting-date-released",
        _("date of a meeting given up"),
        *ABOUT,
        *RELEASED,
        sample=_WAS,
        lost_reply="resend",
        attachments=cancel_file,
        reaches_closed=True,
    ),
    _kind(
        "meeting-mailbox-changed",
        _("meeting removed from the calendar of a previous address"),
        *ABOUT,
        *RELEASED,
        sample=_WAS,
        lost_reply="resend",
        attachments=removal_file,
        reaches_closed=True,
    ),
    _kind(
        "meeting-scheduled",
        _("date of a meeting"),
        *ABOUT,
        *FIXED,
        lost_reply="resend",
        attachments=request_file,
    ),
    _kind(
        "meeting-moved",
        _("meeting moved"),
        *ABOUT,
        *FIXED,
        "was_at",
        sample=_WAS,
        lost_reply="resend",
        attachments=request_file,
    ),
    _kind(
        "meeting-cancelled",
        _("meeting cancelled"),
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
        _("reminder a week before a meeting"),
        *ABOUT,
        "starts_at",
        "ends_at",
        "place",
        "agenda",
        lost_reply="resend",
    ),
    _kind(
        "meeting-reminder-day",
        _("reminder a day before a meeting"),
        *ABOUT,
        "starts_at",
        "ends_at",
        "place",
        "agenda",
        lost_reply="resend",
    ),
    _kind(
        "meeting-disputed",
        _("conflicting reports, to the coordinators"),
        "mentee",
        "mentor",
        "starts_at",
        "url",
        sample={"url": f"/admin/meetings/meeting/{_MEETING}/change/"},
        lost_reply="resend",
        for_coordinators=True,
    ),
)
