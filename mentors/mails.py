"""The mails of the network, and which leaves when, with what facts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.links.models import ActionLink
from mentors.models import Criterion, CriterionCheck, Mentor, Verdict
from mentors.states import MentorState
from outbox.actions import queue
from outbox.kinds import MailKind
from programme.models import Consent
from programme.roles import coordinators_on_duty, office

_ADMIN = "/admin/mentors/mentor/0b8f2c1e-6a6e-4a39-9a52-0c8f0a6a1f10/change/"

KINDS = (
    MailKind(
        "mentor-consent-request",
        "mentors",
        _("request for consent"),
        {"mentor": "Henrike Osterloh"},
        shared=True,
        lost_reply="ask",
        reaches_closed=True,  # who agrees begins anew
    ),
    MailKind(
        "mentor-consent-link",
        "mentors",
        _("link to the consent, to a new address"),
        {"mentor": "Henrike Osterloh"},
        shared=True,
        lost_reply="resend",
    ),
    MailKind(
        "mentor-consent-withdrawn",
        "mentors",
        _("consent withdrawn, to the coordinators"),
        {
            "mentor": "Henrike Osterloh",
            "withdrawn_at": "2026-09-15T10:00:00+00:00",
            "paused": True,
            "held": 1,
            "url": _ADMIN,
        },
        shared=True,
        lost_reply="resend",
        for_coordinators=True,
    ),
    MailKind(
        "criterion-reopened",
        "mentors",
        _("criterion open again, to the coordinators"),
        {
            "mentor": "Henrike Osterloh",
            "number": 5,
            "criterion": "das Ehrenamt passt zeitlich und finanziell",
            "verdict": "nicht erfüllt",
            "evidence": "Ab November für ein Jahr auf Tournee.",
            "held": 0,
            "url": _ADMIN,
        },
        shared=True,
        lost_reply="resend",
        for_coordinators=True,
    ),
    MailKind(
        "mentor-welcome",
        "mentors",
        _("welcome to the network"),
        {"mentor": "Henrike Osterloh", "places": 2},
        shared=True,
        lost_reply="ask",
    ),
    MailKind(
        "mentor-address-request",
        "mentors",
        _("request to confirm the address"),
        {"mentor": "Henrike Osterloh"},
        shared=True,
        lost_reply="ask",
    ),
    MailKind(
        "mentor-interest-received",
        "mentors",
        _("confirmation of interest in becoming a mentor"),
        {"url": "/about/mentors/"},
        shared=True,
        reaches_closed=True,  # the receipt of what was written just now
    ),
    MailKind(
        "mentor-interest",
        "mentors",
        _("interest in becoming a mentor, to the coordinators"),
        {
            "mentor": "Henrike Osterloh",
            "profession": "Solocellistin im Kammerorchester",
            "motivation": "Ich hatte selbst eine Mentorin und möchte etwas zurückgeben.",
            "website": "",
            "known": False,
            "url": _ADMIN,
        },
        shared=True,
        lost_reply="resend",
        for_coordinators=True,
    ),
)


# What is for the mentor alone and pointless once they have parted.
TO_THE_MENTOR = ("mentor-consent-request", "mentor-address-request", "mentor-welcome")


def admin_url(mentor: Mentor) -> str:
    """The mentor's page on the coordinators' desk, without host."""
    return f"/admin/mentors/mentor/{mentor.pk}/change/"


def consent_request(mentor: Mentor, *, link: ActionLink, now: datetime) -> None:
    """Asks for the consent; each asking is a mail of its own."""
    _about_consent("mentor-consent-request", mentor, "asked", link=link, now=now)


def consent_link(mentor: Mentor, *, link: ActionLink, now: datetime) -> None:
    """The standing link to the consent, to a new address: withdrawing stays as easy as giving."""
    _about_consent("mentor-consent-link", mentor, "moved", link=link, now=now)


def _about_consent(
    kind: str, mentor: Mentor, offset: str, *, link: ActionLink, now: datetime
) -> None:
    queue(
        kind,
        mentor.user,
        mentor,
        {"mentor": mentor.name},
        now=now,
        version=link.version,
        offset=offset,
        link=link,
    )


def address_request(mentor: Mentor, *, link: ActionLink, now: datetime) -> None:
    """Asks whoever reads the mailbox that was entered to confirm that it is theirs (promise A7)."""
    _about_consent("mentor-address-request", mentor, "confirm", link=link, now=now)


def welcome(mentor: Mentor, *, link: ActionLink, now: datetime) -> None:
    """Welcomes a new active mentor; carries the standing link to the consent."""
    queue(
        "mentor-welcome",
        mentor.user,
        mentor,
        {"mentor": mentor.name, "places": mentor.capacity},
        now=now,
        link=link,
    )


def consent_withdrawn(mentor: Mentor, consent: Consent, *, now: datetime) -> None:
    """Tells the coordinators on duty that a consent was withdrawn and what followed."""
    facts = {
        "mentor": mentor.name,
        "withdrawn_at": now.isoformat(),
        "paused": mentor.state == MentorState.PAUSED,
        "held": mentor.held,
        "url": admin_url(mentor),
    }
    for person in coordinators_on_duty(now):
        queue("mentor-consent-withdrawn", person, mentor, facts, now=now, offset=str(consent.pk))


def criterion_reopened(mentor: Mentor, check: CriterionCheck, *, now: datetime) -> None:
    """Tells the coordinators on duty that a criterion is not met any more and new matches pause."""
    for person in coordinators_on_duty(now):
        with translation.override(person.language):
            facts = {
                "mentor": mentor.name,
                "number": check.criterion,
                "criterion": str(Criterion(check.criterion).label),
                "verdict": str(Verdict(check.verdict).label),
                "evidence": check.evidence,
                "held": mentor.held,
                "url": admin_url(mentor),
            }
        queue("criterion-reopened", person, mentor, facts, now=now)


def interest_received(mentor: Mentor, person: User, *, form_id: uuid.UUID, now: datetime) -> None:
    """Tells somebody who wrote to us that it arrived. Says nothing a stranger could have typed."""
    queue(
        "mentor-interest-received",
        person,
        mentor,
        {"url": "/about/mentors/"},
        now=now,
        version=0,
        offset=str(form_id),
    )


def interest(
    mentor: Mentor, *, form_id: uuid.UUID, facts: Mapping[str, Any], now: datetime
) -> None:
    """Tells the office that somebody would like to be a mentor; nothing before there is an office."""
    postbox = office()
    if postbox is None:
        return
    queue(
        "mentor-interest",
        postbox,
        mentor,
        {
            "mentor": mentor.name,
            "known": mentor.form_id != form_id,
            "url": admin_url(mentor),
            **facts,
        },
        now=now,
        version=0,
        offset=str(form_id),
    )
