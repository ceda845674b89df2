"""The kinds of mail about tandems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from outbox.kinds import MailKind

_TANDEM = "/me/tandem/0b8f2c1e-6a6e-4a39-9a52-0c8f0a6a1f10/"
_ADMIN = "/admin/matching/tandem/0b8f2c1e-6a6e-4a39-9a52-0c8f0a6a1f10/change/"
_MENTOR, _MENTEE = "Henrike Osterloh", "Leyla Arslan"
_DEADLINE, _UNDO = "2026-10-12T10:00:00+00:00", "2026-10-05T10:00:00+00:00"
_office = {"mentee": _MENTEE, "mentor": _MENTOR, "url": _ADMIN}
_confirmed = {
    "partner_phone": "+49 341 555 0 100",
    "undo_until": _UNDO,
    "probation_until": "2026-12-15",
    "url": _TANDEM,
}


def _kind(kind: str, label: Any, sample: Mapping[str, Any], **rest: Any) -> MailKind:
    """What asks for a decision by link waits for a person when the server fell silent after the mail
    (promise S8); everything else is sent once more."""
    return MailKind(kind, "matching", label, sample, **{"lost_reply": "resend", **rest})


KINDS = (
    _kind(
        "tandem-proposal",
        _("proposal to the mentee"),
        {
            "mentor": _MENTOR,
            "profession": "Solocellistin im Kammerorchester",
            "why": "Bietet zwei Ihrer drei Themen an (Probespiel, Selbstvermarktung).",
            "deadline": _DEADLINE,
            "url": _TANDEM,
        },
    ),
    _kind(
        "tandem-to-approve",
        _("tandem to approve, to the coordinators"),
        {
            **_office,
            "word": "Ich freue mich sehr über diesen Vorschlag.",
            "deadline": _DEADLINE,
        },
        for_coordinators=True,
    ),
    _kind(
        "tandem-proposal-declined",
        _("proposal declined, to the coordinators"),
        {**_office, "word": "Wir kennen uns aus dem Unterricht."},
        for_coordinators=True,
    ),
    _kind(
        "tandem-invitation",
        _("request to the mentor"),
        {
            "mentee": _MENTEE,
            "study": "Violoncello, Master of Music, 1. Semester",
            "topics": ["Probespiel", "Selbstvermarktung", "Lampenfieber"],
            "meetings": 1,
            "ends": "2027-07-31",
            "deadline": _DEADLINE,
            "undo_hours": 72,
            "undo_one_hour": False,
        },
        lost_reply="ask",
    ),
    _kind(
        "tandem-reminder-mentee",
        _("reminder of a proposal"),
        {"partner": _MENTOR, "deadline": _DEADLINE, "url": _TANDEM},
    ),
    _kind(
        "tandem-reminder-mentor",
        _("reminder of a request to the mentor"),
        {"partner": _MENTEE, "deadline": _DEADLINE, "url": _TANDEM},
    ),
    _kind(
        "tandem-question-office",
        _("question from a mentor, to the coordinators"),
        {
            **_office,
            "question": "Geht es auch in den Ferien, und wenn ja, online?",
        },
        for_coordinators=True,
    ),
    _kind(
        "tandem-question-answered",
        _("answer to the mentor’s question"),
        {
            "mentee": _MENTEE,
            "answer": "Ja, gern auch online.",
            "deadline": _DEADLINE,
        },
        lost_reply="ask",
    ),
    _kind(
        "tandem-confirmed-mentee",
        _("acceptance, to the mentee"),
        {
            "partner": _MENTOR,
            "partner_email": "henrike.osterloh@example.org",
            **_confirmed,
        },
    ),
    _kind(
        "tandem-confirmed-mentor",
        _("acceptance, to the mentor"),
        {
            "partner": _MENTEE,
            "partner_email": "leyla.arslan@example.org",
            **_confirmed,
        },
    ),
    _kind(
        "tandem-confirmed-office",
        _("acceptance, to the coordinators"),
        {**_office, "word": "Ich freue mich.", "undo_until": _UNDO},
        for_coordinators=True,
    ),
    _kind(
        "tandem-declined-mentee",
        _("mentor declined, to the mentee"),
        {"mentor": _MENTOR, "url": "/me/"},
    ),
    _kind(
        "tandem-declined-office",
        _("mentor declined, to the coordinators"),
        {
            **_office,
            "word": "Im Winter bin ich auf Tournee.",
            "undo_until": _UNDO,
        },
        for_coordinators=True,
    ),
    _kind(
        "tandem-undone-mentee",
        _("answer withdrawn, to the mentee"),
        {
            "mentor": _MENTOR,
            "was_confirmed": True,
            "deadline": _DEADLINE,
            "url": _TANDEM,
        },
    ),
    _kind(
        "tandem-undone-office",
        _("answer withdrawn, to the coordinators"),
        {**_office, "was_confirmed": True, "deadline": _DEADLINE},
        for_coordinators=True,
    ),
    _kind(
        "tandem-no-place-office",
        _("no place left, to the coordinators"),
        {**_office, "word": "Gern auch eine zweite Mentee."},
        for_coordinators=True,
    ),
    _kind(
        "tandem-conflict-office",
        _("all places taken, to the coordinators"),
        {**_office, "waiting": ["Noah Bergmann", "Sofia Conti"]},
        for_coordinators=True,
    ),
    _kind(
        "tandem-dissolved",
        _("end of a tandem"),
        {"partner": _MENTOR, "url": "/me/"},
        reaches_closed=True,
    ),
    _kind(
        "tandem-withdrawn",
        _("proposal withdrawn"),
        {"partner": _MENTOR, "url": "/me/"},
        reaches_closed=True,
    ),
    _kind(
        "tandem-expired-proposal",
        _("proposal expired, to the mentee"),
        {"mentor": _MENTOR, "url": "/me/"},
    ),
    _kind(
        "tandem-expired-mentee",
        _("no answer from the mentor, to the mentee"),
        {"mentor": _MENTOR, "url": "/me/"},
    ),
    _kind(
        "tandem-expired-mentor",
        _("request expired, to the mentor"),
        {"mentee": _MENTEE},
    ),
    _kind(
        "tandem-expired-office",
        _("deadline passed, to the coordinators"),
        {
            **_office,
            "silent_mentee": False,
            "silent_mentor": True,
            "no_place": False,
        },
        for_coordinators=True,
    ),
)
