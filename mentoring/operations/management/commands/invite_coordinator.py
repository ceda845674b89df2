"""``manage.py invite_coordinator EMAIL``: creates a staff account and sends its link (for the first account)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.actions import invite_staff
from core import audit
from core.audit import Actor
from programme.models import Cohort, CohortRole


class Command(BaseCommand):
    help = "Invites a coordinator: sends a link to set a password, valid for seven days."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="")
        parser.add_argument(
            "--cohort", action="append", default=[], help="name of a cohort; may be repeated"
        )
        parser.add_argument("--superuser", action="store_true", help="technical administrator")

    @audit.together()
    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        cohorts = list(Cohort.objects.filter(name__in=options["cohort"]))
        if missing := set(options["cohort"]) - {cohort.name for cohort in cohorts}:
            raise CommandError(f"No cohort is called {', '.join(sorted(missing))}.")
        try:
            user = invite_staff(
                options["email"],
                name=options["name"],
                superuser=options["superuser"],
                by=Actor.system(),
                now=now,
            )
        except ValueError as error:
            raise CommandError(f"{options['email']} is no e-mail address.") from error
        for cohort in cohorts:
            role, created = CohortRole.objects.get_or_create(cohort=cohort, user=user)
            if created:
                audit.record(role, "create", by=Actor.system(), now=now, cohort_id=cohort.pk)
        self.stdout.write("The invitation is in the outbox and leaves with the next sweep.")
