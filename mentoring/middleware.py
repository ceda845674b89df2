"""Middleware for every request: the time and an id, security headers, the language."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import connection
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    UnreadablePostError,
)
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from accounts.languages import LANGUAGES, set_cookie
from core import audit, page_cache

Handler = Callable[[HttpRequest], HttpResponse]
METHODS = ("GET", "HEAD", "POST", "OPTIONS")


def request_context(get_response: Handler) -> Handler:
    """Sets ``request.now`` (the clock is read once) and an id shared by audit events and log lines; with
    ``DB_QUERY_HEADER=1`` adds the number of queries as ``X-DB-Queries``."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.now = now = timezone.now()  # type: ignore[attr-defined]
        token = audit.request_id.set(uuid.uuid4())
        try:
            with page_cache.reading(request, now):
                return counted(request) if settings.DB_QUERY_HEADER else get_response(request)
        finally:
            audit.request_id.reset(token)

    def counted(request: HttpRequest) -> HttpResponse:
        count = 0

        def counting(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            nonlocal count
            count += 1
            return execute(sql, params, many, context)

        with connection.execute_wrapper(counting):
            response = get_response(request)
        response["X-DB-Queries"] = str(count)
        return response

    return middleware


def known_methods(get_response: Handler) -> Handler:
    """405 for every other method, before a view could treat it like a GET."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return get_response(request)

    return middleware


def whole_bodies(get_response: Handler) -> Handler:
    """400 for a body shorter than its announced length: an incomplete request from a broken connection must
    not be processed."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            announced = request.META.get("CONTENT_LENGTH") or "0"
            try:
                arrived = len(request.body)
            except UnreadablePostError as error:
                raise BadRequest("the body can't be read") from error
            if announced.isdecimal() and arrived < int(announced):
                raise BadRequest("the body ended early")
        return get_response(request)

    return middleware


def security_headers(get_response: Handler) -> Handler:
    """The headers of promises P5 and P6 on every response, static files included: those that no library sets,
    and those that Django's own middleware omits when it refuses an unknown host."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in standing_headers().items():
            response.setdefault(name, value)
        _kept_by_nobody(request, response)
        if request.path_info.startswith("/l/"):  # also on a 404 or an error (promise L7)
            response["X-Robots-Tag"] = "noindex"
        return response

    return middleware


def standing_headers() -> dict[str, str]:
    """The headers that are on every response, by name."""
    return {
        "Content-Security-Policy": build_policy(),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    }


def _kept_by_nobody(request: HttpRequest, response: HttpResponse) -> None:
    """Forbids caching of pages for signed-in people and of personal addresses. Files that are the same for
    everybody may be cached."""
    if request.path_info.startswith(settings.STATIC_URL) and response.status_code in (200, 304):
        return
    private = request.path_info.startswith(("/admin/", "/me/", "/account/", "/l/"))
    if private or settings.SESSION_COOKIE_NAME in request.COOKIES:
        patch_cache_control(response, private=True, no_store=True)


def language(get_response: Handler) -> Handler:
    """The cookie's language, else the signed-in person's saved one, else the browser's, German as fallback.
    ``?lang=`` sets the cookie, nothing else, and redirects to the bare address."""

    def middleware(request: HttpRequest) -> HttpResponse:
        wanted = request.GET.get("lang")
        if wanted in LANGUAGES and request.method in {"GET", "HEAD"}:
            return _chosen(request, wanted)
        chosen = _language_of(request)
        with translation.override(chosen):
            request.LANGUAGE_CODE = chosen  # type: ignore[attr-defined]
            response = get_response(request)
        response.setdefault("Content-Language", chosen)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response

    return middleware


def _chosen(request: HttpRequest, wanted: str) -> HttpResponse:
    rest = request.GET.copy()
    del rest["lang"]
    target = request.path + (f"?{rest.urlencode()}" if rest else "")
    # A path with two leading slashes would lead to another host.
    response = HttpResponseRedirect("/" + target.lstrip("/"))
    set_cookie(response, wanted)
    return response


def _language_of(request: HttpRequest) -> str:
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if cookie in LANGUAGES:
        return cookie
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        return request.user.language
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if code.split("-")[0] in LANGUAGES:
            return code.split("-")[0]
    return "de"
