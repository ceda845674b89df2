"""Next actions of mentees and mentors about meetings, and the coordinators' items."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.appointments import Appointment
from core.templatetags.ui import (
    day,
    full_day,
    person,
    until_when,
)
from core.times import end_of_day, local, wall_time
from core.todo import DeskItem, NextAction, WaitingOn, counted
from matching.models import Tandem
from matching.states import HELD
from meetings import date_response
from meetings.actions.common import may_answer, offers_of
from meetings.forms import ReportForm
from meetings.models import Meeting, Side
from meetings.states import OPEN, TAKES_PLACE, MeetingState
from programme.models import Cohort

LONG_WITHOUT_MEETING = timedelta(weeks=6)


# ── participants ─────────────────────────────────────────────────────────────
def next_actions(
    tandems: Iterable[Tandem],
    meetings: Iterable[Meeting],
    booked: Iterable[Appointment],
    user: Any,
    now: datetime,
) -> list[NextAction]:
    """The person's next actions about the meetings of their tandems, as mentee or mentor. ``booked``: what
    they have in the calendar, shown beside dates to pick."""
    found = [
        next_action
        for meeting in sorted(meetings, key=_age)
        if meeting.state in OPEN
        and (next_action := _next_action(meeting, booked, user, now)) is not None
    ]
    idle = (
        tandem
        for tandem in tandems
        if tandem.mentee.user_id == user.pk and _nothing_planned(tandem, meetings, now)
    )
    return [*found, *(_propose(tandem, now) for tandem in idle)]


def waiting_on(
    tandems: Iterable[Tandem], meetings: Iterable[Meeting], user: Any, now: datetime
) -> list[WaitingOn]:
    """What the other side of a tandem has to do about meetings and by when: pick a date, offer others,
    propose the first."""
    found = [
        _wait(meeting, side)
        for meeting in sorted(meetings, key=_age)
        if meeting.state == MeetingState.PROPOSED
        and meeting.waits_for != (side := meeting.side_of(user.pk))
    ]
    for tandem in tandems:
        if tandem.mentor.user_id == user.pk and _nothing_planned(tandem, meetings, now):
            first, last = month_of(tandem, now)
            sentence = format_html(
                _("{name} is to propose dates for {month} by {day}."),
                name=person(str(tandem.mentee)),
                month=formats.date_format(first, "F"),
                day=full_day(min(last, tandem.cohort.ends_on)),
            )
            found.append(WaitingOn(sentence, end_of_day(min(last, tandem.cohort.ends_on))))
    return found


def _age(meeting: Meeting) -> datetime:
    return meeting.created_at


def _wait(meeting: Meeting, side: str) -> WaitingOn:
    name = person(meeting.partner_of(side))
    if meeting.answer_by is None:
        return WaitingOn(format_html(_("{} is to offer other dates."), name))
    sentence = format_html(
        _("{} has until {} to choose one of the dates."),
        name,
        until_when(meeting.answer_by, "moment"),
    )
    if side != Side.MENTEE:
        return WaitingOn(sentence, meeting.answer_by)
    url = reverse("meetings:meeting", args=[meeting.pk])
    return WaitingOn(sentence, meeting.answer_by, _("See, change or withdraw your offer"), url)


def _next_action(
    meeting: Meeting, booked: Iterable[Appointment], user: Any, now: datetime
) -> NextAction | None:
    side = meeting.side_of(user.pk)
    url = reverse("meetings:meeting", args=[meeting.pk])
    context = {"meeting": meeting, "partner": meeting.partner_of(side), "url": url}
    if meeting.state == MeetingState.SCHEDULED:
        return _report(meeting, side, context, now)
    if meeting.waits_for != side:
        return None
    offers = offers_of(meeting)
    if may_answer(meeting, side, offers, now):
        form = date_response.form_for(meeting, offers, booked, now=now, tell_titles=True)
        return NextAction(
            _("When will you meet?"),
            url,
            "meetings/next_actions/pick.html",
            {**context, "form": form, "offers": offers},
            meeting.answer_by,
        )
    if side == Side.MENTEE:
        return NextAction(
            _("Offer other dates"),
            reverse("meetings:offer", args=[meeting.pk]),
            "meetings/next_actions/offer.html",
            context,
        )
    return None


def _report(
    meeting: Meeting, side: str, context: dict[str, Any], now: datetime
) -> NextAction | None:
    if meeting.ends_at is None or meeting.ends_at > now or meeting.report_of(side):
        return None
    return NextAction(
        _("Did the meeting take place?"),
        context["url"],
        "meetings/next_actions/report.html",
        {**context, "form": ReportForm(meeting=meeting, side=side)},
    )


def _nothing_planned(tandem: Tandem, meetings: Iterable[Meeting], now: datetime) -> bool:
    """Whether fewer meetings of a confirmed tandem are planned this month than the cohort asks for, and none
    offered."""
    if tandem.state not in HELD or timezone.localdate(now) > tandem.cohort.ends_on:
        return False
    first, last = month_of(tandem, now)
    since, until = wall_time(first, time.min), wall_time(last + timedelta(days=1), time.min)
    own = [one for one in meetings if one.tandem_id == tandem.pk]
    if any(one.state == MeetingState.PROPOSED for one in own):
        return False
    planned = [
        one
        for one in own
        if one.state in TAKES_PLACE and one.starts_at and since <= one.starts_at < until
    ]
    return len(planned) < tandem.cohort.meetings_a_month


def month_of(tandem: Tandem, now: datetime) -> tuple[date, date]:
    """First and last day of the relevant month: this one, or the cohort's first before it begins."""
    today = max(timezone.localdate(now), tandem.cohort.starts_on)
    last = calendar.monthrange(today.year, today.month)[1]
    return today.replace(day=1), today.replace(day=last)


def _propose(tandem: Tandem, now: datetime) -> NextAction:
    first, last = month_of(tandem, now)
    last = min(last, tandem.cohort.ends_on)
    url = reverse("meetings:propose")
    return NextAction(
        _("When will you meet in %(month)s?") % {"month": formats.date_format(first, "F")},
        url,
        "meetings/next_actions/propose.html",
        {"partner": tandem.mentor.name, "url": url},
        end_of_day(last),
    )


# ── coordinators ─────────────────────────────────────────────────────────────
def desk_items(cohorts: Sequence[Cohort], now: datetime) -> list[DeskItem]:
    """Offers nobody answered, tandems that have not met for six weeks, reports that differ: two queries.

    Coordinators see that and when a meeting took place, never its subject.
    """
    unanswered = Q(state=MeetingState.PROPOSED, unanswered_since__isnull=False)
    groups = {"unanswered": unanswered, "disputed": Q(disputed=True)}
    own = Meeting.objects.filter(tandem__cohort__in=[one.pk for one in cohorts])
    found = counted(own.filter(unanswered | groups["disputed"]), groups, since="unanswered_since")
    changelist = reverse("admin:meetings_meeting_changelist")
    items = []
    if late := found.get("unanswered"):
        items.append(
            DeskItem(
                late["count"],
                ngettext(
                    "offer of dates not answered", "offers of dates not answered", late["count"]
                ),
                _("the oldest since %(day)s") % {"day": day(late["since"], now)},
                f"{changelist}?waiting=unanswered",
                urgent=True,
                since=late["since"],
            )
        )
    if count := quiet_tandems(cohorts, now).count():
        items.append(
            DeskItem(
                count,
                ngettext(
                    "tandem has not met for six weeks", "tandems have not met for six weeks", count
                ),
                _("and has no date arranged"),
                reverse("admin:meetings_meeting_quiet"),
            )
        )
    if disputed := found.get("disputed"):
        items.append(
            DeskItem(
                disputed["count"],
                ngettext(
                    "meeting with conflicting reports",
                    "meetings with conflicting reports",
                    disputed["count"],
                ),
                _("counted as held"),
                f"{changelist}?disputed__exact=1",
            )
        )
    return items


def quiet_tandems(cohorts: Iterable[Cohort], now: datetime) -> QuerySet[Tandem]:
    """The confirmed tandems of these cohorts that have neither met within six weeks nor have a date ahead. The
    weeks count from the cohort's first day at the earliest: no date is possible before
    (``rules.check_date``)."""
    since = now - LONG_WITHOUT_MEETING
    running = [
        one.pk
        for one in cohorts
        if one.starts_on <= local(since).date() and one.ends_on >= local(now).date()
    ]
    met = Meeting.objects.filter(tandem=OuterRef("pk"), state__in=TAKES_PLACE, starts_at__gte=since)
    return Tandem.objects.held().filter(~Exists(met), cohort__in=running, confirmed_at__lte=since)
