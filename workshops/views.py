"""The public list, the page of a workshop, registering and cancelling."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.audit import Actor
from core.errors import RuleViolation
from core.http import now_of
from core.page_cache import cached_page
from workshops import actions
from workshops.eligibility import eligibility_of
from workshops.models import Registration, Workshop
from workshops.pages import places_look, places_sentence, rows_of, standing_of

PER_PAGE = 50


@require_safe
@cached_page("page")
def workshop_list(request: HttpRequest) -> HttpResponse:
    """All published workshops with a session ahead, by their next one; 50 on a page."""
    now = now_of(request)
    audience = eligibility_of(request.user)
    upcoming = (
        Workshop.objects.upcoming(now)
        .with_waiting()
        .select_related("cohort")
        .prefetch_related("sessions")
    )
    page = Paginator(upcoming, PER_PAGE).get_page(request.GET.get("page"))
    registrations: dict[Any, Registration] = {}
    if request.user.is_authenticated:
        own = Registration.objects.of(request.user).standing().with_rank()
        registrations = {
            one.workshop_id: one for one in own.filter(workshop__in=[w.pk for w in page])
        }
    rows = rows_of(page, audience, registrations, now)
    context = {"page": page, "rows": rows, "cohorts": len({row.workshop.cohort_id for row in rows})}
    return render(request, "workshops/list.html", context)


@require_safe
@cached_page()
def workshop_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of one workshop, and what the visitor may do."""
    workshop = get_object_or_404(_announced(), slug=slug)
    return render(request, "workshops/workshop.html", _context(request, workshop))


@require_POST
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """Registers the visitor; responds with the workshop's page also for a repetition (promise C8)."""
    workshop = get_object_or_404(_announced(), slug=slug)
    if not request.user.is_authenticated:
        return _sign_in(workshop)
    audience = eligibility_of(request.user)
    by = Actor.person(request.user, audience.role)
    try:
        actions.register(workshop, request.user, by=by, now=now_of(request))
    except RuleViolation as violation:
        workshop = get_object_or_404(_announced(), pk=workshop.pk)
        context = {**_context(request, workshop), "problem": str(violation)}
        return render(request, "workshops/workshop.html", context, status=400)
    return HttpResponseRedirect(f"{_address(workshop)}#place")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks first, then takes the visitor off the workshop or its waiting list.

    A visitor who isn't registered (any more) is redirected to the workshop's page.
    """
    workshop = get_object_or_404(_announced(), slug=slug)
    standing = (
        Registration.objects.of(request.user).standing().filter(workshop=workshop).with_rank()
    )
    registration = standing.select_related("workshop").first()
    if registration is None:
        return redirect(f"{_address(workshop)}#place")
    problem = ""
    if request.method == "POST":
        by = Actor.person(request.user, eligibility_of(request.user).role)
        try:
            actions.cancel_registration(registration, by=by, now=now_of(request))
        except RuleViolation as violation:
            problem = str(violation)
        else:
            return redirect(f"{_address(workshop)}#place")
    context = {
        "workshop": workshop,
        "sessions": list(workshop.sessions.all()),
        "registration": registration,
        "problem": problem,
    }
    return render(request, "workshops/cancel.html", context, status=400 if problem else 200)


def _announced() -> Any:
    return (
        Workshop.objects.announced()
        .with_waiting()
        .select_related("cohort")
        .prefetch_related("sessions")
    )


def _context(request: HttpRequest, workshop: Workshop) -> dict[str, Any]:
    audience = eligibility_of(request.user)
    sessions = list(workshop.sessions.all())
    waiting = workshop.waiting  # type: ignore[attr-defined]
    with_numbers = audience.sees_places(workshop)
    return {
        "workshop": workshop,
        "reason": workshop.reason_for(request.user) if workshop.cancel_reason else "",
        "sessions": sessions,
        "places": places_sentence(workshop, waiting, with_numbers=with_numbers),
        "places_look": places_look(workshop, waiting),
        "with_numbers": with_numbers,
        "audience": audience,
        "standing": standing_of(request.user, audience, workshop, sessions, now_of(request)),
        "sign_in_url": _sign_in_url(workshop),
    }


def _address(workshop: Workshop) -> str:
    return reverse("workshop", args=[workshop.slug])


def _sign_in_url(workshop: Workshop) -> str:
    return f"{reverse('account_login')}?{urlencode({'next': _address(workshop)})}"


def _sign_in(workshop: Workshop) -> HttpResponse:
    return HttpResponseRedirect(_sign_in_url(workshop))
