"""Keeps what was entered in a form across a sign-in or a refused CSRF token (C11).

Every form carries a seal beside its CSRF token (``templatetags/ui.py``): a signed value that names the person
and the page it was rendered for. When a submitted form ends at the sign-in or the second factor, or its CSRF
token is refused, its values are kept for ``SECONDS`` in the shared cache, encrypted under a key made of a
random cookie of this browser, the person and the page. When the same person opens the page again in this
browser, its forms are filled with the values (``core.forms.rendering.KeptBoundField``), a message says so, and the kept
values are deleted. Nothing is submitted automatically. Values that are too large to keep leave a mark in the
cookie, so that the page can say they are lost; of files the page says that they have to be chosen again.

Other sites cannot inject values: they have no seal of the person, and the request's headers show its origin.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.forms import BaseForm
from django.forms.formsets import ManagementForm
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, FileInput, SelectMultiple
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.datastructures import MultiValueDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.encryption import cipher
from core.limits import Limit, sender, take_if_counted

log = logging.getLogger(__name__)
Handler = Callable[[HttpRequest], HttpResponse]
FIELD = "form-seal"
CHANGED = "form-changed"  # "1": the form holds unsaved values (static/ui/unsaved.js)
SALT = "core.kept_input"
SECONDS = 30 * 60
LARGEST = 256_000  # characters in all values of a form; our longest form has about 80,000
FORMS_AT_ONCE = 60  # per person, or per network for visitors, in SECONDS: bounds the cache
LOST = gettext_lazy(
    "We could not keep what you typed, and nothing has been sent. That happens when a text is very long or "
    "many forms come from one person or network within half an hour. Please fill in the form again."
)
SIGN_IN = ("/account/login/", "/account/reauthenticate/", "/account/2fa/")
_NO_WORDS = (FIELD, "csrfmiddlewaretoken")
# For these widgets a browser sends the same when they are left empty and when they are not on the page.
_NEVER_OMITTED = (CheckboxInput, CheckboxSelectMultiple, SelectMultiple)


@dataclass(frozen=True)
class Seal:
    """The person (a key, "" for visitors) and the page (address with query) that a form was rendered for."""

    person: str
    page: str


@dataclass
class Kept:
    """The values of the forms of a page, by their names in the page. ``shown``: the page shows them.
    ``quiet``: no message, since the person only switched the language. ``lost``: the values could not be
    kept, and the page has to say so. ``files``: there were files, which are never kept."""

    data: MultiValueDict[str, str]
    quiet: bool = False
    lost: bool = False
    files: bool = False
    shown: bool = False

    @property
    def loss(self) -> str:
        """The sentence that says what could not be kept."""
        return str(LOST)

    def has(self, form: BaseForm) -> bool:
        """Whether this form of the page is the one that was sent."""
        if isinstance(form, ManagementForm):
            return False  # the page itself knows its number of rows
        return any(self._was_sent(form, name) for name in form.fields)

    def _was_sent(self, form: BaseForm, name: str) -> bool:
        widget, html_name = form.fields[name].widget, form.add_prefix(name)
        if isinstance(widget, _NEVER_OMITTED):
            return html_name in self.data
        return not widget.value_omitted_from_data(self.data, MultiValueDict(), html_name)

    def value(self, widget: Any, html_name: str) -> Any:
        """The value that a form bound to the kept data would read; None for a file, which is never kept."""
        if isinstance(widget, FileInput):
            return None
        return widget.value_from_datadict(self.data, MultiValueDict(), html_name)

    def added_rows(self, prefix: str) -> int:
        """How many rows of a formset had been added beyond the stored ones."""
        try:
            total, initial = (
                int(str(self.data.get(f"{prefix}-{name}_FORMS"))) for name in ("TOTAL", "INITIAL")
            )
        except ValueError:
            return 0
        return total - initial

    def texts(self) -> list[str]:
        """The longer texts, for copying where the form can't be shown any more."""
        return [text for values in self.data.lists() for text in values[1] if " " in text.strip()]


class DropFiles(FileUploadHandler):
    """Reads a form and forgets its files; ``keep`` can still say that there were some."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Skips the file."""
        super().new_file(*args, **kwargs)
        self.request._files_dropped = True  # type: ignore[union-attr]
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Never called: every file is skipped."""

    def file_complete(self, file_size: int) -> None:
        """Returns no file."""


_current: ContextVar[Kept | None] = ContextVar("kept_input", default=None)


def current() -> Kept | None:
    """What is kept for the page of this request, if anything."""
    return _current.get()


def seal(request: HttpRequest) -> str:
    """The signed seal for the forms of the page. A form shown again after an error keeps its first seal."""
    found: str | None = getattr(request, "_form_seal", None)
    if found is None:
        sent = opened(request)
        person = _person(request)
        page = sent.page if sent and sent.person == person else request.get_full_path()
        found = signing.dumps([person, page], salt=SALT)
        request._form_seal = found  # type: ignore[attr-defined]
    return found


def opened(request: HttpRequest) -> Seal | None:
    """The seal that came with a form; None where there is none or its signature is wrong."""
    if request.method != "POST":
        return None
    try:
        person, page = signing.loads(request.POST.get(FIELD, ""), salt=SALT)
    except (BadRequest, SuspiciousOperation, UnreadablePostError):
        return None  # the body is no form: the error page reads the seal too
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Seal(person, page)


def keep(request: HttpRequest, *, refused: bool = False, switching: bool = False) -> bool:
    """Keeps the values of the form that was sent; returns whether it did.

    ``refused``: its CSRF token was refused. Then the browser must state that the request comes from this site
    (otherwise it is enough that it does not state the opposite), and a visitor's form is kept as well.
    ``switching``: the person has switched the language.
    """
    sent = opened(request)
    if sent is None or not _from_here(request, said=refused):
        return False
    if any(one.startswith("/account/") for one in (request.path_info, sent.page)):
        return False  # pages on which only codes are entered
    owner = sent.person or _person(request)
    if not owner and not refused and not switching:
        return False
    if any("password" in name for name in request.POST):  # and its repetition, under any name
        return False
    words = {name: request.POST.getlist(name) for name in request.POST if name not in _NO_WORDS}
    files = bool(request.FILES) or hasattr(request, "_files_dropped")
    text = json.dumps([words, switching and not files, files], ensure_ascii=False)
    secret, _mark = _cookie(request)
    if not 20 <= len(secret) <= 64:
        secret = secrets.token_urlsafe(24)
    key = _key(secret, owner, sent.page)
    limit = Limit(owner or sender(request), FORMS_AT_ONCE, SECONDS)
    kept = len(text) <= LARGEST and take_if_counted("kept-input", limit) is not None
    if kept:
        try:
            cache.set(key, _encrypted(text), SECONDS)
        except Exception as error:  # any cache error
            log.warning("kept_input.not_kept", extra={"error": type(error).__name__})
            kept = False
    value = secret if kept else f"{secret}.{_lost_mark(key)}"
    request._kept_input_cookie = value  # type: ignore[attr-defined]
    return kept


def kept_input(get_response: Handler) -> Handler:
    """Middleware: keeps values that would be lost, redirects back to the page afterwards, and restores them
    there."""

    def middleware(request: HttpRequest) -> HttpResponse:
        key, found = _find(request)
        token = _current.set(found)
        try:
            response = get_response(request)
        finally:
            _current.reset(token)
        if found is not None and found.shown and found.lost:
            request._kept_input_cookie = _cookie(request)[0]  # type: ignore[attr-defined]
        elif found is not None and found.shown:
            cache.delete(key)
        if _asks_to_sign_in(request, response):
            _lead_back(request, response)
        if value := getattr(request, "_kept_input_cookie", ""):
            response.set_cookie(
                settings.KEPT_INPUT_COOKIE_NAME,
                value,
                max_age=SECONDS,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    return middleware


def _asks_to_sign_in(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        response.status_code in (302, 303)
        and response["Location"].startswith(SIGN_IN)
        and not request.path_info.startswith("/account/")
    )


def _lead_back(request: HttpRequest, response: HttpResponse) -> None:
    """Makes the sign-in return to the page of the form and say why it is asked for."""
    said = [getattr(request, "signed_out_because", "")]
    sent = opened(request)
    if sent is not None:
        place = urlsplit(response["Location"]).path
        response["Location"] = f"{place}?{urlencode({'next': sent.page})}"
        if sent.person and not said[0] and not request.user.is_authenticated:
            said = [_("You were signed out before we received your form.")]
        if keep(request):
            said.append(
                _(
                    "We keep what you typed for 30 minutes: once you have signed in, you "
                    "will find it in the form again. Nothing has been sent yet."
                )
            )
        elif hasattr(request, "_kept_input_cookie"):
            said.append(str(LOST))
    if any(said):
        messages.warning(request, " ".join(one for one in said if one))


def _find(request: HttpRequest) -> tuple[str, Kept | None]:
    """What is kept for this browser, person and page, with its cache key."""
    secret, mark = _cookie(request)
    if (
        not secret
        or request.method != "GET"
        or request.path_info.startswith(("/account/", "/static/"))
    ):
        return "", None
    key = _key(secret, _person(request), request.path)
    if mark == _lost_mark(key):
        return key, Kept(MultiValueDict(), lost=True)
    try:
        stored = cache.get(key)
        if stored is None:
            return key, None
        text = cipher(SALT).decrypt(stored.encode(), ttl=SECONDS).decode()
    except InvalidToken:
        return key, None
    except Exception as error:  # any error of the cache: the page opens without kept values
        log.warning("kept_input.not_found", extra={"error": type(error).__name__})
        return key, None
    words, quiet, files = json.loads(text)
    return key, Kept(MultiValueDict(words), quiet, files=files)


def _encrypted(text: str) -> str:
    return cipher(SALT).encrypt(text.encode()).decode()


def _cookie(request: HttpRequest) -> tuple[str, str]:
    """The random secret of this browser, and the mark of a page whose form could not be kept, if there is
    one."""
    secret, _dot, mark = request.COOKIES.get(settings.KEPT_INPUT_COOKIE_NAME, "").partition(".")
    return secret, mark


def _lost_mark(key: str) -> str:
    return key.removeprefix("kept-input:")[:32]


def _person(request: HttpRequest) -> str:
    return str(request.user.pk) if request.user.is_authenticated else ""


def _key(secret: str, person: str, page: str) -> str:
    parts = "\n".join((secret, person, urlsplit(page).path))
    return f"kept-input:{hashlib.sha256(parts.encode()).hexdigest()}"


def _from_here(request: HttpRequest, *, said: bool) -> bool:
    """Whether the browser states (``said``), or at least does not deny, that this site sent the form."""
    answers = []
    if origin := request.headers.get("Origin"):
        answers.append(origin == f"{request.scheme}://{request.get_host()}")
    if site := request.headers.get("Sec-Fetch-Site"):
        answers.append(site == "same-origin")
    return all(answers) and (bool(answers) or not said)
