"""Promise P3 over the whole sign-in door: for an address that is known, one that is closed and one that nobody
has, every page is the same in bytes, headers, cookies, queries, rows written and what is done after the commit."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import mails
from accounts.codes import ATTEMPTS, LIFETIME
from tests import factories
from tests.accounts.test_sign_in import PASSWORD, ask_for_code

pytestmark = pytest.mark.django_db
KNOWN, CLOSED, UNKNOWN = "known@example.org", "close@example.org", "nobod@example.org"
TOKENS = re.compile(
    r'(name="(?:csrfmiddlewaretoken|form-seal)" value=|csrf=|session=|messages=)"?[\w\-:.]+'
)
CODE, CONFIRM = "/account/login/code/", "/account/login/code/confirm/"
Visit = Callable[[Client, str], Any]


def page(path: str) -> Visit:
    return lambda client, _email: client.get(path)


def form(path: str, **data: str) -> Visit:
    """A form sent; ADDRESS in it stands for the address."""
    return lambda client, email: client.post(
        path, {name: value.replace("ADDRESS", email) for name, value in data.items()}
    )


ASK = form(CODE, email="ADDRESS")
WRONG = form(CONFIRM, code="WRNG-WRNG")
AGAIN = form(CONFIRM, action="resend")
# what is done one after the other in one browser; the last step, and each before it, is compared
DOOR: dict[str, list[Visit]] = {
    "the way in": [page("/account/login/"), page(CODE), ASK, page(CONFIRM)],
    "asked in capitals": [lambda client, email: client.post(CODE, {"email": email.upper()})],
    "asked with a target": [form(f"{CODE}?next=/me/", email="ADDRESS", next="/me/")],
    "a wrong code": [ASK, WRONG, WRONG, page(CONFIRM)],
    "too many wrong codes": [ASK, *[WRONG] * ATTEMPTS, page(CONFIRM), page(CODE)],
    "an empty code": [ASK, form(CONFIRM, code=""), form(CONFIRM)],
    "a code that is none": [ASK, form(CONFIRM, code="ä" * 30), form(CONFIRM, code="x" * 300)],
    "another code": [ASK, AGAIN, page(CONFIRM), AGAIN, AGAIN, page(CONFIRM)],
    "asked too often": [ASK, ASK, ASK, ASK, page(CONFIRM), ASK],
    "back to the beginning": [ASK, page("/account/login/"), page(CODE), ASK],
    "the code of the other": [ASK, form(CONFIRM, code="BCDF-GHJK", next="/me/")],
    "a wrong password": [form("/account/login/", login="ADDRESS", password="falsch geraten")],
    "no password": [form("/account/login/", login="ADDRESS", password="")],
    "too many wrong passwords": [
        *[form("/account/login/", login="ADDRESS", password="falsch geraten")] * 6,
        page("/account/2fa/authenticate/"),
    ],
    "further in": [
        ASK,
        page("/account/reauthenticate/"),
        page("/account/2fa/authenticate/"),
        form("/account/2fa/authenticate/", code="000000"),
        page("/account/arrive/"),
        page("/account/inactive/"),
        form("/account/logout/", next="/account/login/"),
    ],
}


def rows() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


def told(visit: Visit, client: Client, email: str) -> dict[str, Any]:
    """Everything an answer tells, tokens and the address itself apart."""
    before = rows()
    connection.run_on_commit = []  # the test's transaction keeps what was to follow an earlier visit
    with CaptureQueriesContext(connection) as queries:
        answer = visit(client, email)
    body = answer.content.decode()
    for spelling in (email, email.upper()):
        body = body.replace(spelling, "ADDRESS")
    return {
        "status": answer.status_code,
        "headers": sorted(
            (name, value) for name, value in answer.headers.items() if name != "Expires"
        ),
        "cookies": sorted(
            (name, morsel["max-age"], len(morsel.value), morsel["httponly"])
            for name, morsel in answer.cookies.items()
        ),
        "body": TOKENS.sub("", body),
        "queries": len(queries),
        "after the commit": [entry[1].__qualname__ for entry in connection.run_on_commit],
        "rows": {name: count - before[name] for name, count in rows().items()},
        "keeps": sorted(client.session.keys()) if client.session.session_key else [],
    }


def walked(email: str, steps: list[Visit], number: int) -> list[dict[str, Any]]:
    """What each step tells, from a network of its own."""
    client = Client(REMOTE_ADDR=f"10.20.0.{number}")
    with time_machine.travel(timezone.now(), tick=False):
        return [told(visit, client, email) for visit in steps]


@pytest.fixture
def people() -> None:
    factories.organisation()
    for email in (KNOWN, CLOSED):
        user = factories.person(email=email, is_active=email == KNOWN)
        user.set_password(PASSWORD)
        user.save()
    client = Client()
    client.get("/account/login/")  # what is asked for once in a process
    ask_for_code(client, "first@example.org")


@pytest.mark.parametrize("name", DOOR)
def test_p3_no_page_of_the_door_tells_who_is_known(people: None, name: str) -> None:
    known, closed, unknown = (
        walked(email, DOOR[name], number) for number, email in enumerate((KNOWN, CLOSED, UNKNOWN))
    )
    for step, of_known in enumerate(known):
        assert of_known == closed[step], f"step {step}"
        assert of_known == unknown[step], f"step {step}"


def test_p3_the_page_of_a_code_that_ran_out_tells_nothing_either(people: None) -> None:
    found = []
    for number, email in enumerate((KNOWN, UNKNOWN)):
        client = Client(REMOTE_ADDR=f"10.21.0.{number}")
        with time_machine.travel(timezone.now(), tick=False) as clock:
            ask_for_code(client, email)
            clock.shift(LIFETIME + 1)
            found.append([told(visit, client, email) for visit in (page(CONFIRM), WRONG)])
            found[-1].append(told(page(CODE), client, email))
    assert found[0] == found[1]
    assert "15 Minuten" in found[0][2]["body"]


def test_p3_control_without_the_decoy_the_door_tells(
    people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mails, "decoy", lambda **_rest: None)
    [known], [unknown] = walked(KNOWN, [ASK], 1), walked(UNKNOWN, [ASK], 2)
    assert known["queries"] > unknown["queries"]
    assert known["after the commit"] != unknown["after the commit"]
    assert known["rows"] != unknown["rows"]
