"""How many connections a delivery opens to the mail server (promise S7)."""

from __future__ import annotations

import pytest

from outbox import smtp
from outbox.smtp import SmtpTransport


@pytest.fixture
def transport(monkeypatch: pytest.MonkeyPatch) -> SmtpTransport:
    """One connection is wanted; none of them begins, so that what is posted waits."""
    monkeypatch.setattr(smtp, "TIMEOUTS", smtp.Timeouts(another_lane=0.02))
    monkeypatch.setattr(smtp._Lane, "start", lambda self: None)
    return SmtpTransport(smtp.Server("127.0.0.1", 25), connections=1)


def test_s7_further_connections_are_opened_only_while_something_waits_behind_slow_ones(
    transport: SmtpTransport,
) -> None:
    transport.post([])
    group = transport.jobs.get_nowait()  # its connection is at work on it, and nothing else waits
    for _quiet in range(3):
        assert transport.events(1) == []
    assert len(transport._lanes) == 1

    transport.jobs.put(group)
    transport.events(0)  # no time has passed without news
    assert len(transport._lanes) == 1
    transport.events(1)
    assert len(transport._lanes) == 2
    for _quiet in range(smtp.MOST_LANES + 2):
        transport.events(1)
    assert len(transport._lanes) == smtp.MOST_LANES
