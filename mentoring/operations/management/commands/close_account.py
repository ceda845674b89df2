"""``manage.py close_account EMAIL``: the counterpart of ``invite_coordinator``."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from mentoring.accounts.actions import deactivate
from mentoring.accounts.addresses import normalise
from mentoring.accounts.models import User
from mentoring.audit import Actor
from mentoring.transitions import RuleViolation


class Command(BaseCommand):
    help = (
        "Closes a person's account at once: open sessions end with their next request, and every part "
        "the person has in the programme ends."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = User.objects.filter(email=normalise(options["email"])).first()
        except ValueError:
            user = None
        if user is None:
            raise CommandError(f"Nobody is known by {options['email']}.")
        try:
            deactivate(user, by=Actor.system(), now=timezone.now())
        except RuleViolation as violation:
            raise CommandError(str(violation)) from violation
        self.stdout.write("The account is closed.")
