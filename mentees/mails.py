"""Which mail goes when: to applicants about their application, to the coordinators about arrivals and
departures. A fact stands here only when its mail needs it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import translation

from core.links.models import ActionLink
from mentees.models import Application, Mentee
from outbox.actions import queue
from programme.roles import coordinators_of

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
    """One mail to the applicant, with the cohort and the way to the application's page."""
    common = {"cohort": application.cohort.name, "url": reverse("my_application")}
    queue(kind, application.applicant, application, {**common, **facts}, now=now, **options)


def application_confirm(
    application: Application, link: ActionLink, *, now: datetime, offset: str = ""
) -> None:
    """The link that confirms the address. Nothing anybody typed stands in it but the address itself:
    it goes to somebody who may never have heard of us (promise P8)."""
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
    """The place is theirs; what comes until when."""
    cohort = application.cohort
    facts = {
        "starts_on": _day(cohort.starts_on),
        "ends_on": _day(cohort.ends_on),
        "kickoff_on": _day(cohort.kickoff_on),
        "url": "/me/",
    }
    _tell("application-accepted", application, now, facts)


def application_waitlisted(application: Application, *, now: datetime) -> None:
    """On the waiting list, and until when."""
    _tell("application-waitlisted", application, now, {"decide_by": _day(application.decide_by)})


def application_rejected(application: Application, words: str, *, now: datetime) -> None:
    """No, with the words of the coordinators where they wrote some."""
    _tell("application-rejected", application, now, {"words": words})


def application_withdrawn(application: Application, *, now: datetime) -> None:
    """The withdrawal is noted and can be taken back until …"""
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
