"""The states of a tandem's meeting (design §3)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentoring.transitions import State, StateTable, move

AFTER = ("scheduled", "held", "missed")

# What is read of a fixed date that is over: the table knows no time.
UNREPORTED = State("scheduled", _("report missing"), "running")

MEETING = StateTable(
    _("meeting"),
    [
        State("proposed", pgettext_lazy("meeting", "dates offered"), "open"),
        State("scheduled", pgettext_lazy("meeting", "date set"), "fixed"),
        State("held", pgettext_lazy("meeting", "took place"), "done"),
        State("missed", pgettext_lazy("meeting", "did not take place"), "alert"),
        State("cancelled", pgettext_lazy("meeting", "cancelled"), "off"),
    ],
    [
        # from "scheduled" too: who picked may pick another of the dates for a while (promise L2)
        move(
            "pick",
            pgettext_lazy("meeting", "Set the date"),
            ("proposed", "scheduled"),
            "scheduled",
            pgettext_lazy("history", "set the date"),
        ),
        move(
            "refuse",
            pgettext_lazy("meeting", "None of the dates suits"),
            ("proposed", "scheduled"),
            "proposed",
            pgettext_lazy("history", "said that none of the dates suited"),
        ),
        move(
            "offer_again",
            pgettext_lazy("meeting", "Offer other dates"),
            ("proposed", "scheduled"),
            "proposed",
            pgettext_lazy("history", "offered other dates"),
        ),
        move(
            "ask_again",
            pgettext_lazy("meeting", "Ask again"),
            "proposed",
            "proposed",
            pgettext_lazy("history", "asked again"),
        ),
        move(
            "lapse",
            pgettext_lazy("meeting", "Record that the deadline has passed"),
            "proposed",
            "proposed",
            pgettext_lazy("history", "recorded that the deadline had passed"),
        ),
        move(
            "move",
            pgettext_lazy("meeting", "Move the meeting"),
            "scheduled",
            "scheduled",
            pgettext_lazy("history", "moved the meeting"),
        ),
        move(
            "report_held",
            pgettext_lazy("meeting", "It took place"),
            AFTER,
            "held",
            pgettext_lazy("history", "reported that it took place"),
        ),
        # held stays held when the other side says so: the reports differ
        move(
            "report_missed",
            pgettext_lazy("meeting", "It did not take place"),
            AFTER,
            ("missed", "held"),
            pgettext_lazy("history", "reported that it did not take place"),
        ),
        move(
            "cancel",
            pgettext_lazy("meeting", "Cancel the meeting"),
            ("proposed", "scheduled"),
            "cancelled",
            pgettext_lazy("history", "cancelled the meeting"),
        ),
    ],
)
