"""The privacy policy of every field of plans and tandems."""

from core.privacy import DataClass, Erasure, FieldPolicy, declare

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
