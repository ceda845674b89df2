"""``make prove``: the promises at full rounds, printed as a table promise → rounds → result.

Runs every test that carries a promise's number with ``PROVE=1`` (races, crash points and state machines
read it and run all their rounds) and keeps the figures in ``docs/proof.json`` for ``docs/proof.md``.
Tests tell their rounds with ``record_property("rounds", …)``. Slow on purpose.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from tests import proof

ROOT = Path(__file__).resolve().parent.parent
# Without a number, yet with rounds that the suite leaves out: the whole of the bad input to every form, and
# every page in all combinations of size, colour and language.
WHOLE = [
    "test_the_corpus_in_every_text",
    "test_keys_nobody_offered",
    "test_requests.py",
    "test_every_page_is_usable_by_everybody",
]
NUMBER = re.compile(r"^test_([a-z]\d{1,2})_")


def run(only: list[str]) -> tuple[int, Path]:
    """Runs the proofs (of some promises when named); returns pytest's exit code and its report."""
    report = Path(tempfile.mkdtemp()) / "report.xml"
    names = [f"test_{number.lower()}_" for number in only] or [
        f"test_{number.lower()}_" for number in proof.PROMISES
    ] + WHOLE
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", " or ".join(names),
            f"--junitxml={report}", "-o", "junit_family=xunit1",
        ],
        cwd=ROOT,
        env={**os.environ, "PROVE": "1", "REQUIRE_SERVICES": "1"},
        check=False,
    )  # fmt: skip
    return done.returncode, report


def read(report: Path) -> dict[str, dict[str, object]]:
    """Promise → tests, rounds, failures and seconds of a report."""
    rows: dict[str, dict[str, object]] = defaultdict(
        lambda: {"tests": 0, "rounds": 0, "failed": 0, "seconds": 0.0}
    )
    for case in ElementTree.parse(report).iter("testcase"):  # our own report
        match = NUMBER.match(case.get("name", ""))
        if not match:
            continue
        row = rows[match[1].upper()]
        told = [
            int(one.get("value", "0"))
            for one in case.iter("property")
            if one.get("name") == "rounds"
        ]
        row["tests"] = int(str(row["tests"])) + 1
        row["rounds"] = int(str(row["rounds"])) + (sum(told) or 1)
        row["seconds"] = float(str(row["seconds"])) + float(case.get("time", "0"))
        if case.find("failure") is not None or case.find("error") is not None:
            row["failed"] = int(str(row["failed"])) + 1
    return rows


def main() -> int:
    """Runs, prints the table, keeps the figures; the exit code is pytest's."""
    code, report = run([one.upper() for one in sys.argv[1:]])
    rows = read(report)
    kept = json.loads(proof.FIGURES.read_text()) if proof.FIGURES.exists() else {}
    print(f"\n{'promise':8} {'tests':>6} {'rounds':>8} {'seconds':>9}  result")
    for promise in sorted(rows, key=proof.order):
        row = rows[promise]
        result = "holds" if not row["failed"] else f"{row['failed']} failed"
        print(f"{promise:8} {row['tests']:>6} {row['rounds']:>8} {row['seconds']:>9.1f}  {result}")
        kept[promise] = {
            "what": f"{row['tests']} tests, {row['rounds']} rounds",
            "result": result,
            "when": datetime.now(UTC).date().isoformat(),
        }
    proof.FIGURES.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")
    proof.DOCUMENT.write_text(proof.document())
    return code


if __name__ == "__main__":
    sys.exit(main())
