"""What matching tells the house: its mails, its link, what time does, what follows, what is personal."""

from typing import Any

from accounts.participation import participation
from core.links.purposes import link_purposes
from core.privacy import (
    DataClass,
    Erasure,
    FieldPolicy,
    declare,
)
from matching import actions, links
from matching.models import Tandem
from outbox.kinds import MailKind, mail_kinds

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

# kind → a sample of its facts, and what happens when the server fell silent after the mail (promise S8):
# what asks for a decision by link waits for a person, everything else is sent once more.
_KINDS: dict[str, dict[str, Any]] = {
    "tandem-proposal": {
        "mentor": _MENTOR,
        "profession": "Solocellistin im Kammerorchester",
        "why": "Bietet zwei Ihrer drei Themen an (Probespiel, Selbstvermarktung).",
        "deadline": _DEADLINE,
        "url": _TANDEM,
    },
    "tandem-to-approve": {
        **_office,
        "word": "Ich freue mich sehr über diesen Vorschlag.",
        "deadline": _DEADLINE,
    },
    "tandem-proposal-declined": {**_office, "word": "Wir kennen uns aus dem Unterricht."},
    "tandem-invitation": {
        "mentee": _MENTEE,
        "study": "Violoncello, Master of Music, 1. Semester",
        "topics": ["Probespiel", "Selbstvermarktung", "Lampenfieber"],
        "meetings": 1,
        "ends": "2027-07-31",
        "deadline": _DEADLINE,
        "undo_hours": 72,
        "undo_one_hour": False,
    },
    "tandem-reminder-mentee": {"partner": _MENTOR, "deadline": _DEADLINE, "url": _TANDEM},
    "tandem-reminder-mentor": {"partner": _MENTEE, "deadline": _DEADLINE, "url": _TANDEM},
    "tandem-question-office": {
        **_office,
        "question": "Geht es auch in den Ferien, und wenn ja, online?",
    },
    "tandem-question-answered": {
        "mentee": _MENTEE,
        "answer": "Ja, gern auch online.",
        "deadline": _DEADLINE,
    },
    "tandem-confirmed-mentee": {
        "partner": _MENTOR,
        "partner_email": "henrike.osterloh@example.org",
        **_confirmed,
    },
    "tandem-confirmed-mentor": {
        "partner": _MENTEE,
        "partner_email": "leyla.arslan@example.org",
        **_confirmed,
    },
    "tandem-confirmed-office": {**_office, "word": "Ich freue mich.", "undo_until": _UNDO},
    "tandem-declined-mentee": {"mentor": _MENTOR, "url": "/me/"},
    "tandem-declined-office": {
        **_office,
        "word": "Im Winter bin ich auf Tournee.",
        "undo_until": _UNDO,
    },
    "tandem-undone-mentee": {
        "mentor": _MENTOR,
        "was_confirmed": True,
        "deadline": _DEADLINE,
        "url": _TANDEM,
    },
    "tandem-undone-office": {**_office, "was_confirmed": True, "deadline": _DEADLINE},
    "tandem-no-place-office": {**_office, "word": "Gern auch eine zweite Mentee."},
    "tandem-conflict-office": {**_office, "waiting": ["Noah Bergmann", "Sofia Conti"]},
    "tandem-dissolved": {"partner": _MENTOR, "url": "/me/"},
    "tandem-withdrawn": {"partner": _MENTOR, "url": "/me/"},
    "tandem-expired-proposal": {"mentor": _MENTOR, "url": "/me/"},
    "tandem-expired-mentee": {"mentor": _MENTOR, "url": "/me/"},
    "tandem-expired-mentor": {"mentee": _MENTEE},
    "tandem-expired-office": {
        **_office,
        "silent_mentee": False,
        "silent_mentor": True,
        "no_place": False,
    },
}
for _kind, _facts in _KINDS.items():
    _asks = _kind in ("tandem-invitation", "tandem-question-answered")
    mail_kinds.add(
        _kind,
        MailKind(
            _kind,
            "matching",
            tuple(_facts),
            _facts,
            lost_reply="ask" if _asks else "resend",
            reaches_closed=_kind in ("tandem-dissolved", "tandem-withdrawn"),
        ),
    )

link_purposes.add(actions.INVITATION, links.PURPOSE)

participation.add(
    "matching",  # a mentor’s; a mentee’s tandem is in the cohort they take part in
    lambda person_id: (
        Tandem.objects.of_mentor(person_id)
        .filter(mentor__confirmed_at__isnull=False)
        .order_by()
        .values_list("cohort_id", flat=True)
        .distinct()
    ),
)

_MATCHING = "to suggest who suits whom"
_computed = FieldPolicy(DataClass.PART, _MATCHING)
_tandem = FieldPolicy(DataClass.PART, "the life of the tandem")
_who = FieldPolicy(DataClass.PART, "who of the coordinators decided")
declare(
    "matching.MatchingRun",
    technical="id number fingerprint",
    programme="cohort objective weights",
    result=_computed,  # keys of mentees and mentors, no names
    created_at=_computed,
    created_by=_who,
)
declare(
    "matching.Suggestion",
    technical="id run",
    mentee=_computed,
    mentor=_computed,
    score=_computed,
    known=_computed,
    excluded=_computed,
    planned=_computed,
    reasons=_computed,
)
declare(
    "matching.PairRule",
    technical="id",
    programme="cohort",
    mentee=_computed,
    mentor=_computed,
    kind=_computed,
    note=FieldPolicy(DataClass.WORDS, "why a pair is fixed or excluded, for the coordinators"),
    made_by=_who,
    made_at=_computed,
)
declare(
    "matching.Tandem",
    technical="id version suggestion",
    programme="cohort",
    state=_tandem,
    state_since=_tandem,
    mentee=_tandem,
    mentor=_tandem,
    reasons=FieldPolicy(DataClass.PART, "why the pair was proposed (GDPR 22: an explanation)"),
    score=_computed,
    proposed_by=_who,
    proposed_at=_tandem,
    answer_by=_tandem,
    approved_by=_who,
    approved_at=_tandem,
    mentee_answered_at=_tandem,
    mentee_word=FieldPolicy(DataClass.WORDS, "a word of the mentee to the coordinators"),
    answered_at=_tandem,
    confirmed_at=_tandem,
    word_to_office=FieldPolicy(DataClass.WORDS, "a word of the mentor to the coordinators"),
    question=FieldPolicy(DataClass.WORDS, "what the mentor asked before answering"),
    question_at=_tandem,
    no_place_at=_tandem,
    probation_until=_tandem,
    ended_at=FieldPolicy(
        DataClass.PART,
        "how long tandems last, for the report",
        erasure=Erasure.DELETE,
    ),
    end_reason=FieldPolicy(DataClass.WORDS, "why a tandem ended, for the coordinators"),
)
