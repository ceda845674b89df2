"""All changes to allauth's behaviour."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import known_browsers
from core import limits
from core.encryption import cipher

log = logging.getLogger(__name__)
SECOND_FACTOR = "mentoring second factor"


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is closed, allauth sends no mail, and a known browser is never locked out."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _(
            "Too many wrong passwords were entered. Please try again in a few minutes."
        ),
        "too_many_factors": _(
            "Too many wrong codes were entered. Please try again in a few minutes."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """False: accounts are created by an application or by coordinators."""
        return False

    # ── mail ─────────────────────────────────────────────────────────────────
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Does nothing: codes are sent by ``codes``, and allauth has no other mail that is wanted."""
        log.info("accounts.mail_not_sent", extra={"kind": template_prefix})

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Does nothing: allauth's notices contain IP addresses; the audit trail informs coordinators instead."""

    # ── limits (promise P1; allauth's own are off) ────────────────────────────
    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts a guess at a password before it is checked; after a success allauth uncounts it, so that
        successes neither count nor reset the counters. Raises ValidationError when the limit is reached."""
        login = str(credentials.get("email", credentials.get("username", "")))
        taken = limits.take("sign-in-failed", *known_browsers.limits_of_guesses(request, login))
        if taken is None:
            raise self.validation_error("too_many_login_attempts")
        self._login_failed_rl_usage = taken

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Checks the password of a signed-in person, within the same limits as the sign-in."""
        again = self.authenticate(self.request, email=user.email, password=password)
        return again is not None and again.pk == user.pk

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Counts a fresh password as re-authentication and remembers the browser."""
        methods = {record["method"] for record in get_authentication_records(request, user)}
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if "password" in methods:
            record_authentication(request, user, method="password", reauthenticated=True)
        known_browsers.remember(response, user.email)
        return response

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Shows warnings and errors only; that somebody is signed in is visible on the page itself."""
        from django.contrib import messages

        if level >= messages.WARNING:
            super().add_message(request, level, *args, **kwargs)


class MFAAdapter(DefaultMFAAdapter):
    """Encrypts the secrets of the second factor under a key derived from SECRET_KEY."""

    def encrypt(self, text: str) -> str:
        """The encrypted text, for the database."""
        return cipher(SECOND_FACTOR).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The decrypted text; keys from SECRET_KEY_FALLBACKS are accepted."""
        return cipher(SECOND_FACTOR).decrypt(encrypted_text.encode()).decode()
