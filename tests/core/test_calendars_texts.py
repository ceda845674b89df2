"""Texts in calendar files: escaping, folding, hostile input."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ical import invitation
from tests.core.calendar_samples import (
    ME,
    STAMP,
    an_event,
    every_reader,
    only,
    unfolded,
)
from tests.core.rfc5546_client import READERS


def assert_well_formed(document: bytes) -> None:
    assert document.endswith(b"\r\n")
    for line in document[:-2].split(b"\r\n"):
        assert len(line) <= 75
        text = line.decode()
        assert text
        assert not any(ord(sign) < 32 or ord(sign) == 127 for sign in text)


def property_names(document: bytes) -> list[str]:
    return sorted(line.replace(";", ":").split(":")[0] for line in unfolded(document))


PLAIN = property_names(
    invitation(an_event(description="x", location="x", url="https://x.de/"), stamped_at=STAMP)
)
anything = st.text(max_size=120) | st.text('\\nN;,:"^\r\n\t\u2028ä🎻 X', max_size=120)


@settings(max_examples=150, deadline=None)
@given(anything, anything, anything)
def test_no_text_breaks_out_of_its_property(line: str, text: str, name: str) -> None:
    event = an_event(
        summary=line,
        description=f"x{text}",
        location=f"x{line}",
        url="https://x.de/" + text,
        organizer_name=f"x{name}",
        attendee_name=f"x{name}",
    )
    document = invitation(event, stamped_at=STAMP)
    assert_well_formed(document)
    names = property_names(document)
    assert names in (PLAIN, [name for name in PLAIN if name != "URL"])
    first, second = (only(reader, document) for reader in READERS)
    assert first.starts_at == second.starts_at == event.starts_at
    assert first.organizer == second.organizer == "mailto:office@mentoring.example"
    assert first.attendees == second.attendees == (f"mailto:{ME}",)


@every_reader
@pytest.mark.parametrize(
    "text",
    [
        'Semikolon; Komma, Rückstrich \\ und \\\\ Doppelpunkt: "Zitat" ^n ^\'',
        "C:\\Noten\\neu und \\, \\;",
        "zwei\nZeilen\n\nund eine vierte",
        "Ä" * 37 + "ß" * 120,
        "🎻" * 100,
        "e\u0301 " * 60 + "Schluss",
    ],
)
def test_escaped_and_folded_texts_come_back_as_they_were(text: str, reader: str) -> None:
    document = invitation(an_event(description=text), stamped_at=STAMP)
    assert_well_formed(document)
    assert only(reader, document).description == text


@every_reader
@pytest.mark.parametrize("lead", range(12))
def test_folding_never_splits_a_character(lead: int, reader: str) -> None:
    text = "x" * lead + "äß🎻€" * 40
    document = invitation(an_event(summary=text, description=text), stamped_at=STAMP)
    assert_well_formed(document)
    message = only(reader, document)
    assert (message.summary, message.description) == (text, text)


@every_reader
@pytest.mark.parametrize(
    ("given_text", "line", "lines"),
    [
        ("a\r\nb", "a b", "a\nb"),
        ("a\rb\u2028c\x85d", "a b c d", "a\nb\nc\nd"),
        ("a\x00b\x07\x1b[31m", "a b [31m", "a b  [31m"),
        ("  Rand \n", "Rand", "Rand"),
        ("\ud83c kaputt", "kaputt", "kaputt"),
        ("x\r\nEND:VEVENT\r\nBEGIN:VEVENT", "x END:VEVENT BEGIN:VEVENT", None),
        ("evil\u202egpj", "evilgpj", None),
    ],
)
def test_control_characters_are_neutralised(
    given_text: str, line: str, lines: str | None, reader: str
) -> None:
    event = an_event(
        summary=given_text,
        location=given_text,
        description=given_text,
        attendee_name=given_text,
        organizer_name=given_text,
    )
    message = only(reader, invitation(event, stamped_at=STAMP))
    assert (message.summary, message.location, message.common_names) == (line, line, (line,))
    if lines is not None:
        assert message.description == lines


@every_reader
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ('Eve";X=1:mailto:evil@example.org', "Eve';X=1:mailto:evil@example.org"),
        ("Eve:mailto:evil@example.org\r\nATTENDEE:mailto:x@x.de", None),
        ("Eve^nATTENDEE:mailto:x@x.de^'", "EvenATTENDEE:mailto:x@x.de'"),
        ("Eve\\", "Eve/"),
        ("Dr. Vogel, Anna; Köln", "Dr. Vogel, Anna; Köln"),
    ],
)
def test_a_hostile_name_stays_a_name(name: str, shown: str | None, reader: str) -> None:
    document = invitation(an_event(attendee_name=name, organizer_name=name), stamped_at=STAMP)
    message = only(reader, document)
    assert message.attendees == (f"mailto:{ME}",)
    assert message.organizer == "mailto:office@mentoring.example"
    assert property_names(document).count("ATTENDEE") == 1
    if shown is not None:
        assert message.common_names == (shown,)


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://meet.example/a,b;c?x=1&y=%20#z", "URL:https://meet.example/a,b;c?x=1&y=%20#z"),
        ("https://meet.example/Köln", "URL:https://meet.example/K%C3%B6ln"),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("https://[broken", None),
        ("https://meet.example/\r\nATTENDEE:mailto:x@x.de", None),
        ("", None),
    ],
)
def test_only_plain_web_addresses_are_written(url: str, written: str | None) -> None:
    lines = unfolded(invitation(an_event(url=url), stamped_at=STAMP))
    assert [line for line in lines if line.startswith("URL")] == ([written] if written else [])
