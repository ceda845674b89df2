"""Signing in: people by their address, staff by address and password."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.http import HttpRequest

from accounts.passwords import DEMO_PASSWORD


class EmailBackend(AuthenticationBackend):
    """allauth's backend without Django's object permissions, which are not used."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        """Refuses the demo password outside the embedded default, in case its database is used elsewhere."""
        if credentials.get("password") == DEMO_PASSWORD and not settings.EMBEDDED:
            return None
        return super().authenticate(request, **credentials)
