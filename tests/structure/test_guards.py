"""No guard can be switched off in the product (promise C2); that verbs lock: ``test_locks.py``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from mentoring import PACKAGES

ROOT = Path(__file__).resolve().parents[2]


def sources() -> Iterator[Path]:
    for app in PACKAGES:
        yield from (one for one in (ROOT / app).rglob("*.py") if "migrations" not in one.parts)


def test_c2_nothing_in_the_product_switches_a_guard_off() -> None:
    """The races are sabotaged from tests/ alone: the product imports no test and knows no such switch."""
    count = 0
    for path in sources():
        text = path.read_text()
        assert not re.search(r"^\s*(?:from|import) tests\b", text, re.M), path
        assert not re.search(r"sabot|skip_lock(?!ed)|SKIP_LOCK|without_guard", text), path
        count += 1
    assert count > 100
