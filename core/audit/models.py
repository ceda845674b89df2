"""The append-only log of what happened: who, in which role, did what to which object."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class AppendOnly(models.QuerySet["AuditEvent"]):
    """Refuses to change or delete what was written (promise P9)."""

    def update(self, **kwargs: Any) -> int:
        raise PermissionError("audit events are never changed")

    def delete(self) -> Any:
        raise PermissionError("audit events are never deleted")

    def of(self, obj: models.Model) -> AppendOnly:
        """The events of one object, newest first."""
        return self.filter(object_type=obj._meta.label, object_id=str(obj.pk)).order_by(
            "-at", "-pk"
        )


class AuditEvent(models.Model):
    """One event. People are stored as UUIDs without a foreign key, so that erasing a person never changes the
    log; ``values`` holds new values of fields that are not personal (states, dates, numbers)."""

    at = models.DateTimeField(_("at"), db_index=True)
    actor_id = models.UUIDField(_("person"), null=True, db_index=True)
    actor_role = models.CharField(_("role"), max_length=20)
    object_type = models.CharField(_("object"), max_length=60)
    object_id = models.CharField(_("id"), max_length=40)
    cohort_id = models.UUIDField(_("cohort"), null=True, db_index=True)
    verb = models.CharField(_("action"), max_length=40)
    fields = models.JSONField(_("fields"), default=list)
    values = models.JSONField(_("values"), default=dict)
    request_id = models.UUIDField(_("request"), default=uuid.uuid4)

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        indexes = [models.Index(fields=["object_type", "object_id", "-at"], name="audit_by_object")]

    def __str__(self) -> str:
        return f"{self.object_type} {self.verb}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise PermissionError("audit events are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise PermissionError("audit events are never deleted")
