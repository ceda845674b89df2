"""The coordinators' pages of the network; importing this registers them."""

from mentors.admin.mentors import MentorAdmin

__all__ = ["MentorAdmin"]
