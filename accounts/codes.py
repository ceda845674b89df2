"""Sign-in by a code that is sent by mail (promises P1, P3).

Everything works the same for an unknown address: the session stores an address, never a person, and a person
is looked up only once a code is right. A code is stored as a keyed hash, in the session that asked for it
and, for the fifteen minutes it is valid, as the newest of its mailbox. So the newest code in a mailbox works
in every browser that asked for one there, and a browser's own codes stay valid in it when others ask for
more: a stranger who asks again and again locks nobody out. A used code is invalid in every browser.
"""

from __future__ import annotations

import enum
import time
import uuid
from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.stagekit import clear_login, stash_login
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.core.internal.cryptokit import normalize_user_code
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts import known_browsers, mails
from accounts.models import User
from core import limits
from core.limits import DAY, HOUR, Limit

LIFETIME = int(mails.CODE_LIFETIME.total_seconds())
ATTEMPTS = 5  # in the session: the codes of this browser
KEPT = 3  # own codes that stay valid beside the newest


class Asked(enum.Enum):
    """The result of a request for a code, the same for known and unknown addresses."""

    SENT = "sent"
    NEWEST_IS_GOOD = "newest"  # no new one sent: the newest works in this browser too
    TOO_MANY = "too many"  # to this address from here, or to many addresses


class Verdict(enum.Enum):
    """The result of checking a code."""

    RIGHT = "right"
    WRONG = "wrong"
    LAST_WRONG = "last wrong"  # no code of this browser is valid any more
    NOT_JUDGED = "not judged"  # too many wrong ones from this network, or from all


def ask(request: HttpRequest, address: str, *, now: datetime) -> Asked:
    """Sends a code to the person known by ``address`` within the limits, and lets this browser enter it.
    Raises the cache's errors when the cache is unavailable: without counters nothing is sent."""
    newest = cache.get(_newest_key(address))
    asked = _allowed(request, address, code_is_out=newest is not None)
    if asked is Asked.SENT:
        code = get_adapter().generate_login_code()
        newest = {"code": _hash(address, code), "until": time.time() + LIFETIME}
        cache.set(_newest_key(address), newest, LIFETIME)
        user = User.objects.filter(email=address).first()
        with transaction.atomic():
            if user is not None and user.is_active:
                mails.sign_in_code(user, code, now=now)
            else:
                mails.decoy(now=now)
    if newest is not None and asked is not Asked.TOO_MANY:
        _wait_for(request, address, newest, fresh=asked is Asked.SENT)
    return asked


def _allowed(request: HttpRequest, address: str, *, code_is_out: bool) -> Asked:
    """A browser that signed in before has a limit of its own, which nobody else can use up. For others a
    mailbox gets five an hour and twenty a day, three an hour of them from one sender; beyond that one
    whenever no valid code is outstanding, so that its holder is never locked out; and from one sender never
    more than ten a day, nor from all together more than ``SIGN_IN_LIMIT`` an hour.
    """
    if mark := known_browsers.mark_of(request, address):
        own = limits.take("code", Limit(mark, 10, HOUR), Limit(mark, 30, DAY))
        return Asked.SENT if own else _without_mail(code_is_out)
    if not limits.may_write_first(request, address):
        return _without_mail(code_is_out)
    pair = f"{limits.sender(request)} {address}"
    today = limits.take("code-today", Limit(pair, 10, DAY), limits.of_everybody())
    if today is None:
        return _without_mail(code_is_out)
    usual = limits.take(
        "code", Limit(pair, 3, HOUR), Limit(address, 5, HOUR), Limit(address, 20, DAY)
    )
    if usual is None and code_is_out:
        today.rollback()
        return Asked.NEWEST_IS_GOOD
    return Asked.SENT


def _without_mail(code_is_out: bool) -> Asked:
    return Asked.NEWEST_IS_GOOD if code_is_out else Asked.TOO_MANY


def _wait_for(request: HttpRequest, address: str, newest: dict[str, Any], *, fresh: bool) -> None:
    """Stores in the session what this browser may enter; a fresh code resets its attempts."""
    before = pending(request)
    if before is None or before["address"] != address:
        before = {"id": uuid.uuid4().hex, "codes": []}
    login = Login(user=None, email=address)
    login.state["stages"] = {"current": LoginByCodeStage.key}
    stage = LoginByCodeStage(LoginStageController(request, login), request, login)
    others = [one for one in before["codes"] if one != newest]
    stage.state.update(
        id=uuid.uuid4().hex if fresh else before["id"],
        address=address,
        codes=[*others, newest][-KEPT:],
    )
    stash_login(request, login)


def pending(request: HttpRequest) -> dict[str, Any] | None:
    """What this browser asked for, including ``address``; None where no code could be valid (any more)."""
    stage = LoginStageController.enter(request, LoginByCodeStage.key)
    return stage.state if stage is not None and "address" in stage.state else None


def judge(request: HttpRequest, code: str) -> tuple[Verdict, User | None]:
    """Checks a code against what this browser asked for; returns the verdict and the person it signs in.

    A try is counted before it is checked: of a browser's tries five are checked, however many come at once,
    of a network's wrong ones ten a minute, and of all networks' ``SIGN_IN_LIMIT`` an hour.
    """
    state = pending(request)
    if state is None:
        return Verdict.LAST_WRONG, None
    address = state["address"]
    network = limits.take("sign-in-failed", *known_browsers.limits_of_networks(request, address))
    if network is None:
        return Verdict.NOT_JUDGED, None
    attempt = limits.take("code-tried", Limit(state["id"], ATTEMPTS, HOUR))
    if attempt is None:
        clear_login(request)
        return Verdict.LAST_WRONG, None
    newest = cache.get(_newest_key(address))
    user = User.objects.filter(email=address, is_active=True).first()
    good = user is not None and _is_good(address, code, [*state["codes"], newest])
    if good and cache.add(_spent_key(address, code), True, LIFETIME):
        network.rollback()
        cache.delete(_newest_key(address))
        return Verdict.RIGHT, user
    if attempt.highest < ATTEMPTS:
        return Verdict.WRONG, None
    clear_login(request)
    return Verdict.LAST_WRONG, None


def _is_good(address: str, code: str, codes: list[dict[str, Any] | None]) -> bool:
    given = _hash(address, code)
    now = time.time()
    return any(
        one["until"] >= now and constant_time_compare(one["code"], given) for one in codes if one
    )


def enter(request: HttpRequest, user: User, target: str | None) -> HttpResponse:
    """Signs the person in; the second factor follows where there is one. Returns the redirect to ``target``."""
    record_authentication(request, user, method="code", email=user.email)
    return perform_login(request, Login(user=user, redirect_url=target, email=user.email))


def _hash(address: str, code: str) -> str:
    return salted_hmac(f"sign-in code {address}", normalize_user_code(code)).hexdigest()


def _spent_key(address: str, code: str) -> str:
    return f"sign-in-code-spent:{_hash(address, code)}"


def _newest_key(address: str) -> str:
    return f"sign-in-code:{salted_hmac('mailbox', address).hexdigest()}"
