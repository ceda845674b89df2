"""The states of a tandem's meeting."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.states import State, StateTable, move


class MeetingState(StrEnum):
    """The states of a meeting, as they are stored."""

    PROPOSED = "proposed"
    SCHEDULED = "scheduled"
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"


OPEN = (MeetingState.PROPOSED, MeetingState.SCHEDULED)  # neither reported nor cancelled
DATED = (MeetingState.SCHEDULED, MeetingState.HELD, MeetingState.MISSED)  # has a date
TAKES_PLACE = (MeetingState.SCHEDULED, MeetingState.HELD)  # takes place, or took place

# Shown for a fixed date that is over: the state table does not depend on time.
UNREPORTED = State(MeetingState.SCHEDULED, _("report missing"), "running")

MEETING = StateTable(
    _("meeting"),
    [
        State(MeetingState.PROPOSED, pgettext_lazy("meeting", "dates offered"), "open"),
        State(MeetingState.SCHEDULED, pgettext_lazy("meeting", "date set"), "fixed"),
        State(MeetingState.HELD, pgettext_lazy("meeting", "took place"), "done"),
        State(MeetingState.MISSED, pgettext_lazy("meeting", "did not take place"), "alert"),
        State(MeetingState.CANCELLED, pgettext_lazy("meeting", "cancelled"), "off"),
    ],
    [
        # from SCHEDULED too: another of the dates may be picked for a while
        move(
            "pick",
            pgettext_lazy("meeting", "Set the date"),
            OPEN,
            MeetingState.SCHEDULED,
            pgettext_lazy("history", "set the date"),
        ),
        move(
            "refuse",
            pgettext_lazy("meeting", "None of the dates suits"),
            OPEN,
            MeetingState.PROPOSED,
            pgettext_lazy("history", "said that none of the dates suited"),
        ),
        move(
            "offer_again",
            pgettext_lazy("meeting", "Offer other dates"),
            OPEN,
            MeetingState.PROPOSED,
            pgettext_lazy("history", "offered other dates"),
        ),
        move(
            "ask_again",
            pgettext_lazy("meeting", "Ask again"),
            MeetingState.PROPOSED,
            MeetingState.PROPOSED,
            pgettext_lazy("history", "asked again"),
        ),
        move(
            "lapse",
            pgettext_lazy("meeting", "Record that the deadline has passed"),
            MeetingState.PROPOSED,
            MeetingState.PROPOSED,
            pgettext_lazy("history", "recorded that the deadline had passed"),
        ),
        move(
            "move",
            pgettext_lazy("meeting", "Move the meeting"),
            MeetingState.SCHEDULED,
            MeetingState.SCHEDULED,
            pgettext_lazy("history", "moved the meeting"),
        ),
        move(
            "report_held",
            pgettext_lazy("meeting", "It took place"),
            DATED,
            MeetingState.HELD,
            pgettext_lazy("history", "reported that it took place"),
        ),
        # held stays held when the other side reports otherwise: then the reports differ
        move(
            "report_missed",
            pgettext_lazy("meeting", "It did not take place"),
            DATED,
            (MeetingState.MISSED, MeetingState.HELD),
            pgettext_lazy("history", "reported that it did not take place"),
        ),
        move(
            "cancel",
            pgettext_lazy("meeting", "Cancel the meeting"),
            OPEN,
            MeetingState.CANCELLED,
            pgettext_lazy("history", "cancelled the meeting"),
        ),
    ],
)
