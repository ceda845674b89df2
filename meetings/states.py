"""The states of a tandem's meeting (design §3)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentoring.transitions import State, StateTable, move

AFTER = ("scheduled", "held", "missed")

# What is read of a fixed date that is over: the table knows no time.
UNREPORTED = State("scheduled", _("still to be reported"), "running")

MEETING = StateTable(
    _("meeting"),
    [
        State("proposed", pgettext_lazy("meeting", "dates offered"), "open"),
        State("scheduled", pgettext_lazy("meeting", "date fixed"), "fixed"),
        State("held", pgettext_lazy("meeting", "took place"), "done"),
        State("missed", pgettext_lazy("meeting", "did not take place"), "alert"),
        State("cancelled", pgettext_lazy("meeting", "cancelled"), "off"),
    ],
    [
        # from "scheduled" too: who picked may pick another of the dates for a while (promise L2)
        move(
            "pick",
            pgettext_lazy("meeting", "Fix the date"),
            ("proposed", "scheduled"),
            "scheduled",
        ),
        move(
            "refuse",
            pgettext_lazy("meeting", "None of the dates fits"),
            ("proposed", "scheduled"),
            "proposed",
        ),
        move(
            "offer_again",
            pgettext_lazy("meeting", "Offer other dates"),
            ("proposed", "scheduled"),
            "proposed",
        ),
        move("ask_again", pgettext_lazy("meeting", "Ask again"), "proposed", "proposed"),
        move(
            "lapse", pgettext_lazy("meeting", "Let the time to answer pass"), "proposed", "proposed"
        ),
        move("move", pgettext_lazy("meeting", "Move the meeting"), "scheduled", "scheduled"),
        move("report_held", pgettext_lazy("meeting", "It took place"), AFTER, "held"),
        # held stays held when the other side says so: the reports differ
        move(
            "report_missed",
            pgettext_lazy("meeting", "It did not take place"),
            AFTER,
            ("missed", "held"),
        ),
        move(
            "cancel",
            pgettext_lazy("meeting", "Cancel the meeting"),
            ("proposed", "scheduled"),
            "cancelled",
        ),
    ],
)
