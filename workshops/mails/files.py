"""The calendar files attached to mails about workshops."""

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


def uid_of(workshop_id: Any, session_id: Any) -> str:
    """The UID of a session in every calendar; it never changes."""
    return f"workshop-{workshop_id}-{session_id}@{settings.MAIL_DOMAIN}"


def request_files(
    facts: Mapping[str, Any], recipient: Any, stamped_at: datetime
) -> list[Attachment]:
    """A file per session, and a cancelling file per removed session."""
    kept = _attachments(ical.invitation, "REQUEST", facts, facts["sessions"], recipient, stamped_at)
    gone = facts.get("gone") or []
    # Two methods can't share a media type within one mail, hence the older application/ics.
    return kept + _attachments(
        ical.cancellation,
        "CANCEL",
        facts,
        gone,
        recipient,
        stamped_at,
        media="application/ics" if kept else "text/calendar",
        name="cancelled",
    )


def removal_files(
    facts: Mapping[str, Any], recipient: Any, stamped_at: datetime
) -> list[Attachment]:
    """Files that remove the sessions from the calendar of a person who no longer takes part."""
    return _attachments(ical.removal, "CANCEL", facts, facts["sessions"], recipient, stamped_at)


def cancel_files(
    facts: Mapping[str, Any], recipient: Any, stamped_at: datetime
) -> list[Attachment]:
    """Files that cancel the sessions."""
    return _attachments(
        ical.cancellation, "CANCEL", facts, facts["sessions"], recipient, stamped_at
    )


def _attachments(
    write: Callable[..., bytes],
    method: str,
    facts: Mapping[str, Any],
    sessions: list[Mapping[str, Any]],
    recipient: Any,
    stamped_at: datetime,
    *,
    media: str = "text/calendar",
    name: str = "workshop",
) -> list[Attachment]:
    """A file per session: RFC 5546 allows one UID in a message, so only a single one may also stand
    beside text and HTML."""
    return [
        Attachment(
            f"{name}.ics" if len(sessions) == 1 else f"{name}-{number}.ics",
            write(_event(facts, session, recipient), stamped_at=stamped_at),
            f"{media}; method={method}; charset=utf-8",
            alternative=len(sessions) == 1 and media == "text/calendar",
        )
        for number, session in enumerate(sessions, start=1)
    ]


def _event(
    facts: Mapping[str, Any], session: Mapping[str, Any], recipient: Any
) -> ical.CalendarEvent:
    head = letterhead(recipient.language)
    with translation.override(recipient.language):
        led_by = _("Led by %(name)s") % {"name": facts["led_by"]} if facts["led_by"] else ""
    return ical.CalendarEvent(
        uid=uid_of(facts["workshop"], session["id"]),
        sequence=facts["sequence"],
        starts_at=datetime.fromisoformat(session["starts_at"]),
        ends_at=datetime.fromisoformat(session["ends_at"]),
        summary=f"Workshop: {facts['title']}",
        description=led_by,
        location=facts["place"],
        url=f"{settings.BASE_URL}{facts['url']}",
        # absent in mails queued before the event kept its own
        organizer_email=facts.get("organizer") or head["office_email"] or settings.MAIL_FROM,
        organizer_name=head["programme"],
        attendee_email=recipient.email,
        attendee_name=recipient.name,
        last_modified=datetime.fromisoformat(facts["changed_at"]),
    )
