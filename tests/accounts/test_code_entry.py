"""Entering a code is no trap, and who asks for codes in somebody's name keeps nobody out (promise P1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from outbox.models import OutgoingMail
from tests import factories
from tests.accounts.test_sign_in import (
    ask_for_code,
    code_of,
    enrol,
    sign_in_with_password,
    staff,
    totp_code,
)

pytestmark = pytest.mark.django_db
CONFIRM = "/account/login/code/confirm/"


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def enter(client: Client, code: str) -> bool:
    client.post(CONFIRM, {"code": code})
    return "_auth_user_id" in client.session


def codes_mailed(user: Any) -> int:
    return OutgoingMail.objects.filter(kind="sign-in-code", recipient=user).count()


def visitor(number: int, *, network: int = 30) -> Client:
    return Client(REMOTE_ADDR=f"10.{network}.{number // 250}.{number % 250}")


# ── no trap ──────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("path", ["/account/login/", "/account/login/code/"])
def test_who_asked_for_a_code_may_go_back_and_forth(client: Client, path: str) -> None:
    user = factories.person()
    ask_for_code(client, user.email)
    page = client.get(path)
    assert page.status_code == 200
    assert f'href="{CONFIRM}"' in page.content.decode()
    assert enter(client, code_of(user))


def test_who_mistyped_the_address_asks_again_with_the_right_one(client: Client) -> None:
    user = factories.person(email="leyla@example.org")
    ask_for_code(client, "lyela@example.org")
    assert "lyela@example.org" in client.get(CONFIRM).content.decode()
    ask_for_code(client, user.email)
    assert enter(client, code_of(user))


def test_who_began_with_a_password_may_still_ask_for_a_code(client: Client) -> None:
    coordinator = staff()
    enrol(coordinator)
    sign_in_with_password(client, coordinator.email)
    assert client.get("/account/login/").status_code == 200
    person = factories.person()
    ask_for_code(client, person.email)
    assert enter(client, code_of(person))


def test_nothing_typed_is_no_attempt(client: Client) -> None:
    user = factories.person()
    ask_for_code(client, user.email)
    for nothing in ({}, {"code": ""}, {"code": "   "}) * 4:
        assert client.post(CONFIRM, nothing).status_code == 200
    assert enter(client, code_of(user))


def test_another_code_is_sent_from_the_page_and_both_are_good(client: Client) -> None:
    for which in (0, 1):
        user = factories.person()
        browser = Client(REMOTE_ADDR=f"10.31.0.{which}")
        ask_for_code(browser, user.email)
        first = code_of(user)
        assert 'name="resend-code"' in browser.get(CONFIRM).content.decode()
        page = browser.post(CONFIRM, {"action": "resend"}, follow=True)
        assert "unterwegs" in page.content.decode()
        assert codes_mailed(user) == 2
        assert code_of(user) != first
        assert enter(browser, [first, code_of(user)][which])


def test_p1_when_no_more_are_sent_the_newest_is_good_and_the_page_says_so(client: Client) -> None:
    user = factories.person()
    ask_for_code(client, user.email)
    for _number in range(6):
        page = client.post(CONFIRM, {"action": "resend"}, follow=True)
    assert "unserer neuesten E-Mail" in page.content.decode()
    assert codes_mailed(user) == 3
    other = Client()  # the telephone of the same person
    page = other.post("/account/login/code/", {"email": user.email}, follow=True)
    assert "unserer neuesten E-Mail" in page.content.decode()
    assert enter(other, code_of(user))


@pytest.mark.parametrize("asked_first", [0, 1])
def test_p1_a_code_is_good_once(asked_first: int) -> None:
    """Whichever of two browsers asked for it."""
    user = factories.person()
    browsers = [Client(), Client()]
    for number in (asked_first, 1 - asked_first):
        ask_for_code(browsers[number], user.email)
    newest = code_of(user)
    assert enter(browsers[0], newest)
    assert not enter(browsers[1], newest)


def test_p1_a_code_that_ran_out_is_not_good_beside_a_newer_one(client: Client, clock: Any) -> None:
    user = factories.person()
    ask_for_code(client, user.email)
    first = code_of(user)
    clock.shift(600)
    client.post(CONFIRM, {"action": "resend"})
    clock.shift(301)
    assert not enter(client, first)
    assert enter(client, code_of(user))


def test_p1_the_session_keeps_no_code(client: Client) -> None:
    user = factories.person()
    ask_for_code(client, user.email)
    assert code_of(user) not in str(dict(client.session))
    assert str(user.pk) not in str(dict(client.session))


# ── somebody else asks, again and again ──────────────────────────────────────
def test_p1_a_stranger_who_asks_every_six_seconds_neither_floods_nor_keeps_out(clock: Any) -> None:
    user = factories.person()
    stranger = Client(REMOTE_ADDR="10.32.0.1")
    signed_in = 0
    for second in range(0, 1800, 6):
        ask_for_code(stranger if second % 120 else Client(REMOTE_ADDR="10.32.0.1"), user.email)
        if second % 450 == 300:  # four times the holder wants in, each time elsewhere
            holder = visitor(second)
            ask_for_code(holder, user.email)
            signed_in += enter(holder, code_of(user))
        clock.shift(6)
    assert signed_in == 4
    assert codes_mailed(user) <= 4 + 7


def test_p1_many_networks_neither_flood_a_mailbox_nor_keep_its_holder_out(clock: Any) -> None:
    user = factories.person()
    signed_in = asked = 0
    for minute in range(24 * 60):
        if minute % 3 == 0:
            ask_for_code(visitor(minute), user.email)
        if minute % 200 == 100:
            holder = visitor(minute, network=33)  # a new browser in a new place each time
            ask_for_code(holder, user.email)
            signed_in += enter(holder, code_of(user))
            asked += 1
        if minute == 60:
            assert codes_mailed(user) <= 9
        clock.shift(60)
    assert signed_in == asked == 7
    assert codes_mailed(user) <= 20 + 24 * 4


def test_p1_a_browser_that_signed_in_before_has_codes_of_its_own(clock: Any) -> None:
    user = factories.person()
    known = visitor(1)
    ask_for_code(known, user.email)
    assert enter(known, code_of(user))
    known.post("/account/logout/")
    for number in range(2, 60):
        ask_for_code(visitor(number), user.email)
    before = codes_mailed(user)
    clock.shift(1)
    ask_for_code(known, user.email)
    assert codes_mailed(user) == before + 1
    assert enter(known, code_of(user))


def test_p1_a_known_browser_counts_for_the_one_who_signed_in_there_alone() -> None:
    """For passwords as for codes."""
    other, user = staff(), staff()
    known = Client(REMOTE_ADDR="10.34.0.1")
    sign_in_with_password(known, other.email)
    known.post("/account/logout/")
    for number in range(8):
        sign_in_with_password(visitor(number), user.email, "falsch geraten")
        sign_in_with_password(visitor(number), other.email, "falsch geraten")
    assert sign_in_with_password(known, user.email).status_code == 200
    assert sign_in_with_password(known, other.email).status_code == 302
    known.post("/account/logout/")
    for number in range(60):
        ask_for_code(visitor(number, network=35), user.email)
    before = codes_mailed(user)
    ask_for_code(known, user.email)
    assert codes_mailed(user) == before


def test_p1_a_forged_mark_of_a_browser_is_none() -> None:
    user = staff()
    for number in range(8):
        sign_in_with_password(visitor(number), user.email, "falsch geraten")
    forger = Client(REMOTE_ADDR="10.34.0.2")
    sign_in_with_password(forger, staff().email)
    value = forger.cookies["known_browser"].value
    forger = Client(REMOTE_ADDR="10.34.0.3")
    forger.cookies["known_browser"] = "x" + value[1:]
    assert sign_in_with_password(forger, user.email).status_code == 200


# ── the second factor ────────────────────────────────────────────────────────
def test_p1_a_right_second_factor_forgets_none_of_the_wrong_ones() -> None:
    """Whoever has password and telephone for a moment gets no fresh guesses by a success between."""
    user = staff()
    secret = enrol(user)

    def tries(code: str) -> bool:
        browser = Client(REMOTE_ADDR="10.36.0.1")
        sign_in_with_password(browser, user.email)
        browser.cookies.pop("known_browser", None)
        browser.post("/account/2fa/authenticate/", {"code": code})
        return "_auth_user_id" in browser.session

    for _slip in range(4):
        tries("000000")
    assert tries(totp_code(secret))
    assert not tries("000000")
    assert not tries(totp_code(secret, steps=1))  # the fifth wrong one was the last


def test_p2_a_second_factor_opens_after_the_key_was_changed(client: Client, settings: Any) -> None:
    user = staff()
    secret = enrol(user)
    former = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, [former]
    sign_in_with_password(client, user.email)
    client.post("/account/2fa/authenticate/", {"code": totp_code(secret)})
    assert "_auth_user_id" in client.session


def test_p2_control_without_the_former_key_it_does_not(client: Client, settings: Any) -> None:
    user = staff()
    secret = enrol(user)
    settings.SECRET_KEY = "n" * 60
    sign_in_with_password(client, user.email)
    client.raise_request_exception = False
    client.post("/account/2fa/authenticate/", {"code": totp_code(secret)})
    assert "_auth_user_id" not in client.session
