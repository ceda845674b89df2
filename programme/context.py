"""Context processors."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from programme.facts import current_organisation


def organisation(request: HttpRequest) -> dict[str, Any]:
    """Adds ``organisation`` (read when a template first uses it; None before one is entered)."""
    return {"organisation": SimpleLazyObject(current_organisation)}
