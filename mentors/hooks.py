"""What the network tells the house."""

from mentoring.registries import (
    DataClass,
    Datum,
    Erasure,
    consequences,
    declare,
    links,
    mail_kinds,
)
from mentors import actions, mails
from mentors.links import PURPOSE

for _kind in mails.KINDS:
    mail_kinds.add(_kind.kind, _kind)

links.add(actions.CONSENT_LINK, PURPOSE)
consequences.on(
    "consent_withdrawn.mentor", actions.follow_withdrawal, order=10, name="mentors: pause"
)

consequences.on("accounts.close", actions.end_part, order=20, name="mentors: part")

_CONSENT = "GDPR 6(1)(a), consent"
_RETENTION = "as long as the person is in the network, then 12 months"
_profile = Datum(
    DataClass.WORDS, "to find fitting tandems and to introduce the mentor", _CONSENT, _RETENTION
)
_part = Datum(DataClass.PART, "to know how far acquisition is", retention=_RETENTION)
_way = Datum(DataClass.PART, "to find fitting tandems", _CONSENT, _RETENTION)
declare(
    "mentors.Mentor",
    technical="id state_since version form_id created_at",
    user=Datum(DataClass.IDENTITY, "whom mails and links go to", retention=_RETENTION),
    name=Datum(DataClass.IDENTITY, "to know who it is", retention=_RETENTION),
    state=_part,
    paused_because=_part,
    held=_part,
    source=Datum(DataClass.WORDS, "to know how contact came about", retention=_RETENTION),
    motivation=Datum(DataClass.WORDS, "to answer somebody who wrote to us", retention=_RETENTION),
    profession=_profile,
    about=_profile,
    website=_profile,
    career_fields=_way,
    topics=_way,
    instruments=_way,
    subject_groups=_way,
    languages=_way,
    meeting_format=_way,
    region=_way,
    meetings_a_month=_way,
    capacity=_way,
    public=Datum(DataClass.PART, "whether the directory shows the mentor", _CONSENT, _RETENTION),
)
declare(
    "mentors.CriterionCheck",
    technical="id mentor",
    criterion=_part,
    verdict=_part,
    evidence=Datum(DataClass.WORDS, "what the verdict rests on", retention=_RETENTION),
    checked_by=Datum(
        DataClass.PART, "who judged", retention=_RETENTION, erasure=Erasure.PSEUDONYMISE
    ),
    checked_at=_part,
)
