"""What each answer of a server leads to (promises S7, S8), over real sockets."""

from __future__ import annotations

import time
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from outbox import claims, delivery, smtp
from outbox.mail_url import security_of
from outbox.models import MailStatus, OutgoingMail
from tests import factories
from tests.outbox.conftest import parse
from tests.outbox.smtpd import Smtpd
from tests.races.harness import rounds

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings, monkeypatch):
    monkeypatch.setattr(smtp, "TIMEOUTS", smtp.Timeouts(0.5, 0.4, 0.4, 0.2))
    with Smtpd() as running:
        settings.MAIL_URL = running.url
        yield running


@pytest.fixture
def to(queued):
    """Queues a mail to the address whose local part is the script."""

    def queue(local, kind="probe-question", **options):
        person = factories.person(email=f"{local}@example.org")
        return queued(kind, recipient=person, **options)

    return queue


TABLE = {
    "r421": ("retry", "421"),
    "r432": ("retry", "432"),
    "r450": ("retry", "450"),
    "r452": ("retry", "452"),
    "r550": ("failed", "550"),
    "r552": ("failed", "552"),
    "r554": ("failed", "554"),
    "c451": ("retry", "451"),
    "c421": ("retry", "421"),
    "c554": ("failed", "554"),
    "d421": ("retry", "421"),
    "d452": ("retry", "452"),
    "d550": ("failed", "550"),
    "d552": ("failed", "552"),
    "d554": ("failed", "554"),
    "reset-rcpt": ("retry", "SMTPServerDisconnected"),
    # Small mails are in the network before the server falls over: who knows what it took.
    "reset-data": ("in_doubt", ""),
    "tarpit-rcpt": ("retry", "SMTPServerDisconnected"),
    "tarpit-dot": ("in_doubt", "SMTPServerDisconnected"),
    "silent": ("in_doubt", "SMTPServerDisconnected"),
    "anna": ("sent", ""),
}


@pytest.mark.parametrize("local", TABLE)
def test_s7_each_answer_leads_to_its_status(server, to, now, local):
    bad, good = to(local), to("good")
    delivery.deliver(now)
    bad.refresh_from_db()
    good.refresh_from_db()
    status, error = TABLE[local]
    assert bad.status == status
    assert bad.last_error.startswith(error)
    assert good.status == MailStatus.SENT  # nobody suffers for somebody else's mailbox
    if status == "retry":
        assert timedelta(minutes=1) <= bad.due_at - now <= timedelta(minutes=1.2)


def test_s7_the_ladder_of_retries_ends_with_a_coordinator(server, to, now):
    row = to("r450")
    moment, waits = now, []
    for _ in range(7):
        delivery.deliver(moment)
        row.refresh_from_db()
        if row.status == MailStatus.RETRY:
            waits.append((row.due_at - moment) / timedelta(minutes=1))
            moment = row.due_at
    expected = [1, 5, 15, 60, 240, 720]
    assert len(waits) == len(expected)
    for wait, minutes in zip(waits, expected, strict=True):
        assert minutes <= wait <= minutes * 1.2
    assert row.status == MailStatus.FAILED
    assert row in OutgoingMail.objects.needs_a_person()


def test_s7_every_attempt_carries_the_same_id_date_and_words(server, to, now):
    row = to("later-once")
    delivery.deliver(now)
    row.refresh_from_db()
    frozen = (row.subject, row.text, row.html, row.message_id, row.rendered_at)
    row.recipient.name = "Umbenannt"
    row.recipient.save()
    delivery.deliver(row.due_at)
    row.refresh_from_db()
    assert row.status == MailStatus.SENT
    assert (row.subject, row.text, row.html, row.message_id, row.rendered_at) == frozen
    [taken] = server.taken
    mail = parse(taken.data)
    assert mail["Message-ID"] == row.message_id
    assert mail["Date"].datetime == now


@pytest.mark.parametrize(
    "script",
    [
        {"greeting": b"421 closing\r\n"},
        {"greeting": b"554 no\r\n"},
        {"greeting": b""},
        {"auth": b"535 wrong password\r\n", "capabilities": ("AUTH PLAIN",)},
        {"security": "smtp+tls://"},
    ],
)
def test_s7_a_server_that_cannot_be_used_fails_no_mail(settings, monkeypatch, to, now, script):
    monkeypatch.setattr(smtp, "TIMEOUTS", smtp.Timeouts(0.3, 0.3, 0.3))
    scheme = script.pop("security", "smtp://")
    with Smtpd(**script) as running:
        user = "nutzer:kennwort@" if "auth" in script else ""
        settings.MAIL_URL = f"{scheme}{user}127.0.0.1:{running.port}"
        rows = [to(f"anna{number}") for number in range(5)]
        delivery.deliver(now)
        assert not running.taken
    for row in rows:
        row.refresh_from_db()
        assert row.status == MailStatus.RETRY
        assert row.due_at - now <= timedelta(minutes=1.2)
        assert row.last_error


@pytest.mark.parametrize(
    ("url", "security"),
    [
        ("smtp://mail.example.org", ""),
        ("smtp://user:word@127.0.0.1:2525", ""),
        ("smtp://user:word@mail.example.org:587", "tls"),
        ("smtp+tls://mail.example.org", "tls"),
        ("smtp+ssl://user:word@mail.example.org", "ssl"),
    ],
)
def test_p15_no_password_goes_to_another_machine_in_clear(url, security):
    assert security_of(urlsplit(url)) == security


def test_s7_no_server_at_all(settings, to, now):
    settings.MAIL_URL = "smtp://127.0.0.1:9"
    rows = [to(f"anna{number}") for number in range(60)]
    began = time.monotonic()
    counts = delivery.deliver(now)
    assert time.monotonic() - began < 10  # one refused connection, not sixty timeouts
    assert set(counts) == {"retry"}
    left = OutgoingMail.objects.filter(status=MailStatus.PLANNED).count()
    assert counts["retry"] + left == len(rows)


def test_s7_a_slow_recipient_holds_up_nobody(server, to, now, settings):
    settings.MAIL_CONNECTIONS = 1
    server.script.tarpit = 3
    smtp.TIMEOUTS.end_of_data = 2.0
    slow = to("tarpit-dot", due_at=now - timedelta(minutes=1))
    rows = [to(f"anna{number}") for number in range(10)]
    delivery.deliver(now)
    first, last = server.taken[0], max(server.taken[1:], key=lambda one: one.at)
    assert first.recipient == slow.recipient.email
    assert last.at - first.at < 1.5  # a further connection took over
    slow.refresh_from_db()
    assert slow.status == MailStatus.IN_DOUBT
    assert OutgoingMail.objects.filter(status=MailStatus.SENT).count() == len(rows)


def test_s8_a_question_in_doubt_waits_for_a_person(server, to, now, caplog):
    row = to("silent")
    delivery.deliver(now)
    row.refresh_from_db()
    assert row.status == MailStatus.IN_DOUBT
    assert row in OutgoingMail.objects.needs_a_person()
    assert "outbox.in_doubt" in caplog.messages
    delivery.deliver(now + timedelta(days=1))
    assert len(server.taken) == 1


def test_s8_a_reminder_in_doubt_is_sent_once_more_and_is_the_same_mail(
    server, to, now, record_property
):
    count = rounds(10, 100)
    record_property("rounds", count)
    rows = [to(f"silent-once{number}", "probe-reminder") for number in range(count)]
    delivery.deliver(now)
    assert OutgoingMail.objects.filter(status="in_doubt").count() == count
    delivery.deliver(now + timedelta(minutes=14))
    assert len(server.taken) == count
    delivery.deliver(now + timedelta(minutes=15))
    assert OutgoingMail.objects.filter(status="sent").count() == count
    assert set(server.counts().values()) == {2}
    for row in rows:
        first, second = [t.data for t in server.taken if t.recipient == row.recipient.email]
        assert parse(first)["Date"] == parse(second)["Date"]
        assert parse(first)["Message-ID"] == parse(second)["Message-ID"]


def test_s8_only_once(server, to, now):
    row = to("silent", "probe-reminder")
    for minutes in (0, 15, 30, 60, 3000):
        delivery.deliver(now + timedelta(minutes=minutes))
    row.refresh_from_db()
    assert len(server.taken) == 2
    assert row.status == MailStatus.IN_DOUBT
    assert not row.resend
    assert row in OutgoingMail.objects.needs_a_person()


def test_s8_no_resending_past_its_use(server, to, now):
    row = to("silent", "probe-reminder", useful_until=now + timedelta(minutes=5))
    delivery.deliver(now)
    delivery.deliver(now + timedelta(minutes=15))
    row.refresh_from_db()
    assert row.status == MailStatus.IN_DOUBT
    assert not row.resend
    assert len(server.taken) == 1


def test_s7_a_dead_kept_connection_is_replaced_without_a_retry(server, to, now, settings):
    settings.MAIL_CONNECTIONS = 1
    for local in ("anna1", "d421", "anna2"):
        to(local)
    delivery.deliver(now)
    assert {one.recipient for one in server.taken} == {"anna1@example.org", "anna2@example.org"}


@pytest.mark.parametrize("refused", ["r550", "r450", "c554", "d554"])
def test_s7_a_kept_connection_starts_anew_after_a_refusal(server, to, now, settings, refused):
    settings.MAIL_CONNECTIONS = 1
    to(refused, due_at=now - timedelta(minutes=1))
    good = to("anna")
    delivery.deliver(now)
    good.refresh_from_db()
    assert (good.status, good.last_error) == (MailStatus.SENT, "")
    assert server.connections == 1


def test_s7_a_kept_connection_that_refuses_the_sender_takes_no_mail(server, to, now, settings):
    settings.MAIL_CONNECTIONS = 1
    server.script.senders = [b"250 ok\r\n", b"451 too many\r\n"]
    to("anna1", due_at=now - timedelta(minutes=1))
    second = to("anna2")
    delivery.deliver(now)
    second.refresh_from_db()
    assert (second.status, second.last_error[:3]) == ("retry", "451")
    assert [one.recipient for one in server.taken] == ["anna1@example.org"]


def test_lines_that_begin_with_a_dot_arrive_whole(server, to, now):
    to("anna", "probe-calendar")
    delivery.deliver(now)
    body = parse(server.taken[0].data).get_body(("plain",))
    assert ".Punkt am Anfang." in body.get_content()


def test_no_lock_is_held_while_the_server_is_talked_to(server, to, now, monkeypatch):
    from django.db import connection, transaction

    row = to("anna")
    base = len(connection.savepoint_ids)
    seen = []
    original = claims.hand_over

    def hand_over(*args):
        seen.append(len(connection.savepoint_ids) - base)
        return original(*args)

    monkeypatch.setattr(claims, "hand_over", hand_over)
    with transaction.atomic():
        base = len(connection.savepoint_ids)
        delivery.deliver(now)
    assert seen == [0]
    row.refresh_from_db()
    assert row.status == MailStatus.SENT


def test_eight_bit_is_announced(server, to, now):
    to("anna")
    delivery.deliver(now)
    assert any("BODY=8BITMIME" in line for line in server.script.commands)
