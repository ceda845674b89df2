"""The life of a tandem (design §3)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentoring.transitions import State, StateTable, move

OPEN = ("mentee_agreed", "approved", "mentor_asked", "confirmed", "probation", "active")
LIVE = ("draft", *OPEN)
HELD = ("confirmed", "probation", "active")

TANDEM = StateTable(
    _("tandem"),
    [
        State("draft", pgettext_lazy("tandem", "proposed"), "open"),
        State("mentee_agreed", _("mentee agrees"), "running"),
        State("approved", pgettext_lazy("tandem", "approved"), "running"),
        State("mentor_asked", _("mentor is asked"), "running"),
        State("confirmed", pgettext_lazy("tandem", "confirmed"), "fixed"),
        State("probation", _("probation"), "fixed"),
        State("active", pgettext_lazy("tandem", "active"), "done"),
        State("completed", pgettext_lazy("tandem", "completed"), "done"),
        State("declined", pgettext_lazy("tandem", "declined"), "off"),
        State("expired", _("expired without an answer"), "off"),
        State("dissolved", pgettext_lazy("tandem", "dissolved"), "off"),
    ],
    [
        move("agree", _("Agree to the proposal"), "draft", "mentee_agreed"),
        move("decline_proposal", _("Decline the proposal"), "draft", "declined"),
        move("approve", _("Approve the tandem"), "mentee_agreed", "approved"),
        move("ask_mentor", _("Ask the mentor"), "approved", "mentor_asked"),
        move("confirm", _("Confirm the tandem"), "mentor_asked", "confirmed"),
        move("decline", _("Decline the tandem"), "mentor_asked", "declined"),
        move("undo", _("Take the answer back"), ("confirmed", "declined"), "mentor_asked"),
        move("begin", _("Begin"), "confirmed", ("active", "probation")),
        move("pass_probation", _("End the probation: go on"), "probation", "active"),
        move("complete", pgettext_lazy("tandem", "Complete"), "active", "completed"),
        # A late approval is the office's delay: it is told and marked, the mentee loses nothing by it.
        move("expire", _("Let it expire"), ("draft", "mentor_asked"), "expired"),
        move("dissolve", _("Dissolve the tandem"), LIVE, "dissolved"),
    ],
)
