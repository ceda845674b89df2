"""Separate limits for a browser that signed in as a person before (promise P1): guesses and requests from
other browsers do not use them up, so that nobody can lock somebody else out."""

from __future__ import annotations

import hashlib
import uuid

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from core import limits
from core.limits import MINUTE, Limit

COOKIE = "known_browser"
SECONDS = 365 * 24 * 3600


def remember(response: HttpResponse, address: str) -> None:
    """Marks the browser as one that signed in by this address."""
    response.set_signed_cookie(
        COOKIE,
        f"{_hash(address)}:{uuid.uuid4().hex}",
        salt=COOKIE,
        max_age=SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def mark_of(request: HttpRequest, address: str) -> str:
    """The browser's own mark if it signed in by this address before, else an empty string."""
    try:
        value = request.get_signed_cookie(COOKIE, salt=COOKIE, max_age=SECONDS)
    except (KeyError, signing.BadSignature):
        return ""
    owner, _, mark = (value or "").partition(":")
    if owner != _hash(address):
        return ""
    return f"{hashlib.sha256(mark.encode()).hexdigest()[:16]} {address.lower()}"


def limits_of_networks(request: HttpRequest, address: str) -> tuple[Limit, ...]:
    """Limits on failures: ten a minute per network, for any person; and those of all networks in an hour."""
    if mark := mark_of(request, address):
        return (Limit(mark, 10, MINUTE),)
    return Limit(limits.sender(request), 10, MINUTE), limits.of_everybody()


def limits_of_guesses(request: HttpRequest, address: str) -> tuple[Limit, ...]:
    """Limits on failures: five in five minutes for one person, and those of the networks."""
    of_person = Limit(mark_of(request, address) or address.lower(), 5, 5 * MINUTE)
    return of_person, *limits_of_networks(request, address)


def _hash(address: str) -> str:
    return salted_hmac("accounts.known_browser", address.lower()).hexdigest()[:24]
