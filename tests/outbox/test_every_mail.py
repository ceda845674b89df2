"""Every kind of mail there is, in both languages, as its reader's program gets it (promises S15, P8, S9)."""

from __future__ import annotations

import re
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.db import transaction

from core.links import actions as links
from outbox import actions, delivery
from outbox.kinds import MailKind, mail_kinds
from outbox.models import OutgoingMail
from tests import factories
from tests.conftest import NOW
from tests.outbox import kinds as probes
from tests.outbox.conftest import parse

pytestmark = pytest.mark.django_db
PROBES = {one.kind for one in probes.KINDS}
KINDS = [mail_kinds[key] for key in mail_kinds if key not in PROBES]
ONCE = (
    "From", "To", "Subject", "Date", "Message-ID", "Reply-To", "Auto-Submitted", "MIME-Version",
    "X-Auto-Response-Suppress", "Content-Type", "Content-Language", "X-Mentoring-Kind",
)  # fmt: skip
MAY = {*ONCE, "In-Reply-To", "References", "Content-Transfer-Encoding"}
HOSTILE = (
    "Eve\r\nBcc: all@evil.example\r\nSubject: Kennwort\u2028To: x@evil.example\x85Cc: y@evil.example",
    "<script>alert(1)</script><a href='https://evil.example/'>hier</a> www.evil.example "
    "[hier](javascript:alert(1)) <img src=//evil.example/x.png>",
    '"<eve@evil.example>", Bob <b@evil.example> {{7*7}} {% include "x" %} {name.__class__} {greeting} %s',
)


def sent(folder: Path, change: Any = None, language: str = "de") -> list[tuple[str, EmailMessage]]:
    """All kinds, each to a person of its own, queued with their samples and delivered."""
    for kind in KINDS:
        person = factories.person(change or "Leyla Arslan", language=language)
        link = links.issue("staff-invitation", person, person, now=NOW)
        facts = dict(kind.sample)
        if change:
            facts |= dict.fromkeys(words(kind), change)
        with transaction.atomic():
            actions.queue(kind.kind, person, person, facts, now=NOW, link=link)
    delivery.deliver(NOW)
    left = list(OutgoingMail.objects.exclude(status="sent").values_list("kind", "last_error"))
    assert left == []
    found = []
    for row in OutgoingMail.objects.select_related("recipient"):
        [path] = folder.glob(f"*{row.pk}.eml")
        assert row.recipient is not None
        found.append((row.recipient.email, parse(path.read_bytes())))
    assert len(found) == len(KINDS) > 20
    return found


def words(kind: MailKind) -> set[str]:
    """The facts people type: texts with a space or a capital that are no moment, address or code."""
    return {
        name for name, value in kind.sample.items()
        if isinstance(value, str) and name in TYPED and not re.match(r"\d{4}-|https?:|\+?\d", value)
    }  # fmt: skip


# Not the place of a meeting: that may be a room online, which people open from the mail (letters.USABLE).
TYPED = {
    "name", "mentee", "mentor", "partner", "message", "words", "word", "reason", "question", "agenda",
    "title", "answer", "led_by", "profession", "motivation", "study", "evidence",
}  # fmt: skip


LONG = (
    "Ännchen von Tharau-Überlingen, Überlänge und Donaudampfschifffahrtsgesellschaftskapitänswitwe"
)


@pytest.mark.parametrize("name", [None, LONG, "Ä" * 70, "Ann " * 18])
@pytest.mark.parametrize("language", ["de", "en"])
def test_s15_every_header_begins_on_its_first_line(
    folder: Path, settings: Any, language: str, name: str | None
) -> None:
    """… and no line is longer than 78 characters, but for a single word that can't be broken."""
    settings.MAIL_DOMAIN = "mentoring.hochschule-fuer-musik-und-theater.example.org"
    found = sent(folder, name, language)
    assert len(found) >= len(KINDS)
    subjects = set()
    for row in OutgoingMail.objects.all():
        [path] = folder.glob(f"*{row.pk}.eml")
        head = path.read_bytes().split(b"\r\n\r\n")[0].decode("ascii")
        for line in head.split("\r\n"):
            assert line.startswith(" ") or line.split(":", 1)[1].strip(), line
            assert len(line) <= 78 or " " not in line.split(": ")[-1].strip(), line
        subjects.add(row.subject)
        if row.subject:  # that of a code is gone once it is sent
            assert parse(path.read_bytes())["Subject"] == row.subject
    assert any(not subject.isascii() for subject in subjects)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MAIL_URL = tmp_path.as_uri()
    factories.organisation()
    return tmp_path


def text_of(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


@pytest.mark.parametrize("language", ["de", "en"])
def test_s15_every_mail_has_the_headers_of_a_mail_nobody_answers_by_machine(
    folder: Path, language: str
) -> None:
    ids = set()
    for address, mail in sent(folder, language=language):
        kind = mail["X-Mentoring-Kind"]
        assert {name: len(mail.get_all(name, [])) for name in ONCE} == dict.fromkeys(ONCE, 1), kind
        assert set(mail.keys()) <= MAY, kind
        assert mail["Auto-Submitted"] == "auto-generated"
        assert {"OOF", "AutoReply"} <= {one.strip() for one in
                                        mail["X-Auto-Response-Suppress"].split(",")}  # fmt: skip
        assert [one.addr_spec for one in mail["To"].addresses] == [address]
        assert [one.addr_spec for one in mail["From"].addresses] == [project.MAIL_FROM]
        assert mail["Content-Language"] == language
        assert "List-Unsubscribe" not in mail  # only optional mail has it, and none of ours is
        assert len(mail["Subject"]) <= 200
        assert not mail.defects
        ids.add(mail["Message-ID"])
    assert len(ids) == len(KINDS) > 20


def test_s15_every_mail_reads_as_text_and_loads_nothing(folder: Path) -> None:
    for _address, mail in sent(folder):
        kind = mail["X-Mentoring-Kind"]
        plain, html = text_of(mail, "plain"), text_of(mail, "html")
        assert len(plain) > 80, kind
        assert not re.search(r"<(?:p|div|table|br)\b", plain), kind
        assert not re.findall(r"<(?:img|script|link|iframe|form)\b|url\(|@import", html), kind
        for text in (plain, html):
            hosts = set(re.findall(r"https?://([^/\s\"'<>:]+)", text)) - {"www.w3.org"}
            assert hosts <= {"localhost"} | sample_hosts(kind), kind
        raw = mail.as_bytes()
        assert len(raw) < 10_000_000


def sample_hosts(kind: str) -> set[str]:
    """Where the sample itself leads, as an address of a workshop online."""
    texts = " ".join(str(one) for one in mail_kinds[kind].sample.values())
    return set(re.findall(r"https?://([^/\s\"'<>:]+)", texts))


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_p8_whatever_people_typed_no_mail_gets_a_header_a_recipient_or_a_link(
    folder: Path, typed: str
) -> None:
    for address, mail in sent(folder, typed):
        kind = mail["X-Mentoring-Kind"]
        assert set(mail.keys()) <= MAY, kind
        assert all(len(mail.get_all(name, [])) == 1 for name in ONCE), kind
        assert [one.addr_spec for one in mail["To"].addresses] == [address], kind
        assert [one.addr_spec for one in mail["From"].addresses] == [project.MAIL_FROM], kind
        html = text_of(mail, "html")
        assert "<script" not in html, kind
        assert "<img" not in html, kind
        links = re.findall(r'href="([^"]*)"', html)
        assert not [one for one in links if "evil.example" in one], kind
        assert "49" not in mail["Subject"], kind
        assert "class 'str'" not in html
        for plain in (text_of(mail, "plain"), re.sub(r"<[^>]+>", "", html)):
            # what a mail program would make a link of by itself
            assert not re.search(r"(?:https?://|www\.|\b)evil\.example/?", plain), kind


def test_p8_control_the_words_reach_the_mails(folder: Path) -> None:
    mails = sent(folder, "Zilpzalp")
    named = [mail for _address, mail in mails if "Zilpzalp" in text_of(mail, "plain")]
    assert len(named) > len(mails) * 2 / 3
    assert sum(len(words(kind)) for kind in KINDS) > 30
