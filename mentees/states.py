"""The states of an application and of a mentee's part in a cohort (design §3)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentoring.transitions import State, StateTable, move

OPEN = ("unconfirmed", "submitted", "in_review", "invited", "waitlisted")

APPLICATION = StateTable(
    _("application"),
    [
        State("draft", pgettext_lazy("application", "draft"), "open"),
        State("unconfirmed", _("address not confirmed"), "alert"),
        State("submitted", pgettext_lazy("application", "received"), "open"),
        State("in_review", pgettext_lazy("application", "being read"), "running"),
        State("invited", _("invited to interview"), "fixed"),
        State("accepted", pgettext_lazy("application", "accepted"), "done"),
        State("waitlisted", _("on the waiting list"), "open"),
        State("rejected", pgettext_lazy("application", "not accepted"), "off"),
        State("withdrawn", pgettext_lazy("application", "withdrawn"), "off"),
    ],
    [
        move(
            "send",
            _("Send"),
            "draft",
            "unconfirmed",
            pgettext_lazy("history", "sent the application"),
        ),
        move(
            "confirm",
            _("Confirm the address"),
            "unconfirmed",
            "submitted",
            pgettext_lazy("history", "confirmed the address"),
        ),
        move(
            "read",
            _("Start reading"),
            "submitted",
            "in_review",
            pgettext_lazy("history", "started reading"),
        ),
        move(
            "invite",
            _("Invite to interview"),
            ("submitted", "in_review"),
            "invited",
            pgettext_lazy("history", "invited to interview"),
        ),
        move(
            "move_talk",
            _("Move the interview"),
            "invited",
            "invited",
            pgettext_lazy("history", "moved the interview"),
        ),
        move(
            "accept",
            pgettext_lazy("application", "Accept"),
            ("submitted", "in_review", "invited", "waitlisted"),
            "accepted",
            pgettext_lazy("history", "accepted the application"),
        ),
        move(
            "waitlist",
            _("Put on the waiting list"),
            ("submitted", "in_review", "invited"),
            "waitlisted",
            pgettext_lazy("history", "put the application on the waiting list"),
        ),
        move(
            "reject",
            pgettext_lazy("application", "Do not accept"),
            ("submitted", "in_review", "invited", "waitlisted"),
            "rejected",
            pgettext_lazy("history", "did not accept the application"),
        ),
        move(
            "withdraw",
            _("Withdraw"),
            OPEN,
            "withdrawn",
            pgettext_lazy("history", "withdrew the application"),
        ),
        move(
            "undo_withdrawal",
            _("Undo the withdrawal"),
            "withdrawn",
            OPEN,
            pgettext_lazy("history", "undid the withdrawal"),
        ),
    ],
)

MENTEE = StateTable(
    _("mentee"),
    [
        State("taking_part", _("taking part"), "fixed"),
        State("completed", pgettext_lazy("mentee", "completed"), "done"),
        State("left", pgettext_lazy("mentee", "left"), "off"),
    ],
    [
        move(
            "complete",
            pgettext_lazy("mentee", "Complete"),
            "taking_part",
            "completed",
            pgettext_lazy("history", "completed the programme"),
        ),
        move(
            "leave",
            pgettext_lazy("mentee", "Leave the programme"),
            "taking_part",
            "left",
            pgettext_lazy("history", "left the programme"),
        ),
    ],
)
