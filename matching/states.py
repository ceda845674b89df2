"""The states of a tandem."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.states import State, StateTable, move


class TandemState(StrEnum):
    """The states of a tandem, as they are stored."""

    DRAFT = "draft"
    MENTEE_AGREED = "mentee_agreed"
    APPROVED = "approved"
    MENTOR_ASKED = "mentor_asked"
    CONFIRMED = "confirmed"
    PROBATION = "probation"
    ACTIVE = "active"
    COMPLETED = "completed"
    DECLINED = "declined"
    EXPIRED = "expired"
    DISSOLVED = "dissolved"


HELD = (
    TandemState.CONFIRMED,
    TandemState.PROBATION,
    TandemState.ACTIVE,
)  # takes a place (promise C7)
OPEN = (TandemState.MENTEE_AGREED, TandemState.APPROVED, TandemState.MENTOR_ASKED, *HELD)
LIVE = (TandemState.DRAFT, *OPEN)
ANSWERED = (*HELD, TandemState.DECLINED)
AWAITED = (TandemState.DRAFT, TandemState.MENTOR_ASKED)  # the mentee, or the mentor, has to answer

TANDEM = StateTable(
    _("tandem"),
    [
        State(TandemState.DRAFT, pgettext_lazy("tandem", "proposed"), "open"),
        State(TandemState.MENTEE_AGREED, _("mentee agrees"), "running"),
        State(TandemState.APPROVED, pgettext_lazy("tandem", "approved"), "running"),
        State(TandemState.MENTOR_ASKED, _("mentor is asked"), "running"),
        State(TandemState.CONFIRMED, pgettext_lazy("tandem", "confirmed"), "fixed"),
        State(TandemState.PROBATION, _("trial period"), "fixed"),
        State(TandemState.ACTIVE, pgettext_lazy("tandem", "active"), "done"),
        State(TandemState.COMPLETED, pgettext_lazy("tandem", "completed"), "done"),
        State(TandemState.DECLINED, pgettext_lazy("tandem", "declined"), "off"),
        State(TandemState.EXPIRED, _("expired without an answer"), "off"),
        State(TandemState.DISSOLVED, pgettext_lazy("tandem", "dissolved"), "off"),
    ],
    [
        move(
            "agree",
            _("Agree to the proposal"),
            TandemState.DRAFT,
            TandemState.MENTEE_AGREED,
            pgettext_lazy("history", "agreed to the proposal"),
        ),
        move(
            "decline_proposal",
            _("Decline the proposal"),
            TandemState.DRAFT,
            TandemState.DECLINED,
            pgettext_lazy("history", "declined the proposal"),
        ),
        move(
            "approve",
            _("Approve the tandem"),
            TandemState.MENTEE_AGREED,
            TandemState.APPROVED,
            pgettext_lazy("history", "approved the tandem"),
        ),
        move(
            "ask_mentor",
            _("Ask the mentor"),
            TandemState.APPROVED,
            TandemState.MENTOR_ASKED,
            pgettext_lazy("history", "asked the mentor"),
        ),
        move(
            "confirm",
            _("Confirm the tandem"),
            TandemState.MENTOR_ASKED,
            TandemState.CONFIRMED,
            pgettext_lazy("history", "accepted the tandem"),
        ),
        move(
            "decline",
            _("Decline the tandem"),
            TandemState.MENTOR_ASKED,
            TandemState.DECLINED,
            pgettext_lazy("history", "declined the tandem"),
        ),
        move(
            "undo",
            _("Withdraw your answer"),
            (TandemState.CONFIRMED, TandemState.DECLINED),
            TandemState.MENTOR_ASKED,
            pgettext_lazy("history", "took the answer back"),
        ),
        move(
            "begin",
            _("Begin"),
            TandemState.CONFIRMED,
            (TandemState.ACTIVE, TandemState.PROBATION),
            pgettext_lazy("history", "began the tandem"),
        ),
        move(
            "pass_probation",
            _("Complete the trial period"),
            TandemState.PROBATION,
            TandemState.ACTIVE,
            pgettext_lazy("history", "completed the trial period"),
        ),
        move(
            "complete",
            pgettext_lazy("tandem", "Complete"),
            TandemState.ACTIVE,
            TandemState.COMPLETED,
            pgettext_lazy("history", "completed the tandem"),
        ),
        # A late approval is the office's delay: it is shown and marked; the mentee has no disadvantage.
        move(
            "expire",
            _("Record that the deadline has passed"),
            AWAITED,
            TandemState.EXPIRED,
            pgettext_lazy("history", "recorded that the deadline had passed"),
        ),
        move(
            "dissolve",
            _("Dissolve the tandem"),
            LIVE,
            TandemState.DISSOLVED,
            pgettext_lazy("history", "dissolved the tandem"),
        ),
    ],
)
