"""Which mail goes when, with what facts; the kinds: ``kinds.py``, the calendar files: ``files.py``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from core.links.models import ActionLink
from matching.mails import thread
from meetings.mails.kinds import ABOUT, DATES, PLACES
from meetings.models import DateProposal, Meeting, Side
from outbox.actions import queue
from programme.roles import coordinators_of


@dataclass(frozen=True)
class Released:
    """The date a meeting had before it was given up; its calendar entry has to be removed."""

    starts_at: datetime
    ends_at: datetime
    place: str


def dates_offered(
    meeting: Meeting,
    dates: Iterable[DateProposal],
    link: ActionLink,
    released: Released | None,
    *,
    now: datetime,
) -> None:
    """The mentee's dates, to the mentor with the personal link."""
    facts = {
        **_about(meeting, Side.MENTOR),
        **_dates(dates),
        **_released(meeting, released),
        "agenda": meeting.agenda,
        "answer_by": _moment(meeting.answer_by),
    }
    _tell(meeting, Side.MENTOR, "dates-offered", facts, now=now, link=link)


def dates_offered_back(
    meeting: Meeting, dates: Iterable[DateProposal], released: Released | None, *, now: datetime
) -> None:
    """The mentor's own dates, to the mentee."""
    facts = {
        **_about(meeting, Side.MENTEE),
        **_dates(dates),
        **_released(meeting, released),
        "word": meeting.word,
        "answer_by": _moment(meeting.answer_by),
    }
    _tell(meeting, Side.MENTEE, "dates-offered-back", facts, now=now)


def dates_refused(meeting: Meeting, to: str, released: Released | None, *, now: datetime) -> None:
    """All dates were refused, to the side that offered them."""
    facts = {
        **_about(meeting, to),
        **_released(meeting, released),
        "word": meeting.word,
        "to_mentee": to == Side.MENTEE,
    }
    _tell(meeting, to, "dates-refused", facts, now=now)


def dates_unanswered(meeting: Meeting, to: str, *, now: datetime) -> None:
    """Nobody answered in time, to the side that offered the dates."""
    facts = {
        **_about(meeting, to),
        "answer_by": _moment(meeting.answer_by),
        "to_mentee": to == Side.MENTEE,
    }
    _tell(meeting, to, "dates-unanswered", facts, now=now)


def dates_withdrawn(meeting: Meeting, to: str, *, now: datetime) -> None:
    """The offer is withdrawn, to the side that was asked or had offered."""
    facts = {**_about(meeting, to), "reason": meeting.cancel_reason}
    _tell(meeting, to, "dates-withdrawn", facts, now=now)


def date_released(meeting: Meeting, dates: Mapping[str, Released], *, now: datetime) -> None:
    """A fixed date is given up, to the sides whose calendars no other mail tells. ``dates``: by side, the
    date there."""
    for side, before in dates.items():
        facts = {**_about(meeting, side), **_released(meeting, before)}
        _tell(meeting, side, "meeting-date-released", facts, now=now)


def fixed(meeting: Meeting, *, now: datetime) -> None:
    """The date is fixed, to both with the calendar entry."""
    for side, _person in meeting.people():
        _tell(meeting, side, "meeting-scheduled", fixed_facts(meeting, side), now=now)


def mailbox_changed(meeting: Meeting, side: str, former: str, *, now: datetime) -> None:
    """One side has another mailbox: removes the entry from the former calendar and adds it to the new one."""
    assert meeting.starts_at is not None
    assert meeting.ends_at is not None
    held = Released(meeting.starts_at, meeting.ends_at, meeting.place)
    gone = {**_about(meeting, side), **_released(meeting, held)}
    mark = f"mailbox-{meeting.schedule_version}"
    _tell(meeting, side, "meeting-mailbox-changed", gone, now=now, offset=mark, to_address=former)
    _tell(meeting, side, "meeting-scheduled", fixed_facts(meeting, side), now=now, offset=mark)


def moved(meeting: Meeting, before: Released, *, now: datetime) -> None:
    """The date was moved, to both with the changed calendar entry."""
    for side, _person in meeting.people():
        facts = {**fixed_facts(meeting, side), "was_at": _moment(before.starts_at)}
        _tell(meeting, side, "meeting-moved", facts, now=now)


def cancelled(meeting: Meeting, dates: Mapping[str, Released], *, now: datetime) -> None:
    """The meeting is cancelled, to each side whose calendar has the entry; removes it. ``dates``: by side, the
    date there."""
    for side, before in dates.items():
        facts = {
            **_about(meeting, side),
            **_released(meeting, before),
            "reason": meeting.cancel_reason,
        }
        _tell(meeting, side, "meeting-cancelled", facts, now=now)


def disputed(meeting: Meeting, *, now: datetime) -> None:
    """The two reports differ, to the coordinators; without what each side reported."""
    facts = {
        "mentee": meeting.mentee.name,
        "mentor": meeting.tandem.mentor.name,
        "starts_at": _moment(meeting.starts_at),
        "url": reverse("admin:meetings_meeting_change", args=[meeting.pk]),
    }
    for coordinator in coordinators_of(meeting.tandem.cohort_id):
        queue("meeting-disputed", coordinator, meeting, facts, now=now)


def fixed_facts(meeting: Meeting, side: str) -> dict[str, Any]:
    """What is announced of a fixed meeting to one side."""
    return {
        **_about(meeting, side),
        **_calendar(meeting),
        "starts_at": _moment(meeting.starts_at),
        "ends_at": _moment(meeting.ends_at),
        "place": meeting.place,
        "agenda": meeting.agenda,
    }


def reminder_facts(meeting: Meeting, side: str) -> dict[str, Any]:
    """What a reminder of a fixed meeting announces to one side."""
    facts = fixed_facts(meeting, side)
    return {key: facts[key] for key in (*ABOUT, "starts_at", "ends_at", "place", "agenda")}


def answer_facts(meeting: Meeting, side: str) -> dict[str, Any]:
    """What the reminder of an unanswered offer announces."""
    return {**_about(meeting, side), "answer_by": _moment(meeting.answer_by)}


def _tell(
    meeting: Meeting,
    side: str,
    kind: str,
    facts: Mapping[str, Any],
    *,
    now: datetime,
    link: ActionLink | None = None,
    **options: str,
) -> None:
    person = dict(meeting.people()).get(side)
    if person is None:  # erased since
        return
    queue(
        kind,
        person,
        meeting,
        facts,
        now=now,
        link=link,
        thread=thread(meeting.tandem),
        **options,  # type: ignore[arg-type]
    )


def _about(meeting: Meeting, side: str) -> dict[str, Any]:
    return {
        "partner": meeting.partner_of(side),
        "number": meeting.number,
        "url": reverse("meetings:meeting", args=[meeting.pk]),
    }


def _calendar(meeting: Meeting) -> dict[str, Any]:
    return {
        "meeting": str(meeting.pk),
        "sequence": meeting.schedule_version,
        "organizer": meeting.organizer,
        "changed_at": _moment(meeting.changed_at),
    }


def _released(meeting: Meeting, released: Released | None) -> dict[str, Any]:
    return {
        **_calendar(meeting),
        "was_at": _moment(released.starts_at) if released else "",
        "was_until": _moment(released.ends_at) if released else "",
        "was_place": released.place if released else "",
    }


def _dates(dates: Iterable[DateProposal]) -> dict[str, str]:
    facts = dict.fromkeys(DATES, "")
    for name, proposal in zip(PLACES, dates, strict=False):
        facts[f"date_{name}"] = _moment(proposal.starts_at)
        facts[f"place_{name}"] = proposal.place
    return facts


def _moment(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
