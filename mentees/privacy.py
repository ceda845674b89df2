"""The privacy policy of every field of applications and mentees; those of the questions stand with them."""

from core.privacy import DataClass, Erasure, FieldPolicy, declare
from mentees import questions
from mentees.questions import CHOOSING, UNTIL

declare(
    "mentees.Application",
    technical="id form_id version withdrawn_from",
    programme="cohort",
    state=CHOOSING,
    state_since=CHOOSING,
    applicant=FieldPolicy(DataClass.IDENTITY, "whose application it is", retention=UNTIL),
    sent_at=CHOOSING,
    confirmed_at=CHOOSING,
    revised_at=CHOOSING,
    decide_by=CHOOSING,
    talk_at=CHOOSING,
    talk_place=CHOOSING,
    office_note=FieldPolicy(
        DataClass.WORDS, "notes of the coordinators while choosing", retention=UNTIL
    ),
    **questions.policies("mentees.Application"),
)
for _model in ("mentees.ApplicationTopic", "mentees.MentorWish"):
    declare(_model, technical="id application", **questions.policies(_model))
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
