"""The verbs of meetings, used by views, links, tasks and commands."""

from meetings.actions.dates import (
    cancel,
    change_agenda,
    end_with_tandem,
    follow_new_address,
    lock_for_closing,
    move_meeting,
    pick_date,
    withdraw_links,
)
from meetings.actions.offers import (
    ask_again,
    ask_at_new_address,
    lapse,
    offer_again,
    pass_deadlines,
    propose_dates,
    refuse_dates,
)
from meetings.actions.reports import report_held, report_missed

__all__ = [
    "ask_again",
    "ask_at_new_address",
    "cancel",
    "change_agenda",
    "end_with_tandem",
    "follow_new_address",
    "lapse",
    "lock_for_closing",
    "move_meeting",
    "offer_again",
    "pass_deadlines",
    "pick_date",
    "propose_dates",
    "refuse_dates",
    "report_held",
    "report_missed",
    "withdraw_links",
]
