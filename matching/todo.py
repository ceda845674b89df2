"""What mentees, mentors and coordinators have to do about tandems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.templatetags.ui import (
    day,
    full_day,
    person,
    until_when,
)
from core.times import wall_time
from core.todo import DeskItem, NextAction, WaitingOn, counted, way
from matching.models import Tandem
from matching.states import LIVE, TandemState
from mentees.models import Mentee
from mentees.states import MenteeState
from programme.models import Cohort

# The states of groups_at.
TO_SETTLE = (
    TandemState.DRAFT,
    TandemState.MENTEE_AGREED,
    TandemState.MENTOR_ASKED,
    TandemState.PROBATION,
    TandemState.ACTIVE,
)
PAUSED = WaitingOn(
    gettext_lazy("The coordinators will answer your question; the deadline is paused until then.")
)


def next_actions(tandems: Iterable[Tandem], user: Any, now: datetime) -> list[NextAction]:
    """For mentees, a proposal to answer; for mentors with a free place, a question to answer (without one the
    coordinators have to act)."""
    return [
        _next_action(tandem, user)
        for tandem in tandems
        if tandem.answer_by is not None and tandem.answer_by > now and _may_answer(tandem, user)
    ]


def _may_answer(tandem: Tandem, user: Any) -> bool:
    if tandem.state == TandemState.DRAFT:
        return tandem.mentee.user_id == user.pk
    asked = tandem.state == TandemState.MENTOR_ASKED and tandem.mentor.user_id == user.pk
    return asked and tandem.mentor.held < tandem.mentor.capacity


def _next_action(tandem: Tandem, user: Any) -> NextAction:
    url = reverse("matching:tandem", args=[tandem.pk])
    if tandem.state == TandemState.DRAFT and tandem.mentee.user_id == user.pk:
        title = format_html(_("May we ask {}?"), person(tandem.mentor.name))
        template = "matching/next_actions/proposal.html"
    else:
        title = format_html(_("Would you like to mentor {}?"), person(str(tandem.mentee)))
        template = "matching/next_actions/question.html"
    return NextAction(title, url, template, {"tandem": tandem, "url": url}, tandem.answer_by)


def waiting_on(
    tandems: Iterable[Tandem], mentee: Mentee | None, user: Any, now: datetime
) -> list[WaitingOn]:
    """Who has to answer about the person's tandems and by when; for a mentee without one, until when a
    proposal is due."""
    own = [tandem for tandem in tandems if tandem.mentee.user_id == user.pk]
    asked = [one for one in tandems if one.mentor.user_id == user.pk and one.question_at]
    found = [
        *(
            _wait(one)
            for one in own
            if one.state in (TandemState.MENTEE_AGREED, TandemState.MENTOR_ASKED)
        ),
        *(PAUSED for one in asked if one.state == TandemState.MENTOR_ASKED),
    ]
    if mentee is not None and not any(one.state in LIVE for one in own):
        found += _unmatched(mentee, now)
    return found


def _wait(tandem: Tandem) -> WaitingOn:
    until = {"day": until_when(tandem.answer_by)}
    name = person(tandem.mentor.name)
    if tandem.state == TandemState.MENTEE_AGREED:
        sentence = _("The coordinators will approve it by %(day)s; then we ask the mentor.") % until
    elif tandem.question_at is not None:
        sentence = format_html(
            _(
                "{} has a question first. The coordinators will answer it; then there will "
                "be a new deadline."
            ),
            name,
        )
    else:
        sentence = format_html(
            _("{} has been asked and will answer by {}."), name, until_when(tandem.answer_by)
        )
    return WaitingOn(sentence, tandem.answer_by)


def _unmatched(mentee: Mentee, now: datetime) -> list[WaitingOn]:
    """For a mentee without a tandem: a proposal, by the beginning of the cohort at the latest."""
    today, cohort = localdate(now), mentee.cohort
    if mentee.state != MenteeState.TAKING_PART or cohort.ends_on < today:
        return []
    if cohort.starts_on <= today:
        return [
            WaitingOn(
                _("We are still looking and will write to you as soon as there is a proposal.")
            )
        ]
    sentence = _("You will receive a proposal from us by %(day)s at the latest.") % {
        "day": full_day(cohort.starts_on)
    }
    return [WaitingOn(sentence, wall_time(cohort.starts_on, time.min))]


def groups_at(now: datetime) -> dict[str, Q]:
    """The groups by name: the desk counts them and the list of tandems filters by them. A question comes
    first: while it is open, it does not matter yet whether a place is free."""
    full = Q(mentor__held__gte=F("mentor__capacity"))
    asked = Q(state=TandemState.MENTOR_ASKED, question_at=None)
    return {
        "approve": Q(state=TandemState.MENTEE_AGREED),
        "full": asked & full,
        "questions": Q(state=TandemState.MENTOR_ASKED, question_at__isnull=False),
        "asked": asked & ~full,
        "proposed": Q(state=TandemState.DRAFT),
        "probation": Q(state=TandemState.PROBATION, probation_until__lt=localdate(now)),
        "over": Q(state=TandemState.ACTIVE, cohort__ends_on__lt=localdate(now)),
    }


def titles(numbers: Mapping[str, int]) -> dict[str, Any]:
    """The title of each group, singular or plural by its number."""
    return {
        "approve": ngettext("tandem to approve", "tandems to approve", numbers["approve"]),
        "full": ngettext(
            "mentor asked, but no free place left",
            "mentors asked, but no free place left",
            numbers["full"],
        ),
        "questions": ngettext(
            "mentor has a question first", "mentors have a question first", numbers["questions"]
        ),
        "asked": ngettext(
            "mentor has not answered yet", "mentors have not answered yet", numbers["asked"]
        ),
        "proposed": ngettext(
            "proposal awaiting a mentee’s answer",
            "proposals awaiting a mentee’s answer",
            numbers["proposed"],
        ),
        "probation": ngettext(
            "trial period has ended", "trial periods have ended", numbers["probation"]
        ),
        "over": ngettext("tandem to complete", "tandems to complete", numbers["over"]),
    }


def desk_items(cohorts: Sequence[Cohort], now: datetime) -> list[DeskItem]:
    """What coordinators have to approve, answer and settle, and who has not answered yet; two queries for
    any number of tandems."""
    groups = groups_at(now)
    found = counted(
        Tandem.objects.filter(cohort__in=[one.pk for one in cohorts], state__in=TO_SETTLE),
        groups,
        since="state_since",
        due="answer_by",
        asked="approved_at",
        question="question_at",
    )
    said = titles(dict.fromkeys(groups, 0) | {name: row["count"] for name, row in found.items()})
    items = [_item(name, said[name], found[name], now) for name in groups if name in found]
    return [*items, *_without_tandem(cohorts, now)]


def _item(name: str, title: Any, found: Mapping[str, Any], now: datetime) -> DeskItem:
    due = {"due": day(found["due"], now)}
    url = way(Tandem, found["count"], found["one"], f"waiting={name}")
    since, urgent, turn = found["since"], False, ""
    match name:
        case "approve":
            detail, urgent = _("The first is due by %(due)s") % due, _past(found["due"], now)
        case "full":
            detail, urgent = _("Ask about one more place, or dissolve the tandem"), True
        case "questions":
            since, urgent = found["question"], True
            detail = _("The oldest has been open since %(since)s; the deadline is paused") % {
                "since": day(since, now)
            }
        case "asked":
            since, turn = found["asked"], _("mentor")
            detail = _("The oldest was asked on %(since)s; deadline %(due)s") % {
                "since": day(since, now),
                **due,
            }
        case "proposed":
            detail, turn = _("The first deadline is %(due)s") % due, _("mentee")
        case "probation":
            detail = _("Do both want to continue?")
        case _over:
            detail = _("The cohort has ended")
    return DeskItem(found["count"], title, detail, url, urgent=urgent, since=since, turn=turn)


def _without_tandem(cohorts: Sequence[Cohort], now: datetime) -> list[DeskItem]:
    """Per cohort the mentees without any proposal, with a link to the workbench."""
    today = localdate(now)
    ahead = [one for one in cohorts if one.ends_on >= today]
    live = Tandem.objects.live().filter(mentee=OuterRef("pk"))
    counts = (
        Mentee.objects.taking_part()
        .filter(~Exists(live), cohort__in=[one.pk for one in ahead])
        .order_by()
        .values_list("cohort")
        .annotate(number=Count("pk"))
    )
    numbers = dict(counts)
    return [
        DeskItem(
            number,
            ngettext("mentee without a tandem", "mentees without a tandem", number),
            _("Cohort %(cohort)s: proposal promised by %(due)s")
            % {"cohort": one.name, "due": day(one.starts_on, now)}
            if one.starts_on > today
            else _("Cohort %(cohort)s: go to the workbench") % {"cohort": one.name},
            reverse("admin:matching_workbench", args=[one.pk]),
        )
        for one in ahead
        if (number := numbers.get(one.pk, 0))
    ]


def _past(deadline: datetime | None, now: datetime) -> bool:
    return deadline is not None and deadline <= now
