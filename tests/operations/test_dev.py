"""``/dev/mail/`` shows every mail as page, text, source and files; only in the embedded default."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from outbox import delivery
from outbox import mailbox as shown
from tests import factories
from tests.outbox.conftest import Mailbox, mailbox, probe_kinds, queued  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(mailbox: Mailbox, queued, now):  # noqa: F811
    """Sends a mail of a kind; returns its address below /dev/mail/."""

    def send(kind="probe-question", **options):
        queued(kind, **options)
        before = {path.stem for path in mailbox.files()}
        delivery.deliver(now)
        [key] = {path.stem for path in mailbox.files()} - before
        return f"/dev/mail/{key}/"

    return send


def test_the_list_shows_the_newest_first_with_kind_and_status(client, sent, queued, now):  # noqa: F811
    sent(recipient=factories.person("Anna", email="anna@example.org"))
    queued("probe-reminder", due_at=now + timedelta(days=3))
    queued("probe-broken")
    delivery.deliver(now)
    page = client.get("/dev/mail/").content.decode()
    assert "Bitte antworten: Anna hat eine Frage" in page
    assert "anna@example.org" in page
    assert "probe-question" in page
    assert "state-done" in page
    assert "state-open" in page  # the reminder that waits
    assert "state-alert" in page  # the broken one
    assert page.count("<h1") == 1


def test_the_list_asks_the_same_whatever_it_holds(client, sent, mailbox, django_assert_num_queries):  # noqa: F811
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in (1, 12):
        for _ in range(number):
            sent()
        with CaptureQueriesContext(connection) as context:
            client.get("/dev/mail/")
        counts.append(len(context))
    assert counts[0] == counts[1]


def test_one_mail_as_page_text_source_and_files(client, sent):
    address = sent("probe-calendar")
    answer = client.get(address)
    page = answer.content.decode()
    assert "frame-src 'self'" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert f'src="{address}html/"' in page
    assert ".Punkt am Anfang." in page
    assert "treffen.ics" in page
    files = re.findall(rf'href="({address}files/\d+/)"', page)
    assert len(files) == 3  # the calendar beside text and HTML, and the two attachments
    pdf = client.get(files[-1])
    assert pdf.content == b"%PDF-1.7\n\x00\xff"
    assert pdf["Content-Disposition"] == 'attachment; filename="vereinbarung.pdf"'
    assert pdf["Content-Type"] == "application/octet-stream"
    source = client.get(f"{address}source/")
    assert source["Content-Type"] == "text/plain; charset=utf-8"
    assert b"X-Mentoring-Kind: probe-calendar" in source.content
    assert client.get(f"{address}files/99/").status_code == 404


def test_p6_the_preview_has_a_policy_of_its_own(client, sent):
    answer = client.get(f"{sent()}html/")
    policy = dict(
        part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";")
    )
    assert policy == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'self'",
        "sandbox": "allow-popups allow-popups-to-escape-sandbox",
    }
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert '<base target="_blank">' in answer.content.decode()
    # and nobody else has it
    assert "unsafe-inline" not in client.get("/dev/mail/")["Content-Security-Policy"]


def test_a_sign_in_code_can_be_read_after_the_row_forgot_it(client, sent):
    address = sent("probe-code")
    assert "K7QW" in client.get(address).content.decode()


def test_a_mail_that_waits_is_shown_as_it_would_leave(client, mailbox, queued, now):  # noqa: F811
    row = queued(due_at=now + timedelta(days=3))
    page = client.get(f"/dev/mail/{row.pk}/").content.decode()
    assert "Bitte antworten: Anna hat eine Frage" in page
    assert "nicht verschickt" in page or "has not left" in page
    assert "Anna" in client.get(f"/dev/mail/{row.pk}/html/").content.decode()
    row.refresh_from_db()
    assert row.rendered_at is None


def test_only_the_mails_to_an_address(client, sent):
    sent(recipient=factories.person("Anna", email="anna@example.org"))
    sent(recipient=factories.person("Ben", email="ben@example.org"))
    page = client.get("/dev/mail/?to=ANNA@").content.decode()
    assert "anna@example.org" in page
    assert "ben@example.org" not in page
    assert client.get("/dev/mail/?to=nobody@&page=99").status_code == 200


def test_the_second_factors_of_the_demo_stand_at_the_top(client, mailbox, monkeypatch):  # noqa: F811
    assert "data-totp" not in client.get("/dev/mail/").content.decode()  # there is no demo
    codes = [("katrin@example.org", "123456")]
    monkeypatch.setattr("mentoring.devtools.demo.current_codes", lambda: codes)
    page = client.get("/dev/mail/").content.decode()
    assert re.search(r'data-totp="katrin@example.org">\s*123456', page)


@pytest.mark.parametrize(
    "key", ["keine", "20260915-100000-11111111-1111-1111-1111-111111111111", "0" * 36, "-"]
)
def test_what_is_not_there_is_a_404(client, mailbox, key):  # noqa: F811
    for rest in ("", "html/", "source/", "files/0/"):
        assert client.get(f"/dev/mail/{key}/{rest}").status_code == 404


def test_names_lead_nowhere_else(mailbox, now):  # noqa: F811
    for key in ("../../keys", "..", "%2e%2e", "20260915-100000-../../../../../../../etc/passwd12"):
        assert shown.open_mail(key, now) is None


def test_every_component_stands_on_one_page(client):
    assert client.get("/dev/style/").status_code == 200
