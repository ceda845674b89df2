"""The admin pages of the packages below ``backoffice``, and of the audit trail."""

from mentoring.desk.admin import programme
from mentoring.desk.admin.mails import OutgoingMailAdmin
from mentoring.desk.admin.people import PersonAdmin
from mentoring.desk.admin.trail import AuditEventAdmin

__all__ = ["AuditEventAdmin", "OutgoingMailAdmin", "PersonAdmin", "programme"]
