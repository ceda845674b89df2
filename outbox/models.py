"""OutgoingMail: one mail to one person, planned, sent or failed. The database is the queue."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.links.models import ActionLink


class MailStatus(models.TextChoices):
    """The statuses of a mail, from planned to sent."""

    PLANNED = "planned", _("planned")
    CLAIMED = "claimed", _("being sent")
    SENT = "sent", _("sent")
    RETRY = "retry", _("failed, will be tried again")
    FAILED = "failed", _("failed")
    IN_DOUBT = "in_doubt", _("delivery uncertain")
    CANCELLED = "cancelled", _("cancelled")
    MISSED = "missed", _("too late, not sent")


WAITING = (MailStatus.PLANNED, MailStatus.RETRY)
ON_THE_WAY = (*WAITING, MailStatus.CLAIMED, MailStatus.IN_DOUBT)
NEEDS_A_PERSON = (MailStatus.FAILED, MailStatus.IN_DOUBT, MailStatus.MISSED)


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def due(self, now: datetime, *, clock: datetime | None = None) -> Self:
        """Rows that may be claimed at ``now``: due and waiting, in doubt and to be sent once more, or claimed
        by a worker whose lease expired at ``clock`` (the machine's time; ``now`` by default)."""
        return self.filter(
            Q(status__in=WAITING)
            | Q(status=MailStatus.IN_DOUBT, resend=True)
            | Q(status=MailStatus.CLAIMED, claim_until__lt=clock or now),
            # repeated so that the partial index, which covers only these, is used
            status__in=ON_THE_WAY,
            due_at__lte=now,
        )

    def about(self, obj: models.Model) -> Self:
        """The mails about one object."""
        return self.filter(object_type=obj._meta.label, object_id=obj.pk)

    def needs_a_person(self) -> Self:
        """What a coordinator has to look at (promises S7, S8, S10)."""
        return self.filter(status__in=NEEDS_A_PERSON, resolved_at=None)


class OutgoingMail(models.Model):
    """One mail, with its facts; rendered once, at the first claim, and frozen for retries."""

    AUDIT_LABELS: ClassVar = {
        "send_again": pgettext_lazy("history", "sent the email again"),
        "close": pgettext_lazy("history", "closed the email without sending"),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dedupe_key = models.CharField(max_length=64, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=60)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,  # only a decoy has none (accounts.mails.decoy); checked by the constraint below
        related_name="mails",
        verbose_name=_("recipient"),
    )
    # The address where it is not the recipient's present one: an unconfirmed one, or the one that was valid
    # when this was queued. Blank: the recipient's address at sending.
    to_address = models.EmailField(_("to the address"), max_length=254, blank=True)
    object_type = models.CharField(_("about"), max_length=60)
    object_id = models.UUIDField()
    cohort_id = models.UUIDField(null=True, db_index=True)
    facts = models.JSONField(_("facts"), default=dict)
    link = models.ForeignKey(ActionLink, models.SET_NULL, null=True, related_name="+")
    planned_for = models.DateTimeField(null=True)  # of a reminder: when it was first due
    schedule_version = models.PositiveIntegerField(default=0)
    offset = models.CharField(max_length=40, blank=True)
    thread = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(_("created"))
    due_at = models.DateTimeField(_("due"))
    useful_until = models.DateTimeField(_("useful until"), null=True)
    status = models.CharField(
        _("status"), max_length=10, choices=MailStatus.choices, default=MailStatus.PLANNED
    )
    claimed_by = models.CharField(max_length=40, blank=True)
    claim_until = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)  # cancelled while a worker held it (S11)
    handed_over_at = models.DateTimeField(null=True)  # the server may have it (S8)
    resend = models.BooleanField(default=False)  # in doubt, to be sent once more
    attempt = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last response"), max_length=200, blank=True)
    resolved_at = models.DateTimeField(_("closed"), null=True)
    # frozen at the first claim
    rendered_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=2, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=120, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("email")
        verbose_name_plural = _("outbox")
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["due_at", "created_at"],  # the order of claims
                name="mail_due",
                condition=Q(status__in=["planned", "retry", "claimed", "in_doubt"]),
            ),
            # Each claim checks for each due row whether another mail about the same is in sending. Without an
            # index of its own the cost is due × claimed rows whenever the planner's statistics are stale.
            models.Index(
                fields=["object_id", "recipient"],
                name="mail_in_flight",
                condition=Q(status="claimed"),
            ),
            models.Index(fields=["object_id", "kind"], name="mail_by_object"),
            models.Index(fields=["status", "-created_at"], name="mail_by_status"),
            models.Index(fields=["-created_at"], name="mail_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(recipient__isnull=False) | Q(status="cancelled"),
                name="mail_without_recipient_never_leaves",
            ),
            models.CheckConstraint(
                condition=~Q(status="sent") | (~Q(message_id="") & Q(sent_at__isnull=False)),
                name="sent_mail_has_message_id",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def address(self) -> str:
        """The address the mail goes, or went, to; empty for a decoy."""
        return self.to_address or (self.recipient.email if self.recipient else "")


def dedupe_key(
    kind: str,
    object_id: uuid.UUID,
    recipient_id: uuid.UUID,
    version: int,
    offset: str,
    facts: Mapping[str, Any] | None = None,
) -> str:
    """SHA-256 over everything that identifies a mail.

    ``facts``: the facts of a mail about an event, so that another event is never taken for the same (promise
    S16). A reminder's key contains none: its facts are updated while it waits.
    """
    parts = [kind, str(object_id), str(recipient_id), str(version), offset]
    if facts is not None:
        parts.append(json.dumps(facts, sort_keys=True))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


class Sweep(models.Model):
    """One row: start and end of the last sweep. When it is stale, no worker is running (promises S5, S14)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    started_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="only_one_sweep_row")]

    def __str__(self) -> str:
        return f"sweep completed {self.completed_at}"
