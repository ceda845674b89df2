"""The one place where the house changes allauth's behaviour."""

from __future__ import annotations

import hashlib
import logging
import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from mentoring.accounts import mails
from mentoring.accounts.models import User
from mentoring.encryption import cipher

log = logging.getLogger(__name__)
KNOWN_BROWSER = "known_browser"
SECOND_FACTOR = "mentoring second factor"
KNOWN_BROWSER_SECONDS = 365 * 24 * 3600


class HouseAccountAdapter(DefaultAccountAdapter):
    """Sign-up is closed; codes leave through the outbox; a known browser is never locked out."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _(
            "That was wrong too often. Please request a new code, or try again later."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: people become known by applying or by being entered."""
        return False

    # ── mail ─────────────────────────────────────────────────────────────────
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queues a sign-in code. For an address nobody is known by a row of the same size is written and
        never sent, so that neither time nor traces tell who is known (promise P3)."""
        if template_prefix not in {"account/email/login_code", "account/email/unknown_account"}:
            log.info("accounts.mail_not_sent", extra={"kind": template_prefix})
            return
        now = getattr(context.get("request"), "now", None) or timezone.now()
        user = User.objects.filter(email=email.lower()).first()
        with transaction.atomic():
            if template_prefix == "account/email/login_code" and user is not None:
                mails.sign_in_code(user, context["code"], now=now)
            else:
                mails.decoy(now=now)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """allauth's notices name addresses of computers; the audit trail tells the coordinators instead."""

    # ── limits (promise P1) ──────────────────────────────────────────────────
    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """The bucket that failures count in: one per address, and one of its own for a browser that
        signed in as this person before, so that nobody can lock somebody else out."""
        login = str(credentials.get("email", credentials.get("username", ""))).lower()
        known = _known_browser(request, login)
        return f"{known}:{login}" if known else login

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Checks the password of a signed-in person, within the same limits as signing in."""
        again = self.authenticate(self.request, email=user.email, password=password)
        return again is not None and again.pk == user.pk

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Counts a fresh password as re-authentication and remembers the browser of staff."""
        methods = {record["method"] for record in get_authentication_records(request, user)}
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if "password" in methods:
            record_authentication(request, user, method="password", reauthenticated=True)
            response.set_signed_cookie(
                KNOWN_BROWSER,
                f"{_address_hash(user.email)}:{uuid.uuid4().hex}",
                salt=KNOWN_BROWSER,
                max_age=KNOWN_BROWSER_SECONDS,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Only what went wrong is told; that somebody is signed in, the page itself shows."""
        from django.contrib import messages

        if level >= messages.WARNING:
            super().add_message(request, level, *args, **kwargs)


def _address_hash(email: str) -> str:
    return salted_hmac("mentoring.accounts.known_browser", email.lower()).hexdigest()[:24]


def _known_browser(request: HttpRequest, login: str) -> str:
    """The browser's own mark when it signed in as ``login`` before, else an empty string."""
    try:
        value = request.get_signed_cookie(
            KNOWN_BROWSER, salt=KNOWN_BROWSER, max_age=KNOWN_BROWSER_SECONDS
        )
    except (KeyError, signing.BadSignature):
        return ""
    owner, _, mark = (value or "").partition(":")
    return hashlib.sha256(mark.encode()).hexdigest()[:16] if owner == _address_hash(login) else ""


class HouseMFAAdapter(DefaultMFAAdapter):
    """Secrets of the second factor rest encrypted under a key made from SECRET_KEY."""

    def encrypt(self, text: str) -> str:
        """The encrypted text, for the database."""
        return cipher(SECOND_FACTOR).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text again; keys from SECRET_KEY_FALLBACKS still open it."""
        return cipher(SECOND_FACTOR).decrypt(encrypted_text.encode()).decode()
