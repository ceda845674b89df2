"""``manage.py close_account EMAIL``: the counterpart of ``invite_coordinator``."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.actions import deactivate
from accounts.models import User
from core.addresses import normalise
from core.audit import Actor
from core.errors import RuleViolation


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
