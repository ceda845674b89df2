"""``plan_matching COHORT [--objective total|fair] [--json FILE]``: computes and stores a run, like the
workbench."""

from __future__ import annotations

import json
import uuid
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone, translation

from core.audit import Actor
from core.errors import RuleViolation
from matching import engine
from matching.actions import keep_plan, work_out_plan
from matching.models import Objective
from programme.models import Cohort


class Command(BaseCommand):
    help = "Computes a matching run of a cohort. It suggests; people propose and approve."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("cohort", help="name or key of the cohort")
        parser.add_argument("--objective", choices=Objective.values, default=Objective.TOTAL.value)
        parser.add_argument("--json", type=Path, metavar="FILE", help="writes the plan to a file")

    def handle(self, *args: Any, **options: Any) -> None:
        cohort = _cohort(options["cohort"])
        with translation.override("de"):
            try:
                found = work_out_plan(cohort, options["objective"])
            except RuleViolation as violation:
                raise CommandError(str(violation), returncode=2) from violation
        with transaction.atomic():
            run = keep_plan(found, by=Actor.system(), now=timezone.now())
            if options["json"] is not None:
                _write(found.plan, options["json"])  # on failure the run is not stored
        self.stdout.write(
            f"{cohort}, Lauf {run.number} ({run.objective}): {run.result['matched']} von "
            f"{run.result['of']} Mentees mit Vorschlag, Summe {run.result['total']:.2f}"
        )


def _write(plan: engine.Plan, path: Path) -> None:
    """Writes the plan in the format of the engine's command. Raises CommandError where that is not possible."""
    text = json.dumps(engine.as_dict(plan), ensure_ascii=False, indent=2)
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise CommandError(
            f"{path} lässt sich nicht schreiben ({error.strerror}).", returncode=2
        ) from error


def _cohort(wanted: str) -> Cohort:
    """The cohort of a name or key. Raises CommandError where there is none."""
    found = Cohort.objects.filter(name=wanted).first()
    if found is None:
        try:
            found = Cohort.objects.filter(pk=uuid.UUID(wanted)).first()
        except ValueError:
            found = None
    if found is None:
        names = ", ".join(Cohort.objects.values_list("name", flat=True)) or "–"
        raise CommandError(f"Es gibt keinen Durchgang „{wanted}“. Vorhanden: {names}.")
    return found
