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
        State("invited", _("invited to a talk"), "fixed"),
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
            _("Begin reading"),
            "submitted",
            "in_review",
            pgettext_lazy("history", "began to read"),
        ),
        move(
            "invite",
            _("Invite to a talk"),
            ("submitted", "in_review"),
            "invited",
            pgettext_lazy("history", "invited to a talk"),
        ),
        move(
            "move_talk",
            _("Move the talk"),
            "invited",
            "invited",
            pgettext_lazy("history", "moved the talk"),
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
            _("Take the withdrawal back"),
            "withdrawn",
            OPEN,
            pgettext_lazy("history", "took the withdrawal back"),
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
            pgettext_lazy("history", "completed the participation"),
        ),
        move(
            "leave",
            pgettext_lazy("mentee", "Leave the programme"),
            "taking_part",
            "left",
            pgettext_lazy("history", "ended the participation"),
        ),
    ],
)
