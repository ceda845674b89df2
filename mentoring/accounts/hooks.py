"""What accounts tells the house."""

from mentoring.accounts import links
from mentoring.accounts.actions import STAFF_INVITATION
from mentoring.registries import DataClass, Datum, Erasure, MailKind, declare, mail_kinds
from mentoring.registries import links as link_purposes

mail_kinds.add(
    "sign-in-code",
    MailKind(
        "sign-in-code",
        "accounts",
        ("code",),
        {"code": "K7QW-PX2M"},
        lost_reply="resend",
        secret=True,
    ),
)
mail_kinds.add(
    "staff-invitation",
    MailKind("staff-invitation", "accounts", ("until",), {"until": "2026-10-12T10:00:00+00:00"}),
)
link_purposes.add(STAFF_INVITATION, links.PURPOSE)

_person = Datum(DataClass.IDENTITY, "to know who takes part and to write to them")
declare(
    "accounts.User",
    technical="id is_staff is_active is_superuser last_login date_joined groups user_permissions",
    email=_person,
    name=_person,
    salutation=Datum(DataClass.IDENTITY, "to address people as they wish"),
    language=Datum(DataClass.PART, "to write in the person's language"),
    phone=Datum(DataClass.CONTACT, "to reach the tandem partner, given voluntarily"),
    password=Datum(DataClass.IDENTITY, "sign-in of staff, only as a hash"),
)
declare(
    "links.ActionLink",
    technical="id purpose object_type object_id version token_hash created_at expires_at used_at closed_at closed_as",
    holder=Datum(DataClass.PART, "who may decide", retention="12 months"),
)
_mail = Datum(DataClass.WORDS, "to send the mail", retention="body 30 days, the rest 12 months")
declare(
    "outbox.OutgoingMail",
    technical="id dedupe_key kind object_type object_id cohort_id link planned_for schedule_version offset thread created_at "
    "withdrawn_at handed_over_at resend "
    "due_at useful_until status claimed_by claim_until attempt resolved_at rendered_at language "
    "message_id sent_at",
    recipient=Datum(DataClass.PART, "who gets the mail", retention="12 months"),
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
    actor_id=Datum(
        DataClass.PART,
        "who did what",
        retention="24 months",
        erasure=Erasure.KEEP,
        why_kept="a UUID without foreign key; the person behind it is gone after erasure",
    ),
    actor_role=Datum(
        DataClass.PART,
        "who did what",
        retention="24 months",
        erasure=Erasure.KEEP,
        why_kept="a role",
    ),
)
