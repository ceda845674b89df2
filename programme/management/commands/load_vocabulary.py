"""``manage.py load_vocabulary``: enters the initial vocabulary and notices."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from programme.vocabulary import ensure_vocabulary


class Command(BaseCommand):
    help = "Enters subjects, degrees, career fields, topics and notices that are not there yet."

    def handle(self, *args: Any, **options: Any) -> None:
        new = ensure_vocabulary()
        self.stdout.write(f"{new} entries are new; what was there is unchanged.")
