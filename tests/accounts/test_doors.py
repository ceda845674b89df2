"""Every door has its limit, whoever knocks and however (promise P1), and sessions end (P5)."""

from __future__ import annotations

import time
from typing import Any
from unittest import mock

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from outbox.models import OutgoingMail
from tests import factories
from tests.accounts.test_sign_in import (
    PASSWORD,
    ask_for_code,
    code_of,
    enrol,
    sign_in_with_password,
    staff,
    totp_code,
)

pytestmark = pytest.mark.django_db
WRONG = "falsch geraten dreimal"


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were really compared with that of somebody known."""
    seen: list[str] = []
    real = User.check_password

    def check(self: User, raw: str) -> bool:
        seen.append(raw)
        return real(self, raw)

    monkeypatch.setattr(User, "check_password", check)
    return seen


def test_p1_sixty_guesses_from_everywhere_are_five(tried: list[str]) -> None:
    """Other networks, forged forwarding headers, and good sign-ins of one's own between them."""
    victim, thief = staff(), staff()
    tried.clear()
    for number in range(60):
        browser = Client(REMOTE_ADDR=f"10.2.{number % 7}.{number}")
        browser.defaults["HTTP_X_FORWARDED_FOR"] = f"192.0.2.{number}"
        sign_in_with_password(browser, victim.email, f"{WRONG} {number}")
        if number % 6 == 0:
            sign_in_with_password(browser, thief.email)
    assert 1 <= len([one for one in tried if one.startswith(WRONG)]) <= 5
    assert PASSWORD in tried


def test_p1_one_network_tries_ten_addresses_a_minute(tried: list[str]) -> None:
    victims = [staff() for _number in range(30)]
    tried.clear()
    for victim in victims:
        sign_in_with_password(Client(REMOTE_ADDR="10.3.0.1"), victim.email, WRONG)
    assert 1 <= len(tried) <= 10


def test_p1_the_window_ends(tried: list[str]) -> None:
    victim = staff()
    with time_machine.travel(time.time(), tick=False) as clock:
        for number in range(8):
            sign_in_with_password(Client(REMOTE_ADDR=f"10.4.0.{number}"), victim.email, WRONG)
        assert len(tried) <= 5
        clock.shift(301)
        answer = sign_in_with_password(Client(REMOTE_ADDR="10.4.1.1"), victim.email)
    assert answer.status_code == 302


def test_p1_the_second_factor_is_not_guessed(client: Client) -> None:
    """In new browsers too: the password is known, the code is not."""
    user = staff()
    secret = enrol(user)
    for number in range(12):
        browser = Client(REMOTE_ADDR=f"10.5.0.{number}")
        sign_in_with_password(browser, user.email)
        browser.post("/account/2fa/authenticate/", {"code": "000000"})
    sign_in_with_password(client, user.email)
    client.post("/account/2fa/authenticate/", {"code": totp_code(secret)})
    assert "_auth_user_id" not in client.session


def test_p1_each_door_says_what_was_wrong_too_often(client: Client) -> None:
    """A new code can be asked for at the door of codes alone."""
    user, newcomer = staff(), staff()
    enrol(user)
    sign_in_with_password(client, user.email)
    for _number in range(6):
        factor = client.post("/account/2fa/authenticate/", {"code": "000000"})
        password = sign_in_with_password(Client(), newcomer.email, WRONG)
    assert "Der Code war zu oft falsch." in factor.content.decode()
    assert "Das Passwort war zu oft falsch." in password.content.decode()
    for answer in (factor, password):
        assert "fordern Sie einen neuen Code" not in answer.content.decode()


def test_p1_control_the_second_factor_opens_after_few_slips(client: Client) -> None:
    user = staff()
    secret = enrol(user)
    sign_in_with_password(client, user.email)
    for _slip in range(2):
        client.post("/account/2fa/authenticate/", {"code": "000000"})
    client.post("/account/2fa/authenticate/", {"code": totp_code(secret)})
    assert "_auth_user_id" in client.session


def test_p1_nobody_is_flooded_with_codes() -> None:
    user = factories.person()
    for number in range(40):
        ask_for_code(Client(REMOTE_ADDR=f"10.6.0.{number}"), user.email)
    assert OutgoingMail.objects.filter(kind="sign-in-code", recipient=user).count() <= 5


def test_p1_a_code_of_one_browser_opens_no_other(client: Client) -> None:
    """The code read over a shoulder, or from a mail somebody forwarded."""
    user = factories.person()
    ask_for_code(Client(), user.email)
    assert client.post("/account/login/code/confirm/", {"code": code_of(user)}).status_code == 302
    assert "_auth_user_id" not in client.session


def test_p1_a_code_is_good_for_fifteen_minutes(client: Client) -> None:
    user = factories.person()
    with time_machine.travel(time.time(), tick=False) as clock:
        ask_for_code(client, user.email)
        clock.shift(901)
        client.post("/account/login/code/confirm/", {"code": code_of(user)})
    assert "_auth_user_id" not in client.session


def test_p1_a_stolen_session_does_not_guess_the_password(
    staff_client: Any, tried: list[str]
) -> None:
    user = staff()
    client = staff_client(user)
    for number in range(12):
        client.post("/account/reauthenticate/", {"password": f"{WRONG} {number}"})
    assert 1 <= len([one for one in tried if one.startswith(WRONG)]) <= 5


# ── P5: sessions ─────────────────────────────────────────────────────────────
def test_p5_signing_in_makes_a_new_session(client: Client) -> None:
    user = factories.person()
    ask_for_code(client, user.email)
    before = client.cookies["session"].value
    client.post("/account/login/code/confirm/", {"code": code_of(user)})
    assert "_auth_user_id" in client.session
    assert client.cookies["session"].value != before


def test_p5_signing_out_ends_the_session_on_the_server(client: Client) -> None:
    client.force_login(factories.person())
    kept = client.cookies["session"].value
    assert client.get("/account/logout/").status_code == 200  # a link alone signs nobody out
    assert client.get("/me/").status_code == 200
    client.post("/account/logout/")
    thief = Client()
    thief.cookies["session"] = kept
    assert thief.get("/me/").status_code == 302


def test_p5_staff_are_signed_out_after_twelve_hours_however_busy(staff_client: Any) -> None:
    client = staff_client(factories.coordinator())
    signed_in = time.time()
    for passed, still_in in ((12 * 3600 - 60, True), (12 * 3600 + 60, False)):
        session = client.session
        session["staff_seen_at"] = signed_in + passed - 60  # busy until a minute ago
        session.save()
        with mock.patch("time.time", return_value=signed_in + passed):
            assert (client.get("/admin/").status_code == 200) is still_in


def test_p5_a_new_password_ends_the_other_sessions(client: Client) -> None:
    user = staff()
    client.force_login(user)
    assert client.get("/account/2fa/").status_code in (200, 302)
    user.set_password(PASSWORD + "!")
    user.save()
    assert client.get("/me/").status_code == 302


def test_p1_a_wrong_address_does_not_count_against_the_right_one(client: Client) -> None:
    """Failures are counted by address, so that nobody is locked out by somebody else's slips."""
    user = staff()
    for number in range(5):
        sign_in_with_password(Client(REMOTE_ADDR="10.7.0.1"), f"x{number}@example.org", WRONG)
    assert sign_in_with_password(client, user.email).status_code == 302
