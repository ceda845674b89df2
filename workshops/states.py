"""The states of a workshop and of a registration (design §3)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentoring.transitions import State, StateTable, move

WORKSHOP = StateTable(
    _("workshop"),
    [
        State("draft", pgettext_lazy("workshop", "draft"), "open"),
        State("published", pgettext_lazy("workshop", "published"), "fixed"),
        State("cancelled", pgettext_lazy("workshop", "cancelled"), "off"),
    ],
    [
        move(
            "publish",
            pgettext_lazy("workshop", "Publish"),
            "draft",
            "published",
            pgettext_lazy("history", "published the workshop"),
        ),
        move(
            "cancel",
            pgettext_lazy("workshop", "Cancel the workshop"),
            ("draft", "published"),
            "cancelled",
            pgettext_lazy("history", "cancelled the workshop"),
        ),
    ],
)

REGISTRATION = StateTable(
    _("registration"),
    [
        State("waitlisted", _("on the waiting list"), "open"),
        State("confirmed", pgettext_lazy("registration", "registered"), "fixed"),
        State("cancelled", pgettext_lazy("registration", "cancelled"), "off"),
    ],
    [
        move(
            "confirm",
            pgettext_lazy("registration", "Give a place"),
            "waitlisted",
            "confirmed",
            pgettext_lazy("history", "gave a place"),
        ),
        move(
            "promote",
            _("Move up from the waiting list"),
            "waitlisted",
            "confirmed",
            pgettext_lazy("history", "moved somebody up from the waiting list"),
        ),
        move(
            "cancel",
            pgettext_lazy("registration", "Cancel"),
            ("waitlisted", "confirmed"),
            "cancelled",
            pgettext_lazy("history", "cancelled the registration"),
        ),
    ],
)
