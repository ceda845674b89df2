"""Promise P1 over all doors a stranger may knock at: what is guessed and what is mailed is counted, by sender
and by person, whichever door it comes through."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpRequest
from django.test import Client, override_settings
from django.utils import timezone

from accounts import codes
from core import limits
from core.links import actions as links
from outbox.models import OutgoingMail
from tests import factories
from tests.access import world
from tests.access.matrix import MATRIX
from tests.access.test_matrix import address
from tests.access.world import World
from tests.accounts.test_sign_in import (
    ask_for_code,
    enrol,
    sign_in_with_password,
    staff,
    totp_code,
)
from tests.conftest import NOW
from tests.core.test_limits import DATABASE, REDIS
from tests.mentees.helpers import posted, vocabulary
from tests.mentees.test_races import together
from tests.public.test_contact import _form as message

HOME, ELSEWHERE = "10.40.0.1", "10.40.0.2"


def _apply(client: Client, email: str) -> Any:
    return client.post("/apply/", posted(email=email))


def _join(client: Client, email: str) -> Any:
    form = {"name": "Ada", "email": email, "profession": "Hornistin", "motivation": "Weitergeben."}
    return client.post("/mentors/join/", {**form, "website": "", "form_id": str(uuid.uuid4())})


def _contact(client: Client, email: str) -> Any:
    return client.post("/contact/", message(email=email))


def _code(client: Client, email: str) -> Any:
    return ask_for_code(client, email)


def _renewal(client: Client, email: str) -> Any:
    person = factories.person(email=email, is_staff=True)
    before = timezone.now() - timedelta(days=9)
    link = links.issue(
        "staff-invitation", person, person, now=before, expires_at=before + timedelta(days=1)
    )
    return client.post(f"/l/{links.token_of(link)}/", {"renew-link": "1"})


MAILING: dict[str, Callable[[Client, str], Any]] = {
    "apply": _apply,
    "mentor_join": _join,
    "contact": _contact,
    "account_request_login_code": _code,
    "personal_link": _renewal,
}
# every other address that takes what a stranger sends, and why it needs no budget of mails
OTHERS = {
    "account_login": "guesses are counted: tests/accounts/test_doors.py",
    "account_confirm_login_code": "guesses are counted here; more codes by the door above",
    "account_logout": "mails nothing",
    "account_signup": "leads to the application",
    "language": "mails nothing",
    "health_live": "answers, whatever is sent",
    "health_ready": "answers, whatever is sent",
    "mfa_authenticate": "leads back to the sign-in, until a password was right",
}


@pytest.fixture
def ready(db: None, clock: Any) -> None:
    factories.organisation()
    vocabulary()
    factories.cohort()


def mails() -> int:
    return OutgoingMail.objects.count()


@pytest.fixture
def full_world(db: None, settings: Any, tmp_path: Path) -> Iterator[World]:
    """For one test: the others of this file count mails, or need transactions of their own."""
    settings.MAIL_URL = tmp_path.as_uri()
    with time_machine.travel(NOW, tick=False):
        yield world.build()


# ── mails to strangers ───────────────────────────────────────────────────────
@pytest.mark.django_db
def test_p1_every_door_of_strangers_is_named_here(full_world: World) -> None:
    """A new form for strangers needs a line above, and its limit."""
    open_doors = set()
    for name, page in MATRIX.items():
        client = Client()
        path = address(
            name,
            page,
            full_world.own.get(page.about) or getattr(full_world, page.about, None),
            full_world,
        )
        answer = client.post(path, {})
        led_away = answer.get("Location", "").startswith(("/account/login/?", "/account/2fa/"))
        if answer.status_code not in (404, 405) and not led_away and not name.startswith("dev"):
            open_doors.add(name)
    assert open_doors - set(MAILING) - set(OTHERS) == set()
    assert set(MAILING) <= open_doors


@pytest.mark.parametrize("door", MAILING)
def test_p1_no_door_mails_more_strangers_once_the_budget_is_used_up(
    ready: None, clock: Any, door: str
) -> None:
    """Used up through the other doors, one address after the other; somebody elsewhere is served."""
    others = [name for name in MAILING if name != door]
    for number in range(10):
        knock = MAILING[others[number % len(others)]]
        assert knock(Client(REMOTE_ADDR=HOME), f"stranger{number}@example.org").status_code < 429
    before = mails()
    refused = MAILING[door](Client(REMOTE_ADDR=HOME), "another@example.org")
    assert (refused.status_code, mails()) == (429, before)
    text = refused.content.decode()
    assert "später" in text or "in einer Stunde" in text or "Warten Sie" in text
    MAILING[door](Client(REMOTE_ADDR=ELSEWHERE), "onemore@example.org")
    assert mails() > before
    clock.shift(61)
    MAILING[door](Client(REMOTE_ADDR=HOME), "later@example.org")
    assert mails() > before + 1


def test_p1_sixty_strangers_are_not_mailed_from_one_place(
    ready: None, clock: Any, settings: Any
) -> None:
    """In a minute ten, in an hour forty; every mail is to a new address."""
    roomy = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "roomy"}
    settings.CACHES = settings.CACHES | {"default": {**roomy, "OPTIONS": {"MAX_ENTRIES": 10_000}}}
    client = Client(REMOTE_ADDR=HOME)
    for number in range(60):
        ask_for_code(client, f"a{number}@example.org")
    assert mails() == 10
    for number in range(100):
        clock.shift(30)
        ask_for_code(client, f"b{number}@example.org")
    assert mails() == 40
    clock.shift(limits.HOUR)
    ask_for_code(client, "c@example.org")
    assert mails() == 41


@pytest.mark.parametrize(
    ("network", "visitor", "amount"),
    [
        ("10.40.0.0/24", HOME, 100),
        ("10.40.0.0/24", "10.40.1.1", 10),
        ("2001:db8:7::/48", "2001:db8:7:1::5", 100),
        ("2001:db8:7::/48", "2001:db8:8:1::5", 10),
    ],
)
def test_p1_a_network_that_many_share_may_write_to_ten_times_as_many(
    ready: None, settings: Any, network: str, visitor: str, amount: int
) -> None:
    """On the closing day all of the campus may come from one address."""
    roomy = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "campus"}
    settings.CACHES = settings.CACHES | {"default": {**roomy, "OPTIONS": {"MAX_ENTRIES": 10_000}}}
    settings.CAMPUS_NETWORKS = [ip_network(network)]
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = visitor
    allowed = [limits.may_write_first(request, f"a{one}@example.org") for one in range(110)]
    assert allowed == [True] * amount + [False] * (110 - amount)


def test_p1_a_refused_form_is_not_let_through_when_it_is_sent_again(ready: None) -> None:
    client = Client(REMOTE_ADDR=HOME)
    for number in range(10):
        ask_for_code(client, f"a{number}@example.org")
    form = posted(email="z@example.org")
    assert [client.post("/apply/", form).status_code for _time in range(3)] == [429] * 3


def test_p1_asking_for_one_person_again_and_again_uses_up_nothing_for_others(ready: None) -> None:
    """A lecture hall behind one address: one who plays with the form keeps nobody from signing in."""
    victim, neighbour = factories.person(), factories.person()
    for _number in range(80):
        ask_for_code(Client(REMOTE_ADDR=HOME), victim.email)
    ask_for_code(Client(REMOTE_ADDR=HOME), neighbour.email)
    assert OutgoingMail.objects.filter(recipient=neighbour).exists()


def test_p1_two_senders_use_up_nobodys_application(ready: None) -> None:
    """Five forms an hour for the pair of sender and address; its holder applies all the same."""
    email = "leyla@example.org"
    for origin in (HOME, ELSEWHERE):
        answers = [_apply(Client(REMOTE_ADDR=origin), email).status_code for _time in range(7)]
        assert answers == [302] * 5 + [429] * 2
    assert _apply(Client(REMOTE_ADDR="10.40.0.3"), email).status_code == 302


# ── everybody together ───────────────────────────────────────────────────────
def _ask(number: int) -> bool:
    """A stranger from a network of their own asks for a code; whether it was refused."""
    client = Client(REMOTE_ADDR=f"10.50.0.{number}")
    return bool(ask_for_code(client, f"n{number}@example.org").status_code == 429)


def _guess(number: int) -> bool:
    """… guesses a password."""
    client = Client(REMOTE_ADDR=f"10.50.0.{number}")
    answer = sign_in_with_password(client, f"n{number}@example.org", "falsch geraten dreimal")
    return "zu oft" in answer.content.decode()


def _guess_code(number: int) -> bool:
    """… guesses a code that was mailed."""
    client = Client(REMOTE_ADDR=f"10.50.0.{number}")
    with override_settings(SIGN_IN_LIMIT=100):
        ask_for_code(client, f"n{number}@example.org")
    answer = client.post("/account/login/code/confirm/", {"code": "WRNG-1234"})
    return "zu viele falsche Codes" in answer.content.decode()


@pytest.fixture(params=[_ask, _guess, _guess_code])
def knock(request: pytest.FixtureRequest, db: None, clock: Any, settings: Any) -> Any:
    settings.SIGN_IN_LIMIT = 7
    return request.param


def test_p1_all_networks_together_have_a_limit_of_an_hour(
    knock: Callable[[int], bool], clock: Any
) -> None:
    assert [knock(number) for number in range(1, 11)] == [False] * 7 + [True] * 3
    clock.shift(limits.HOUR + 1)
    assert knock(20) is False


def test_p1_control_without_the_limit_of_all_every_network_goes_on(
    knock: Callable[[int], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    roomy = limits.Limit(limits.EVERYBODY, 10**6, limits.HOUR)
    monkeypatch.setattr(limits, "of_everybody", lambda: roomy)
    assert not any(knock(number) for number in range(1, 11))


@pytest.mark.django_db
def test_p1_second_factors_are_counted_over_all_networks_too(clock: Any, settings: Any) -> None:
    settings.SIGN_IN_LIMIT = 2
    user = staff()
    secret = enrol(user)
    for number in (1, 2, 3):
        thief = Client(REMOTE_ADDR=f"10.50.0.{number}")
        sign_in_with_password(thief, user.email)
        thief.post("/account/2fa/authenticate/", {"code": "000000"})
    client = Client(REMOTE_ADDR=HOME)
    sign_in_with_password(client, user.email)
    client.post("/account/2fa/authenticate/", {"code": totp_code(secret)})
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_p1_a_browser_that_signed_in_before_is_let_in_when_no_other_is(
    clock: Any, settings: Any
) -> None:
    settings.SIGN_IN_LIMIT = 3
    user, browser = staff(), Client(REMOTE_ADDR=HOME)
    assert sign_in_with_password(browser, user.email).status_code == 302
    browser.post("/account/logout/")
    for number in range(1, 9):
        _ask(number)
        _guess(number)
    assert sign_in_with_password(browser, user.email).status_code == 302
    browser.post("/account/logout/")
    assert ask_for_code(browser, user.email).status_code == 302
    assert OutgoingMail.objects.filter(recipient=user, kind="sign-in-code").exists()
    stranger = Client(REMOTE_ADDR=ELSEWHERE)
    assert sign_in_with_password(stranger, user.email).status_code == 200


# ── who the sender is ────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
    ],
)
def test_p1_a_sender_is_an_address_or_a_64_of_the_newer_ones(
    one: str, other: str, same: bool
) -> None:
    def sender(found: str) -> str:
        request = HttpRequest()
        request.META["REMOTE_ADDR"] = found
        return limits.sender(request)

    assert (sender(one) == sender(other)) is same


@pytest.mark.django_db
def test_p1_a_household_of_ipv6_guesses_no_more_than_one_address() -> None:
    answers = [
        Client(REMOTE_ADDR=f"2001:db8:7:7::{number:x}").post(
            "/account/login/", {"login": f"n{number}@example.org", "password": "x" * 12}
        )
        for number in range(1, 15)
    ]
    assert ["zu oft" in one.content.decode() for one in answers] == [False] * 10 + [True] * 4


# ── many at once ─────────────────────────────────────────────────────────────
@pytest.fixture(params=["database", pytest.param("redis", marks=pytest.mark.redis)])
def shared(request: pytest.FixtureRequest, settings: Any) -> str:
    settings.CACHES = settings.CACHES | {
        "default": DATABASE if request.param == "database" else REDIS
    }
    return str(request.param)


def judged_of_sixty(monkeypatch: pytest.MonkeyPatch) -> int:
    """How many of sixty wrong codes at one moment, in one session and from sixty networks, are compared."""
    compared: list[str] = []
    real = codes._is_good

    def is_good(mailbox: str, code: str, known: Any) -> bool:
        compared.append(code)
        return real(mailbox, code, known)

    monkeypatch.setattr(codes, "_is_good", is_good)
    user = factories.person()
    browser = Client()
    ask_for_code(browser, user.email)

    def guess(number: int) -> None:
        client = Client(REMOTE_ADDR=f"10.41.0.{number}", raise_request_exception=False)
        client.cookies["session"] = browser.cookies["session"].value
        client.post("/account/login/code/confirm/", {"code": f"WRNG-{number:04}"})

    together(guess, 60)
    return len(compared)


@pytest.mark.django_db(transaction=True)
def test_p1_of_sixty_guesses_at_one_moment_five_are_judged(
    shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 1 <= judged_of_sixty(monkeypatch) <= 5


@pytest.mark.django_db(transaction=True)
def test_p1_control_a_cache_that_reads_and_then_writes_lets_more_pass(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CACHES = settings.CACHES | {"default": DATABASE}

    def reads_then_writes(self: Any, key: str, delta: int = 1, version: Any = None) -> Any:
        """Django's own, with time enough between the two for others to read the same."""
        value = self.get(key, version=version)
        if value is None:
            raise ValueError(key)
        time.sleep(0.1)
        self.set(key, value + delta, version=version)
        return value + delta

    monkeypatch.setattr(limits.CountingCache, "incr", reads_then_writes)
    assert judged_of_sixty(monkeypatch) > 5, connection.vendor


@pytest.mark.django_db(transaction=True)
def test_p1_sixty_at_one_moment_are_counted_one_by_one(shared: str) -> None:
    whom = str(uuid.uuid4())
    taken = together(lambda _number: limits.take("try", limits.Limit(whom, 7, 60)), 60)
    assert len([one for one in taken if one is not None]) == 7


@pytest.mark.django_db
def test_p1_what_is_taken_back_was_never_counted(shared: str) -> None:
    """A success between failures neither counts nor clears what counts."""
    whom = str(uuid.uuid4())

    def take(amount: int = 3) -> Any:
        return limits.take("try", limits.Limit(whom, amount, 60))

    assert take() is not None
    for _success in range(9):
        take().rollback()
    assert [take() is not None for _time in range(4)] == [True, True, False, False]
    # … nor does a try that another limit refused
    full = limits.Limit(f"{whom}-full", 0, 60)
    fresh = limits.Limit(f"{whom}-fresh", 1, 60)
    assert [limits.take("try", fresh, full) for _time in range(3)] == [None] * 3
    assert limits.take("try", fresh) is not None
