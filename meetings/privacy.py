"""The privacy policy of every field of meetings."""

from core.privacy import DataClass, FieldPolicy, declare

_when = FieldPolicy(DataClass.PART, "to arrange meetings and to remind both sides")
_words = FieldPolicy(DataClass.WORDS, "what the two tell each other about their meeting")
_report = FieldPolicy(DataClass.PART, "that a meeting took place, for the programme's report")
declare(
    "meetings.Meeting",
    technical="id state_since version schedule_version organizer round created_at changed_at",
    tandem=_when,
    number=_when,
    state=_when,
    starts_at=_when,
    ends_at=_when,
    place=_words,
    agenda=_words,
    waits_for=_when,
    answer_by=_when,
    unanswered_since=_when,
    fixed_at=_when,
    word=_words,
    cancel_reason=_words,
    reported_by_mentee=_report,
    reported_by_mentor=_report,
    disputed=_report,
)
declare(
    "meetings.DateProposal",
    technical="id round",
    meeting=_when,
    starts_at=_when,
    ends_at=_when,
    place=_words,
    by_mentor=_when,
    picked=_when,
)
