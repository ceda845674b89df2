"""One browser for all journeys of a worker, and one running site for those of a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.journeys.walk import chromium
from tests.races.harness import Ground, Server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with chromium() as one:
        yield one


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[Ground, Server, dict[str, Any]]]:
    """A running site with coordinators and a cohort that takes applications."""
    with Ground("sqlite") as ground, ground.serving(workers=1) as server:
        yield ground, server, ground.call("tests.journeys.stage:prepare")


@pytest.fixture(scope="module")
def tandem_stage(
    stage: tuple[Ground, Server, dict[str, Any]],
) -> tuple[Ground, Server, dict[str, Any]]:
    """The same with a tandem that waits for its mentor, a meeting that waits for a date, a workshop."""
    ground, server, facts = stage
    return ground, server, facts | ground.call("tests.journeys.stage:tandem_waiting")
