"""What mentees tells the house: its mails, its link, what time does, and what is personal."""

import uuid
from collections.abc import Iterator
from typing import Any

from accounts.participation import participation
from core.links.purposes import link_purposes
from core.privacy import (
    DataClass,
    Erasure,
    FieldPolicy,
    declare,
)
from mentees import links
from mentees.actions import CONFIRM_LINK
from mentees.models import Application, Mentee
from outbox.kinds import MailKind, mail_kinds

_MINE = "/me/application/"
_KINDS: dict[str, dict[str, Any]] = {
    "application-confirm": {
        "cohort": "2026/27",
        "confirm_until": "2026-09-16T21:59:00+00:00",
    },
    "application-received": {
        "cohort": "2026/27",
        "decide_by": "2026-10-11T21:59:00+00:00",
        "talks_from": "2026-09-21",
        "talks_until": "2026-09-30",
        "url": _MINE,
    },
    "application-invited": {
        "cohort": "2026/27",
        "moved": True,
        "talk_at": "2026-09-22T08:30:00+00:00",
        "talk_place": "Grassistraße 8, Raum 214",
        "decide_by": "2026-10-11T21:59:00+00:00",
        "url": _MINE,
    },
    "application-accepted": {
        "cohort": "2026/27",
        "starts_on": "2026-10-01",
        "ends_on": "2027-07-31",
        "kickoff_on": "2026-10-23",
        "url": "/me/",
    },
    "application-waitlisted": {
        "cohort": "2026/27",
        "decide_by": "2026-10-01T21:59:00+00:00",
        "url": _MINE,
    },
    "application-rejected": {
        "cohort": "2026/27",
        "words": "Ihre Ziele haben uns beeindruckt; im nächsten Jahr haben Sie noch Zeit genug.",
        "url": _MINE,
    },
    "application-withdrawn": {
        "cohort": "2026/27",
        "undo_until": "2026-09-18T10:00:00+00:00",
        "url": _MINE,
    },
    "application-arrived": {
        "name": "Leyla Arslan",
        "subject": "Violoncello",
        "cohort": "2026/27",
        "decide_by": "2026-10-11T21:59:00+00:00",
        "url": "/admin/mentees/application/",
    },
    "mentee-left": {
        "name": "Leyla Arslan",
        "cohort": "2026/27",
        "url": "/admin/mentees/mentee/",
    },
}
for _kind, _facts in _KINDS.items():
    mail_kinds.add(
        _kind,
        MailKind(
            _kind,
            "mentees",
            tuple(_facts),
            _facts,
            lost_reply="resend",
            reaches_closed=_kind == "application-confirm",  # somebody begins anew
        ),
    )

link_purposes.add(CONFIRM_LINK, links.PURPOSE)


def _participation(person_id: uuid.UUID) -> Iterator[uuid.UUID]:
    """The cohorts of what the person confirmed; a form anybody may have sent counts for nothing."""
    confirmed = Application.objects.filter(applicant=person_id, confirmed_at__isnull=False)
    yield from confirmed.values_list("cohort_id", flat=True)
    yield from Mentee.objects.filter(user=person_id).values_list("cohort_id", flat=True)


participation.add("mentees", _participation)

_CHOOSING = "to choose who takes part"
_MATCHING = "to find a mentor who suits"
_UNTIL = "6 months after the cohort, 12 for those who took part"
_choosing = FieldPolicy(DataClass.PART, _CHOOSING, retention=_UNTIL)
_matching = FieldPolicy(DataClass.PART, _MATCHING, retention=_UNTIL)
_words = FieldPolicy(DataClass.WORDS, _CHOOSING, retention=_UNTIL)
declare(
    "mentees.Application",
    technical="id form_id version withdrawn_from",
    programme="cohort notice",
    state=_choosing,
    state_since=_choosing,
    applicant=FieldPolicy(DataClass.IDENTITY, "whose application it is", retention=_UNTIL),
    name=FieldPolicy(DataClass.IDENTITY, "to know who applies", retention=_UNTIL),
    salutation=FieldPolicy(DataClass.IDENTITY, "to address people as they wish", retention=_UNTIL),
    subject=_choosing,
    degree=_choosing,
    semester=_choosing,
    semesters_left=_choosing,
    german=_choosing,
    career_fields=_matching,
    languages=_matching,
    meeting_format=_matching,
    meetings_a_month=_matching,
    motivation=_words,
    goals=_words,
    expectations=_words,
    situation=FieldPolicy(
        DataClass.SENSITIVE,
        "equal chances: read by the coordinators, never computed with",
        basis="GDPR 9(2)(a), told voluntarily",
        retention=_UNTIL,
    ),
    words_for_mentor=FieldPolicy(
        DataClass.WORDS, "what a mentor may read before saying yes", retention=_UNTIL
    ),
    sent_at=_choosing,
    confirmed_at=_choosing,
    revised_at=_choosing,
    decide_by=_choosing,
    talk_at=_choosing,
    talk_place=_choosing,
    office_note=FieldPolicy(
        DataClass.WORDS, "notes of the coordinators while choosing", retention=_UNTIL
    ),
)
declare("mentees.ApplicationTopic", technical="id application", topic=_matching, priority=_matching)
declare(
    "mentees.MentorWish",
    technical="id application",
    rank=_matching,
    mentor=_matching,
    name=FieldPolicy(DataClass.IDENTITY, "whom an applicant wishes for", retention=_UNTIL),
)
_part = FieldPolicy(DataClass.PART, "who takes part in which cohort")
declare(
    "mentees.Mentee",
    technical="id version",
    programme="cohort",
    state=_part,
    state_since=_part,
    user=_part,
    application=_part,
    joined_at=_part,
    left_reason=FieldPolicy(DataClass.WORDS, "why somebody left, for the coordinators"),
)
declare(
    "mentees.FormerMentee",
    technical="id",
    address_hash=FieldPolicy(
        DataClass.TECHNICAL,
        "nobody takes part twice",
        retention="as long as the programme runs",
        erasure=Erasure.KEEP,
        why_kept="a keyed hash; without the key it leads back to nobody",
    ),
    noted_at=FieldPolicy(
        DataClass.TECHNICAL,
        "nobody takes part twice",
        retention="as long as the programme runs",
        erasure=Erasure.KEEP,
        why_kept="a date without a person",
    ),
)
