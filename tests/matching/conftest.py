"""The programme's clock stands still at NOW, in views too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.conftest import NOW


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """``clock.move_to(moment)`` goes elsewhere; requests read this clock."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller
