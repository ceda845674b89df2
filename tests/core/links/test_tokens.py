"""Tokens of personal links: bound to one row, one key and one version, and nowhere at rest (promise L4);
and what robots that open mails can do with them (promise L1)."""

from __future__ import annotations

import base64
import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from core.links import actions
from core.links.models import ActionLink
from core.links.purposes import link_purposes as purposes
from tests.access.world import changed, everything
from tests.conftest import NOW
from tests.core.links.every_purpose import PURPOSES, staff_invitation

pytestmark = pytest.mark.django_db
every_purpose = pytest.mark.parametrize("purpose", PURPOSES)
# What opens links before people do, and what names no browser at all.
SCANNERS = (
    "",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120 Safari/537.36",
    "Mozilla/5.0 (compatible; Barracuda Sentinel)",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "python-requests/2.31",
)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests happen at NOW."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def path_of(link: ActionLink) -> str:
    return f"/l/{actions.token_of(link)}/"


def test_every_purpose_is_tested() -> None:
    assert set(PURPOSES) == set(purposes)


# ── L1: robots ───────────────────────────────────────────────────────────────
def untouched(page: str) -> list[dict[str, str]]:
    """What a robot posts that presses the first button of each form: hidden fields and the button."""
    sent = []
    for form in re.findall(r"<form\b(.*?)</form>", page, re.S):
        data = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
        if button := re.search(r'<button[^>]* name="([^"]+)"', form):
            data[button[1]] = ""
        sent.append({name: unescape(value) for name, value in data.items()})
    return sent


@every_purpose
def test_l1_no_robot_decides_anything(client: Client, purpose: str) -> None:
    path = path_of(PURPOSES[purpose]())
    before = everything()
    for agent in SCANNERS:
        headers = {"user-agent": agent, "purpose": "prefetch", "sec-purpose": "prefetch"}
        assert client.get(path, headers=headers).status_code == 200
        assert client.head(path, headers=headers).status_code == 200
        assert client.options(path, headers=headers).status_code in (200, 405)
    for answer in ("confirm", "agree", "decline"):  # what is added to an address is no answer
        assert client.get(path, {"answer": answer, "utm_source": "mail"}).status_code == 200
    page = client.get(path).content.decode()
    assert " checked" not in page
    assert "<script" not in page.replace("<script src=", "<script").split("<main")[1]
    for href in set(re.findall(r'href="(/[^"/][^"]*|/|\?[^"]*)"', page)):
        client.get(unescape(href) if href.startswith("/") else path + unescape(href))
    forms = untouched(page)
    assert forms
    for data in forms:
        answer = client.post(path, data)
        assert answer.status_code in (302, 400)  # 302: the way out of a session that is none
    assert changed(before, everything()) == ""


@every_purpose
def test_l1_a_post_from_elsewhere_is_refused_and_finds_the_way_back(purpose: str) -> None:
    """Without the form's own token; privacy tools take it along with the cookie (L7)."""
    strict = Client(enforce_csrf_checks=True)
    path = path_of(PURPOSES[purpose]())
    before = everything()
    answers = {"answer": "confirm", "password": "drei Takte Pause", "again": "drei Takte Pause"}
    refused = strict.post(path, answers, headers={"origin": "https://evil.example"})
    assert refused.status_code == 403
    assert f'href="{path}"' in refused.content.decode()
    assert changed(before, everything()) == ""


# ── L4: bound ────────────────────────────────────────────────────────────────
def test_l4_no_flipped_bit_is_a_link() -> None:
    link = staff_invitation()
    token = actions.token_of(link)
    assert actions.find(token) == link
    secret = base64.urlsafe_b64decode(token + "=")
    assert len(secret) == 32
    for bit in range(256):
        other = bytearray(secret)
        other[bit // 8] ^= 1 << bit % 8
        flipped = base64.urlsafe_b64encode(bytes(other)).rstrip(b"=").decode()
        assert actions.find(flipped) is None, bit


def variants(token: str) -> list[str]:
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    same_bits = last[last.index(token[-1]) ^ 1]  # decodes to the same 32 bytes
    return [
        token[:-1], token[1:], token + "A", token + "=", token.swapcase(), token[:-1] + same_bits,
        f" {token}", f"{token}\n", "ü" * 43, "A" * 43, actions.hash_of(token), "..%2f" + token,
    ]  # fmt: skip


def test_l4_what_is_nearly_a_token_is_not_found(client: Client) -> None:
    token = actions.token_of(staff_invitation())
    for other in variants(token):
        assert client.get("/l/" + other.replace("\n", "%0A") + "/").status_code == 404, other
    assert client.get(f"/l/{token}/").status_code == 200


def test_l4_another_key_makes_other_tokens_and_secret_key_makes_none(settings: Any) -> None:
    link = staff_invitation()
    token = actions.token_of(link)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "rotated" * 10, [settings.SECRET_KEY]
    assert actions.token_of(link) == token  # links in mails outlive the rotation
    settings.LINK_KEY = "another" * 10
    assert actions.token_of(link) != token
    assert actions.find(actions.token_of(link)) is None


def test_l4_version_and_row_are_in_the_token() -> None:
    link = staff_invitation()
    seen = {actions.token_of(link)}
    link.version += 1
    seen.add(actions.token_of(link))
    seen.add(actions.token_of(staff_invitation()))
    assert len(seen) == 3


@every_purpose
def test_l4_no_table_holds_what_opens_a_link(purpose: str) -> None:
    token = actions.token_of(PURPOSES[purpose]())
    tables = json.dumps(everything(), default=str)
    assert actions.hash_of(token) in tables
    assert token not in tables


@every_purpose
def test_l4_a_token_decides_about_its_own_row_alone(client: Client, purpose: str) -> None:
    """The purpose stands in the row, never in what is sent: no field makes it another's."""
    link = PURPOSES[purpose]()
    other = staff_invitation()
    client.post(
        path_of(link),
        {
            "answer": "confirm", "purpose": "staff-invitation", "link": str(other.pk),
            "object_id": str(other.object_id), "token": actions.token_of(other),
            "holder": str(other.holder_id),
        },
    )  # fmt: skip
    other.refresh_from_db()
    assert other.used_at is None
    assert not other.holder.has_usable_password()


@every_purpose
@pytest.mark.parametrize("closed_as", ["replaced", "withdrawn"])
def test_l5_a_closed_link_tells_and_decides_nothing(
    client: Client, purpose: str, closed_as: str
) -> None:
    link = PURPOSES[purpose]()
    ActionLink.objects.filter(pk=link.pk).update(closed_at=NOW, closed_as=closed_as)
    before = everything()
    for data in (None, {"answer": "confirm"}, {"renew-link": "1"}):
        answer = client.get(path_of(link)) if data is None else client.post(path_of(link), data)
        assert answer.status_code == 410
        assert "no-store" in answer["Cache-Control"]
        assert link.holder.email not in answer.content.decode()
    assert changed(before, everything()) == ""


@every_purpose
def test_l7_pages_behind_links_are_kept_nowhere(client: Client, purpose: str) -> None:
    for answer in (
        client.get(path_of(PURPOSES[purpose]())),
        client.post(path_of(PURPOSES[purpose]()), {}),
        client.get("/l/" + "x" * 43 + "/"),
    ):
        assert answer["Referrer-Policy"] == "same-origin"
        assert "no-store" in answer["Cache-Control"], answer.status_code
        assert answer["X-Robots-Tag"] == "noindex"
        page = answer.content.decode()
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page.split("<main")[0])
