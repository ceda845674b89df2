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
        State("probation", _("trial period"), "fixed"),
        State("active", pgettext_lazy("tandem", "active"), "done"),
        State("completed", pgettext_lazy("tandem", "completed"), "done"),
        State("declined", pgettext_lazy("tandem", "declined"), "off"),
        State("expired", _("expired without an answer"), "off"),
        State("dissolved", pgettext_lazy("tandem", "dissolved"), "off"),
    ],
    [
        move(
            "agree",
            _("Agree to the proposal"),
            "draft",
            "mentee_agreed",
            pgettext_lazy("history", "agreed to the proposal"),
        ),
        move(
            "decline_proposal",
            _("Decline the proposal"),
            "draft",
            "declined",
            pgettext_lazy("history", "declined the proposal"),
        ),
        move(
            "approve",
            _("Approve the tandem"),
            "mentee_agreed",
            "approved",
            pgettext_lazy("history", "approved the tandem"),
        ),
        move(
            "ask_mentor",
            _("Ask the mentor"),
            "approved",
            "mentor_asked",
            pgettext_lazy("history", "asked the mentor"),
        ),
        move(
            "confirm",
            _("Confirm the tandem"),
            "mentor_asked",
            "confirmed",
            pgettext_lazy("history", "accepted the tandem"),
        ),
        move(
            "decline",
            _("Decline the tandem"),
            "mentor_asked",
            "declined",
            pgettext_lazy("history", "declined the tandem"),
        ),
        move(
            "undo",
            _("Withdraw your answer"),
            ("confirmed", "declined"),
            "mentor_asked",
            pgettext_lazy("history", "took the answer back"),
        ),
        move(
            "begin",
            _("Begin"),
            "confirmed",
            ("active", "probation"),
            pgettext_lazy("history", "began the tandem"),
        ),
        move(
            "pass_probation",
            _("Complete the trial period"),
            "probation",
            "active",
            pgettext_lazy("history", "completed the trial period"),
        ),
        move(
            "complete",
            pgettext_lazy("tandem", "Complete"),
            "active",
            "completed",
            pgettext_lazy("history", "completed the tandem"),
        ),
        # A late approval is the office's delay: it is told and marked, the mentee loses nothing by it.
        move(
            "expire",
            _("Record that the deadline has passed"),
            ("draft", "mentor_asked"),
            "expired",
            pgettext_lazy("history", "recorded that the deadline had passed"),
        ),
        move(
            "dissolve",
            _("Dissolve the tandem"),
            LIVE,
            "dissolved",
            pgettext_lazy("history", "dissolved the tandem"),
        ),
    ],
)
