"""The calendar files attached to mails about meetings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from core import ical
from outbox.kinds import Attachment
from programme.letterhead import letterhead


def uid_of(meeting_id: Any) -> str:
    """The UID of a meeting in every calendar; it never changes."""
    return f"tandem-meeting-{meeting_id}@{settings.MAIL_DOMAIN}"


def request_file(
    facts: Mapping[str, Any], recipient: Any, stamped_at: datetime
) -> list[Attachment]:
    """A file that enters the meeting into the recipient's calendar, or moves the entry."""
    event = _event(facts, recipient, facts["starts_at"], facts["ends_at"], facts["place"])
    return _file(ical.invitation, "REQUEST", event, stamped_at)


def cancel_file(facts: Mapping[str, Any], recipient: Any, stamped_at: datetime) -> list[Attachment]:
    """A file that cancels the entry; none where no date had been fixed."""
    if not facts["was_at"]:
        return []
    event = _event(facts, recipient, facts["was_at"], facts["was_until"], facts["was_place"])
    return _file(ical.cancellation, "CANCEL", event, stamped_at)


def removal_file(
    facts: Mapping[str, Any], recipient: Any, stamped_at: datetime
) -> list[Attachment]:
    """A file that removes the entry from this calendar alone; the meeting stays."""
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
