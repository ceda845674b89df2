"""Claiming, rendering, freezing and writing down what became of a mail."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

import pytest
from django.conf import settings as project
from django.db import OperationalError, connection

from core.audit import Actor
from core.errors import RuleViolation
from core.links import actions as links
from outbox import actions, claims, delivery
from outbox.kinds import MailKind, mail_kinds
from outbox.message import display_name, message_id
from outbox.models import MailStatus, OutgoingMail
from outbox.reminders import PlannedReminder
from tests import factories
from tests.outbox.conftest import parse

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def status_of(row):
    return OutgoingMail.objects.get(pk=row.pk).status


def test_a_due_mail_is_written_and_sent(mailbox, queued, now):
    row = queued()
    assert delivery.deliver(now) == {"sent": 1}
    row.refresh_from_db()
    assert row.status == MailStatus.SENT
    assert row.sent_at == now
    assert row.claimed_by == ""
    [mail] = mailbox.mails()
    assert mail["To"].addresses[0].addr_spec == row.recipient.email
    assert delivery.deliver(now + MINUTE) == {}


def test_what_is_not_due_waits(mailbox, queued, now):
    queued(due_at=now + MINUTE)
    assert delivery.deliver(now) == {}
    assert delivery.deliver(now + MINUTE) == {"sent": 1}


def test_one_letter_that_cannot_be_rendered_stops_no_other(mailbox, queued, now):
    broken, good = queued("probe-broken"), queued()
    assert delivery.deliver(now) == {"failed": 1, "sent": 1}
    broken.refresh_from_db()
    assert broken.last_error.startswith("KeyError")
    assert status_of(good) == MailStatus.SENT


@pytest.mark.parametrize("asked", ["letterhead_in", "build"])
def test_s2_a_database_that_is_gone_fails_no_mail(mailbox, queued, now, monkeypatch, asked):
    """The letterhead and calendar files are read while a mail is made."""
    row = queued()

    def gone(*args):
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as broken:
        broken.setattr(delivery, asked, gone)
        with pytest.raises(OperationalError):
            delivery.deliver(now)
    assert status_of(row) == MailStatus.CLAIMED
    OutgoingMail.objects.update(claim_until=claims.clock() - MINUTE)
    assert delivery.deliver(now) == {"sent": 1}


def test_p8_a_hostile_name_stops_no_other_mail(mailbox, queued, now, monkeypatch):
    hostile = factories.person("x\r\nBcc: thief@example.org")
    queued(recipient=hostile)
    bad = queued(recipient=factories.person(email="ö@example.org"))
    monkeypatch.setattr(
        "outbox.message.display_name", lambda name: name
    )  # even if the cleaning were gone
    first = OutgoingMail.objects.exclude(pk=bad.pk).get()
    good = queued()
    delivery.deliver(now)
    assert status_of(first) == MailStatus.FAILED
    assert status_of(bad) == MailStatus.FAILED
    assert status_of(good) == MailStatus.SENT


def test_s13_a_kind_of_a_newer_release_is_left_for_it(mailbox, queued, now):
    row = queued()
    OutgoingMail.objects.filter(pk=row.pk).update(kind="not-yet-known")
    assert delivery.deliver(now) == {"retry": 1}


def test_what_was_rendered_is_frozen(mailbox, queued, now):
    row = queued()
    OutgoingMail.objects.filter(pk=row.pk).update(
        rendered_at=now - timedelta(hours=1), language="de", subject="Fest", text="T", html="H",
        message_id="<fixed@example.org>",
    )  # fmt: skip
    delivery.deliver(now)
    [mail] = mailbox.mails()
    assert mail["Subject"] == "Fest"
    assert mail["Message-ID"] == "<fixed@example.org>"
    assert mail["Date"].datetime == now - timedelta(hours=1)


def test_secrets_are_deleted_once_sent(mailbox, queued, now):
    row = queued("probe-code")
    delivery.deliver(now)
    row.refresh_from_db()
    assert (row.facts, row.subject, row.text, row.html) == ({}, "", "", "")
    assert row.status == MailStatus.SENT
    assert "K7QW" in mailbox.mails()[0]["Subject"]


def test_secrets_are_deleted_when_it_is_too_late_for_them(mailbox, queued, now):
    row = queued("probe-code", useful_until=now + MINUTE)
    delivery.deliver(now + 2 * MINUTE)
    row.refresh_from_db()
    assert row.status == MailStatus.MISSED
    assert row.facts == {}
    assert mailbox.files() == []


def test_l4_the_link_is_put_in_at_delivery_and_rests_nowhere(mailbox, queued, now):
    person = factories.person()
    link = links.issue("probe", person, person, now=now)
    queued(recipient=person, link=link)
    delivery.deliver(now)
    token = links.token_of(link)
    [mail] = mailbox.mails()
    url = f"{project.BASE_URL}/l/{token}/"
    assert url in mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    assert html.count(f'href="{url}"') == 2
    assert "\x01" not in html
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            assert token not in repr(cursor.fetchall())


def test_a_link_that_is_gone_fails_the_mail(mailbox, queued, now):
    person = factories.person()
    link = links.issue("probe", person, person, now=now)
    row = queued(recipient=person, link=link)
    delivery.deliver(now - MINUTE)
    OutgoingMail.objects.filter(pk=row.pk).update(
        rendered_at=now, language="de", subject="x", text="\x01link\x01", html="", link=None
    )
    delivery.deliver(now)
    row.refresh_from_db()
    assert row.status == MailStatus.FAILED


def test_s9_the_message_id_follows_from_the_key_alone(mailbox, queued, now):
    row = queued()
    delivery.deliver(now)
    row.refresh_from_db()
    digest = hashlib.sha256(row.dedupe_key.encode()).hexdigest()[:32]
    assert row.message_id == f"<{digest}@{project.MAIL_DOMAIN}>"
    assert message_id(row.dedupe_key) == row.message_id
    obj, person = factories.person(), factories.person()
    keys = {queued(obj=obj, recipient=person, version=v).dedupe_key for v in range(5)}
    keys |= {queued(obj=obj, recipient=person, version=1, offset=o).dedupe_key for o in "abc"}
    assert len({message_id(key) for key in keys}) == len(keys) == 8


def test_s9_no_two_keys_share_a_message_id():
    from tests.races.harness import rounds

    count = rounds(20_000, 1_000_000)
    assert len({message_id(f"{number:x}") for number in range(count)}) == count


def test_s9_mails_about_one_thing_are_one_thread(mailbox, queued, now):
    for offset in ("a", "b"):
        queued(thread="tandem-7", offset=offset)
    queued()
    delivery.deliver(now)
    threads = [mail["References"] for mail in mailbox.mails()]
    assert sorted(thread is None for thread in threads) == [False, False, True]
    assert len({thread for thread in threads if thread}) == 1
    for mail in mailbox.mails():
        assert mail["In-Reply-To"] == mail["References"]


def test_s10_too_late_is_missed_and_seen(mailbox, queued, now, caplog):
    row = queued(useful_until=now + MINUTE)
    delivery.deliver(now + 2 * MINUTE)
    assert status_of(row) == MailStatus.MISSED
    assert list(OutgoingMail.objects.needs_a_person()) == [row]
    assert mailbox.files() == []
    assert "outbox.missed" in caplog.messages


def reminders(obj, person, now, version=1):
    """Reminders of something that begins in eight days, 7 days and 24 hours before it."""
    begins = now + timedelta(days=8)
    return [
        PlannedReminder(
            "probe-reminder", person.pk, obj, {"at": begins.isoformat(), "version": str(version)},
            begins - before, begins, version, name,
        )
        for name, before in (("7d", timedelta(days=7)), ("24h", timedelta(days=1)))
    ]  # fmt: skip


def test_s10_after_a_standstill_only_the_newest_reminder_leaves(mailbox, now):
    from outbox.planner import plan

    obj, person, other = factories.person(), factories.person(), factories.person()
    plan([*reminders(obj, person, now), *reminders(obj, other, now)], now)
    delivery.deliver(now + timedelta(days=7, hours=1))  # both are due since the standstill
    statuses = sorted(OutgoingMail.objects.filter(recipient=person).values_list("offset", "status"))
    assert statuses == [("24h", "sent"), ("7d", "missed")]
    assert len(mailbox.files()) == 2
    assert not OutgoingMail.objects.needs_a_person().exists()  # listed, with nothing to do


def test_s10_after_the_event_nothing_leaves_and_all_is_listed(mailbox, now):
    from outbox.planner import plan

    plan(reminders(factories.person(), factories.person(), now), now)
    delivery.deliver(now + timedelta(days=9))
    assert set(OutgoingMail.objects.values_list("status", flat=True)) == {"missed"}
    assert OutgoingMail.objects.needs_a_person().count() == 2
    assert mailbox.files() == []


def test_s10_in_time_both_reminders_leave(mailbox, now):
    from outbox.planner import plan

    plan(reminders(factories.person(), factories.person(), now), now)
    assert delivery.deliver(now + timedelta(days=1)) == {"sent": 1}
    assert delivery.deliver(now + timedelta(days=7)) == {"sent": 1}


def test_s10_an_older_one_still_in_retry_gives_way(mailbox, now):
    from outbox.planner import plan

    plan(reminders(factories.person(), factories.person(), now), now)
    later = now + timedelta(days=7, minutes=1)
    OutgoingMail.objects.filter(offset="7d").update(status="retry", due_at=later)
    delivery.deliver(later)
    assert OutgoingMail.objects.get(offset="7d").status == MailStatus.MISSED


def test_s2_a_lease_keeps_others_away_until_it_runs_out(mailbox, queued, now, monkeypatch):
    row = queued()
    [held] = claims.claim(now, "first", 10)
    assert held.pk == row.pk
    assert delivery.deliver(now) == {}
    real = claims.clock()
    monkeypatch.setattr(claims, "clock", lambda: real + claims.LEASE + MINUTE)
    assert delivery.deliver(now) == {"sent": 1}
    # The first comes back to life and finds that the row is no longer its own.
    assert not claims.hand_over(row.pk, "first", now)
    assert claims.freeze([held], "first") == set()


def test_s2_leases_run_by_the_machine_not_by_the_day_asked_about(mailbox, queued, now):
    queued()
    claims.claim(now, "at work", 10)
    assert delivery.deliver(now + timedelta(days=400)) == {}


def test_s2_a_mail_that_was_being_handed_over_is_in_doubt(mailbox, queued, now, monkeypatch):
    ask, resend = queued(), queued("probe-reminder")
    claims.claim(now, "killed", 10)
    for row in (ask, resend):
        assert claims.hand_over(row.pk, "killed", now)
    real = claims.clock()
    monkeypatch.setattr(claims, "clock", lambda: real + claims.LEASE + MINUTE)
    delivery.deliver(now + 6 * MINUTE)
    assert status_of(ask) == status_of(resend) == MailStatus.IN_DOUBT
    delivery.deliver(now + 21 * MINUTE)
    assert status_of(ask) == MailStatus.IN_DOUBT
    assert status_of(resend) == MailStatus.SENT


def test_s11_what_is_withdrawn_while_held_never_leaves_after_a_retry(mailbox, queued, now):
    obj = factories.person()
    row = queued(obj=obj)
    [held] = claims.claim(now, "worker", 10)
    actions.cancel(obj, now=now)
    assert status_of(row) == MailStatus.CLAIMED
    assert claims.freeze([held], "worker") == set()
    assert not claims.hand_over(row.pk, "worker", now)


def test_s11_a_change_never_overtakes_the_reminder_on_its_way(mailbox, queued, now):
    obj, person = factories.person(), factories.person()
    queued("probe-reminder", obj=obj, recipient=person)
    claims.claim(now, "worker", 10)
    queued("probe-question", obj=obj, recipient=person)
    other = queued("probe-question", obj=obj)
    assert delivery.deliver(now) == {"sent": 1}
    assert status_of(other) == MailStatus.SENT


def test_p8_display_names_are_names_alone():
    assert display_name('Anna "x" <a@b.de>, Chef: Büro') == "Anna x a b.de Chef Büro"
    assert display_name("a\r\nBcc: b@c.de") == "a Bcc b c.de"
    assert len(display_name("x" * 300)) == 75


def test_s15_a_calendar_mail_is_what_calendar_programs_expect(mailbox, queued, now):
    queued("probe-calendar")
    delivery.deliver(now)
    [mail] = mailbox.mails()
    assert mail.get_content_type() == "multipart/mixed"
    alternative, ics, pdf = mail.iter_parts()
    kinds = [part.get_content_type() for part in alternative.iter_parts()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    calendar = list(alternative.iter_parts())[2]
    assert calendar["Content-Type"].params["method"] == "REQUEST"
    assert calendar["Content-Type"].params["charset"] == "utf-8"
    assert "BEGIN:VCALENDAR" in calendar.get_content()
    assert ics.get_filename() == "treffen.ics"
    assert ics["Content-Type"].params["method"] == "REQUEST"
    assert ics.get_content_disposition() == "attachment"
    assert pdf.get_filename() == "vereinbarung.pdf"
    assert pdf.get_payload(decode=True) == b"%PDF-1.7\n\x00\xff"
    raw = mailbox.files()[0].read_bytes()
    assert not re.search(rb"(?<!\r)\n", raw)


def test_s15_the_headers_of_every_mail(mailbox, queued, now):
    factories.organisation()
    row = queued(recipient=factories.person("Jörg Müller", email="joerg@müller.example"))
    delivery.deliver(now)
    [mail] = mailbox.mails()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "OOF" in mail["X-Auto-Response-Suppress"]
    assert mail["X-Mentoring-Kind"] == "probe-question"
    assert mail["Reply-To"] == "mentoring@hochschule.example"
    assert mail["From"].addresses[0].addr_spec == project.MAIL_FROM
    assert [str(one) for one in mail["To"].addresses] == [
        "Jörg Müller <joerg@xn--mller-kva.example>"
    ]
    assert mail["Date"].datetime == now
    assert mail["Content-Language"] == "de"
    assert mail.get_content_type() == "multipart/alternative"
    assert [p.get_content_type() for p in mail.iter_parts()] == ["text/plain", "text/html"]
    html = mail.get_body(("html",)).get_content()
    assert not re.findall(r"<(?:img|script|link|iframe)\b|url\(", html)  # nothing loads or tracks
    for header in ("Message-ID", "Date", "From", "To", "Subject", "Reply-To"):
        assert len(mail.get_all(header)) == 1
    assert row.recipient.email not in mailbox.files()[0].name
    assert not parse(mailbox.files()[0].read_bytes()).defects


def test_s15_a_mail_in_the_recipients_language(mailbox, queued, now):
    queued(recipient=factories.person(language="en"))
    delivery.deliver(now)
    [mail] = mailbox.mails()
    assert mail["Subject"].startswith("Please answer")
    assert 'lang="en"' in mail.get_body(("html",)).get_content()


@pytest.mark.parametrize("language", ["de", "en"])
def test_s15_the_whole_letter_is_in_one_language_its_head_and_sender_too(
    mailbox, queued, now, language
):
    found = factories.organisation()
    queued(recipient=factories.person(language=language))
    delivery.deliver(now)
    [mail] = mailbox.mails()
    names = {"de": found.name_de, "en": found.name_en}
    other = names["en" if language == "de" else "de"]
    for part in ("plain", "html"):
        text = mail.get_body((part,)).get_content()
        assert names[language] in text
        assert other not in text
    from programme.letterhead import letterhead

    assert mail["From"].addresses[0].display_name == letterhead(language)["programme"]
    assert letterhead("de")["programme"] != letterhead("en")["programme"]


def test_a_coordinator_has_a_failed_mail_sent_again(mailbox, queued, now):
    row = queued("probe-broken")
    delivery.deliver(now)
    by = Actor.person(factories.person(), "coordinator")
    with pytest.raises(RuleViolation):
        actions.send_again(queued(), by=by, now=now)
    OutgoingMail.objects.filter(pk=row.pk).update(
        kind="probe-question", facts={"name": "A", "words": "B"}
    )
    actions.send_again(row, by=by, now=now)
    delivery.deliver(now)
    assert status_of(row) == MailStatus.SENT


def test_a_coordinator_closes_what_is_seen_to(mailbox, queued, now):
    row = queued("probe-broken")
    delivery.deliver(now)
    by = Actor.person(factories.person(), "coordinator")
    actions.close(row, by=by, now=now)
    assert not OutgoingMail.objects.needs_a_person().exists()
    with pytest.raises(RuleViolation):
        actions.close(row, by=by, now=now)
    with pytest.raises(RuleViolation):  # the button of a page that was open before
        actions.send_again(row, by=by, now=now)


def test_a_secret_is_not_sent_again(mailbox, queued, now):
    row = queued("probe-code", useful_until=now)
    OutgoingMail.objects.filter(pk=row.pk).update(status="failed")
    with pytest.raises(RuleViolation):
        actions.send_again(row, by=Actor.system(), now=now)


def test_delivery_asks_twice_for_each_mail_and_else_for_batches(mailbox, queued, now):
    from django.test.utils import CaptureQueriesContext

    asked = []
    for number in (3, 33):
        for _ in range(number):
            queued("probe-reminder")
        with CaptureQueriesContext(connection) as context:
            delivery.deliver(now)
        asked.append(len(context))
    # what was rendered is written for each, and what became of it
    assert asked[1] - asked[0] == 2 * 30
    assert len(mailbox.files()) == 36


def test_a_failing_attachment_fails_its_mail_alone(mailbox, queued, now):
    def explode(*args):
        raise OSError("no")

    mail_kinds._items["probe-explode"] = MailKind(
        "probe-question", "probe", "question", {}, attachments=explode
    )
    try:
        row, good = queued(), queued()
        OutgoingMail.objects.filter(pk=row.pk).update(kind="probe-explode")
        assert delivery.deliver(now) == {"failed": 1, "sent": 1}
        assert status_of(good) == MailStatus.SENT
    finally:
        del mail_kinds._items["probe-explode"]
