"""What the middleware adds to every request, and how much of a body and which parts of it a view gets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar, cast

from django.http import HttpRequest


def now_of(request: HttpRequest) -> datetime:
    """The time at which the request arrived, in UTC; everything in the request uses it (promise S12)."""
    return cast(datetime, request.now)  # type: ignore[attr-defined]


View = TypeVar("View", bound=Callable[..., Any])


def sent(request: HttpRequest) -> dict[str, Any]:
    """The arguments that bind a form to what was posted, files included; none for another method. ::

    form = ContactForm(**sent(request))
    """
    posted = request.method == "POST"
    return {"data": request.POST, "files": request.FILES} if posted else {}


def body_limit(size: int) -> Callable[[View], View]:
    """Decorator: the view takes bodies of up to ``size`` bytes, where others take
    ``DATA_UPLOAD_MAX_MEMORY_SIZE``. Only files may use the difference."""

    def declare(view: View) -> View:
        view.body_limit = size  # type: ignore[attr-defined]
        return view

    return declare
