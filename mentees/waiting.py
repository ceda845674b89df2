"""What waits for applicants and, on the desk, for the coordinators."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentees.models import TO_DECIDE, Application
from mentoring.programme.templatetags.house import day, full_day
from mentoring.programme.waiting import Cue, DeskItem, Wait

# A decision due this soon needs a person today.
SOON = timedelta(days=3)


def cues(user: Any, now: datetime) -> list[Cue]:
    """Confirming, coming to the talk, taking a withdrawal back. Nothing while only the coordinators have
    to act. One query."""
    mine = (
        Application.objects.of(user)
        .filter(state__in=("unconfirmed", "invited", "withdrawn"))
        .select_related("cohort")
        .order_by("-sent_at")
    )
    found = (_cue(application, now) for application in mine)
    return [cue for cue in found if cue is not None]


def _cue(application: Application, now: datetime) -> Cue | None:
    url = reverse("my_application_detail", args=[application.pk])
    context = {"application": application}
    if application.state == "unconfirmed" and now < application.confirm_until:
        title = _("Confirm your application")
        template = "mentees/cues/confirm.html"
        return Cue(title, url, template, context, application.confirm_until)
    if application.state == "invited" and application.talk_at and now < application.talk_at:
        title = _("Come to the selection talk")
        return Cue(title, url, "mentees/cues/talk.html", context, application.talk_at)
    if application.confirmed_at and application.can_undo(now):
        title = _("Take the withdrawal back, if you wish")
        return Cue(title, url, "mentees/cues/undo.html", context, application.undo_until)
    return None


def waits(user: Any, now: datetime) -> list[Wait]:
    """What the coordinators have to decide about the person's applications, by when. One query."""
    mine = Application.objects.of(user).filter(state__in=(*TO_DECIDE, "waitlisted"))
    return [
        Wait(
            _("You hear from us by %(day)s.") % {"day": full_day(one.decide_by)},
            one.decide_by,
        )
        for one in mine.exclude(decide_by=None).order_by("decide_by")
    ]


def desk_items(user: Any, now: datetime) -> list[DeskItem]:
    """What the coordinator has to read and to decide, in one query however many applications."""
    counts = Application.objects.coordinated_by(user).aggregate(
        to_read=Count("pk", filter=Q(state="submitted")),
        oldest=Min("sent_at", filter=Q(state="submitted")),
        read_due=Min("decide_by", filter=Q(state="submitted")),
        reading=Count("pk", filter=Q(state="in_review")),
        reading_due=Min("decide_by", filter=Q(state="in_review")),
        talked=Count("pk", filter=Q(state="invited", talk_at__lte=now)),
        talked_due=Min("decide_by", filter=Q(state="invited", talk_at__lte=now)),
        talks=Count("pk", filter=Q(state="invited", talk_at__gt=now)),
        next_talk=Min("talk_at", filter=Q(state="invited", talk_at__gt=now)),
        waiting=Count("pk", filter=Q(state="waitlisted", decide_by__lte=now + SOON)),
        waiting_due=Min("decide_by", filter=Q(state="waitlisted", decide_by__lte=now + SOON)),
    )
    items = [
        DeskItem(
            counts["to_read"],
            ngettext("application to read", "applications to read", counts["to_read"]),
            _("The oldest since %(since)s, decision due by %(due)s")
            % {"since": day(counts["oldest"]), "due": day(counts["read_due"])},
            _list("submitted"),
            _urgent(counts["read_due"], now),
        ),
        DeskItem(
            counts["reading"],
            ngettext("application begun", "applications begun", counts["reading"]),
            _("Decision due by %(due)s") % {"due": day(counts["reading_due"])},
            _list("in_review"),
            _urgent(counts["reading_due"], now),
        ),
        DeskItem(
            counts["talked"],
            ngettext("talk held, to be decided", "talks held, to be decided", counts["talked"]),
            _("Decision due by %(due)s") % {"due": day(counts["talked_due"])},
            _list("invited"),
            _urgent(counts["talked_due"], now),
        ),
        DeskItem(
            counts["talks"],
            ngettext("selection talk ahead", "selection talks ahead", counts["talks"]),
            _("The next on %(day)s") % {"day": day(counts["next_talk"])},
            _list("invited"),
        ),
        DeskItem(
            counts["waiting"],
            ngettext(
                "application on the waiting list, to be decided",
                "applications on the waiting list, to be decided",
                counts["waiting"],
            ),
            _("An answer is promised by %(due)s") % {"due": day(counts["waiting_due"])},
            _list("waitlisted"),
            urgent=True,
        ),
    ]
    return [item for item in items if item.count]


def _list(state: str) -> str:
    return reverse("admin:mentees_application_changelist") + f"?state__exact={state}"


def _urgent(due: datetime | None, now: datetime) -> bool:
    return due is not None and due <= now + SOON
