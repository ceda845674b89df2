"""Pages and facts that are the same for everybody, kept in this process until something changes.

Every change of the programme writes an audit event in its own transaction (promise P9). The number of the
newest event is therefore the version of all that pages show; with the language and the minute it is part of
every key here, so that nothing has to be deleted: after a change the old entries are asked for no more.
``docs/decisions/0020-pages-kept-until-something-changes.md`` has the reasons and what is never kept.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, wraps
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.translation import get_language

from core.audit.models import AuditEvent

R = TypeVar("R")
View = Callable[..., HttpResponse]
CACHE = "shared"  # its name in settings.CACHES
SECONDS = 60  # an entry is asked for no longer than its minute lasts
LONGEST_ADDRESS = 150  # characters of path and query of a page that is kept
_NOTHING = object()
_TOKEN_MARK, _ID_MARK = b"\0token\0", b"\0id\0"
_CSRF_TOKEN = re.compile(rb"\b[A-Za-z0-9]{64}\b")  # as Django writes it


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


@dataclass
class Blanks:
    """What a page that is being made says to its visitor alone: the CSRF tokens and form ids in it."""

    tokens: set[str] = field(default_factory=set)
    ids: list[str] = field(default_factory=list)

    def taken_out(self, body: bytes) -> bytes:
        """The page with a mark in place of each of them; no HTML has a NUL."""
        for token in self.tokens:
            body = body.replace(token.encode(), _TOKEN_MARK)
        for one in self.ids:
            body = body.replace(one.encode(), _ID_MARK)
        return body


_blanks: ContextVar[Blanks | None] = ContextVar("blanks", default=None)


def form_id() -> uuid.UUID:
    """A new id for a form (promise C8); where its page is kept, each visitor gets another one."""
    found = uuid.uuid4()
    if (blanks := _blanks.get()) is not None:
        blanks.ids.append(str(found))
    return found


def is_for_this_visitor(token: str) -> None:
    """Says that the page being made has this CSRF token. A page with a token of which this was not said is
    not kept."""
    if (blanks := _blanks.get()) is not None:
        blanks.tokens.add(token)


def _filled(body: bytes, request: HttpRequest) -> bytes:
    """The kept page with a CSRF token and a form id for this visitor: one form of a page has an id."""
    if _TOKEN_MARK in body:
        body = body.replace(_TOKEN_MARK, get_token(request).encode())
    return body.replace(_ID_MARK, str(uuid.uuid4()).encode())


def cached_page(*parameters: str) -> Callable[[View], View]:
    """Decorator for the view of a page that is the same for all visitors of one language. ``parameters`` names
    those of its address that are kept apart; with any other the page is made anew each time.

    Only the body is kept, of a plain response of status 200 whose view has set nothing for its visitor: the
    middleware adds headers and cookies to it as to any other response. CSRF tokens and form ids are taken out
    (``Blanks``) and each visitor gets new ones.
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
                return HttpResponse(_filled(body, request))
            may_keep = current.is_settled
            blanks = Blanks()
            token = _blanks.set(blanks)
            try:
                response = view(request, *args, **kwargs)
            finally:
                _blanks.reset(token)
            if may_keep and _is_for_everybody(request, response):
                body = blanks.taken_out(response.content)
                if not _CSRF_TOKEN.search(body):
                    caches[CACHE].set(key, body, SECONDS)
            return response

        answer.is_cached_page = True  # type: ignore[attr-defined]
        return answer

    return decorate


def _is_plain(request: HttpRequest, parameters: tuple[str, ...]) -> bool:
    """Whether nothing in the request can make the page a different one: no cookie but those of the language
    (in the key) and of the CSRF token (``Blanks``), so no session, message or kept input; only known
    parameters; an address of bounded length, without a prefix that the request claims in ``SCRIPT_NAME``: one
    page would be kept under the address of another."""
    return (
        request.COOKIES.keys() <= {settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME}
        and request.GET.keys() <= set(parameters)
        and request.path == request.path_info
        and len(request.get_full_path()) <= LONGEST_ADDRESS
    )


def _is_for_everybody(request: Any, response: HttpResponse) -> bool:
    """Whether the response is a plain page of HTML, and the view has set nothing for this visitor."""
    return (
        response.status_code == 200
        and not response.streaming
        and response.headers.items() == HttpResponse().headers.items()
        and not response.cookies
        and not request.session.modified
        and not request._messages.added_new
    )
