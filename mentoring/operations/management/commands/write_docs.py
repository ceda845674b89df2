"""``manage.py write_docs``: writes the documents generated from the code."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from mentoring.operations.state_diagrams import document


class Command(BaseCommand):
    help = "Writes docs/states.md from the state tables."

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "states.md"
        path.write_text(document(), encoding="utf-8")
        self.stdout.write(str(path))
