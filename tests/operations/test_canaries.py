"""No name, address, word, code or token of anybody is in a log, the broker, an address or the audit trail
(promises P10, L7, P9). The journey is in ``canaries.py``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.operations.canaries import LINK, Net, walk

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def net(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Net]:
    """The journey, gone once."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield walk(Path(tmp_path_factory.mktemp("mail")))
        transaction.set_rollback(True)


def test_p10_no_log_line_names_anybody(net: Net) -> None:
    lines = net.log.getvalue()
    assert net.found_in(lines) == []
    for line in lines.splitlines():
        assert json.loads(line)["event"], line  # one event is one line, whatever was typed


def test_p10_control_a_plain_formatter_would_have_named_them(net: Net) -> None:
    said = net.naive.getvalue()
    assert net.found_in(said)
    for secret in net.secrets.values():
        assert net.found_in(f"… {secret} …")
    for logger in ("django.request", "django.security", "django.db.backends", "celery"):
        told = [line for line in said.splitlines() if line.startswith(logger)]
        assert any(net.found_in(line) for line in told), f"nothing to redact in {logger}"


def test_p10_what_failed_is_still_found_in_the_log(net: Net) -> None:
    """Without words, but with type, place, route and the request's id."""
    lines = [json.loads(line) for line in net.log.getvalue().splitlines()]
    [failed] = [one for one in lines if one.get("status") == 500]
    assert (failed["route"], failed["method"]) == ("apply/", "POST")
    assert "IntegrityError" in failed["exception"]
    assert "mentees/views.py:" in failed["exception"]
    assert len(failed["request_id"]) == 36
    events = [one["event"] for one in lines]
    assert failed["event"] == "request.failed"
    assert "sweep.part_failed" in events
    assert "outbox.unbuildable" in events
    assert "outbox.nudge_failed" in events
    assert any("gunicorn" in one["logger"] and "exception" in one for one in lines)
    assert any(one["event"].startswith("canaries.web_server_lines") for one in lines)
    assert any("celery" in one["logger"] and "exception" in one for one in lines)


def test_p10_the_broker_learns_nothing_but_that_something_is_due(net: Net) -> None:
    assert len(net.messages) > 10
    for message in net.messages:
        assert net.found_in(message) == []


def test_p10_the_audit_trail_names_fields_and_no_values_of_people(net: Net) -> None:
    assert len(net.audit) > 30
    assert net.found_in(json.dumps(net.audit, default=str)) == []


def test_p9_every_state_reached_stands_in_the_trail(net: Net) -> None:
    assert net.unwritten == []


def test_l7_addresses_hold_no_names_and_tokens_their_own_page_alone(net: Net) -> None:
    """What stands in an address is kept by browsers, proxies and the Referer of the next request."""
    links = 0
    for path, location, referrer, cache in net.addresses:
        assert referrer == "same-origin", path
        if match := LINK.match(path):
            links += 1
            assert path == match[0]
            assert "no-store" in cache, path
            assert location in {"", path}
        elif "?q=" not in path:  # the desk's own search; P10 keeps the query out of the log
            assert net.found_in(path + location) == []
    assert links >= 8


def test_l7_no_table_holds_a_token(net: Net) -> None:
    tokens = [one for what, one in net.secrets.items() if what.startswith("token of")]
    assert len(tokens) >= 4
    assert [one for one in tokens if one in net.tables] == []
