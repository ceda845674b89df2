"""The outbox's part of the desk: mails that a person has to look at (promises S7, S8, S10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.ui import moment
from core.todo import DeskItem, first_of_each
from mentoring.desk.people import seen_by
from outbox.kinds import label_of, mail_kinds
from outbox.models import MailStatus, OutgoingMail
from programme.models import Cohort


def readable_mails(user: Any, cohorts: Any = None) -> Any:
    """The mails whose fate the coordinator may see: those of their cohorts and, of those of no cohort, the
    kinds that are shared. Decoys, which went to nobody, are nobody's (promise P3). ``cohorts``: the keys of theirs, where
    they have been read."""
    found = OutgoingMail.objects.filter(recipient__isnull=False)
    if user.is_superuser:
        return found
    shared = [one.kind for one in mail_kinds.values() if one.shared]
    own = Cohort.objects.coordinated_by(user).values("pk") if cohorts is None else cohorts
    return found.filter(Q(cohort_id__in=own) | Q(cohort_id=None, kind__in=shared))


def with_known(mails: Any, user: Any, cohorts: Any = None) -> Any:
    """Each with ``known``: whether the coordinator may know who the recipient is. Of others they read the
    address a mail goes to and no name (promise A7)."""
    return mails.annotate(known=Exists(seen_by(user, cohorts).filter(pk=OuterRef("recipient"))))


def desk_items(user: Any, cohorts: Sequence[Cohort], now: datetime) -> list[DeskItem]:
    """Mails that failed, whose delivery is uncertain, or that were missed. One query for their numbers, and
    only if there are any, one for the oldest of each of the three."""
    keys = [one.pk for one in cohorts]
    waiting = readable_mails(user, keys).needs_a_person()
    numbers = dict(waiting.order_by().values_list("status").annotate(number=Count("pk")))
    if not numbers:
        return []
    firsts = first_of_each(waiting, "status", [F("due_at"), F("pk")]).values("pk")
    oldest = with_known(OutgoingMail.objects.filter(pk__in=firsts), user, keys)
    found = {one.status: one for one in oldest.select_related("recipient")}
    titles: dict[MailStatus, Any] = {
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
        _item(found[status], number, title(number))
        for status, title in titles.items()
        if status in found and (number := numbers.get(status))
    ]


def _item(oldest: Any, number: int, title: Any) -> DeskItem:
    url = reverse("admin:outbox_outgoingmail_change", args=[oldest.pk])
    if number > 1:
        changelist = reverse("admin:outbox_outgoingmail_changelist")
        url = f"{changelist}?status__exact={oldest.status}&settled=open"
    detail = _("%(kind)s to %(person)s, %(moment)s") % {
        "kind": label_of(oldest.kind),
        "person": oldest.recipient if oldest.known else oldest.address,
        "moment": moment(oldest.due_at),
    }
    urgent = oldest.status != MailStatus.MISSED
    return DeskItem(number, title, detail, url, urgent=urgent, since=oldest.due_at)
