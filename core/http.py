"""What the middleware adds to every request."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.http import HttpRequest


def now_of(request: HttpRequest) -> datetime:
    """The one clock of the request: the moment it came in, in UTC (promise S12)."""
    return cast(datetime, request.now)  # type: ignore[attr-defined]
