"""How often a fresh link may be asked for (promises P1, L5). Tokens of 256 bit need no limit on guesses."""

from __future__ import annotations

from django.core.cache import cache

from mentoring.links.models import ActionLink

RENEWALS_AN_HOUR = 3


def allow_renewal(link: ActionLink) -> bool:
    """False after three new links an hour for one decision."""
    key = f"link-renewal:{link.purpose}:{link.object_id}:{link.holder_id}"
    if cache.add(key, 1, timeout=3600):
        return True
    return int(cache.incr(key)) <= RENEWALS_AN_HOUR
