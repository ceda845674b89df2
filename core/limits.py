"""Rate limits (promise P1), counted in one way for everything that strangers can try.

Counted are guesses at a secret, and mails that somebody causes by entering an address: per sender (network
address), per pair of sender and person, per mailbox, and over everybody together. A refused try is taken back
from the other counters, and so is a success where failures are counted.
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
    """At most ``amount`` within ``seconds`` from the first count, for ``whom`` (any text that identifies the
    counter)."""

    whom: str
    amount: int
    seconds: int


class Taken:
    """What was counted for one allowed try. ``highest``: its number under the limit that counted most."""

    def __init__(self) -> None:
        self.counters: list[tuple[str, int]] = []
        self.highest = 0

    def rollback(self) -> None:
        """Uncounts the try."""
        for counter, seconds in self.counters:
            with contextlib.suppress(ValueError):  # the counter expired meanwhile
                cache.decr(counter)
                cache.touch(counter, seconds)
        self.counters.clear()


def take(action: str, *limits: Limit) -> Taken | None:
    """Counts one more ``action`` under each limit. Returns None, and counts nothing, where one is used up.

    Counts before the try is checked, so that of many simultaneous tries no more than allowed pass. Raises the
    cache's errors when the cache is unavailable: no guess goes uncounted.
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
    """The same, but allows everything when the cache is unavailable: for forms whose entries must not be lost
    (promise S4)."""
    try:
        return take(action, *limits)
    except Exception as error:  # any error of the cache
        log.warning("limits.not_counted", extra={"error": type(error).__name__})
        return Taken()


def of_everybody() -> Limit:
    """The hourly limit of the sign-in over all senders: against guessing and mail requests from very many
    networks, each within its own limit. Browsers that signed in before are not counted."""
    return Limit(EVERYBODY, settings.SIGN_IN_LIMIT, HOUR)


def sender(request: HttpRequest) -> str:
    """The network a request comes from: an IPv4 address, or an IPv6 /64 (one household or one rented
    machine)."""
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
    """The limit for a ``sender``; ten times as high for a network that many people share
    (``CAMPUS_NETWORKS``), which does not apply to guesses at secrets."""
    with contextlib.suppress(ValueError):  # a sender that is no network address
        network = ipaddress.ip_network(origin)
        if any(network.overlaps(campus) for campus in settings.CAMPUS_NETWORKS):
            amount *= CAMPUS_FACTOR
    return Limit(origin, amount, seconds)


def may_write_to(request: HttpRequest, address: str, form: object) -> bool:
    """Whether a public form may cause a mail to ``address``; counts it. ``form`` identifies the content: a
    repetition sends no second mail and is not counted again (promise C8)."""
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
    """Whether this sender may cause a mail to one more address today; counts it. One budget for all public
    forms and the sign-in, so that nobody can make the site write to many strangers. An address that this
    sender has already caused a mail to today costs nothing."""
    origin = sender(request)
    with contextlib.suppress(
        Exception
    ):  # any error of the cache; the budget below asks it again and raises
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
    """The key of the current counter. The cache is shared by all processes; keys contain hashes, no addresses
    (promise P10). The key contains the time of the first count, because a cache without its own counter (such
    as the database cache) resets the expiry to five minutes when it increments."""
    name = _name(f"{action}:{limit.seconds}", limit.whom)
    return f"{name}:{cache.get_or_set(name, time.time, timeout=limit.seconds)}"


def _name(action: str, whom: str) -> str:
    return f"limit:{action}:{hashlib.sha256(whom.encode()).hexdigest()[:32]}"


def _one_more(counter: str, seconds: int) -> int:
    if cache.add(counter, 1, timeout=seconds):
        return 1
    try:
        number = int(cache.incr(counter))
    except ValueError:  # it expired between the two calls
        return 1
    cache.touch(counter, seconds)
    return number


class CountingCache(DatabaseCache):
    """Django's database cache with an atomic increment. Django's own reads and then writes, and counts only
    about a dozen of sixty parallel guesses."""

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> Any:
        """Returns the new number. Raises ValueError for a counter that does not exist."""
        database = router.db_for_write(self.cache_model_class)
        connection = connections[database]
        with transaction.atomic(using=database):  # in SQLite a second writer waits here
            if connection.features.has_select_for_update:
                table = connection.ops.quote_name(self._table)  # type: ignore[attr-defined]
                with connection.cursor() as cursor:
                    cursor.execute(
                        f"SELECT 1 FROM {table} WHERE cache_key = %s FOR UPDATE",  # noqa: S608 (a name of ours)
                        [self.make_and_validate_key(key, version=version)],
                    )
            return super().incr(key, delta, version)
