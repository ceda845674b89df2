"""The small language of mail texts: what an author may write, and that a value stays a value (P8)."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest

from outbox import markup
from outbox.kinds import mail_kinds
from outbox.markup import (
    clean,
    fill,
    parse,
    show,
)
from outbox.message import build, message_id
from outbox.models import OutgoingMail
from outbox.render import render
from tests import corpus, factories
from tests.outbox.conftest import parse as parse_mail
from tests.outbox.kinds import placeholders

SOURCE = """\
subject: Bis {deadline:day}: {name}
preview: kurz

# {name:name} fragt

Guten Tag {greeting}, dies
steht auf zwei Zeilen.

?note> {note}

?!note~ Es gibt keine Notiz.

| Wann | {starts_at:datetime}
| Ort | {place}

- eins
- zwei

-> Antworten
"""


def test_a_letter_is_parsed_into_its_blocks():
    letter = parse(SOURCE)
    assert letter.subject == "Bis {deadline:day}: {name}"
    assert letter.preview == "kurz"
    assert [block.form for block in letter.blocks] == [
        "heading", "text", "quote", "small", "rows", "items", "button",
    ]  # fmt: skip
    assert letter.blocks[1].lines == ("Guten Tag {greeting}, dies steht auf zwei Zeilen.",)
    assert (letter.blocks[2].needs, letter.blocks[2].needs_empty) == ("note", False)
    assert (letter.blocks[3].needs, letter.blocks[3].needs_empty) == ("note", True)
    assert letter.blocks[4].lines == ("Wann | {starts_at:datetime}", "Ort | {place}")
    names = {"deadline", "name", "greeting", "note", "starts_at", "place"}
    assert placeholders(letter) == names


def test_a_letter_without_subject_is_refused():
    with pytest.raises(ValueError, match="subject"):
        parse("preview: x\n\n# Hallo")


@pytest.mark.parametrize(
    ("value", "form", "language", "expected"),
    [
        (
            "2026-10-25T00:30:00+00:00",
            "datetime",
            "de",
            "Sonntag, 25. Oktober 2026, 2.30\N{NO-BREAK SPACE}Uhr",
        ),
        (
            "2026-10-25T01:30:00+00:00",
            "datetime",
            "de",
            "Sonntag, 25. Oktober 2026, 2.30\N{NO-BREAK SPACE}Uhr",
        ),
        ("2027-03-28T01:00:00+00:00", "time", "de", "3.00\N{NO-BREAK SPACE}Uhr"),
        ("2026-10-12", "day", "de", "Montag, 12. Oktober"),
        ("2026-10-12", "day", "en", "Monday, 12 October"),
        ("2026-10-12", "date", "en", "Monday, 12 October 2026"),
        ("2027-07-31", "month", "de", "Juli 2027"),
        (None, "", "de", ""),
        (False, "", "de", ""),
        (12.5, "", "de", "12,5"),
        (3, "", "de", "3"),
        (["a", "b"], "", "de", "a, b"),
        ("a\nb", "lines", "de", "a\nb"),
        ("a\nb", "", "de", "a b"),
    ],
)
def test_facts_read_as_people_write_them(value, form, language, expected):
    assert show(value, form, language) == expected


def test_a_placeholder_is_filled_in_one_pass():
    facts = {"a": "{b}", "b": "nie"}
    assert fill("{a}", facts, "de") == "{b}"
    assert fill("{a.__class__} {a!r} {0} {A}", facts, "de") == "{a.__class__} {a!r} {0} {A}"
    with pytest.raises(KeyError):
        fill("{unknown}", facts, "de")


def test_no_sign_survives_that_could_act():
    for code in (*range(0x20), 0x7F, 0x85, 0x2028, 0x202E, 0x2066, 0xFEFF, 0x200B):
        assert chr(code) not in clean(f"a{chr(code)}b")
    assert clean("a\r\nb\rc", lines=True) == "a\nb\nc"
    clean("\ud800").encode()


# ── whatever people type ─────────────────────────────────────────────────────
class _Reader(HTMLParser):
    """What a mail program would make of the HTML: tags, links and the visible text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data):
        self.text += data


HOSTILE = [*corpus.NAMES, *corpus.UNICODE, *corpus.HEADERS, *corpus.TEMPLATES, *corpus.INVISIBLE]
HOSTILE += ["www.boese.example/x", "boese.example", "x@boese.example", "\x01link\x01", "| a | b"]


def _built(value, now):
    person = factories.person("Anna", email=f"a{abs(hash(value))}@example.org")
    person.name = value[:150]
    kind = mail_kinds["probe-question"]
    mail = render(kind, {"name": value, "words": value}, person, has_link=False)
    row = OutgoingMail(
        dedupe_key="k", kind=kind.kind, recipient=person, rendered_at=now, language="de",
        subject=mail.subject, text=mail.text, html=mail.html, message_id=message_id("k"),
    )  # fmt: skip
    return mail, build(row, kind, {"programme": "Mentoring", "office_email": "office@example.org"})


@pytest.mark.django_db
def test_p8_whatever_people_type_stays_text(now):
    plain, _ = _built("Anna", now)
    tags, links = _Reader(plain.html).tags, _Reader(plain.html).links
    blocks = plain.text.count("\n\n")
    headers = {"content-type", "mime-version", "subject", "from", "to", "reply-to", "message-id", "date",
               "content-language", "auto-submitted", "x-auto-response-suppress", "x-mentoring-kind"}  # fmt: skip
    for value in HOSTILE:
        mail, finished = _built(value, now)
        read = _Reader(mail.html)
        assert read.tags == tags or set(read.tags) - set(tags) <= {"br"}, value
        assert read.links == links, value
        assert mail.text.count("\n\n") <= blocks, value
        assert "\x01" not in mail.html, value
        message = parse_mail(finished.data)
        assert {name.lower() for name in message} == headers, value
        assert len(message["To"].addresses) == 1, value
        assert message["To"].addresses[0].addr_spec.endswith("@example.org"), value
        assert not message["Bcc"], value
        assert "\n" not in message["Subject"], value
        assert len(message["Subject"]) <= 200, value


@pytest.mark.django_db
@pytest.mark.parametrize(
    "value", ["{{7*7}}", "{x.__class__}", "{greeting}", "%s%n", "{% include 'x' %}", "<b>x</b>"]
)
def test_p8_templates_in_values_stay_as_they_were_typed(value, now):
    mail, _ = _built(value, now)
    assert value in mail.subject
    assert value in mail.text
    assert value in _Reader(mail.html).text
    assert "49" not in mail.subject


@pytest.mark.django_db
@pytest.mark.parametrize(
    "value",
    [
        "https://boese.example/klick",
        "www.boese.example",
        "boese.example/x?y",
        "x@boese.example",
        "mailto:x@boese.example",
        "HTTP://BOESE.EXAMPLE",
    ],
)
def test_p8_no_mail_program_makes_a_link_of_a_value(value, now):
    # What Gmail, Outlook and Apple Mail look for, roughly.
    address = re.compile(r"(?i)(https?:/|www\.\w|\b[\w-]+\.(?:example|com|de|org)\b|\w@\w)")
    mail, _ = _built(value, now)
    shown = _Reader(mail.html).text
    assert value.lower() in shown.replace("\u2060", "").lower()
    ours = {"http://localhost", "https://localhost"}
    for line in [*shown.splitlines(), *mail.text.splitlines(), mail.subject]:
        found = address.search(line)
        assert found is None or any(one in line for one in ours), line


@pytest.mark.django_db
def test_p8_no_value_becomes_a_block(now):
    mail, _ = _built("-> Knopf\n\n# Titel\n\n| a | b", now)
    assert mail.html.count("<h1") == 1
    assert _Reader(mail.html[mail.html.index("<main") :]).tags.count("tr") == 1


@pytest.mark.django_db
def test_amounts_and_dates_are_not_torn_apart(now):
    mail, _ = _built("um 17.30 Uhr, am 3.11. für 12.50 €", now)
    assert "um 17.30 Uhr, am 3.11. für 12.50 €" in html.unescape(mail.html)


def test_letters_are_found_where_they_lie():
    assert markup.path_of("probe", "probe-code", "de").exists()
    assert not markup.path_of("probe", "no-such-kind", "de").exists()
    with pytest.raises(FileNotFoundError):
        markup.load("probe", "no-such-kind", "de")
