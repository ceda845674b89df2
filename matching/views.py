"""The pages of a tandem for its mentee and its mentor (``/me/tandem/``)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from core.audit import Actor
from core.errors import RuleViolation
from core.forms import add_violation
from core.http import now_of, sent
from matching import (
    actions,
    links,
    timeline,
)
from matching import (
    explanation_text as sentences,
)
from matching.forms import AGREE, DECLINE, ProposalForm
from matching.models import Tandem
from matching.states import HELD, LIVE, TandemState

ANSWERS = (
    TandemState.MENTOR_ASKED,
    TandemState.DECLINED,
)  # states in which the mentor sees the question's page


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The open tandem, or a list where a mentor has several; a page that says so where there is none."""
    found = list(
        Tandem.objects.of_person(request.user).with_people().order_by("-proposed_at", "pk")[:50]
    )
    alive = [one for one in found if one.state in LIVE]
    if len(alive) == 1:
        return redirect("matching:tandem", alive[0].pk)
    rows = [{"tandem": one, "side": side_of(one, request.user)} for one in found]
    return render(request, "matching/me/tandems.html", {"rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tandem(request: HttpRequest, tandem_id: uuid.UUID) -> HttpResponse:
    """One tandem: the proposal or question with its form, or the timeline. 404 for everybody else."""
    found = Tandem.objects.of_person(request.user).with_people().filter(pk=tandem_id).first()
    if found is None:
        raise Http404
    now = now_of(request)
    if side_of(found, request.user) == "mentor":
        return _for_mentor(request, found, now)
    return _for_mentee(request, found, now)


def side_of(found: Tandem, user: Any) -> sentences.Viewer:
    """The person's side of the tandem."""
    return "mentee" if found.mentee.user_id == user.pk else "mentor"


# ── the mentee ───────────────────────────────────────────────────────────────
def _for_mentee(request: HttpRequest, found: Tandem, now: datetime) -> HttpResponse:
    form = None
    in_time = found.answer_by is not None and now < found.answer_by
    if found.state == TandemState.DRAFT and in_time:
        form = ProposalForm(*sent(request))
    if request.method == "POST":
        if form is None:
            return redirect("matching:tandem", found.pk)
        if form.is_valid():
            by = Actor.person(request.user, "mentee")
            verbs = {AGREE: actions.agree, DECLINE: actions.decline_proposal}
            try:
                verbs[form.cleaned_data["answer"]](
                    found, by=by, now=now, word=form.cleaned_data["word"]
                )
            except RuleViolation as violation:
                add_violation(form, violation)
            else:
                return redirect("matching:tandem", found.pk)
    context = {**_context(found, now, "mentee"), "form": form}
    if found.state == TandemState.DRAFT:
        template = "matching/me/proposal.html"
        context |= {
            "why": sentences.reasons(found.reasons, sentences.words(), "mentee"),
            "fields": list(found.mentor.career_fields.all()),
            "topics": list(found.mentor.topics.all()),
            "in_time": in_time,
        }
    else:
        template = "matching/me/tandem.html"
    status = 400 if form is not None and form.errors else 200
    return render(request, template, context, status=status)


# ── the mentor ───────────────────────────────────────────────────────────────
def _for_mentor(request: HttpRequest, found: Tandem, now: datetime) -> HttpResponse:
    page = links.page_for(found, sent(request), now)
    form: Any = page.form
    if request.method == "POST":
        if form is None or not form.is_bound:
            return redirect("matching:tandem", found.pk)
        if form.is_valid():
            try:
                links.carry_out(
                    found, form.cleaned_data, by=Actor.person(request.user, "mentor"), now=now
                )
            except RuleViolation as violation:
                add_violation(form, violation)
            else:
                return redirect("matching:tandem", found.pk)
    status = 400 if form is not None and form.is_bound and form.errors else 200
    if found.state in ANSWERS:
        context = {"page": page, "tandem": found, **page.context}
        return render(request, "matching/me/question.html", context, status=status)
    context = {**_context(found, now, "mentor"), "page": page}
    return render(request, "matching/me/tandem.html", context, status=status)


def _context(found: Tandem, now: datetime, side: sentences.Viewer) -> dict[str, Any]:
    """The context for both sides: the timeline and, while the tandem is confirmed, the contact data."""
    partner = found.mentor.user if side == "mentee" else found.mentee.user
    return {
        "tandem": found,
        "side": side,
        "partner_name": found.mentor.name if side == "mentee" else str(found.mentee),
        "partner": partner if found.state in HELD else None,
        "steps": timeline.steps(found, now, side),
        "may_meet": found.state in HELD,
        "probation": found.probation_ahead(localdate(now)),
    }
