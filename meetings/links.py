"""The mentor's personal link to pick a date, without an account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.audit import Actor
from core.errors import RuleViolation
from core.http import Sent
from core.links.models import ActionLink
from core.links.purposes import LinkPage, LinkPurpose
from core.templatetags.ui import moment, person
from matching.states import HELD
from meetings import actions, date_response
from meetings.actions.common import correct_until, may_answer, offers_of
from meetings.models import Meeting, Side
from meetings.states import MeetingState

TEMPLATE = "meetings/link/pick.html"


def _meeting(link: ActionLink) -> Meeting | None:
    """The link's meeting if its holder is still its mentor."""
    found = Meeting.objects.with_people().filter(pk=link.object_id).first()
    return found if found and found.side_of(link.holder_id) == Side.MENTOR else None


def describe(link: ActionLink, sent: Sent, now: datetime) -> LinkPage:
    """The page for the mentor: the dates to choose from, or the present state.

    Shows the mentee's name, dates, places and the subject of the meeting, nothing more.
    """
    meeting = _meeting(link)
    if meeting is None:
        return LinkPage(_("This question is settled"), "", TEMPLATE, {}, closed=True)
    offers = offers_of(meeting)
    answering = may_answer(meeting, Side.MENTOR, offers, now)
    title, lead = _heading(meeting, offers, answering)
    form = None
    if answering:
        booked = date_response.booked_by(link.holder, offers, now)
        form = date_response.form_for(
            meeting, offers, booked, now=now, tell_titles=False, sent=sent
        )
    return LinkPage(
        title,
        lead,
        TEMPLATE,
        {
            "meeting": meeting,
            "offers": offers,
            "answering": answering,
            "correct_until": correct_until(meeting, offers) if answering else None,
        },
        form=form,
        deadline=meeting.answer_by if answering and meeting.waits_for == Side.MENTOR else None,
        button=_("Send your answer"),
        action="pick-date",
        after=_after(meeting),
        closed=meeting.state == MeetingState.CANCELLED or meeting.tandem.state not in HELD,
    )


def _heading(meeting: Meeting, offers: list[Any], answering: bool) -> tuple[Any, Any]:
    name = person(meeting.mentee.name)
    if meeting.tandem.state not in HELD:
        return _("This tandem has ended"), _("There are no longer any dates to choose from.")
    if meeting.state == MeetingState.SCHEDULED:
        return (
            format_html(_("Your meeting with {name} is set"), name=name),
            moment(meeting.starts_at),
        )
    if meeting.state == MeetingState.HELD:
        return format_html(_("Your meeting with {name} took place"), name=name), ""
    if meeting.state == MeetingState.MISSED:
        return format_html(_("Your meeting with {name} did not take place"), name=name), ""
    if meeting.state == MeetingState.CANCELLED:
        return (
            format_html(_("The meeting with {name} has been cancelled"), name=name),
            _("There are no longer any dates to choose from."),
        )
    if offers and offers[0].by_mentor:
        return (
            format_html(_("Your dates have been sent to {name}"), name=name),
            _("As soon as one is chosen, you will both receive a calendar invitation."),
        )
    if answering and meeting.waits_for == Side.MENTOR:
        return (
            format_html(_("Which date suits you for your meeting with {name}?"), name=name),
            _("Choose freely; you need no account. If none of the dates suits you, just say so."),
        )
    if answering:
        return (
            format_html(_("You have answered {name}"), name=name),
            _(
                "None of these dates suited you. Until others are offered, you can still "
                "choose one of them."
            ),
        )
    return (
        format_html(_("The dates for your meeting with {name} have passed"), name=name),
        _("You will hear from us as soon as other dates are offered."),
    )


def _after(meeting: Meeting) -> str:
    hours = meeting.tandem.cohort.undo_hours
    return ngettext(
        "You will then both receive a calendar invitation. For one hour you can change "
        "your answer with the same link.",
        "You will then both receive a calendar invitation. For %(hours)d hours you can "
        "change your answer with the same link.",
        hours,
    ) % {"hours": hours}


def decide(link: ActionLink, cleaned: Mapping[str, Any], now: datetime) -> None:
    """Carries the answer out through the same verbs as the signed-in pages. Raises RuleViolation."""
    meeting = _meeting(link)
    if meeting is None:
        raise RuleViolation(_("There are no longer any dates to choose from."), code="gone")
    date_response.carry_out(meeting, cleaned, by=Actor(link.holder_id, "mentor"), now=now)


def renew(link: ActionLink, now: datetime) -> None:
    """Sends a fresh link with a new deadline to the address on file. Raises RuleViolation when no
    date is left to choose."""
    meeting = _meeting(link)
    if meeting is None:
        raise RuleViolation(_("There are no longer any dates to choose from."), code="gone")
    actions.ask_again(meeting, by=Actor(link.holder_id, "mentor"), now=now)


PURPOSE = LinkPurpose(describe, decide, renew)
