"""Answering offered dates, by personal link or signed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.appointments import Appointment, appointments
from core.audit import Actor
from core.http import UNSENT, Sent
from meetings import actions
from meetings.forms import NONE_FITS, PickForm
from meetings.models import DateProposal, Meeting
from meetings.states import MeetingState


def form_for(
    meeting: Meeting,
    offers: Sequence[DateProposal],
    booked: Iterable[Appointment],
    *,
    now: datetime,
    tell_titles: bool,
    sent: Sent = UNSENT,
) -> PickForm:
    """The form with one option per future date, beside it what else the person has ``booked`` at that time.

    ``tell_titles`` shows their titles: not for a link, which may have been forwarded.
    """
    return PickForm(
        *sent,
        meeting=meeting,
        offers=offers,
        # The meeting's own present date does not count as a clash.
        busy=[one for one in booked if str(meeting.pk) not in one.url],
        tell_titles=tell_titles,
        now=now,
    )


def booked_by(person: Any, offers: Sequence[DateProposal], now: datetime) -> list[Appointment]:
    """The person's appointments between the first and the last of the future dates."""
    ahead = [one for one in offers if one.starts_at > now]
    if not ahead:
        return []
    return appointments(
        person.pk, min(one.starts_at for one in ahead), max(one.ends_at for one in ahead)
    )


def carry_out(
    meeting: Meeting,
    cleaned: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
) -> Meeting:
    """Calls the verb for the form's answer. Raises RuleViolation."""
    if cleaned["answer"] == NONE_FITS:
        return actions.refuse_dates(
            meeting, by=by, now=now, word=cleaned["word"], dates=cleaned["offered"]
        )
    return actions.pick_date(meeting, by=by, now=now, proposal_id=int(cleaned["answer"]))


def thanks(meeting: Meeting) -> str:
    """The message after an answer."""
    if meeting.state == MeetingState.SCHEDULED:
        return _("The date is set. You will both receive a calendar invitation.")
    return _("Thank you. We will let the other person know.")
