"""Context processors."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from programme.models import Organisation


def organisation(request: HttpRequest) -> dict[str, Any]:
    """Adds ``organisation`` (queried when a template first uses it; None before one is entered)."""
    return {
        "organisation": SimpleLazyObject(
            lambda: Organisation.objects.select_related("office").first()
        )
    }
