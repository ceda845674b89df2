"""The page behind every personal link. GET changes nothing; a decision is a POST with a choice (L1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import limits
from core.errors import RuleViolation
from core.forms import add_violation
from core.http import now_of, sent
from core.limits import HOUR, Limit
from core.links import actions
from core.links.models import ActionLink
from core.links.purposes import LinkPurpose, link_purposes
from core.retries import retry_on_conflict

RENEWALS_AN_HOUR = 3  # per decision (promise L5); 256-bit tokens need no limit on guesses


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def personal_link(request: HttpRequest, token: str) -> HttpResponse:
    """The decision page of a link in whatever state it is; 404 for an unknown token, 410 when closed."""
    link = actions.find(token)
    if link is None or link.purpose not in link_purposes:
        raise Http404("no such link")
    now = now_of(request)
    purpose = link_purposes[link.purpose]
    state = link.state_at(now)
    if state in {"replaced", "withdrawn", "expired"}:
        return _closed(request, link, purpose, state)
    page = purpose.describe(link, sent(request), now)
    status = 200
    if request.method == "POST":
        if page.form is None or not page.form.is_bound:
            # sent from an outdated page, or twice: the current state is shown (promise L3)
            return redirect(request.path)
        if page.form.is_valid():
            former = request.user.email if request.user.pk == link.holder_id else ""
            try:
                _decide(purpose, link, page.form.cleaned_data, now)
            except RuleViolation as violation:
                add_violation(page.form, violation)
            else:
                if former:
                    _keep_session(request, former)
                return redirect(request.path)
        status = 400
    return _answer(request, page, link, state, status=410 if page.closed else status)


@retry_on_conflict
@transaction.atomic
def _decide(purpose: LinkPurpose, link: ActionLink, cleaned: dict[str, Any], now: datetime) -> None:
    """Carries out an answer, all its verbs or none."""
    purpose.decide(link, cleaned, now)


def _keep_session(request: HttpRequest, former: str) -> None:
    """Keeps this browser signed in after its person confirmed a new address here; other sessions end."""
    user: Any = request.user
    user.refresh_from_db()
    if user.email != former:
        update_session_auth_hash(request, user)


def _closed(request: HttpRequest, link: Any, purpose: LinkPurpose, state: str) -> HttpResponse:
    """The page of a link that can't be used any more; a new one is sent only to the address on file (L5)."""
    renewed = False
    may_renew = purpose.renew is not None and state == "expired"
    if request.method == "POST" and "renew-link" in request.POST and may_renew:
        decision = f"{link.purpose}:{link.object_id}:{link.holder_id}"
        three = limits.take_if_counted("link-renewal", Limit(decision, RENEWALS_AN_HOUR, HOUR))
        if three is None or not limits.may_write_first(request, decision):
            return render(request, "429.html", status=429)
        try:
            purpose.renew(link, now_of(request))  # type: ignore[attr-defined, misc]
            renewed = True
        except RuleViolation:
            may_renew = False
    context = {
        "state": state,
        "link": link,
        "renewed": renewed,
        "may_renew": may_renew and not renewed,
    }
    return _private(render(request, "links/closed.html", context, status=410))


def _answer(request: HttpRequest, page: Any, link: Any, state: str, *, status: int) -> HttpResponse:
    context = {"page": page, "link": link, "state": state, **page.context}
    return _private(render(request, "links/page.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
