"""The append-only log of what happened: who, in which role, did what to which object."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import connection, models
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

    def newest(self) -> int:
        """The number of the newest event that is committed; 0 where there is none. Plain SQL, since every
        public page asks: the ORM takes ten times as long to write this query as the database to answer it."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT MAX(id) FROM {self.model._meta.db_table}")  # noqa: S608
            return cursor.fetchone()[0] or 0  # type: ignore[no-any-return]

    def is_being_written(self) -> bool:
        """Whether another transaction that has inserted an event is still open: on PostgreSQL an event gets
        its number under the lock asked for here. Always False on SQLite, which has one writer at a time."""
        if connection.vendor != "postgresql":
            return False
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'relation'"
                " AND relation = %s::regclass AND mode = 'RowExclusiveLock'"
                " AND pid <> pg_backend_pid() AND database ="
                " (SELECT oid FROM pg_database WHERE datname = current_database()))",
                [self.model._meta.db_table],
            )
            return cursor.fetchone()[0]  # type: ignore[no-any-return]


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
