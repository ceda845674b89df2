"""The privacy policy of every field of mentors."""

from core.privacy import DataClass, Erasure, FieldPolicy, declare

_CONSENT = "GDPR 6(1)(a), consent"
_RETENTION = "as long as the person is in the network, then 12 months"
_profile = FieldPolicy(
    DataClass.WORDS, "to find fitting tandems and to introduce the mentor", _CONSENT, _RETENTION
)
_part = FieldPolicy(DataClass.PART, "to know how far acquisition is", retention=_RETENTION)
_way = FieldPolicy(DataClass.PART, "to find fitting tandems", _CONSENT, _RETENTION)
_contact = FieldPolicy(
    DataClass.CONTACT,
    "to reach somebody who has not confirmed the address yet",
    retention="until the person confirms or parts",
)
declare(
    "mentors.Mentor",
    technical="id state_since version form_id created_at confirmed_at made_account",
    email=_contact,
    salutation=_contact,
    language=_contact,
    phone=_contact,
    user=FieldPolicy(DataClass.IDENTITY, "whom mails and links go to", retention=_RETENTION),
    name=FieldPolicy(DataClass.IDENTITY, "to know who it is", retention=_RETENTION),
    state=_part,
    paused_because=_part,
    held=_part,
    source=FieldPolicy(DataClass.WORDS, "to know how contact came about", retention=_RETENTION),
    motivation=FieldPolicy(
        DataClass.WORDS, "to answer somebody who wrote to us", retention=_RETENTION
    ),
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
    public=FieldPolicy(
        DataClass.PART, "whether the directory shows the mentor", _CONSENT, _RETENTION
    ),
)
declare(
    "mentors.CriterionCheck",
    technical="id mentor",
    criterion=_part,
    verdict=_part,
    evidence=FieldPolicy(DataClass.WORDS, "what the verdict rests on", retention=_RETENTION),
    checked_by=FieldPolicy(
        DataClass.PART, "who judged", retention=_RETENTION, erasure=Erasure.PSEUDONYMISE
    ),
    checked_at=_part,
)
