"""The verbs of applications and of mentees' participations.

``sending``: an applicant sends, confirms, revises, withdraws; ``deciding``: coordinators read and decide;
``taking_part``: a mentee completes or leaves; ``wishes``: links wishes by name to mentors; ``receivers``: what
follows signals of other apps; ``deadlines``: what becomes due with time.
"""

from mentees.actions.deadlines import pass_deadlines
from mentees.actions.deciding import accept, begin_reading, invite, move_talk, reject, waitlist
from mentees.actions.receivers import (
    end_parts,
    remember_participation,
    withdraw_open_applications,
)
from mentees.actions.sending import (
    CONFIRM_LINK,
    confirm,
    forget,
    lapse,
    renew_confirmation,
    revise,
    send_application,
    undo_withdrawal,
    withdraw,
)
from mentees.actions.taking_part import complete, leave
from mentees.actions.wishes import join_wishes

__all__ = [
    "CONFIRM_LINK",
    "accept",
    "begin_reading",
    "complete",
    "confirm",
    "end_parts",
    "forget",
    "invite",
    "join_wishes",
    "lapse",
    "leave",
    "move_talk",
    "pass_deadlines",
    "reject",
    "remember_participation",
    "renew_confirmation",
    "revise",
    "send_application",
    "undo_withdrawal",
    "waitlist",
    "withdraw",
    "withdraw_open_applications",
]
