"""Choosing a language, also from the middle of a form: then it comes back with what was typed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.forms import BaseForm
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from mentoring.accounts.models import User

LANGUAGES = {"de", "en"}
View = Callable[..., HttpResponse]


def set_cookie(response: HttpResponse, language: str) -> None:
    """Keeps a choice for this browser's pages."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )


def remember(request: HttpRequest, response: HttpResponse, language: str) -> None:
    """Keeps a choice in the cookie, and for a signed-in person's mails and other browsers. For a POST alone:
    a link that somebody else wrote must not change in what language a person gets mail."""
    set_cookie(response, language)
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=language)


def form_keeps_its_words(view: View) -> View:
    """For the page of a form one writes into for a while: its language switch (``language.html`` with
    ``form_id``) sends the form with ``lang``, and the view answers in that language. It asks
    ``is_switch(request)``, does nothing with the form then and shows it ``as_typed``."""

    @wraps(view)
    def switching(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_switch(request):
            return view(request, *args, **kwargs)
        wanted = request.POST["lang"]
        with translation.override(wanted):
            request.LANGUAGE_CODE = wanted  # type: ignore[attr-defined]
            response = view(request, *args, **kwargs)
        response["Content-Language"] = wanted
        remember(request, response, wanted)
        return response

    return switching


def is_switch(request: HttpRequest) -> bool:
    """Whether a form was sent by its language switch: to be shown again, not to be acted upon."""
    return request.method == "POST" and request.POST.get("lang") in LANGUAGES


def as_typed(form: BaseForm) -> None:
    """Leaves the form with what was typed and without a word about what is still missing."""
    typed: Any = form
    typed._errors = ErrorDict()
