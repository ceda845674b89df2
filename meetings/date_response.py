"""Answering offered dates, the same for the personal link and for the signed-in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.appointments import Appointment, appointments
from core.audit import Actor
from meetings import actions
from meetings.forms import NONE_FITS, PickForm
from meetings.models import DateProposal, Meeting
from meetings.states import MeetingState


def form_for(
    meeting: Meeting,
    offers: Sequence[DateProposal],
    person: Any,
    *,
    now: datetime,
    tell_titles: bool,
    data: Mapping[str, Any] | None = None,
) -> PickForm:
    """The form with a card per date that still lies ahead; what else the person has then stands beside it.

    ``tell_titles`` names those appointments: not behind a link, which may have been forwarded.
    """
    return PickForm(
        data,
        meeting=meeting,
        offers=offers,
        busy=_busy(meeting, offers, person, now),
        tell_titles=tell_titles,
        now=now,
    )


def _busy(
    meeting: Meeting, offers: Sequence[DateProposal], person: Any, now: datetime
) -> list[Appointment]:
    ahead = [one for one in offers if one.starts_at > now]
    if not ahead:
        return []
    found = appointments(
        person.pk, min(one.starts_at for one in ahead), max(one.ends_at for one in ahead)
    )
    # The meeting itself is no clash when its date is picked anew.
    return [one for one in found if str(meeting.pk) not in one.url]


def carry_out(
    meeting: Meeting,
    cleaned: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
) -> Meeting:
    """Does what the form says. Raises RuleViolation."""
    if cleaned["answer"] == NONE_FITS:
        return actions.refuse_dates(
            meeting, by=by, now=now, word=cleaned["word"], dates=cleaned["offered"]
        )
    return actions.pick_date(meeting, by=by, now=now, proposal_id=int(cleaned["answer"]))


def thanks(meeting: Meeting) -> str:
    """What is said after an answer."""
    if meeting.state == MeetingState.SCHEDULED:
        return _("The date is set. You will both receive a calendar invitation.")
    return _("Thank you. We will let the other person know.")
