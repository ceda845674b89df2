"""User: everybody the programme knows by an address."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentoring.accounts.addresses import normalise


class UserManager(BaseUserManager["User"]):
    """Finds people by their normalised address."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=normalise(username or ""))

    def person(self, email: str, *, name: str = "", **defaults: Any) -> User:
        """The person with this address, made on first sight without usable password.

        Raises ValueError when ``email`` is no address. Never overwrites what is known of a person.
        """
        user, created = self.get_or_create(
            email=normalise(email), defaults={"name": name, "password": "!", **defaults}
        )
        if created:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        """A technical administrator; still needs a second factor to enter the admin."""
        user = self.model(email=normalise(email), is_staff=True, is_superuser=True, **extra)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person: former mentee, mentor and coordinator may be one. Without usable password unless staff."""

    AUDIT_LABELS: ClassVar = {
        "invite_staff": pgettext_lazy("history", "invited to the coordination"),
        "set_password": pgettext_lazy("history", "set the password"),
        "deactivate": pgettext_lazy("history", "closed the account"),
        "reopen": pgettext_lazy("history", "opened the account again"),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    salutation = models.CharField(
        _("how to address"),
        max_length=80,
        blank=True,
        help_text=_("As the person wishes, for example “Ms Osterloh”."),
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=[("de", _("German")), ("en", _("English"))],
        default="de",
    )
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    is_staff = models.BooleanField(_("may enter the administration"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("known since"), default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "email"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_person_per_address"),
            models.CheckConstraint(
                condition=models.Q(language__in=["de", "en"]), name="user_language"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        self.email = normalise(self.email)

    def get_full_name(self) -> str:
        """The name, or the address where none is known."""
        return str(self)

    @property
    def greeting(self) -> str:
        """How a mail addresses the person: the wished salutation, else the name."""
        return self.salutation or self.name
