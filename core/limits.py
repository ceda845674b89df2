"""How often something may be asked for (promise P1): one way of counting for every door of the house.

What is counted: guesses at a secret, and mails that somebody makes leave by naming an address. By whom: the
sender (a network address), the pair of sender and person, the mailbox, everybody together. A refused try is taken back from the
other counters, and so is a success where failures are counted.
"""

from __future__ import annotations

import contextlib
import hashlib
import ipaddress
import logging
import time
from typing import Any, NamedTuple

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.core.cache.backends.db import DatabaseCache
from django.db import connections, router, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

log = logging.getLogger(__name__)
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
CAMPUS_FACTOR = 10
TOO_OFTEN = _(
    "We have received a lot of messages from your network. Please try again in an hour, or call us."
)


EVERYBODY = "everybody"


class Limit(NamedTuple):
    """At most ``amount`` in ``seconds``, from the first on, for ``whom``: any text that names them."""

    whom: str
    amount: int
    seconds: int


class Taken:
    """What was counted for one try that is allowed; ``highest``: which try it is, by the
    limit that counted most."""

    def __init__(self) -> None:
        self.counters: list[tuple[str, int]] = []
        self.highest = 0

    def rollback(self) -> None:
        """Takes it back, as if it had never been tried."""
        for counter, seconds in self.counters:
            with contextlib.suppress(ValueError):  # it ran out meanwhile
                cache.decr(counter)
                cache.touch(counter, seconds)
        self.counters.clear()


def take(action: str, *limits: Limit) -> Taken | None:
    """Counts one more ``action`` under each limit; None, and nothing counted, where one is used up.

    Counts before anything is judged, so that of many at once no more than allowed pass. Raises what the
    cache raises where it is gone: nobody guesses uncounted.
    """
    taken = Taken()
    for limit in limits:
        counter = _counter(action, limit)
        taken.counters.append((counter, limit.seconds))
        number = _one_more(counter, limit.seconds)
        if number > limit.amount:
            taken.rollback()
            if limit.whom == EVERYBODY:
                log.warning("limits.everybody", extra={"task": action})
            return None
        taken.highest = max(taken.highest, number)
    return taken


def take_if_counted(action: str, *limits: Limit) -> Taken | None:
    """The same where nobody's words may be lost to a counter (promise S4): without the cache all is allowed."""
    try:
        return take(action, *limits)
    except Exception as error:  # whatever Redis says
        log.warning("limits.not_counted", extra={"error": type(error).__name__})
        return Taken()


def of_everybody() -> Limit:
    """All senders of an hour together, at the door of signing in: against guessing and asking from very many
    networks, each of which stays within its own limit. Browsers that signed in before are not counted."""
    return Limit(EVERYBODY, settings.SIGN_IN_LIMIT, HOUR)


def sender(request: HttpRequest) -> str:
    """The network a request comes from: an IPv4 address, or the /64 that one household or one rented
    machine has of IPv6."""
    address = get_adapter().get_client_ip(request)
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return str(address)
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def of_network(origin: str, amount: int, seconds: int) -> Limit:
    """The limit of what a ``sender`` asks for; ten times as high for a network that many people share
    (``CAMPUS_NETWORKS``). Guesses at secrets have none of it."""
    with contextlib.suppress(ValueError):  # a sender that is no network
        network = ipaddress.ip_network(origin)
        if any(network.overlaps(campus) for campus in settings.CAMPUS_NETWORKS):
            amount *= CAMPUS_FACTOR
    return Limit(origin, amount, seconds)


def may_write_to(request: HttpRequest, address: str, form: object) -> bool:
    """Whether a public form may make a mail leave to ``address``; counts it. ``form`` names what was sent:
    the same again is no second mail and not counted twice (promise C8)."""
    pair = f"{sender(request)} {address}"
    new = take_if_counted("form", Limit(f"{pair} {form}", 1, DAY))
    if new is None:
        return True
    mail = take_if_counted("mail", Limit(pair, 5, HOUR), Limit(pair, 10, DAY))
    if mail is not None and may_write_first(request, address):
        return True
    for taken in (new, mail):
        if taken is not None:
            taken.rollback()
    return False


def may_write_first(request: HttpRequest, address: str) -> bool:
    """Whether this sender may make mail go to one more address today; counts it. One budget for all public
    forms and the sign-in: nobody writes to strangers in numbers through us. An address that this
    sender has written to today costs nothing more."""
    origin = sender(request)
    with contextlib.suppress(
        Exception
    ):  # whatever Redis says; the budget below asks it again and tells
        if cache.get(_name("first-mail", f"{origin} {address}")):
            return True
    allowed = take_if_counted(
        "first-mails",
        of_network(origin, 10, MINUTE),
        of_network(origin, 40, HOUR),
        of_network(origin, 120, DAY),
    )
    if allowed is not None:
        with contextlib.suppress(Exception):
            cache.set(_name("first-mail", f"{origin} {address}"), True, DAY)
    return allowed is not None


def _counter(action: str, limit: Limit) -> str:
    """The name of the counter that is running. The cache is shared by all processes; it keeps hashes, no
    addresses (promise P10). A counter bears the moment of its first in its name: counting in a cache without
    a counter of its own, like the one in the database, forgets when the key was to end and lets it end
    after five minutes."""
    name = _name(f"{action}:{limit.seconds}", limit.whom)
    return f"{name}:{cache.get_or_set(name, time.time, timeout=limit.seconds)}"


def _name(action: str, whom: str) -> str:
    return f"limit:{action}:{hashlib.sha256(whom.encode()).hexdigest()[:32]}"


def _one_more(counter: str, seconds: int) -> int:
    if cache.add(counter, 1, timeout=seconds):
        return 1
    try:
        number = int(cache.incr(counter))
    except ValueError:  # it ran out between the two calls
        return 1
    cache.touch(counter, seconds)
    return number


class CountingCache(DatabaseCache):
    """Django's cache in the database, which counts right when many count at once: Django's own reads and
    then writes, and of sixty parallel guesses counts a dozen."""

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> Any:
        """As every cache's: the new number. Raises ValueError for a counter that is not there."""
        database = router.db_for_write(self.cache_model_class)
        connection = connections[database]
        with transaction.atomic(using=database):  # in SQLite one waits here for the other
            if connection.features.has_select_for_update:
                table = connection.ops.quote_name(self._table)  # type: ignore[attr-defined]
                with connection.cursor() as cursor:
                    cursor.execute(
                        f"SELECT 1 FROM {table} WHERE cache_key = %s FOR UPDATE",  # noqa: S608 (a name of ours)
                        [self.make_and_validate_key(key, version=version)],
                    )
            return super().incr(key, delta, version)
