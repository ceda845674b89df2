"""The privacy policy of every field of the programme."""

from core.privacy import DataClass, Erasure, FieldPolicy, declare

_WORDS = "code name_de name_en position offered"
for _model in ("SubjectGroup", "CareerField", "Topic", "Instrument", "WorkingLanguage"):
    declare(f"programme.{_model}", technical="id", programme=_WORDS)
declare("programme.StudySubject", technical="id", programme=f"{_WORDS} group may_apply")
declare(
    "programme.Degree",
    technical="id",
    programme=f"{_WORDS} semesters recommended_from may_apply",
)
_public = FieldPolicy(
    DataClass.IDENTITY,
    "imprint and mails say who answers for the programme",
    "DDG 5",
    "as long as the person is in office",
    Erasure.KEEP,
    "a legal duty; replaced when somebody else takes the office",
)
declare(
    "programme.Organisation",
    technical="id",
    programme="name_de name_en office_phone address supervised_by programme_name ink second_ink highlight drawn "
    "piece",
    office=FieldPolicy(
        DataClass.CONTACT,
        "where messages to the programme arrive",
        retention="as long as the programme exists",
        erasure=Erasure.KEEP,
        why_kept="a postbox of the office, not of a person",
    ),
    signed_by=_public,
    represented_by=_public,
)
declare(
    "programme.Cohort",
    technical="id",
    programme="name starts_on ends_on applications_open_at applications_close_at talks_from talks_until "
    "kickoff_on closing_on places workshop_hours credit_points credit_share workload_hours "
    "semesters_left meetings_a_month probation_until agreement_required mentee_answer_days "
    "mentor_answer_days approval_days date_answer_days decision_days undo_hours languages note_de note_en",
)
declare(
    "programme.CohortRole",
    technical="id cohort",
    user=FieldPolicy(DataClass.PART, "who coordinates which cohort"),
)
declare(
    "programme.PageText",
    technical="id changed_at",
    programme="page title_de title_en body_de body_en",
)
declare(
    "programme.ConsentNotice",
    technical="id",
    programme="purpose version valid_from text_de text_en",
)
_consent = FieldPolicy(
    DataClass.PART,
    "to prove a consent and its withdrawal",
    "GDPR 7(1)",
    "3 years after the withdrawal or the end of the part",
)
declare(
    "programme.Consent",
    technical="id",
    person=_consent,
    notice=_consent,
    given_at=_consent,
    withdrawn_at=_consent,
    how=_consent,
)
