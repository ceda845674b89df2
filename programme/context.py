"""Context processors."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from programme.facts import current_organisation
from programme.look import look_of


def organisation(request: HttpRequest) -> dict[str, Any]:
    """Adds ``organisation`` (read when a template first uses it; None before one is entered), its ``look`` and
    ``base_url``, the beginning of the site's own addresses."""
    found = SimpleLazyObject(current_organisation)
    return {
        "organisation": found,
        "base_url": settings.BASE_URL,
        "look": SimpleLazyObject(lambda: look_of(found or None)),
    }
