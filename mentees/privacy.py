"""The privacy policy of every field of applications and mentees."""

from core.privacy import DataClass, Erasure, FieldPolicy, declare

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
