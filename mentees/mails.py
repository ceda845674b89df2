"""The mails to applicants about their application and to the coordinators about arrivals and departures, and
which goes when. A fact stands here only when its mail needs it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.links.models import ActionLink
from mentees.models import Application, Mentee
from outbox.actions import queue
from outbox.kinds import MailKind
from programme.roles import coordinators_of

_MINE = "/me/application/"


def _kind(kind: str, label: Any, sample: Mapping[str, Any], **rest: Any) -> MailKind:
    return MailKind(kind, "mentees", label, sample, lost_reply="resend", **rest)


KINDS = (
    _kind(
        "application-confirm",
        _("confirmation of an address"),
        {
            "cohort": "2026/27",
            "confirm_until": "2026-09-16T21:59:00+00:00",
        },
        reaches_closed=True,  # somebody begins anew
    ),
    _kind(
        "application-received",
        _("confirmation of receipt of an application"),
        {
            "cohort": "2026/27",
            "decide_by": "2026-10-11T21:59:00+00:00",
            "talks_from": "2026-09-21",
            "talks_until": "2026-09-30",
            "url": _MINE,
        },
    ),
    _kind(
        "application-invited",
        _("invitation to the selection interview"),
        {
            "cohort": "2026/27",
            "moved": True,
            "talk_at": "2026-09-22T08:30:00+00:00",
            "talk_place": "Grassistraße 8, Raum 214",
            "decide_by": "2026-10-11T21:59:00+00:00",
            "url": _MINE,
        },
    ),
    _kind(
        "application-accepted",
        _("acceptance of an application"),
        {
            "cohort": "2026/27",
            "starts_on": "2026-10-01",
            "ends_on": "2027-07-31",
            "kickoff_on": "2026-10-23",
            "url": "/me/",
        },
    ),
    _kind(
        "application-waitlisted",
        _("waiting list, to the applicant"),
        {
            "cohort": "2026/27",
            "decide_by": "2026-10-01T21:59:00+00:00",
            "url": _MINE,
        },
    ),
    _kind(
        "application-rejected",
        _("application not accepted"),
        {
            "cohort": "2026/27",
            "words": "Ihre Ziele haben uns beeindruckt; im nächsten Jahr haben Sie noch Zeit genug.",
            "url": _MINE,
        },
    ),
    _kind(
        "application-withdrawn",
        _("confirmation of a withdrawal"),
        {
            "cohort": "2026/27",
            "undo_until": "2026-09-18T10:00:00+00:00",
            "url": _MINE,
        },
    ),
    _kind(
        "application-arrived",
        _("new application, to the coordinators"),
        {
            "name": "Leyla Arslan",
            "subject": "Violoncello",
            "cohort": "2026/27",
            "decide_by": "2026-10-11T21:59:00+00:00",
            "url": "/admin/mentees/application/",
        },
        for_coordinators=True,
    ),
    _kind(
        "mentee-left",
        _("mentee left, to the coordinators"),
        {
            "name": "Leyla Arslan",
            "cohort": "2026/27",
            "url": "/admin/mentees/mentee/",
        },
        for_coordinators=True,
    ),
)

# What a later decision makes untrue; cancelled where it still waits (promise S11).
OVERTAKEN = (
    "application-confirm",
    "application-invited",
    "application-waitlisted",
    "application-withdrawn",
)


def _day(value: date | datetime | None) -> str:
    return value.isoformat() if value else ""


def _tell(
    kind: str, application: Application, now: datetime, facts: Mapping[str, Any], **options: Any
) -> None:
    """One mail to the applicant, with the cohort and the address of the application's page."""
    common = {"cohort": application.cohort.name, "url": reverse("my_application")}
    queue(kind, application.applicant, application, {**common, **facts}, now=now, **options)


def application_confirm(
    application: Application, link: ActionLink, *, now: datetime, offset: str = ""
) -> None:
    """The link that confirms the address. Contains nothing that was typed in the form: the address may be a
    stranger's (promise P8)."""
    queue(
        "application-confirm",
        application.applicant,
        application,
        {
            "cohort": application.cohort.name,
            "confirm_until": _day(application.confirm_until),
        },
        now=now,
        useful_until=application.confirm_until,
        link=link,
        offset=offset,
    )


def application_received(application: Application, *, now: datetime) -> None:
    """The receipt: what happens next, and until when."""
    cohort = application.cohort
    facts = {
        "decide_by": _day(application.decide_by),
        "talks_from": _day(cohort.talks_from),
        "talks_until": _day(cohort.talks_until),
    }
    _tell("application-received", application, now, facts)


def application_arrived(application: Application, *, now: datetime) -> None:
    """To each coordinator of the cohort: one mail per confirmed application."""
    for coordinator in coordinators_of(application.cohort_id):
        with translation.override(coordinator.language):
            subject = str(application.subject)
        facts = {
            "name": application.name,
            "subject": subject,
            "cohort": application.cohort.name,
            "decide_by": _day(application.decide_by),
            "url": reverse("admin:mentees_application_change", args=[application.pk]),
        }
        queue("application-arrived", coordinator, application, facts, now=now)


def application_invited(application: Application, *, now: datetime, moved: bool = False) -> None:
    """When and where the selection talk is, and whether an earlier date no longer holds (``moved``); of no
    use once the talk has begun."""
    facts = {
        "moved": moved,
        "talk_at": _day(application.talk_at),
        "talk_place": application.talk_place,
        "decide_by": _day(application.decide_by),
    }
    _tell("application-invited", application, now, facts, useful_until=application.talk_at)


def application_accepted(application: Application, *, now: datetime) -> None:
    """The acceptance, with the days ahead."""
    cohort = application.cohort
    facts = {
        "starts_on": _day(cohort.starts_on),
        "ends_on": _day(cohort.ends_on),
        "kickoff_on": _day(cohort.kickoff_on),
        "url": "/me/",
    }
    _tell("application-accepted", application, now, facts)


def application_waitlisted(application: Application, *, now: datetime) -> None:
    """The waiting list, and until when the coordinators decide."""
    _tell("application-waitlisted", application, now, {"decide_by": _day(application.decide_by)})


def application_rejected(application: Application, words: str, *, now: datetime) -> None:
    """The rejection, with the coordinators' text, if any."""
    _tell("application-rejected", application, now, {"words": words})


def application_withdrawn(application: Application, *, now: datetime) -> None:
    """The receipt of the withdrawal, and until when it can be undone."""
    facts = {"undo_until": _day(application.undo_until)}
    _tell("application-withdrawn", application, now, facts)


def mentee_left(mentee: Mentee, *, now: datetime) -> None:
    """To each coordinator of the cohort. The reason stays on the mentee's page."""
    facts = {
        "name": str(mentee.user),
        "cohort": mentee.cohort.name,
        "url": reverse("admin:mentees_mentee_change", args=[mentee.pk]),
    }
    for coordinator in coordinators_of(mentee.cohort_id):
        queue("mentee-left", coordinator, mentee, facts, now=now)
