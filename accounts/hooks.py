"""What accounts tells the house."""

from accounts import links, mails
from accounts.actions import (
    CONFIRM_ADDRESS,
    STAFF_INVITATION,
    STOP_ADDRESS,
)
from core.links.purposes import link_purposes
from core.privacy import (
    DataClass,
    Erasure,
    FieldPolicy,
    declare,
)
from outbox.kinds import register

register(mails.KINDS)
link_purposes.add(STAFF_INVITATION, links.PURPOSE)
link_purposes.add(CONFIRM_ADDRESS, links.CONFIRM)
link_purposes.add(STOP_ADDRESS, links.STOP)

_person = FieldPolicy(DataClass.IDENTITY, "to know who takes part and to write to them")
declare(
    "accounts.User",
    technical="id is_staff is_active is_superuser last_login date_joined new_email_at groups "
    "user_permissions",
    email=_person,
    new_email=FieldPolicy(
        DataClass.IDENTITY,
        "to ask at a new address whether it is the person’s",
        retention="until it is confirmed, 7 days at most",
    ),
    new_email_by=FieldPolicy(
        DataClass.PART,
        "who entered the new address, to ask once more whether they may",
        retention="until it is confirmed, 7 days at most",
    ),
    name=_person,
    salutation=FieldPolicy(DataClass.IDENTITY, "to address people as they wish"),
    language=FieldPolicy(DataClass.PART, "to write in the person's language"),
    phone=FieldPolicy(DataClass.CONTACT, "to reach the tandem partner, given voluntarily"),
    password=FieldPolicy(DataClass.IDENTITY, "sign-in of staff, only as a hash"),
)
declare(
    "links.ActionLink",
    technical="id purpose object_type object_id version token_hash created_at expires_at used_at closed_at closed_as",
    holder=FieldPolicy(DataClass.PART, "who may decide", retention="12 months"),
)
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
declare(
    "audit.AuditEvent",
    technical="id at object_type object_id cohort_id verb fields values request_id",
    actor_id=FieldPolicy(
        DataClass.PART,
        "who did what",
        retention="24 months",
        erasure=Erasure.KEEP,
        why_kept="a UUID without foreign key; the person behind it is gone after erasure",
    ),
    actor_role=FieldPolicy(
        DataClass.PART,
        "who did what",
        retention="24 months",
        erasure=Erasure.KEEP,
        why_kept="a role",
    ),
)
