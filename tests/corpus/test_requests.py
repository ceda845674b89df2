"""Requests no browser of ours sends, to every kind of form: a calm 4xx and nothing written (groups 3
and 9 of the corpus), and what happens when somebody sends twice or comes back too late (group 12)."""

from __future__ import annotations

import pytest
from django.db import transaction

from accounts.models import User
from tests import corpus
from tests.corpus.form_list import LINES, every_form, every_kind_of_form
from tests.corpus.sending import CALM, Answer, Desk

pytestmark = pytest.mark.django_db
# A new code is a new mail, whoever asks for it.
ASKS_ANEW = {"ask-for-code", "code"}


def refused(desk: Desk, what: str, answer: Answer, *statuses: int) -> None:
    """The answer is one of ``statuses``, and nothing was written."""
    assert answer.status in statuses, f"{what}: {answer.status}"
    assert desk.wrote(answer) == "", what


# ── group 3 ──────────────────────────────────────────────────────────────────
@every_kind_of_form()
def test_more_fields_than_any_form_has(desk: Desk) -> None:
    more = "".join(f"&f{number}=x" for number in range(corpus.FIELDS)).encode()
    refused(desk, "10,000 fields", desk.send_raw(desk.body() + more), 400)
    name = next(iter(desk.good))
    same = f"&{name}=x".encode() * corpus.SAME
    refused(desk, "1,000 of one name", desk.send_raw(desk.body() + same), 400)


@every_kind_of_form()
def test_more_than_any_field_holds(desk: Desk) -> None:
    """Ten thousand characters in a line, a megabyte in a text (on the desk a tenth, since reading it back
    takes its time): refused beside the field and kept."""
    much = corpus.SIZES[1] if desk.line.role != "coordinator" else corpus.SIZES[1][:100_000]
    lines = [name for name in desk.texts if desk.form.controls[name].kind != "textarea"]
    areas = [name for name in desk.texts if name not in lines and name not in desk.line.dropped]
    for sent in (
        {name: corpus.SIZES[0] for name in lines if name not in desk.line.dropped},
        dict.fromkeys(areas[:1], much),
    ):
        if not sent:
            continue
        answer = desk.send(sent)
        page = desk.refused(answer)
        assert page is not None, f"{answer.status}: {list(sent)} taken"
        assert desk.complaints(sent, answer, page) == []


# ── group 9 ──────────────────────────────────────────────────────────────────
@every_kind_of_form()
def test_hosts_and_methods(desk: Desk) -> None:
    for host in ("boese.example", "testserver, boese.example"):
        refused(desk, f"Host: {host}", desk.send({}, HTTP_HOST=host), 400)
    for method in ("PUT", "DELETE", "TRACE"):
        refused(desk, method, desk.send({}, method=method), 405)
    for method in ("HEAD", "OPTIONS"):
        refused(desk, method, desk.send_raw(b"", method=method), 200, 302, 404, 405, 410)


@every_kind_of_form()
def test_what_a_proxy_or_a_header_claims_changes_nothing(desk: Desk) -> None:
    plain = desk.send({})
    answer = desk.send(
        {"_method": "DELETE"},
        HTTP_X_HTTP_METHOD_OVERRIDE="DELETE",
        HTTP_X_FORWARDED_HOST="boese.example",
        HTTP_X_FORWARDED_PROTO="https",
        HTTP_X_FORWARDED_FOR="203.0.113.7",
        HTTP_X_ORIGINAL_URL="/admin/",
    )
    assert answer.status == plain.status
    assert "boese" not in answer.response.get("Location", "")


@every_kind_of_form()
def test_bodies_that_are_no_form(desk: Desk) -> None:
    boundary = "multipart/form-data; boundary=x"
    for what, body, kind in (
        ("cut off", b"--x\r\nContent-Disposition: form-data; name=a", boundary),
        ("no boundary", desk.body(), "multipart/form-data"),
        ("noise", b"\x00\xff" * 50, boundary),
        ("JSON", b'{"name": "\\ud800"}', "application/json"),
        ("UTF-16", desk.body().decode().encode("utf-16"), "text/plain; charset=utf-16"),
        ("charset", desk.body(), "application/x-www-form-urlencoded; charset=utf-16"),
    ):
        refused(desk, what, desk.send_raw(body, kind), 400, 403)


@every_kind_of_form()
def test_without_the_token_or_the_cookies(desk: Desk) -> None:
    refused(desk, "stale", desk.send({"csrfmiddlewaretoken": "x" * 64}), 403)
    refused(desk, "foreign", desk.send({}, HTTP_ORIGIN="https://boese.example"), 403)
    kept = desk.client.cookies
    desk.client.cookies = type(kept)()
    try:
        answer = desk.send({})
        refused(desk, "no cookies", answer, 302, 403)
        assert answer.status == 403 or answer.response["Location"].startswith("/account/login/")
    finally:
        desk.client.cookies = kept


# ── group 12 ─────────────────────────────────────────────────────────────────
@every_form(*[line for line in LINES if line.name not in ASKS_ANEW])
def test_what_is_sent_twice_is_one(desk: Desk) -> None:
    """A double click, a second tab, the back button: calm, and no second mail."""
    once, twice = desk.send({}), desk.send({}, times=2)
    assert twice.status in {*CALM, 403, 410}
    assert _will_leave(once) == _will_leave(twice)


def _will_leave(answer: Answer) -> int:
    """The mails that were queued and not overtaken since."""
    mails = answer.rows.get("outbox.OutgoingMail", ())
    return sum(one["status"] not in ("cancelled", "failed") for one in mails)


@every_form(*[line for line in LINES if line.role != "anonymous"])
def test_who_is_gone_meanwhile_writes_nothing(desk: Desk) -> None:
    with transaction.atomic():
        person = desk.client.session["_auth_user_id"]
        User.objects.filter(pk=person).update(is_active=False)
        answer = desk.send({})
        assert answer.status == 302, answer.status
        target = answer.response.get("Location", "")
        assert target.startswith("/account/login/") or desk.line.name == "sign-out"
        assert not answer.tables - {"accounts_user"}, answer.tables
        transaction.set_rollback(True)
