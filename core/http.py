"""What the middleware adds to every request."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.http import HttpRequest


def now_of(request: HttpRequest) -> datetime:
    """The time at which the request arrived, in UTC; everything in the request uses it (promise S12)."""
    return cast(datetime, request.now)  # type: ignore[attr-defined]
