"""How often strangers may write to us (promise P1)."""

from __future__ import annotations

import hashlib

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest


def allow(request: HttpRequest, action: str, *, limit: int, seconds: int = 3600) -> bool:
    """Counts one more ``action`` from this network address; False above ``limit`` in ``seconds``.

    The cache is shared by all processes; it keeps hashes, no addresses (promise P10).
    """
    return _count(action, f"ip:{get_adapter().get_client_ip(request)}", seconds) <= limit


def allow_to(address: str, action: str, *, limit: int, seconds: int = 3600) -> bool:
    """The same for mail that would go to one e-mail address, wherever it is asked for."""
    return _count(action, f"to:{address}", seconds) <= limit


def _count(action: str, whom: str, seconds: int) -> int:
    name = f"limit:{action}:{hashlib.sha256(whom.encode()).hexdigest()[:32]}"
    if cache.add(name, 1, timeout=seconds):
        return 1
    try:
        return int(cache.incr(name))
    except ValueError:  # it ran out between the two calls
        cache.set(name, 1, timeout=seconds)
        return 1
