"""ActionLink: lets its holder take one decision without logging in (promises L1 to L7)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Literal, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

LinkState = Literal["open", "used", "expired", "replaced", "withdrawn"]


class ActionLinkQuerySet(models.QuerySet["ActionLink"]):
    def about(self, purpose: str, obj: models.Model) -> Self:
        """The links of one purpose for one object."""
        return self.filter(purpose=purpose, object_id=obj.pk)

    def live(self) -> Self:
        """Those neither replaced nor withdrawn."""
        return self.filter(closed_at=None)


class ActionLink(models.Model):
    """One link. The row keeps the SHA-256 of the token, never the token: it is computed from the row's
    key and version with ``LINK_KEY`` when a mail leaves (promise L4)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(_("purpose"), max_length=40)
    object_type = models.CharField(max_length=60)
    object_id = models.UUIDField(db_index=True)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="action_links",
        verbose_name=_("holder"),
    )
    version = models.PositiveIntegerField(default=0)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("valid until"), null=True)
    used_at = models.DateTimeField(_("used"), null=True)
    closed_at = models.DateTimeField(null=True)
    closed_as = models.CharField(max_length=10, blank=True)  # "replaced" or "withdrawn"

    objects = ActionLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("personal link")
        verbose_name_plural = _("personal links")
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "object_id", "holder"],
                condition=models.Q(closed_at=None),
                name="one_live_link_per_purpose_object_holder",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}"

    def state_at(self, now: datetime) -> LinkState:
        """The state of the link at ``now``; a used one stays used after its deadline."""
        if self.closed_at is not None:
            return "replaced" if self.closed_as == "replaced" else "withdrawn"
        if self.used_at is not None:
            return "used"
        if self.expires_at is not None and now >= self.expires_at:
            return "expired"
        return "open"
