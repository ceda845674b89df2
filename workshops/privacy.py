"""The privacy policy of every field of workshops."""

from core.privacy import DataClass, Erasure, FieldPolicy, declare

declare(
    "workshops.Workshop",
    technical="id state_since version line_length schedule_version organizer",
    programme=(
        "state cohort slug title summary description place online access language capacity taken "
        "registration_closes_at published_at cancel_reason"
    ),
    led_by=FieldPolicy(
        DataClass.IDENTITY,
        "to announce who leads the workshop",
        erasure=Erasure.KEEP,
        why_kept="named in public as part of the programme's record; the office takes it out on request",
    ),
)
declare("workshops.Session", technical="id", programme="workshop starts_at ends_at")

_place = FieldPolicy(DataClass.PART, "to give places in the order of registration")
declare(
    "workshops.Registration",
    technical="id state_since version mailbox_changes",
    workshop=_place,
    person=FieldPolicy(DataClass.IDENTITY, "to know whose place it is"),
    state=_place,
    joined_at=_place,
    place_in_line=_place,
    extra=_place,
)

_presence = FieldPolicy(DataClass.PART, "hours towards credit points and the certificate")
declare(
    "workshops.Attendance",
    technical="id",
    registration=_presence,
    session=_presence,
    presence=_presence,
    minutes=_presence,
)
