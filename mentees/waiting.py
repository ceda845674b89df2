"""What waits for applicants and, on the desk, for the coordinators."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentees.models import TO_DECIDE, Application, MentorWish
from mentoring.programme.templatetags.house import day, until_when
from mentoring.programme.waiting import Cue, DeskItem, Wait, only, way

# A decision due this soon needs a person today.
SOON = timedelta(days=3)


def cues(user: Any, now: datetime) -> list[Cue]:
    """Confirming, coming to the talk, taking a withdrawal back. Nothing while only the coordinators have
    to act. One query."""
    mine = (
        Application.objects.of(user)
        .without_spare()
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
        title = _("Come to the selection interview")
        return Cue(title, url, "mentees/cues/talk.html", context, application.talk_at)
    if application.confirmed_at and application.can_undo(now):
        title = _("Undo the withdrawal, if you wish")
        return Cue(title, url, "mentees/cues/undo.html", context, application.undo_until)
    return None


def waits(user: Any, now: datetime) -> list[Wait]:
    """What the coordinators have to decide about the person's applications, by when. One query."""
    mine = Application.objects.of(user).filter(state__in=(*TO_DECIDE, "waitlisted"))
    return [
        Wait(
            _("You will hear from us by %(day)s.") % {"day": until_when(one.decide_by)},
            one.decide_by,
        )
        for one in mine.exclude(decide_by=None).order_by("decide_by")
    ]


def desk_items(user: Any, now: datetime) -> list[DeskItem]:
    """What the coordinator has to read and to decide, in two queries however many applications."""
    groups = {
        "to_read": Q(state="submitted"),
        "reading": Q(state="in_review"),
        "talked": Q(state="invited", talk_at__lte=now),
        "talks": Q(state="invited", talk_at__gt=now),
        "waiting": Q(state="waitlisted", decide_by__lte=now + SOON),
    }
    columns: dict[str, Any] = {}
    for name, which in groups.items():
        columns |= {
            name: Count("pk", filter=which),
            f"{name}_since": Min("state_since", filter=which),
            f"{name}_due": Min("decide_by", filter=which),
            f"{name}_one": only(which),
        }
    found = (
        Application.objects.coordinated_by(user)
        .filter(state__in=("submitted", "in_review", "invited", "waitlisted"))
        .aggregate(
            **columns,
            oldest=Min("sent_at", filter=groups["to_read"]),
            first_talk=Min("talk_at", filter=groups["talked"]),
            next_talk=Min("talk_at", filter=groups["talks"]),
        )
    )

    def item(name: str, title: Any, detail: Any, state: str, **more: Any) -> DeskItem:
        url = way(Application, found[name], found[f"{name}_one"], f"state__exact={state}")
        more.setdefault("since", found[f"{name}_since"])
        return DeskItem(found[name], title, detail, url, **more)

    decide = {name: {"due": until_when(found[f"{name}_due"], "day", now)} for name in groups}
    items = [
        item(
            "to_read",
            ngettext("application to read", "applications to read", found["to_read"]),
            _("The oldest arrived on %(since)s; decision due by %(due)s")
            % {"since": day(found["oldest"], now), **decide["to_read"]},
            "submitted",
            urgent=_urgent(found["to_read_due"], now),
        ),
        item(
            "reading",
            ngettext("application being read", "applications being read", found["reading"]),
            _("Decision due by %(due)s") % decide["reading"],
            "in_review",
            urgent=_urgent(found["reading_due"], now),
        ),
        item(
            "talked",
            ngettext(
                "interview held, decision outstanding",
                "interviews held, decision outstanding",
                found["talked"],
            ),
            _("Decision due by %(due)s") % decide["talked"],
            "invited",
            since=found["first_talk"],
            urgent=_urgent(found["talked_due"], now),
        ),
        item(
            "talks",
            ngettext(
                "selection interview coming up", "selection interviews coming up", found["talks"]
            ),
            _("The next is on %(day)s") % {"day": day(found["next_talk"], now)},
            "invited",
            since=found["next_talk"],
            urgent=_today(found["next_talk"], now),
        ),
        item(
            "waiting",
            ngettext(
                "application on the waiting list, decision outstanding",
                "applications on the waiting list, decision outstanding",
                found["waiting"],
            ),
            _("An answer is promised by %(due)s") % decide["waiting"],
            "waitlisted",
            urgent=True,
        ),
    ]
    return [*(item for item in items if item.count), *_wishes_found(user, now)]


def _wishes_found(user: Any, now: datetime) -> list[DeskItem]:
    """Wishes by name for somebody the network knows by now: the plan counts them once they are joined."""
    found = list(
        MentorWish.objects.found_in_network(now)
        .filter(application__in=Application.objects.coordinated_by(user))
        .order_by("application__sent_at")
        .values_list("application_id", flat=True)
    )
    if not found:
        return []
    title = ngettext(
        "wish names somebody in our network", "wishes name somebody in our network", len(found)
    )
    url = reverse("admin:mentees_application_verb", args=[found[0], "join_wishes"])
    return [DeskItem(len(found), title, _("Link it so that the plan counts it"), url)]


def _today(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and localdate(moment) == localdate(now)


def _urgent(due: datetime | None, now: datetime) -> bool:
    return due is not None and due <= now + SOON
