"""Signing in: people by their address, staff by address and password."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.http import HttpRequest

from accounts.passwords import DEMO_PASSWORD


class HouseBackend(AuthenticationBackend):
    """allauth's backend; objects of Django's permission system play no part in this house."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        """Nobody enters with the password of the demo but in the embedded default, should its database
        ever come to stand somewhere else."""
        if credentials.get("password") == DEMO_PASSWORD and not settings.EMBEDDED:
            return None
        return super().authenticate(request, **credentials)
