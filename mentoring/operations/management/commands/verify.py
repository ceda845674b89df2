"""``manage.py verify``: all invariants (``verify.py``); exit 1 and one line per breach."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from mentoring.operations.verify import CHECKS, breaches


class Command(BaseCommand):
    help = "Checks the invariants of the programme; exit 1 and one line per breach."

    def handle(self, *args: Any, **options: Any) -> None:
        found = breaches(timezone.now())
        for line in found:
            self.stderr.write(line)
        if found:
            sys.exit(1)
        self.stdout.write(f"{len(CHECKS)} invariants hold.")
