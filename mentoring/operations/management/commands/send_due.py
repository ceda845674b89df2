"""``manage.py send_due``: one sweep of everything due, without Celery (contract, promise S4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.times import moment_of
from mentoring.operations.sweep import sweep


class Command(BaseCommand):
    help = (
        "Carries out all deadlines, plans reminders and sends what is due; prints counts by state. "
        "Safe beside running workers, and for a system timer."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--at", metavar="ISO8601", help="as if it were this moment (Berlin's unless it says so)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report = sweep(_moment(options["at"]))
        for name, count in sorted(report.passed.items()):
            self.stdout.write(f"deadlines {name}: {count}")
        for name in ("planned", "changed", "cancelled"):
            if report.planned[name]:
                self.stdout.write(f"reminders {name}: {report.planned[name]}")
        for status, count in sorted(report.mails.items()):
            self.stdout.write(f"{status}: {count}")
        if not report.mails:
            self.stdout.write("nothing due")
        if not report.ok:
            raise CommandError(f"failed: {', '.join(report.failed)}; the log says why")


def _moment(value: str | None) -> datetime:
    if value is None:
        return timezone.now()
    try:
        return moment_of(value)
    except ValueError as error:
        raise CommandError(f"“{value}” is no moment, for example 2026-10-01T08:00+02:00") from error
