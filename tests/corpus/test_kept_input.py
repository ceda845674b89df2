"""Promise C11 over every form of the site: what was typed stands in it again."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from accounts.models import User
from core import kept_input
from tests import factories
from tests.access import world
from tests.conftest import NOW
from tests.corpus.form_list import ACCOUNT, BY_NAME, LINES, ONE_OF_EACH, every_form
from tests.corpus.pages import Page
from tests.corpus.sending import Desk, _typed
from tests.races.harness import PROVE

pytestmark = pytest.mark.django_db
TYPED = 'Nur Geduld: "ä", <b> & 𝄞'
HERE = "http://testserver"
NEVER_KEPT = [*ACCOUNT, BY_NAME["link: password"]]
FORMS = [line for line in LINES if line not in NEVER_KEPT]
SIGNED_IN = [line for line in FORMS if line.role != "anonymous" or line.name in ("confirm",)]
# The factor falls due and the token is refused before the request comes to its form.
SOME = FORMS if PROVE else [line for line in ONE_OF_EACH if line in FORMS]
STAFF = [line for line in SOME if line.role == "coordinator"]


@pytest.fixture(autouse=True)
def _undone(desk: Desk) -> Iterator[None]:
    """Each test meets the form, the browser and the cache as they were."""
    cache.clear()
    cookies, good = copy.deepcopy(desk.client.cookies), desk.good
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    desk.client.cookies, desk.good = cookies, good


def typed_in(desk: Desk) -> dict[str, str]:
    return {name: TYPED for name, one in desk.form.controls.items()
            if one.is_words and not one.read_only}  # fmt: skip


def send(desk: Desk, **extra: Any) -> Any:
    """The form with words in every text, as a browser sends it."""
    return desk.client.generic(
        "POST", desk.path, desk.body(dict(typed_in(desk))),
        content_type="application/x-www-form-urlencoded", **extra,
    )  # fmt: skip


def send_with_a_stale_token(desk: Desk, **extra: Any) -> Any:
    stale = desk.body({**typed_in(desk), "csrfmiddlewaretoken": "x" * 64})
    return desk.client.generic(
        "POST", desk.path, stale, content_type="application/x-www-form-urlencoded", **extra
    )


def whose(desk: Desk) -> User:
    return User.objects.get(pk=desk.client.session["_auth_user_id"])


def sign_in(desk: Desk, user: User) -> None:
    """In the same browser, with everything the desk asks for."""
    desk.scene.world.people["again"] = user
    world.enter(desk.client, desk.scene.world, "again")


def shown(desk: Desk, path: str) -> dict[str, str]:
    """The texts of the form as its page shows them now; empty where there is no such form."""
    answer = desk.client.get(path)
    if answer.status_code != 200:
        return {}
    form = Page(answer.content.decode()).form_with(set(typed_in(desk)))
    return (
        {} if form is None else {name: _typed(form.controls[name].sends) for name in typed_in(desk)}
    )


def next_page(answer: Any) -> str:
    place = urlsplit(answer["Location"])
    assert TYPED.split()[0] not in answer["Location"]
    return parse_qs(place.query)["next"][0]


# ── the session ended ────────────────────────────────────────────────────────
@every_form(*SIGNED_IN)
def test_c11_after_an_ended_session_the_words_stand_in_the_form_again(desk: Desk) -> None:
    """… for the same person, once; somebody else who signs in at this browser gets none of them."""
    user = whose(desk)
    del desk.client.cookies["session"]
    answer = send(desk)
    assert answer["Location"].startswith("/account/login/")
    page = next_page(answer)
    assert page == desk.page
    assert "30 Minuten" in desk.client.get(answer["Location"]).content.decode()
    another = factories.person(is_staff=user.is_staff, is_superuser=user.is_staff)
    sign_in(desk, another)
    assert TYPED not in shown(desk, page).values()
    sign_in(desk, user)
    assert shown(desk, page) == typed_in(desk)
    assert TYPED not in shown(desk, page).values(), "a second use"


@every_form(*STAFF)
def test_c11_when_the_second_factor_falls_due_the_words_come_back(desk: Desk) -> None:
    user = whose(desk)
    session = desk.client.session
    session["account_authentication_methods"] = session["account_authentication_methods"][:1]
    session.save()
    answer = send(desk)
    assert answer["Location"].startswith("/account/2fa/reauthenticate/")
    page = next_page(answer)
    assert page == desk.page
    sign_in(desk, user)
    assert shown(desk, page) == typed_in(desk)


# ── the token was refused ────────────────────────────────────────────────────
@every_form(*SOME)
def test_c11_after_a_refused_token_the_words_stand_in_the_form_again(desk: Desk) -> None:
    answer = send_with_a_stale_token(desk, HTTP_ORIGIN=HERE)
    assert answer.status_code == 403
    assert f'href="{desk.page}"' in answer.content.decode().replace("&amp;", "&")
    assert shown(desk, desk.page) == typed_in(desk)
    assert TYPED not in shown(desk, desk.page).values(), "a second use"


@every_form(BY_NAME["contact"], BY_NAME["agenda"], BY_NAME["Mentor: change"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HTTP_ORIGIN": "https://evil.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_SEC_FETCH_SITE": "same-site"},
        {"HTTP_ORIGIN": HERE, "HTTP_SEC_FETCH_SITE": "cross-site"},
    ],
    ids=str,
)
def test_c11_a_form_from_elsewhere_plants_no_words(desk: Desk, headers: dict[str, str]) -> None:
    """Neither by its refused token, nor, where the browser says that it is foreign, by a sign-in."""
    assert send_with_a_stale_token(desk, **headers).status_code == 403
    assert TYPED not in shown(desk, desk.page).values()
    if headers and desk.line.role != "anonymous":
        user = whose(desk)
        del desk.client.cookies["session"]
        send_with_a_stale_token(desk, **headers)
        sign_in(desk, user)
        assert TYPED not in shown(desk, desk.page).values()


@every_form(BY_NAME["agenda"])
def test_c11_without_the_seal_of_the_person_nothing_is_kept(desk: Desk) -> None:
    """A seal of somebody else's page, a visitor's or a changed one gives nobody's page any words."""
    user = whose(desk)
    other = Client()
    other.force_login(factories.tandem("confirmed").mentee.user)
    seals = ["", "x", desk.good[kept_input.FIELD][0][:-1] + "x"]
    for client, page in ((Client(), "/contact/"), (other, "/contact/")):
        form = Page(client.get(page).content.decode()).form_with({"message"})
        assert form is not None
        seals += form.controls[kept_input.FIELD].sends
    del desk.client.cookies["session"]
    for seal in seals:
        desk.good = {**desk.good, kept_input.FIELD: [seal]}
        send(desk)
    sign_in(desk, user)
    assert TYPED not in shown(desk, desk.page).values()


# ── bounds ───────────────────────────────────────────────────────────────────
@every_form(BY_NAME["agenda"])
@pytest.mark.parametrize(("minutes", "there"), [(29, True), (31, False)])
def test_c11_words_are_kept_for_thirty_minutes(desk: Desk, minutes: int, there: bool) -> None:
    user = whose(desk)
    del desk.client.cookies["session"]
    page = next_page(send(desk))
    with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
        sign_in(desk, user)
        assert (TYPED in shown(desk, page).values()) is there


class Noted:
    """A cache that notes what is put into it, and finds nothing."""

    def __init__(self) -> None:
        self.stored: list[tuple[str, str, int]] = []

    def set(self, key: str, value: str, seconds: int) -> None:
        self.stored.append((key, value, seconds))


class Gone:
    """A cache that does not answer."""

    def set(self, *args: Any) -> None:
        raise ConnectionError

    get = set


@every_form(BY_NAME["agenda"])
def test_c11_what_is_kept_rests_encrypted_and_small(desk: Desk, monkeypatch: Any) -> None:
    noted = Noted()
    monkeypatch.setattr(kept_input, "cache", noted)
    user = whose(desk)
    del desk.client.cookies["session"]
    send(desk)
    [(key, value, seconds)] = noted.stored
    assert seconds == 30 * 60
    for secret in (TYPED, "Geduld", str(user.pk), desk.path, user.email):
        assert secret not in key + value


LOST = {"de": "konnten wir nicht aufbewahren", "en": "We could not keep what you typed"}


@every_form(BY_NAME["agenda"], BY_NAME["contact"], BY_NAME["Mentor: change"])
@pytest.mark.parametrize("language", LOST)
@pytest.mark.parametrize("cause", ["long", "many", "gone"])
def test_c11_what_could_not_be_kept_is_said_once_on_the_page_itself(
    desk: Desk, monkeypatch: Any, language: str, cause: str
) -> None:
    """By the switch of language, and where the session ended: on the sign-in page as well."""
    user = whose(desk) if desk.line.role != "anonymous" else None
    desk.client.cookies["django_language"] = language
    if cause == "long":
        desk.good = {**desk.good, "more": ["x" * kept_input.LARGEST]}
    elif cause == "many":
        monkeypatch.setattr(kept_input, "FORMS_AT_ONCE", 0)
    else:
        monkeypatch.setattr(kept_input, "cache", Gone())
    body = desk.body({**typed_in(desk), "lang": language})
    desk.client.generic("POST", "/language/", body, content_type=URLENCODED)
    assert LOST[language] not in desk.client.get("/imprint/").content.decode()
    assert LOST[language] in desk.client.get(desk.page).content.decode()
    assert LOST[language] not in desk.client.get(desk.page).content.decode(), "a second time"
    if user is None:
        return
    del desk.client.cookies["session"]
    answer = send(desk)
    assert LOST[language] in desk.client.get(answer["Location"]).content.decode()
    sign_in(desk, user)
    assert LOST[language] in desk.client.get(desk.page).content.decode()
    assert TYPED not in shown(desk, desk.page).values()


@every_form(BY_NAME["contact"])
def test_c11_nobody_fills_the_cache(desk: Desk) -> None:
    stored = []
    for _number in range(kept_input.FORMS_AT_ONCE + 5):
        desk.client.cookies.pop("kept", None)
        send_with_a_stale_token(desk, HTTP_ORIGIN=HERE)
        stored.append("." not in desk.client.cookies["kept"].value)
    assert sum(stored) == kept_input.FORMS_AT_ONCE


@every_form(*NEVER_KEPT)
def test_c11_passwords_and_codes_are_never_kept(desk: Desk, monkeypatch: Any) -> None:
    noted = Noted()
    monkeypatch.setattr(kept_input, "cache", noted)
    assert send_with_a_stale_token(desk, HTTP_ORIGIN=HERE).status_code == 403
    assert noted.stored == []


@every_form(BY_NAME["agenda"])
def test_c11_a_cache_that_is_gone_loses_words_and_nothing_else(
    desk: Desk, monkeypatch: Any
) -> None:
    user = whose(desk)
    monkeypatch.setattr(kept_input, "cache", Gone())
    del desk.client.cookies["session"]
    answer = send(desk)
    assert next_page(answer) == desk.page
    desk.client.cookies["kept"] = "x" * 32
    sign_in(desk, user)
    assert desk.client.get(desk.page).status_code == 200


@every_form(BY_NAME["agenda"], BY_NAME["contact"])
def test_c11_control_without_the_middleware_the_words_are_gone(desk: Desk, settings: Any) -> None:
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if "kept_input" not in one]
    client, desk.client = desk.client, Client(enforce_csrf_checks=True)
    desk.client.cookies = client.cookies
    send_with_a_stale_token(desk, HTTP_ORIGIN=HERE)
    found = shown(desk, desk.page)
    desk.client = client
    assert found
    assert TYPED not in found.values()


# ── the other language ───────────────────────────────────────────────────────
def filled_in(desk: Desk) -> dict[str, list[str]]:
    """Words in every text, and the last choice of every group."""
    chosen = {
        name: one.offers[-1:] for name, one in desk.form.controls.items()
        if one.kind in ("radio", "checkbox", "select") and one.offers and not one.read_only
    }  # fmt: skip
    return {**chosen, **{name: [words] for name, words in typed_in(desk).items()}}


@every_form(*FORMS)
def test_c11_a_switched_language_keeps_what_stands_in_every_form(desk: Desk) -> None:
    """By the page's one switch, which takes the form along; nothing is sent to where it belongs."""
    filled = filled_in(desk)
    if not filled:
        return
    page = Page(desk.client.get(desk.page).content.decode())
    [switch] = [one for one in page.buttons if one.get("name") == "lang"]
    assert switch.get("form") == desk.form.key, "the switch does not take the form along"
    assert switch["formaction"] == "/language/"
    body = desk.body({**filled, "lang": "en"})
    answer = desk.client.generic("POST", "/language/", body, content_type=URLENCODED)
    assert answer["Location"] == desk.page
    assert TYPED.split()[0] not in answer["Location"]
    again = Page(desk.client.get(desk.page).content.decode())
    assert again.language == "en"
    assert not any(again.wrong())
    form = again.form_with(set(filled))
    assert form is not None
    assert {name: _read(form.controls[name]) for name in filled} == {
        name: [_typed([one]) for one in many] for name, many in filled.items()
    }
    written = world.changed(desk.before, world.everything()).splitlines()
    # Somebody signed in reads on in that language, which is an event of their own account.
    assert {one.partition(": ")[0] for one in written} <= {"accounts.User", "audit.AuditEvent"}
    assert all('"language"' in one for one in written if '"verb"' in one)


def _read(control: Any) -> list[str]:
    return [_typed([one]) for one in control.sends]


URLENCODED = "application/x-www-form-urlencoded"


@every_form(BY_NAME["Workshop: change"])
def test_c11_rows_that_were_added_come_back_as_well(desk: Desk) -> None:
    there = int(desk.good["sessions-TOTAL_FORMS"][0])
    wanted = {f"sessions-{there + number}-starts_at_0": f"2026-11-1{number}" for number in (1, 2)}
    desk.good = {
        **desk.good,
        **{name: [day] for name, day in wanted.items()},
        "sessions-TOTAL_FORMS": [str(there + 3)],
    }
    assert send_with_a_stale_token(desk, HTTP_ORIGIN=HERE).status_code == 403
    form = Page(desk.client.get(desk.page).content.decode()).form_with({"title"})
    assert form is not None
    assert {name: "".join(form.controls[name].sends) for name in wanted} == wanted
    assert form.controls["sessions-TOTAL_FORMS"].sends == [str(there + 3)]
