"""How often strangers may ask something of us (promise P1). Signing in has limits of its own (accounts)."""

from __future__ import annotations

import hashlib
import logging
import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

log = logging.getLogger(__name__)
HOUR = 3600


def allow(request: HttpRequest, action: str, *, limit: int, seconds: int = HOUR) -> bool:
    """Counts one more ``action`` from this network address; False above ``limit`` in ``seconds``."""
    return _counted(action, f"ip:{get_adapter().get_client_ip(request)}", seconds) <= limit


def allow_to(whom: str, action: str, *, limit: int, seconds: int = HOUR) -> bool:
    """The same for mail that would go to one person or address, wherever it is asked for."""
    return _counted(action, f"to:{whom}", seconds) <= limit


def _counted(action: str, whom: str, seconds: int) -> int:
    """As ``_count``; 0 where the cache is gone: nobody's application is lost to a counter (promise S4).
    Signing in is not so generous: without its limits nobody gets in."""
    try:
        return _count(action, whom, seconds)
    except Exception as error:  # whatever Redis says
        log.warning("limits.not_counted", extra={"error": type(error).__name__})
        return 0


def _count(action: str, whom: str, seconds: int) -> int:
    """How many there were since the first, ``seconds`` ago at most.

    The cache is shared by all processes; it keeps hashes, no addresses (promise P10). A counter bears the
    moment of its first in its name: counting in a cache without a counter of its own, like the one in the
    database, forgets when the key was to end and lets it end after five minutes.
    """
    name = f"limit:{action}:{hashlib.sha256(whom.encode()).hexdigest()[:32]}"
    counter = f"{name}:{cache.get_or_set(name, time.time, timeout=seconds)}"
    if cache.add(counter, 1, timeout=seconds):
        return 1
    try:
        number = int(cache.incr(counter))
    except ValueError:  # it ran out between the two calls
        return 1
    cache.touch(counter, seconds)
    return number
