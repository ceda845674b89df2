"""What the meetings tell the house."""

from meetings import engagements, kinds, links, reminders
from mentoring.registries import (
    DataClass,
    Datum,
    calendar,
    declare,
    mail_kinds,
)
from mentoring.registries import links as link_purposes
from mentoring.registries import reminders as time_tables

for kind in kinds.KINDS:
    mail_kinds.add(kind.kind, kind)
link_purposes.add(reminders.PICK_DATE, links.PURPOSE)
time_tables.add("meetings", reminders.TIME_TABLE)
calendar.add("meetings", engagements.of_person)

_when = Datum(DataClass.PART, "to arrange meetings and to remind both sides")
_words = Datum(DataClass.WORDS, "what the two tell each other about their meeting")
_report = Datum(DataClass.PART, "that a meeting took place, for the programme's report")
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
