"""Choosing the language of this browser's pages and of a person's mails."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.actions import change_person
from core.audit import Actor
from core.http import now_of

LANGUAGES = {"de", "en"}


def set_cookie(response: HttpResponse, language: str) -> None:
    """Stores the choice in a cookie, for this browser's pages."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )


def remember(request: HttpRequest, response: HttpResponse, language: str) -> None:
    """Stores the choice in the cookie, and for a signed-in person in the account (mails, other browsers).
    Call it for a POST only: a link written by somebody else must not change the language of a person's mails.
    """
    set_cookie(response, language)
    if request.user.is_authenticated:
        user = request.user
        change_person(
            user,
            by=Actor.person(user, "person"),
            now=now_of(request),
            values={"language": language},
        )
