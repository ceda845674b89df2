"""The kinds of mail about workshops."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from outbox.kinds import MailKind
from workshops.mails.files import cancel_files, removal_files, request_files

REMINDER = "workshop-reminder"
CHANGED = "workshop-changed"
ABOUT = ("title", "starts_at", "dates", "place", "led_by", "url")
FILES = ("workshop", "sequence", "organizer", "changed_at", "sessions")

_SAMPLE: dict[str, Any] = {
    "title": "Honorare verhandeln",
    "starts_at": "2026-11-03T08:00:00+00:00",
    "dates": "Dienstag, 3. November 2026, 9.00–12.00 Uhr\nDienstag, 17. November 2026, 9.00–12.00 Uhr",
    "time": "9.00–12.00 Uhr",
    "place": "online",
    "led_by": "Jonas Albrecht",
    "url": "/workshops/honorare-verhandeln/",
    "workshop": "6f0c0d5e-2d0e-4b5a-9d53-7d8a0a5b3c21",
    "sequence": 3,
    "organizer": "mentoring@hochschule.example",
    "changed_at": "2026-10-01T08:00:00+00:00",
    "sessions": [
        {"id": 1, "starts_at": "2026-11-03T08:00:00+00:00", "ends_at": "2026-11-03T11:00:00+00:00"},
        {"id": 2, "starts_at": "2026-11-17T08:00:00+00:00", "ends_at": "2026-11-17T11:00:00+00:00"},
    ],
    "former_title": "Honorare",
    "former_place": "Raum 214",
    "former_dates": "Montag, 2. November 2026, 9.00–12.00 Uhr",
    "gone": [
        {"id": 3, "starts_at": "2026-12-01T08:00:00+00:00", "ends_at": "2026-12-01T11:00:00+00:00"}
    ],
    "gone_dates": "Dienstag, 1. Dezember 2026, 9.00–12.00 Uhr",
    "rank": 2,
    "by_office": False,
    "had_place": True,
    "reason": "Die Leitung ist erkrankt.",
}


def _kind(name: str, label: Any, *facts: str, **rest: Any) -> MailKind:
    sample = {key: _SAMPLE[key] for key in facts}
    return MailKind(name, "workshops", label, sample, lost_reply="resend", **rest)


KINDS = (
    _kind(
        "workshop-registered",
        _("registration for a workshop"),
        *ABOUT,
        *FILES,
        attachments=request_files,
    ),
    _kind("workshop-waitlisted", _("waiting list of a workshop"), *ABOUT, "rank"),
    _kind(
        "workshop-promotion",
        _("place in a workshop from the waiting list"),
        *ABOUT,
        *FILES,
        attachments=request_files,
    ),
    _kind(
        "workshop-extra-place",
        _("additional place in a workshop"),
        *ABOUT,
        *FILES,
        attachments=request_files,
    ),
    _kind(
        CHANGED,
        _("change of a workshop"),
        *ABOUT,
        *FILES,
        "former_title",
        "former_place",
        "former_dates",
        "gone",
        "gone_dates",
        attachments=request_files,
    ),
    _kind(
        "workshop-registration-cancelled",
        _("registration for a workshop cancelled"),
        *ABOUT,
        *FILES,
        "by_office",
        "had_place",
        attachments=removal_files,
        reaches_closed=True,
    ),
    _kind(
        "workshop-cancelled",
        _("workshop cancelled"),
        *ABOUT,
        *FILES,
        "had_place",
        "reason",
        attachments=cancel_files,
        reaches_closed=True,
    ),
    _kind(
        "workshop-mailbox-changed",
        _("workshop removed from the calendar of a previous address"),
        *ABOUT,
        *FILES,
        attachments=removal_files,
        reaches_closed=True,
    ),
    _kind(
        REMINDER,
        _("reminder of a workshop"),
        "title",
        "starts_at",
        "time",
        "place",
        "led_by",
        "url",
    ),
)
