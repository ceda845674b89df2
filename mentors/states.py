"""The states of a mentor, from first contact to former."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.states import State, StateTable, move


class MentorState(StrEnum):
    """The states of a mentor, as they are stored."""

    PROSPECT = "prospect"
    CONTACTED = "contacted"
    INTERESTED = "interested"
    UNDER_REVIEW = "under_review"
    ACTIVE = "active"
    PAUSED = "paused"
    FORMER = "former"
    DECLINED = "declined"
    REJECTED = "rejected"


TAKING_PART = (MentorState.ACTIVE, MentorState.PAUSED)  # belongs to the network now
PARTED = (MentorState.FORMER, MentorState.DECLINED, MentorState.REJECTED)  # final
UNDER_CONDITIONS = (MentorState.UNDER_REVIEW, MentorState.PAUSED)  # active once complete

MENTOR = StateTable(
    _("mentor"),
    [
        State(MentorState.PROSPECT, _("shortlisted"), "open"),
        State(MentorState.CONTACTED, _("contacted"), "running"),
        State(MentorState.INTERESTED, _("interested"), "running"),
        State(MentorState.UNDER_REVIEW, _("under review"), "running"),
        State(MentorState.ACTIVE, pgettext_lazy("mentor", "active"), "done"),
        State(MentorState.PAUSED, pgettext_lazy("mentor", "paused"), "paused"),
        State(MentorState.FORMER, pgettext_lazy("mentor", "former"), "off"),
        State(MentorState.DECLINED, pgettext_lazy("mentor", "declined"), "off"),
        State(MentorState.REJECTED, pgettext_lazy("mentor", "not accepted"), "off"),
    ],
    [
        move(
            "contact",
            _("Record first contact"),
            MentorState.PROSPECT,
            MentorState.CONTACTED,
            pgettext_lazy("history", "recorded the first contact"),
        ),
        move(
            "note_interest",
            _("Record interest"),
            (MentorState.PROSPECT, MentorState.CONTACTED),
            MentorState.INTERESTED,
            pgettext_lazy("history", "recorded the interest"),
        ),
        move(
            "review",
            _("Start review"),
            (MentorState.CONTACTED, MentorState.INTERESTED),
            MentorState.UNDER_REVIEW,
            pgettext_lazy("history", "started the review"),
        ),
        move(
            "activate",
            _("Make active"),
            MentorState.UNDER_REVIEW,
            MentorState.ACTIVE,
            pgettext_lazy("history", "made the mentor active"),
        ),
        move(
            "pause",
            _("Pause"),
            MentorState.ACTIVE,
            MentorState.PAUSED,
            pgettext_lazy("history", "paused the mentor"),
        ),
        move(
            "resume",
            _("Resume"),
            MentorState.PAUSED,
            MentorState.ACTIVE,
            pgettext_lazy("history", "resumed the mentor"),
        ),
        move(
            "retire",
            _("Say goodbye as former mentor"),
            TAKING_PART,
            MentorState.FORMER,
            pgettext_lazy("history", "said goodbye to the mentor"),
        ),
        move(
            "decline",
            _("Record refusal"),
            (MentorState.PROSPECT, MentorState.CONTACTED, MentorState.INTERESTED),
            MentorState.DECLINED,
            pgettext_lazy("history", "recorded the refusal"),
        ),
        move(
            "reject",
            _("Do not accept"),
            MentorState.UNDER_REVIEW,
            MentorState.REJECTED,
            pgettext_lazy("history", "did not accept the person"),
        ),
    ],
)
