"""Requires a password and a second factor for the administration (promise P2).

The check uses what the session has recorded, never the page somebody came from, so that it can't be bypassed:
a sign-in by code, an old session from before the enrolment or a stolen password alone all end at the request
for what is missing. Note: enrolling records no ``mfa``, hence the order not enrolled → enrol, enrolled but
not recorded → ask for the code.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

Handler = Callable[[HttpRequest], HttpResponse]
SEEN = "staff_seen_at"


class SecondFactor:
    """Guards ``/admin/`` and the pages of the second factor; everything else passes.

    It answers in the place of the view, behind ``mentoring.middleware.Bodies``: whoever may not enter sends no
    larger body than anybody else. Uses the path by which the view is resolved: ``request.path`` would begin
    with any prefix a request claims in ``SCRIPT_NAME``.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Mapping[str, Any]
    ) -> HttpResponse | None:
        """Returns the redirect to what is missing, or 404; None for whoever may pass."""
        if request.path_info.startswith("/admin/"):
            return _guard_admin(request)
        if request.path_info.startswith(("/account/2fa/", "/account/reauthenticate/")):
            return _guard_factor_pages(request)
        return None


def _to(request: HttpRequest, name: str) -> HttpResponse:
    target = request.get_full_path() if request.method == "GET" else "/admin/"
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': target})}")


def _not_found(request: HttpRequest) -> HttpResponse:
    return render(request, "404.html", status=404)


def _guard_factor_pages(request: HttpRequest) -> HttpResponse | None:
    """The pages of the second factor are for staff only; the step during sign-in only for those who are in
    it."""
    if request.user.is_authenticated and not request.user.is_staff:
        return _not_found(request)
    return None


def _guard_admin(request: HttpRequest) -> HttpResponse | None:
    user = request.user
    if not user.is_authenticated:
        return _to(request, "account_login")
    if not user.is_staff:
        return _not_found(request)
    records = get_authentication_records(request, user)
    if _too_old(request, records):
        logout(request)
        request.signed_out_because = _(  # type: ignore[attr-defined]
            "For your security you have been signed out: you were inactive for a while or"
            " had been signed in all day."
        )
        return _to(request, "account_login")
    if not any(record["method"] == "password" for record in records):
        if not user.has_usable_password():
            return _not_found(request)
        return _to(request, "account_reauthenticate")
    if not is_mfa_enabled(user, [Authenticator.Type.TOTP]):
        return _to(request, "mfa_activate_totp")
    if not any(record["method"] == "mfa" for record in records):
        return _to(request, "mfa_reauthenticate")
    return None


def _too_old(request: HttpRequest, records: list[dict[str, float]]) -> bool:
    """Whether the session is idle for 30 minutes or older than 12 hours (promise P5). Stores the visit once a
    minute."""
    now = time.time()
    seen = request.session.get(SEEN)
    if seen is not None and now - seen > settings.STAFF_IDLE_SECONDS:
        return True
    if records and now - records[0]["at"] > settings.SESSION_COOKIE_AGE:
        return True
    if seen is None or now - seen > 60:
        request.session[SEEN] = now
    return False
