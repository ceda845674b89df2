"""The verbs of the network: from first contact to active mentor, the criteria, consent and places."""

from mentors.actions.common import (
    CONSENT_LINK,
    confirm_person,
    lock_person_and_mentor,
    standing_link,
)
from mentors.actions.consent import (
    ask_for_consent,
    ask_to_confirm,
    confirm_address,
    consent_not_now,
    follow_withdrawal,
    record_consent,
    withdraw_consent,
)
from mentors.actions.criteria import (
    check_criterion,
)
from mentors.actions.lifecycle import (
    activate,
    contact,
    decline,
    end_part,
    missing,
    note_interest,
    pause,
    reject,
    resume,
    retire,
    review,
)
from mentors.actions.places import (
    free_place,
    take_place,
)
from mentors.actions.profile import (
    change_mentor,
    enter_mentor,
    follow_new_address,
    note_interest_by_form,
)

__all__ = [
    "CONSENT_LINK",
    "activate",
    "ask_for_consent",
    "ask_to_confirm",
    "change_mentor",
    "check_criterion",
    "confirm_address",
    "confirm_person",
    "consent_not_now",
    "contact",
    "decline",
    "end_part",
    "enter_mentor",
    "follow_new_address",
    "follow_withdrawal",
    "free_place",
    "lock_person_and_mentor",
    "missing",
    "note_interest",
    "note_interest_by_form",
    "pause",
    "record_consent",
    "reject",
    "resume",
    "retire",
    "review",
    "standing_link",
    "take_place",
    "withdraw_consent",
]
