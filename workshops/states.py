"""The states of a workshop and of a registration."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.states import State, StateTable, move


class WorkshopState(StrEnum):
    """The states of a workshop, as they are stored."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class RegistrationState(StrEnum):
    """The states of a registration, as they are stored."""

    WAITLISTED = "waitlisted"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


WORKSHOP = StateTable(
    _("workshop"),
    [
        State(WorkshopState.DRAFT, pgettext_lazy("workshop", "draft"), "open"),
        State(WorkshopState.PUBLISHED, pgettext_lazy("workshop", "published"), "fixed"),
        State(WorkshopState.CANCELLED, pgettext_lazy("workshop", "cancelled"), "off"),
    ],
    [
        move(
            "publish",
            pgettext_lazy("workshop", "Publish"),
            WorkshopState.DRAFT,
            WorkshopState.PUBLISHED,
            pgettext_lazy("history", "published the workshop"),
        ),
        move(
            "cancel",
            pgettext_lazy("workshop", "Cancel the workshop"),
            (WorkshopState.DRAFT, WorkshopState.PUBLISHED),
            WorkshopState.CANCELLED,
            pgettext_lazy("history", "cancelled the workshop"),
        ),
    ],
)

REGISTRATION = StateTable(
    _("registration"),
    [
        State(RegistrationState.WAITLISTED, _("on the waiting list"), "open"),
        State(RegistrationState.CONFIRMED, pgettext_lazy("registration", "registered"), "fixed"),
        State(RegistrationState.CANCELLED, pgettext_lazy("registration", "cancelled"), "off"),
    ],
    [
        move(
            "confirm",
            pgettext_lazy("registration", "Give a place"),
            RegistrationState.WAITLISTED,
            RegistrationState.CONFIRMED,
            pgettext_lazy("history", "gave a place"),
        ),
        move(
            "promote",
            _("Move up from the waiting list"),
            RegistrationState.WAITLISTED,
            RegistrationState.CONFIRMED,
            pgettext_lazy("history", "moved somebody up from the waiting list"),
        ),
        move(
            "cancel",
            pgettext_lazy("registration", "Cancel"),
            (RegistrationState.WAITLISTED, RegistrationState.CONFIRMED),
            RegistrationState.CANCELLED,
            pgettext_lazy("history", "cancelled the registration"),
        ),
    ],
)
