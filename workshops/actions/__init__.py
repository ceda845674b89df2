"""The verbs of workshops, registrations and attendance.

Lock order (promise C4): the workshop first, then its registrations by key, then the outbox.
"""

from workshops.actions.attendance import record_attendance, record_sheet
from workshops.actions.places import (
    cancel_registration,
    follow_leaving,
    follow_new_address,
    follow_parting,
    follow_retiring,
    give_extra_place,
    lock_for_closing,
    register,
)
from workshops.actions.workshops import (
    PlannedSession,
    cancel_workshop,
    change_workshop,
    create_workshop,
    publish_workshop,
)

__all__ = [
    "PlannedSession",
    "cancel_registration",
    "cancel_workshop",
    "change_workshop",
    "create_workshop",
    "follow_leaving",
    "follow_new_address",
    "follow_parting",
    "follow_retiring",
    "give_extra_place",
    "lock_for_closing",
    "publish_workshop",
    "record_attendance",
    "record_sheet",
    "register",
]
