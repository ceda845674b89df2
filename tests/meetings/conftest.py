"""What the tests of meetings are given."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import NOW
from tests.meetings.helpers import Pair, pair


@pytest.fixture
def two() -> Pair:
    """A tandem of two named people."""
    return pair()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The one clock of a request; change its only item to travel."""
    moment = [NOW]
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment[0])
    return moment
