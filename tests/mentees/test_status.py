"""The way of an application, as its own page draws it: only what has happened looks done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mentees.status import steps
from tests import factories
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


def drawn(state: str, *, talk: bool = False) -> dict[str, str]:
    """The steps by name, for an application in this state."""
    application = factories.application(state)
    application.talk_at = NOW - timedelta(days=1) if talk else None
    return {str(one["label"]): one["state"] for one in steps(application)}


@pytest.mark.parametrize("state", ["unconfirmed", "submitted"])
def test_what_nobody_has_read_is_not_drawn_as_read(state: str) -> None:
    assert drawn(state)["Lesen"] == "ahead"


def test_reading_is_under_way_and_then_done() -> None:
    assert drawn("in_review")["Lesen"] == "now"
    assert drawn("invited", talk=True) == {
        "Absenden": "done",
        "Bestätigen": "done",
        "Lesen": "done",
        "Gespräch": "now",
        "Entscheidung": "ahead",
    }


@pytest.mark.parametrize("state", ["waitlisted", "accepted", "rejected"])
def test_a_talk_that_was_skipped_is_not_drawn_as_held(state: str) -> None:
    assert "Gespräch" not in drawn(state)
    assert drawn(state, talk=True)["Gespräch"] == "done"


def test_a_withdrawn_application_has_no_way() -> None:
    assert drawn("withdrawn") == {}
