"""The outbox's part of the desk: mails that a person has to look at (promises S7, S8, S10)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.ui import moment
from core.todo import DeskItem
from mentoring.desk.people import seen_by
from outbox.kinds import label_of, mail_kinds
from outbox.models import MailStatus, OutgoingMail
from programme.models import Cohort


def readable_mails(user: Any) -> Any:
    """The mails whose fate the coordinator may see: those of their cohorts and, of those of no cohort, the
    kinds that are shared. Decoys, which went to nobody, are nobody's (promise P3)."""
    found = OutgoingMail.objects.filter(recipient__isnull=False)
    if user.is_superuser:
        return found
    shared = [one.kind for one in mail_kinds.values() if one.shared]
    own = Cohort.objects.coordinated_by(user).values("pk")
    return found.filter(Q(cohort_id__in=own) | Q(cohort_id=None, kind__in=shared))


def with_known(mails: Any, user: Any) -> Any:
    """Each with ``known``: whether the coordinator may know who the recipient is. Of others they read the
    address a mail goes to and no name (promise A7)."""
    return mails.annotate(known=Exists(seen_by(user).filter(pk=OuterRef("recipient"))))


def desk_items(user: Any, now: datetime) -> list[DeskItem]:
    """Mails that failed, whose delivery is uncertain, or that were missed. One query, and one more for the
    oldest of each sort."""
    waiting = readable_mails(user).needs_a_person()
    counts = {
        row["status"]: row
        for row in waiting.order_by()
        .values("status")
        .annotate(number=Count("pk"), oldest=Min("due_at"))
    }
    titles = {
        MailStatus.IN_DOUBT: lambda number: ngettext(
            "email of uncertain delivery", "emails of uncertain delivery", number
        ),
        MailStatus.FAILED: lambda number: ngettext(
            "email could not be delivered", "emails could not be delivered", number
        ),
        MailStatus.MISSED: lambda number: ngettext(
            "email not sent in time", "emails not sent in time", number
        ),
    }
    return [
        _item(user, waiting, status, counts[status]["number"], title)
        for status, title in titles.items()
        if status in counts
    ]


def _item(user: Any, waiting: Any, status: MailStatus, number: int, title: Any) -> DeskItem:
    found = with_known(waiting.filter(status=status), user).select_related("recipient")
    oldest = found.order_by("due_at").first()
    url = reverse("admin:outbox_outgoingmail_changelist") + f"?status__exact={status}&settled=open"
    detail = ""
    if oldest is not None:
        detail = _("%(kind)s to %(person)s, %(moment)s") % {
            "kind": label_of(oldest.kind),
            "person": oldest.recipient if oldest.known else oldest.address,
            "moment": moment(oldest.due_at),
        }
        if number == 1:
            url = reverse("admin:outbox_outgoingmail_change", args=[oldest.pk])
    since = oldest.due_at if oldest is not None else None
    urgent = status != MailStatus.MISSED
    return DeskItem(number, title(number), detail, url, urgent=urgent, since=since)
