"""What belongs to no app alone: the outbox, people, and the audit trail."""

from mentoring.desk.admin.mails import OutgoingMailAdmin
from mentoring.desk.admin.people import PersonAdmin
from mentoring.desk.admin.trail import AuditEventAdmin

__all__ = ["AuditEventAdmin", "OutgoingMailAdmin", "PersonAdmin"]
