"""User: every person known by an e-mail address."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.addresses import normalise
from core.errors import RuleViolation

_BY_ITS_VERB = _("An address is changed by confirming the new one, never directly.")
LANGUAGES = [("de", _("German")), ("en", _("English"))]


class UserQuerySet(models.QuerySet["User"]):
    """Refuses to write addresses in bulk: only the verb changes an address (promise A7)."""

    def update(self, **kwargs: Any) -> int:
        if "email" in kwargs:
            raise RuleViolation(_BY_ITS_VERB, code="bypass")
        return super().update(**kwargs)

    def bulk_update(self, objs: Any, fields: Any, batch_size: int | None = None) -> int:
        if "email" in fields:
            raise RuleViolation(_BY_ITS_VERB, code="bypass")
        return super().bulk_update(objs, fields, batch_size)


class UserManager(BaseUserManager["User"]):
    """Finds people by their normalised address."""

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=normalise(username or ""))

    def person(self, email: str, *, name: str = "", **defaults: Any) -> User:
        """The person with this address, created without usable password if unknown.

        Raises ValueError when ``email`` is no address. Never overwrites data of a known person.
        """
        user, created = self.get_or_create(
            email=normalise(email), defaults={"name": name, "password": "!", **defaults}
        )
        if created:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        """Creates a technical administrator, who still needs a second factor for the admin."""
        user = self.model(email=normalise(email), is_staff=True, is_superuser=True, **extra)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person; one account can be former mentee, mentor and coordinator. Without usable password unless
    staff.

    Saving another address than the one that was read raises RuleViolation: an address changes when it is
    confirmed (``actions.confirm_address``), so that no other record has power over a person (promise A7).
    ``new_email`` is an address that waits for its confirmation; nobody can sign in with it.
    """

    AUDIT_LABELS: ClassVar = {
        "invite_staff": pgettext_lazy("history", "was invited as a coordinator"),
        "set_password": pgettext_lazy("history", "set the password"),
        "deactivate": pgettext_lazy("history", "closed the account"),
        "reopen": pgettext_lazy("history", "reopened the account"),
        "ask_for_address": pgettext_lazy("history", "entered a new address"),
        "ask_again": pgettext_lazy("history", "sent the link to the new address again"),
        "drop_address": pgettext_lazy("history", "withdrew the new address"),
        "lapse_address": pgettext_lazy("history", "recorded that the new address had expired"),
        "confirm_address": pgettext_lazy("history", "confirmed the new address"),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("email address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    salutation = models.CharField(
        _("form of address"),
        max_length=80,
        blank=True,
        help_text=_("As the person wishes, for example “Ms Osterloh”."),
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=LANGUAGES,
        default="de",
    )
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    new_email = models.EmailField(
        _("new address, not confirmed yet"), max_length=254, blank=True, editable=False
    )
    new_email_at = models.DateTimeField(null=True, editable=False)
    # who entered it; must still be allowed to at the confirmation. None: a command on the server
    new_email_by = models.UUIDField(null=True, editable=False)
    is_staff = models.BooleanField(_("may use the administration"), default=False)
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stored_email: str | None = None
        self._confirmed_email: str | None = None

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **kwargs: Any) -> Self:
        person = super().from_db(db, field_names, values, **kwargs)
        if "email" in field_names:
            person._stored_email = person.email
        return person

    def refresh_from_db(
        self, using: Any = None, fields: Any = None, from_queryset: Any = None
    ) -> None:
        super().refresh_from_db(using, fields, from_queryset)
        if "email" in (fields or self.__dict__):
            self._stored_email = self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        known = (self._stored_email, self._confirmed_email)
        if not self._state.adding and "email" in self.__dict__ and self.email not in known:
            raise RuleViolation(_BY_ITS_VERB, code="bypass")
        super().save(*args, **kwargs)
        if "email" in self.__dict__:
            self._stored_email, self._confirmed_email = self.email, None

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Includes the address, so that sessions end with a new password (as in Django) and with a new
        address (promise P5)."""
        known_by = f"{self.email} {self.password}"
        return salted_hmac(
            "accounts.session", known_by, secret=secret, algorithm="sha256"
        ).hexdigest()

    def clean(self) -> None:
        self.email = normalise(self.email)

    def get_full_name(self) -> str:
        """The name, or the address where none is known."""
        return str(self)

    @property
    def greeting(self) -> str:
        """How a mail addresses the person: the chosen salutation, else the name."""
        return self.salutation or self.name
