"""The coordinators' pages of applications and mentees; importing this registers them."""

from mentees.admin.applications import ApplicationAdmin
from mentees.admin.mentees import MenteeAdmin

__all__ = ["ApplicationAdmin", "MenteeAdmin"]
