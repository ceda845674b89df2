"""``sweep_queries_per_1000``: queries of a sweep to plan and announce 1,000 due reminders, delivery not
counted.

``SAVEPOINT`` and its like are no queries, and the parts into which SQLite's limit of variables splits one bulk
insert are one: on PostgreSQL it is one statement."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

from tests.races.harness import Ground

MEETINGS = 500  # each with a reminder to both sides
AT_MOST = 20
TRANSACTION = {"BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK"}
SAME = 60  # characters by which an insert is known to go on: the table and its first columns


def due_meetings(tandem: Any, now: datetime) -> None:
    """``MEETINGS`` fixed meetings whose reminders of the day before are due at ``now``, and no others."""
    from meetings.models import Meeting

    starts = now + timedelta(hours=23)
    meetings = [
        Meeting(
            tandem=tandem,
            number=1000 + number,
            starts_at=starts + timedelta(seconds=number),
            ends_at=starts + timedelta(hours=1, seconds=number),
            fixed_at=now - timedelta(days=2),
            created_at=now - timedelta(days=2),
            changed_at=now - timedelta(days=2),
            state_since=now - timedelta(days=2),
        )
        for number in range(MEETINGS)
    ]
    for meeting in meetings:
        Meeting.TABLE.move(meeting, "pick", now=now - timedelta(days=2))
    Meeting.objects.bulk_create(meetings)


def counted(now: datetime) -> tuple[int, int]:
    """(queries, rows planned) of a sweep that delivers nothing, with the message to the broker."""
    from django.db import connection

    from mentoring.operations import sweep
    from outbox.actions import nudge

    asked: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        goes_on = asked and sql.startswith("INSERT") and asked[-1][:SAME] == sql[:SAME]
        if not goes_on and sql.split()[0] not in TRANSACTION:
            asked.append(sql)
        return execute(sql, params, many, context)

    nothing: Counter[str] = Counter()
    with (
        mock.patch.object(sweep, "deliver", return_value=nothing),
        mock.patch("outbox.broker.publish_sweep"),
        connection.execute_wrapper(note),
    ):
        report = sweep.sweep(now)
        nudge()
    assert report.ok, report.failed
    return len(asked), report.planned["planned"]


def on_the_ground() -> list[int]:
    """Runs on the ground: queries and rows of the sweep that plans them, and queries of the next one."""
    from django.utils import timezone

    from matching.models import Tandem

    now = timezone.now()
    counted(now)  # what the demo itself left to do
    tandem = Tandem.objects.filter(state="active").order_by("pk").first()
    due_meetings(tandem, now)
    queries, rows = counted(now)
    return [queries, rows, counted(now)[0]]


def measured(ground: Ground) -> dict[str, Any]:
    """The entry of ``bench.json``."""
    queries, rows, again = ground.call("tests.measures.sweeping:on_the_ground")
    return {
        "sweep_queries_per_1000": {
            "value": round(queries * 1000 / rows, 1),
            "unit": "queries",
            "bound": {"at_most": AT_MOST},
            "detail": {"queries": queries, "rows": rows, "queries_of_the_next_sweep": again},
        }
    }
