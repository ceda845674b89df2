"""The bad-input corpus: one list per group, used by every form, mail and file."""

from __future__ import annotations

NAMES = [
    "O’Brien-Müller",
    "Nguyễn Thị Ánh",
    "李",
    "X",
    "ß",
    "-",
    "'",
    "Madonna",
    "Ana Maria da Silva Santos Oliveira Pereira",
    "null",
    "None",
    "Test; DROP TABLE accounts_user; --",
    "<b>x</b>",
    "=cmd|' /C calc'!A0",
    "＝1+1",
    "-2+3",
    "@SUM(1)",
    "\tTab zuerst",
    "\rWagenrücklauf zuerst",
]
UNICODE = [
    "\u202egnirts desrever",
    "👨\u200d👩\u200d👧\u200d👦",
    "🇩🇪",
    "Nul\x00l",
    "\ufeffBOM",
    "Zeile\u2028Trenner",
    "Ju\u0308rgen",  # NFD
    "Jürgen",  # NFC, the same person
    "аnna",  # Cyrillic а
    "\ud800",  # a lone surrogate
    "Z" + "\u0301" * 100,
]
INVISIBLE = ["\u200b\u200b", "\u2060", "\ufeff", "   ", "\u200d\u200d"]
SIZES = ["x" * 10_000, "Wort " * 200_000]
HEADERS = [
    "Anna\r\nBcc: x@example.org",
    "Anna%0d%0aBcc: x@example.org",
    "Anna\nSubject: gewonnen",
    "Anna\u0085Bcc: x@example.org",
    "Anna\u2028Bcc: x@example.org",
]
# One of each kind.
ESSENCE = [
    "O’Brien-Müller",
    "'",
    "=cmd|' /C calc'!A0",
    "\tTab zuerst",
    "\u202egnirts desrever",
    "Nul\x00l",
    "Zeile\u2028Trenner",
    "Ju\u0308rgen",
    "\ud800",
    "\u200b\u200b",
    "Anna\r\nBcc: x@example.org",
    "{% include 'x' %}",
]
# One that is tidied, and one that is refused.
FEW = ["Ju\u0308rgen", "Anna\r\nBcc: x@example.org {% include 'x' %}"]
BAD_ADDRESSES = [
    "",
    "kein",
    "a@b",
    "ö@example.org",
    "a@example.org,b@example.org",
    "a@example.org;b@example.org",
    '"<a@b>"@c',
    "x" * 65 + "@example.org",
    "a@example..org",
    "a b@example.org",
    "ıstanbul@example.org",
    "a@example.org\r\nBcc: x@example.org",
]
GOOD_ADDRESSES = {
    "A@Example.DE": "a@example.de",
    " a@example.de ": "a@example.de",
    "a+tag@example.de": "a+tag@example.de",
    "a@müller.example": "a@xn--mller-kva.example",
    "x" * 64 + "@example.org": "x" * 64 + "@example.org",
}
NO_DAYS = ["31.02.2027", "2027-02-31", "02/28/2027", "2027-W53", "gestern"]
DATES = [*NO_DAYS, "0001-01-01", "9999-12-31", ""]
TIMES = ["24:00", "25:61", "2.30", "noon", ""]
MOMENTS = [
    ("2027-03-28", "02:30"),  # does not exist
    ("2027-10-31", "02:30"),  # twice
    ("2028-02-29", "12:00"),
    ("2026-12-31", "23:59"),
    ("2020-01-01", "12:00"),  # past
]
TOO_LONG = str(2**63)
IDS = [
    "-1",
    "0",
    TOO_LONG,
    str(2**64),
    "1.5",
    "1e9",
    "١٢",
    "{6F9619FF-8B86-D011-B42D-00CF4FC964FF}",
    "6F9619FF-8B86-D011-B42D-00CF4FC964FF",
    "../../etc/passwd",
    "%2e%2e%2f",
    "1\n",
    "' OR 1=1 --",
]
FEW_IDS = ["-1", TOO_LONG, "١٢", "6F9619FF-8B86-D011-B42D-00CF4FC964FF", "' OR 1=1 --"]
TEMPLATES = [
    "{{7*7}}",
    "{name.__class__}",
    "{greeting}",
    "%s%n",
    "{% include 'x' %}",
    "[klick](javascript:alert(1))",
    "https://boese.example/klick",
    "-> Knopf",
    "# Überschrift",
]
ALIVE = "{{7*7}} {name.__class__} https://boese.example/ [k](javascript:alert(1))"
FIELDS = 10_000
SAME = 1_000
COOKIE = "x" * 5_000_000
EVERYTHING = [*NAMES, *UNICODE, *INVISIBLE, *SIZES, *HEADERS, *TEMPLATES]


def ids(value: str) -> str:
    """A short, printable id for a parametrised test."""
    return ascii(value)[:24]
