"""Pages and facts that are the same for everybody, kept in this process until something changes.

Every change of the programme writes an audit event in its own transaction (promise P9). The number of the
newest event is therefore the version of all that pages show; with the language and the minute it is part of
every key here, so that nothing has to be deleted: after a change the old entries are asked for no more.
``docs/decisions/0020-pages-kept-until-something-changes.md`` has the reasons and what is never kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cached_property, wraps
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from core.audit.models import AuditEvent

R = TypeVar("R")
View = Callable[..., HttpResponse]
CACHE = "shared"  # its name in settings.CACHES
SECONDS = 60  # an entry is asked for no longer than its minute lasts
LONGEST_ADDRESS = 150  # characters of path and query of a page that is kept
_NOTHING = object()


class Reading:
    """What one GET or HEAD request reads: one version, asked for once, at its first use."""

    def __init__(self, now: datetime) -> None:
        self.minute = int(now.timestamp()) // 60

    @cached_property
    def version(self) -> int:
        """The number of the newest audit event; 0 before the first. One query."""
        return AuditEvent.objects.newest()

    @cached_property
    def is_settled(self) -> bool:
        """Whether each event up to ``version`` has ended its transaction. On PostgreSQL a lower number may be
        committed after a higher one: what is read meanwhile lacks a change although its version includes it,
        and must not be kept. One query there, none on SQLite, which has one writer at a time."""
        _version = self.version  # in this order: an event that begins later has a higher number
        return not AuditEvent.objects.is_being_written()

    def key(self, name: str) -> str:
        """The key of ``name`` in the version, minute and language of this request."""
        return f"{get_language()}:{self.minute}:{self.version}:{name}"


_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)


@contextmanager
def reading(request: HttpRequest, now: datetime) -> Iterator[None]:
    """Context manager: within, this GET or HEAD request uses what is kept. For any other request nothing is
    kept or used: it may change what it reads."""
    token = _reading.set(Reading(now) if request.method in {"GET", "HEAD"} else None)
    try:
        yield
    finally:
        _reading.reset(token)


def _present() -> Reading | None:
    """The reading of this request; None outside of one and in a transaction, whose changes may be undone."""
    return None if connection.in_atomic_block else _reading.get()


def kept(name: str, make: Callable[[], R]) -> R:
    """The result of ``make``, which depends on nothing but ``name`` and what everybody reads in one language;
    made again when something changed. It is pickled: each caller has a copy of its own."""
    current = _present()
    if current is None:
        return make()
    key = current.key(name)
    found: Any = caches[CACHE].get(key, _NOTHING)
    if found is _NOTHING:
        may_keep = current.is_settled
        found = make()
        if may_keep:
            caches[CACHE].set(key, found, SECONDS)
    return found  # type: ignore[no-any-return]


def shared(make: Callable[[], R]) -> Callable[[], R]:
    """Decorator for a function without arguments that reads facts which are the same for everybody in one
    language; its result is ``kept``."""
    name = f"{make.__module__}.{make.__qualname__}"

    @wraps(make)
    def read() -> R:
        return kept(name, make)

    return read


def cached_page(*parameters: str) -> Callable[[View], View]:
    """Decorator for the view of a page that is the same for all visitors of one language. ``parameters`` names
    those of its address that are kept apart; with any other the page is made anew each time.

    Only the body is kept, of a plain response of status 200 that used no CSRF token and set nothing: the
    middleware adds headers and cookies to it as to any other response.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            current = _present()
            if current is None or not _is_plain(request, parameters):
                return view(request, *args, **kwargs)
            key = current.key(request.get_full_path())
            body = caches[CACHE].get(key)
            if body is not None:
                return HttpResponse(body)
            may_keep = current.is_settled
            response = view(request, *args, **kwargs)
            if may_keep and _is_for_everybody(request, response):
                caches[CACHE].set(key, response.content, SECONDS)
            return response

        answer.is_cached_page = True  # type: ignore[attr-defined]
        return answer

    return decorate


def _is_plain(request: HttpRequest, parameters: tuple[str, ...]) -> bool:
    """Whether nothing in the request can make the page a different one: no cookie but those of the language
    (in the key) and of the CSRF token (a page that uses it is not kept), so no session, message or kept
    input; only known parameters; an address of bounded length."""
    return (
        request.COOKIES.keys() <= {settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME}
        and request.GET.keys() <= set(parameters)
        and len(request.get_full_path()) <= LONGEST_ADDRESS
    )


def _is_for_everybody(request: Any, response: HttpResponse) -> bool:
    """Whether the response is a plain page, and the view has set nothing for this visitor."""
    return (
        response.status_code == 200
        and not response.streaming
        and list(response.headers) == ["Content-Type"]
        and not response.cookies
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        and not request.session.modified
        and not request._messages.added_new
    )
