"""Middleware for every request: the time and an id, security headers, the language."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
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
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from accounts.languages import LANGUAGES, set_cookie
from core import audit, kept_input, page_cache

Handler = Callable[[HttpRequest], HttpResponse]
READ_ANYWAY = 50_000_000  # bytes above a limit that are read to keep what was typed beside the file
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


class Bodies:
    """Reads the body of a POST once its view is found, before anything else may read it: 413 above the view's
    limit, and 400 for a body shorter than its announced length, which a broken connection leaves and which must
    not be processed.

    The limit is the view's attribute ``body_limit``: a number of bytes, or a function of the address's
    parts that returns one. A form with files is read as a stream, which writes larger files to the disk.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Mapping[str, Any]
    ) -> HttpResponse | None:
        """Returns the page for a body above the limit. Raises BadRequest for one that can't be read."""
        if request.method != "POST":
            return None
        size = request.META.get("CONTENT_LENGTH") or "0"
        announced = int(size) if size.isdecimal() else 0
        limit = getattr(view, "body_limit", settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        limit = limit(**kwargs) if callable(limit) else limit
        form = request.content_type == "multipart/form-data"
        if announced > limit:
            # Forms without files are not sent as multipart; of anything else nothing is worth the time.
            files = form and limit > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
            readable = files and announced <= limit + READ_ANYWAY
            return _too_large(request, limit, file=form, readable=readable)
        try:
            if form:
                _ = request.POST  # parsed as a stream
                arrived = request._stream._pos  # type: ignore[attr-defined]
            else:
                arrived = len(request.body)
        except UnreadablePostError as error:
            raise BadRequest("the body can't be read") from error
        if arrived < announced:
            raise BadRequest("the body ended early")
        return None


def _too_large(request: HttpRequest, limit: int, *, file: bool, readable: bool) -> HttpResponse:
    """413 for a body of more than ``limit`` bytes, with a link back to the form; ``file``: it may hold one.
    What was typed beside it is kept (C11) where the body is ``readable``; the file is not."""
    kept = False
    if readable:
        request.upload_handlers = [kept_input.DropFiles(request)]
        kept = kept_input.keep(request, refused=True)
    sent = kept_input.opened(request) if readable else None
    again = sent.page if sent else request.path
    context = {"limit": limit, "file": file, "kept": kept, "again": again}
    return render(request, "413.html", context, status=413)


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
    same = request.path_info.startswith((settings.STATIC_URL, "/look/"))
    if same and response.status_code in (200, 304):
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
