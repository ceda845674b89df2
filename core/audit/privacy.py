"""The privacy policy of every field of the audit trail."""

from core.privacy import DataClass, Erasure, FieldPolicy, declare

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
