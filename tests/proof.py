"""``docs/proof.md``: promise → tests, rounds and figures. Made by ``python -m tests.proof``, checked by a test.

The number of a promise stands in the names of its tests; what ``make prove`` measured stands in
``docs/proof.json`` and is shown beside it.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "proof.md"
FIGURES = ROOT / "docs" / "proof.json"
NAME = re.compile(r"^\s*(?:async )?def (test_([a-z]\d{1,2})_\w+)", re.M)

PROMISES = {
    "S1": "state change and its mail commit together",
    "S2": "a worker killed at any point loses nothing",
    "S3": "workers, schedulers and commands running at once never send twice",
    "S4": "broker dead or emptied: nothing lost",
    "S5": "the health page reports a stale sweep",
    "S7": "answers of the mail server are handled by kind",
    "S8": "a delivery in doubt is always reported",
    "S9": "Message-IDs are deterministic",
    "S10": "what is late is always shown",
    "S11": "moved and cancelled dates supersede their reminders",
    "S12": "summer time and clock jumps",
    "S13": "task arguments survive a deployment",
    "S14": "a sweep that has stopped is reported",
    "S15": "e-mails have the headers they need",
    "S16": "no event goes without its e-mail because of a key",
    "C1": "workshop capacity is never exceeded",
    "C2": "the race tests can fail",
    "C3": "decisions are made on data read after the lock",
    "C4": "no deadlock",
    "C5": "SQLite does not fail under load",
    "C6": "the waiting list is first come, first served",
    "C7": "a mentor is never above the places offered",
    "C8": "a double submit is one registration",
    "C10": "nobody's save undoes another's",
    "C11": "nothing typed is lost",
    "L1": "opening a link changes nothing",
    "L2": "a form-posting scanner does limited harm",
    "L3": "answers are idempotent and safe to replay",
    "L4": "tokens are bound, and none is in the database",
    "L5": "expiry, revocation, renewal to the address on file",
    "L6": "a forwarded link leaks little",
    "L7": "tokens do not leak",
    "A1": "nobody reaches an object of somebody else",
    "A6": "lists reveal only what they show",
    "A7": "a shared record has no power over a person",
    "P1": "guessing is stopped wherever something can be guessed",
    "P2": "the second factor can't be walked around",
    "P3": "no page reveals which addresses are known",
    "P4": "passwords of staff",
    "P5": "sessions and cookies",
    "P6": "content security policy without inline",
    "P7": "CSRF, hosts and redirects",
    "P8": "no header or template injection in mail",
    "P9": "audit trail is append-only",
    "P10": "logs without personal data",
    "P13": "every field says what class of data it is",
    "P15": "unsafe configurations are refused",
    "P16": "Celery hardened",
    "P17": "whoever has parted gets nothing and holds nothing",
}


def found() -> dict[str, list[tuple[str, str]]]:
    """Promise → the (file, test) pairs that carry its number in their name."""
    tests: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for name, number in NAME.findall(path.read_text(encoding="utf-8")):
            tests[number.upper()].append((str(path.relative_to(ROOT)), name))
    return tests


def order(promise: str) -> tuple[int, int]:
    """Sorts S2 before S10, groups in the order S, C, L, A, P."""
    return "SCLAP".find(promise[0]), int(promise[1:])


def document() -> str:
    """The text of ``docs/proof.md``."""
    figures = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    tests = found()
    lines = [
        "# Proof",
        "",
        "One row per [promise](promises.md) of the software: the tests that have its number in their names, and what the last run of",
        "`make prove` measured (“in the suite”: not run by it yet). Made by `python -m tests.proof`; a test fails when it is out of date.",
        "",
        "| number | promise | tests | last `make prove` |",
        "| --- | --- | --- | --- |",
    ]
    for promise in sorted({*PROMISES, *tests}, key=order):
        files = sorted({file for file, _name in tests.get(promise, [])})
        count = len(tests.get(promise, []))
        where = "<br>".join(f"`{file}`" for file in files) or "none yet"
        figure = figures.get(promise)
        measured = (
            f"{figure['what']}: {figure['result']} ({figure['when']})" if figure else "in the suite"
        )
        if not count:
            measured = "–"
        lines.append(
            f"| {promise} | {PROMISES.get(promise, '')} | {count} in {where} | {measured} |"
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    """Writes the document, or with ``--check`` tells whether it is as it should be."""
    if "--check" in sys.argv:
        return 0 if DOCUMENT.exists() and DOCUMENT.read_text() == document() else 1
    DOCUMENT.write_text(document())
    print(DOCUMENT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
