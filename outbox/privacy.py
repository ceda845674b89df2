"""The privacy policy of every field of the outbox."""

from core.privacy import DataClass, FieldPolicy, declare

_mail = FieldPolicy(
    DataClass.WORDS, "to send the mail", retention="body 30 days, the rest 12 months"
)
declare(
    "outbox.OutgoingMail",
    technical="id dedupe_key kind object_type object_id cohort_id link planned_for schedule_version offset thread created_at "
    "withdrawn_at handed_over_at resend "
    "due_at useful_until status claimed_by claim_until attempt resolved_at rendered_at language "
    "message_id sent_at",
    recipient=FieldPolicy(DataClass.PART, "who gets the mail", retention="12 months"),
    to_address=FieldPolicy(
        DataClass.IDENTITY,
        "where a mail went that is not to the present address",
        retention="12 months",
    ),
    facts=_mail,
    subject=_mail,
    text=_mail,
    html=_mail,
    last_error=_mail,  # servers quote the address they refuse
)
declare("outbox.Sweep", technical="id started_at completed_at")
