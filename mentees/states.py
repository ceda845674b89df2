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
        move("send", _("Send"), "draft", "unconfirmed"),
        move("confirm", _("Confirm the address"), "unconfirmed", "submitted"),
        move("read", _("Begin reading"), "submitted", "in_review"),
        move("invite", _("Invite to a talk"), ("submitted", "in_review"), "invited"),
        move("move_talk", _("Move the talk"), "invited", "invited"),
        move(
            "accept",
            pgettext_lazy("application", "Accept"),
            ("submitted", "in_review", "invited", "waitlisted"),
            "accepted",
        ),
        move(
            "waitlist",
            _("Put on the waiting list"),
            ("submitted", "in_review", "invited"),
            "waitlisted",
        ),
        move(
            "reject",
            pgettext_lazy("application", "Do not accept"),
            ("submitted", "in_review", "invited", "waitlisted"),
            "rejected",
        ),
        move("withdraw", _("Withdraw"), OPEN, "withdrawn"),
        move("undo_withdrawal", _("Take the withdrawal back"), "withdrawn", OPEN),
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
        move("complete", pgettext_lazy("mentee", "Complete"), "taking_part", "completed"),
        move("leave", pgettext_lazy("mentee", "Leave the programme"), "taking_part", "left"),
    ],
)
