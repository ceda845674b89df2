"""Shared by the verbs: locking, permission, and what follows a changed date."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.audit import Actor
from core.errors import RuleViolation
from core.links.models import ActionLink
from core.verbs import Step
from matching.models import Tandem
from matching.states import HELD
from meetings import reminders
from meetings.mails import Released
from meetings.models import DateProposal, Meeting, Side
from meetings.states import MeetingState
from outbox import actions as outbox
from outbox.models import WAITING, MailStatus, OutgoingMail
from outbox.planner import plan

# Kinds that are pointless once the date or the offer has changed.
OFFER_MAILS = ("dates-offered", "dates-offered-back", reminders.ANSWER)


def lock_tandem_alone(tandem: Tandem) -> Tandem:
    """The tandem with its people, read after it was locked; its mentor's places stay as they are and are not
    locked."""
    return Tandem.objects.with_people().select_for_update(of=("self",)).get(pk=tandem.pk)


def lock_meeting(meeting: Meeting) -> Meeting:
    """The meeting with its people, read after the tandem and then the meeting were locked."""
    Tandem.objects.select_for_update().get(pk=meeting.tandem_id)
    return Meeting.objects.with_people().select_for_update(of=("self",)).get(pk=meeting.pk)


def step(meeting: Meeting, *fields: str, **rest: Any) -> Step:
    """A recorded change: state, time and version, no texts and no place."""
    values = {
        "state": meeting.state,
        "starts_at": meeting.starts_at,
        "schedule_version": meeting.schedule_version,
    }
    return Step(meeting, fields=fields, values=values, **rest)


def require_side(meeting: Meeting, by: Actor) -> str:
    """The actor's side. Raises RuleViolation for anybody else."""
    side = meeting.side_of(by.user_id)
    if not side:
        raise RuleViolation(_("Only the two people in the tandem can do this."), code="who")
    return side


def require_held(tandem: Tandem) -> None:
    """Raises RuleViolation unless both sides have accepted and the tandem continues."""
    if tandem.state not in HELD:
        raise RuleViolation(
            _(
                "You can arrange meetings once both sides have agreed, and for as long as "
                "the tandem continues."
            ),
            code="tandem",
        )


def offers_of(meeting: Meeting) -> list[DateProposal]:
    """The dates of the latest round, in their order in time."""
    found: dict[Any, Any] = getattr(meeting, "_prefetched_objects_cache", {})
    if "proposals" in found:
        return [one for one in meeting.proposals.all() if one.round == meeting.round]
    return list(meeting.proposals.filter(round=meeting.round).order_by("starts_at"))


def other_side(side: str) -> Side:
    """The other side."""
    return Side.MENTEE if side == Side.MENTOR else Side.MENTOR


def picker_of(offers: list[DateProposal]) -> str:
    """The side that chooses among the dates; "" where none are offered."""
    if not offers:
        return ""
    return Side.MENTEE.value if offers[0].by_mentor else Side.MENTOR.value


def correct_until(meeting: Meeting, offers: list[DateProposal]) -> datetime | None:
    """Until when the side that picked may undo it: the cohort's hours for undoing, at most until the meeting
    begins. None where the date was not picked from these offers."""
    picked = any(one.picked and one.starts_at == meeting.starts_at for one in offers)
    if (
        meeting.state != MeetingState.SCHEDULED
        or not picked
        or not meeting.fixed_at
        or not meeting.starts_at
    ):
        return None
    hours = timedelta(hours=meeting.tandem.cohort.undo_hours)
    return min(meeting.fixed_at + hours, meeting.starts_at)


def may_answer(meeting: Meeting, side: str, offers: list[DateProposal], now: datetime) -> bool:
    """Whether the side may now pick one of the offered dates, or refuse all: also after a deadline or another
    answer, as long as nothing newer has happened and one of the dates still lies ahead."""
    if meeting.tandem.state not in HELD or side != picker_of(offers):
        return False
    if not any(one.starts_at > now for one in offers):
        return False
    until = correct_until(meeting, offers)
    return meeting.state == MeetingState.PROPOSED or (until is not None and now < until)


def require_answer(meeting: Meeting, side: str, offers: list[DateProposal], now: datetime) -> None:
    """Raises RuleViolation where ``may_answer`` says no."""
    require_held(meeting.tandem)
    if may_answer(meeting, side, offers, now):
        return
    meeting.TABLE.require(meeting, "pick")
    if meeting.state == MeetingState.SCHEDULED:
        raise RuleViolation(_("The date has already been set. You can move it."), code="state")
    if side != picker_of(offers):
        raise RuleViolation(_("The other person chooses one of these dates."), code="who")
    raise RuleViolation(_("All of these dates have passed."), code="past")


def require_ahead(meeting: Meeting, now: datetime) -> None:
    """Raises RuleViolation for a fixed meeting that has begun: then it can only be reported."""
    if meeting.state == MeetingState.SCHEDULED and meeting.starts_at and meeting.starts_at <= now:
        raise RuleViolation(
            _("The meeting has already begun. Please say whether it took place."), code="begun"
        )


def live_link(meeting: Meeting) -> ActionLink | None:
    """The mentor's link that is neither replaced nor withdrawn."""
    return ActionLink.objects.about(reminders.PICK_DATE, meeting).live().first()


def release(meeting: Meeting) -> Released | None:
    """Clears the fixed date, if there is one, and returns it; the caller saves and notifies.

    SEQUENCE rises, since the calendar entry has to be removed.
    """
    if meeting.starts_at is None or meeting.ends_at is None:
        return None
    before = Released(meeting.starts_at, meeting.ends_at, meeting.place)
    meeting.schedule_version += 1
    return before


def withdraw_reminders(meeting: Meeting, now: datetime, *also: str) -> dict[str, Released]:
    """Cancels the reminders of the former date or offer, and mails of the kinds ``also``, in the transaction of
    the change.

    Returns by side the date that a withdrawn mail would have removed from that side's calendar: the caller
    tells them in another way. Empty where a later entry replaces that one in the calendar anyway.
    """
    kinds = (*reminders.MEETING_REMINDERS, *OFFER_MAILS, *also)
    removing = OutgoingMail.objects.about(meeting).filter(
        kind__in=kinds, to_address="", status__in=(*WAITING, MailStatus.CLAIMED)
    )
    unsent = {
        meeting.side_of(row.recipient_id): Released(
            datetime.fromisoformat(row.facts["was_at"]),
            datetime.fromisoformat(row.facts["was_until"]),
            row.facts["was_place"],
        )
        for row in removing
        if row.facts.get("was_at") and row.facts["sequence"] == meeting.schedule_version
    }
    outbox.cancel(meeting, now=now, kinds=kinds)
    return unsent


def plan_reminders(meeting: Meeting, now: datetime, link: ActionLink | None = None) -> None:
    """Plans the meeting's present reminders, in the transaction of the change."""
    wanted = chain(
        reminders.of_meeting(meeting), reminders.of_offer(meeting, link.pk if link else None)
    )
    plan(wanted, now)
