"""The states of an application and of a mentee's participation in a cohort."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.states import State, StateTable, move


class ApplicationState(StrEnum):
    """The states of an application, as they are stored."""

    DRAFT = "draft"
    UNCONFIRMED = "unconfirmed"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    INVITED = "invited"
    ACCEPTED = "accepted"
    WAITLISTED = "waitlisted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class MenteeState(StrEnum):
    """The states of a participation, as they are stored."""

    TAKING_PART = "taking_part"
    COMPLETED = "completed"
    LEFT = "left"


# Confirmed, and nobody was invited or decided on: the answers can be changed, and the confirmation too.
BEFORE_THE_TALK = (ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW)
# The coordinators have to decide.
TO_DECIDE = (*BEFORE_THE_TALK, ApplicationState.INVITED, ApplicationState.WAITLISTED)
# Their wishes for mentors are still of use.
TO_DECIDE_OR_ACCEPTED = (*TO_DECIDE, ApplicationState.ACCEPTED)
# Can be withdrawn.
OPEN = (ApplicationState.UNCONFIRMED, *TO_DECIDE)
# What ``ApplicationQuerySet.readable`` leaves out.
NOBODY_READS = (ApplicationState.DRAFT, ApplicationState.UNCONFIRMED)
# Does not prevent another application of the person to the cohort.
NOT_STANDING = (*NOBODY_READS, ApplicationState.WITHDRAWN)

APPLICATION = StateTable(
    _("application"),
    [
        State(ApplicationState.DRAFT, pgettext_lazy("application", "draft"), "open"),
        State(ApplicationState.UNCONFIRMED, _("address not confirmed"), "alert"),
        State(ApplicationState.SUBMITTED, pgettext_lazy("application", "received"), "open"),
        State(ApplicationState.IN_REVIEW, pgettext_lazy("application", "being read"), "running"),
        State(ApplicationState.INVITED, _("invited to interview"), "fixed"),
        State(ApplicationState.ACCEPTED, pgettext_lazy("application", "accepted"), "done"),
        State(ApplicationState.WAITLISTED, _("on the waiting list"), "open"),
        State(ApplicationState.REJECTED, pgettext_lazy("application", "not accepted"), "off"),
        State(ApplicationState.WITHDRAWN, pgettext_lazy("application", "withdrawn"), "off"),
    ],
    [
        move(
            "send",
            _("Send"),
            ApplicationState.DRAFT,
            ApplicationState.UNCONFIRMED,
            pgettext_lazy("history", "sent the application"),
        ),
        move(
            "confirm",
            _("Confirm the address"),
            ApplicationState.UNCONFIRMED,
            ApplicationState.SUBMITTED,
            pgettext_lazy("history", "confirmed the address"),
        ),
        move(
            "read",
            _("Start reading"),
            ApplicationState.SUBMITTED,
            ApplicationState.IN_REVIEW,
            pgettext_lazy("history", "started reading"),
        ),
        move(
            "invite",
            _("Invite to interview"),
            BEFORE_THE_TALK,
            ApplicationState.INVITED,
            pgettext_lazy("history", "invited to interview"),
        ),
        move(
            "move_talk",
            _("Move the interview"),
            ApplicationState.INVITED,
            ApplicationState.INVITED,
            pgettext_lazy("history", "moved the interview"),
        ),
        move(
            "accept",
            pgettext_lazy("application", "Accept"),
            TO_DECIDE,
            ApplicationState.ACCEPTED,
            pgettext_lazy("history", "accepted the application"),
        ),
        move(
            "waitlist",
            _("Put on the waiting list"),
            (*BEFORE_THE_TALK, ApplicationState.INVITED),
            ApplicationState.WAITLISTED,
            pgettext_lazy("history", "put the application on the waiting list"),
        ),
        move(
            "reject",
            pgettext_lazy("application", "Do not accept"),
            TO_DECIDE,
            ApplicationState.REJECTED,
            pgettext_lazy("history", "did not accept the application"),
        ),
        move(
            "withdraw",
            _("Withdraw"),
            OPEN,
            ApplicationState.WITHDRAWN,
            pgettext_lazy("history", "withdrew the application"),
        ),
        move(
            "undo_withdrawal",
            _("Undo the withdrawal"),
            ApplicationState.WITHDRAWN,
            OPEN,
            pgettext_lazy("history", "undid the withdrawal"),
        ),
    ],
)

MENTEE = StateTable(
    _("mentee"),
    [
        State(MenteeState.TAKING_PART, _("taking part"), "fixed"),
        State(MenteeState.COMPLETED, pgettext_lazy("mentee", "completed"), "done"),
        State(MenteeState.LEFT, pgettext_lazy("mentee", "left"), "off"),
    ],
    [
        move(
            "complete",
            pgettext_lazy("mentee", "Complete"),
            MenteeState.TAKING_PART,
            MenteeState.COMPLETED,
            pgettext_lazy("history", "completed the programme"),
        ),
        move(
            "leave",
            pgettext_lazy("mentee", "Leave the programme"),
            MenteeState.TAKING_PART,
            MenteeState.LEFT,
            pgettext_lazy("history", "left the programme"),
        ),
    ],
)
