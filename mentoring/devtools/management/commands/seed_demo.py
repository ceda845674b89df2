"""``manage.py seed_demo``: enters three plausible cohorts for looking at and trying out (contract)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.times import moment_of
from mentoring.devtools.demo.seed import Refused, is_empty, seed_demo, take_second_look
from mentoring.devtools.demo.stage import Sizes


def _number(text: str) -> int:
    found = int(text)
    if not 1 <= found <= 5000:
        raise ValueError
    return found


class Command(BaseCommand):
    help = (
        "Enters three cohorts of people who do not exist: a past one, a running one in every stage of its "
        "life, one whose application window is open. Into an empty database of the embedded default alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        usual = Sizes()
        parser.add_argument("--mentees", type=_number, default=usual.mentees)
        parser.add_argument("--mentors", type=_number, default=usual.mentors)
        parser.add_argument("--workshops", type=_number, default=usual.workshops)
        parser.add_argument("--seed", type=int, default=1, help="Another number, other people.")
        parser.add_argument(
            "--at", type=moment_of, metavar="ISO8601", help="Told from this moment."
        )

        parser.add_argument(
            "--look",
            action="store_true",
            help="A university with a look of its own; where the demo is already there, only that changes.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        sizes = Sizes(options["mentees"], options["mentors"], options["workshops"])
        try:
            at = options["at"] or timezone.now()
            if options["look"] and not is_empty():
                take_second_look(at)
                return
            found = seed_demo(at, seed=options["seed"], sizes=sizes, second_look=options["look"])
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["verbosity"] > 0:
            self.stdout.write(", ".join(f"{name} {number}" for name, number in found.items()))
