"""The pages below /me/meetings/, for both sides of a tandem. 404 for other people's meetings."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import kept_input
from core.appointments import appointments
from core.audit import Actor
from core.errors import RuleViolation
from core.forms import add_violation
from core.forms.edits import saves_under_lock
from core.http import now_of, sent
from core.templatetags.ui import person as person_name
from matching.models import Tandem
from matching.states import HELD
from meetings import actions, date_response
from meetings.actions.common import correct_until, lock_meeting, may_answer, offers_of
from meetings.forms import (
    AgendaForm,
    CancelForm,
    DatesForm,
    MoveForm,
    OfferAgainForm,
    PickForm,
    ProposeForm,
    ReportForm,
)
from meetings.models import DateProposal, Meeting, Report, Side
from meetings.states import DATED, OPEN, MeetingState

PER_PAGE = 50
AHEAD = 60  # days of one's own calendar that are shown beside the form


def _meeting(request: HttpRequest, key: uuid.UUID) -> tuple[Meeting, str]:
    """One's own meeting and one's side; 404 for other people's."""
    own = Meeting.objects.of_tandem_members(request.user).with_people()
    found = get_object_or_404(own, pk=key)
    return found, found.side_of(request.user.pk)


def _meeting_to_change(request: HttpRequest, key: uuid.UUID) -> tuple[Meeting, str]:
    """The same, locked for a POST: the form compares with what is stored now."""
    found, side = _meeting(request, key)
    return (lock_meeting(found) if request.method == "POST" else found), side


def _actor(request: HttpRequest, side: str) -> Actor:
    return Actor.person(request.user, side)


def _carried_out(request: HttpRequest, form: Form, verb: Callable[[], Any]) -> Any:
    """The verb's result where the form was sent and is valid; else None. A refusal becomes an error of the form."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return verb()
    except RuleViolation as violation:
        add_violation(form, violation)
        return None


def _tell_clocks(request: HttpRequest, form: DatesForm) -> None:
    for note in form.notes:
        messages.info(request, note)


@login_required
@require_http_methods(["GET", "HEAD"])
def meetings(request: HttpRequest) -> HttpResponse:
    """Every meeting of the person's tandems, the latest first."""
    own = Meeting.objects.of_tandem_members(request.user).with_people()
    page = Paginator(own.order_by("-created_at"), PER_PAGE).get_page(request.GET.get("page"))
    tandem = _own_tandem(request)
    rows = [
        {"meeting": one, "partner": one.partner_of(one.side_of(request.user.pk))} for one in page
    ]
    proposed = Meeting.objects.proposed().filter(tandem=tandem)
    may_propose = tandem is not None and not proposed.exists()
    context = {"page": page, "rows": rows, "may_propose": may_propose, "tandem": tandem}
    return render(request, "meetings/meetings.html", context)


def _own_tandem(request: HttpRequest) -> Tandem | None:
    """The person's confirmed tandem as mentee: there is at most one."""
    own = Tandem.objects.of_mentee(request.user).held()
    return own.select_related("cohort", "mentee__user", "mentor__user").first()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """The mentee offers dates for the next meeting."""
    tandem = _own_tandem(request)
    if tandem is None:
        raise Http404
    now = now_of(request)
    form = ProposeForm(*sent(request), cohort=tandem.cohort, now=now)
    made = _carried_out(
        request,
        form,
        lambda: actions.propose_dates(
            tandem,
            by=_actor(request, Side.MENTEE),
            now=now,
            dates=form.offered,
            agenda=form.cleaned_data["agenda"],
        ),
    )
    if made is not None:
        messages.success(
            request,
            format_html(
                _("Your dates have been sent to {name}."),
                name=person_name(tandem.mentor.name),
            ),
        )
        _tell_clocks(request, form)
        return redirect("meetings:meeting", made.pk)
    standing = Meeting.objects.proposed().filter(tandem=tandem).first()
    context = {
        "form": form,
        "partner": tandem.mentor.name,
        "standing": standing,
        # all entries stay on the page
        "asks": standing is None or request.method == "POST" or kept_input.current() is not None,
        "busy": _busy(request, now),
        "answer_days": tandem.cohort.date_answer_days,
    }
    return _page(request, "meetings/propose.html", context, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@saves_under_lock
def offer(request: HttpRequest, meeting: uuid.UUID) -> HttpResponse:
    """The mentee offers other dates, also instead of the fixed one."""
    found, side = _meeting_to_change(request, meeting)
    if side != Side.MENTEE:
        raise Http404
    now = now_of(request)
    form = OfferAgainForm(*sent(request), meeting=found, now=now)
    done = _carried_out(
        request,
        form,
        lambda: actions.offer_again(
            found,
            by=_actor(request, side),
            now=now,
            dates=form.offered,
            agenda=form.cleaned_data["agenda"],
        ),
    )
    if done is not None:
        messages.success(request, _("Your new dates have been sent."))
        _tell_clocks(request, form)
        return redirect("meetings:meeting", found.pk)
    context = {
        "form": form,
        "asks": True,
        "partner": found.partner_of(side),
        "meeting": found,
        "busy": _busy(request, now),
        "answer_days": found.tandem.cohort.date_answer_days,
    }
    return _page(request, "meetings/propose.html", context, form)


def _pick_form(request: HttpRequest, found: Meeting, offers: list[DateProposal]) -> PickForm:
    now = now_of(request)
    booked = date_response.booked_by(request.user, offers, now)
    return date_response.form_for(
        found, offers, booked, now=now, tell_titles=True, sent=sent(request)
    )


def _busy(request: HttpRequest, now: datetime) -> list[Any]:
    return appointments(request.user.pk, now, now + timedelta(days=AHEAD))  # type: ignore[arg-type]


@login_required
@require_http_methods(["GET", "HEAD"])
def meeting(request: HttpRequest, meeting: uuid.UUID) -> HttpResponse:
    """One meeting: what is fixed or offered, its subject, and what one can do."""
    found, side = _meeting(request, meeting)
    return _meeting_page(request, found, side)


def _meeting_page(
    request: HttpRequest, found: Meeting, side: str, form: Form | None = None
) -> HttpResponse:
    now = now_of(request)
    offers = offers_of(found)
    answering = may_answer(found, side, offers, now)
    proposed = found.state == MeetingState.PROPOSED
    if form is None and answering and proposed:
        form = _pick_form(request, found, offers)
    begun = found.starts_at is not None and found.starts_at <= now
    ahead = found.state == MeetingState.SCHEDULED and not begun
    goes_on = found.tandem.state in HELD
    context = {
        "meeting": found,
        "side": side,
        "partner": found.partner_of(side),
        "offers": offers,
        "answering": answering,
        "correct_until": correct_until(found, offers) if answering else None,
        "my_turn": proposed and found.waits_for == side,
        "form": form,
        "report_form": ReportForm(meeting=found, side=side) if _may_report(found, now) else None,
        "my_report": found.report_of(side),
        "may_move": ahead and goes_on,
        "may_offer": side == Side.MENTEE and goes_on and (ahead or proposed),
        "may_cancel": ahead or proposed,
        "may_set_agenda": side == Side.MENTEE and found.state in OPEN,
    }
    return _page(request, "meetings/meeting.html", context, form)


def _may_report(meeting: Meeting, now: datetime) -> bool:
    return meeting.starts_at is not None and meeting.starts_at <= now and meeting.state in DATED


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pick(request: HttpRequest, meeting: uuid.UUID) -> HttpResponse:
    """Picks one of the offered dates, or none: posted from the meeting's page or from the home page."""
    found, side = _meeting(request, meeting)
    now = now_of(request)
    offers = offers_of(found)
    if request.method != "POST" and not may_answer(found, side, offers, now):
        return redirect("meetings:meeting", found.pk)
    form = _pick_form(request, found, offers)
    done = _carried_out(
        request,
        form,
        lambda: date_response.carry_out(
            found, form.cleaned_data, by=_actor(request, side), now=now
        ),
    )
    if done is not None:
        messages.success(request, date_response.thanks(done))
        _tell_clocks(request, form)
        return redirect("meetings:meeting", found.pk)
    return _meeting_page(request, found, side, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@saves_under_lock
def move(request: HttpRequest, meeting: uuid.UUID) -> HttpResponse:
    """Fixes another date or place, on which both have agreed already."""
    found, side = _meeting_to_change(request, meeting)
    now = now_of(request)
    fixed = found.state == MeetingState.SCHEDULED and found.tandem.state in HELD
    if request.method != "POST" and not fixed:
        return redirect("meetings:meeting", found.pk)
    form = MoveForm(*sent(request), meeting=found, now=now)
    done = _carried_out(
        request,
        form,
        lambda: actions.move_meeting(
            found, by=_actor(request, side), now=now, date=form.offered[0]
        ),
    )
    if done is not None:
        messages.success(
            request,
            _("The meeting has been moved. You will both receive the new calendar entry."),
        )
        _tell_clocks(request, form)
        return redirect("meetings:meeting", found.pk)
    context = {"form": form, "meeting": found, "side": side, "partner": found.partner_of(side)}
    return _page(request, "meetings/move.html", context, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, meeting: uuid.UUID) -> HttpResponse:
    """Cancels a meeting, or withdraws an offer."""
    found, side = _meeting(request, meeting)
    if request.method != "POST" and not found.TABLE.allows(found.state, "cancel"):
        return redirect("meetings:meeting", found.pk)
    offered = found.state == MeetingState.PROPOSED
    form = CancelForm(*sent(request))
    done = _carried_out(
        request,
        form,
        lambda: actions.cancel(
            found,
            by=_actor(request, side),
            now=now_of(request),
            reason=form.cleaned_data["reason"],
        ),
    )
    if done is not None:
        said = (
            _("The dates on offer have been withdrawn. We will let the other person know.")
            if offered
            else _("The meeting has been cancelled. We will let the other person know.")
        )
        messages.success(request, said)
        return redirect("meetings:meeting", found.pk)
    context = {"form": form, "meeting": found, "partner": found.partner_of(side)}
    return _page(request, "meetings/cancel.html", context, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@saves_under_lock
def report(request: HttpRequest, meeting: uuid.UUID) -> HttpResponse:
    """Reports whether the meeting took place, nothing else."""
    found, side = _meeting_to_change(request, meeting)
    now = now_of(request)
    if request.method != "POST" and not _may_report(found, now):
        return redirect("meetings:meeting", found.pk)
    form = ReportForm(*sent(request), meeting=found, side=side)

    def verb() -> Meeting:
        held = form.cleaned_data["report"] == Report.HELD
        said = actions.report_held if held else actions.report_missed
        return said(found, by=_actor(request, side), now=now)

    done = _carried_out(request, form, verb)
    if done is not None:
        messages.success(request, _("Thank you, your answer has been recorded."))
        return redirect("meetings:meeting", found.pk)
    context = {"form": form, "meeting": found, "partner": found.partner_of(side)}
    return _page(request, "meetings/report.html", context, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@saves_under_lock
def agenda(request: HttpRequest, meeting: uuid.UUID) -> HttpResponse:
    """The subject of the meeting; set by the mentee."""
    found, side = _meeting_to_change(request, meeting)
    if side != Side.MENTEE:
        raise Http404
    if request.method != "POST" and found.state not in OPEN:
        return redirect("meetings:meeting", found.pk)
    form = AgendaForm(*sent(request), meeting=found)
    done = _carried_out(
        request,
        form,
        lambda: actions.change_agenda(
            found,
            by=_actor(request, side),
            now=now_of(request),
            agenda=form.cleaned_data["agenda"],
        ),
    )
    if done is not None:
        messages.success(request, _("Saved."))
        return redirect("meetings:meeting", found.pk)
    context = {"form": form, "meeting": found, "partner": found.partner_of(side)}
    return _page(request, "meetings/agenda.html", context, form)


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], form: Form | None
) -> HttpResponse:
    """The page, with status 400 when a form has errors."""
    wrong = form is not None and form.is_bound and bool(form.errors)
    return render(request, template, context, status=400 if wrong else 200)
