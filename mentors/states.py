"""The states of a mentor, from first contact to former (design §3)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentoring.transitions import State, StateTable, move

MENTOR = StateTable(
    _("mentor"),
    [
        State("prospect", _("on the list"), "open"),
        State("contacted", _("contacted"), "running"),
        State("interested", _("interested"), "running"),
        State("under_review", _("under review"), "running"),
        State("active", pgettext_lazy("mentor", "active"), "done"),
        State("paused", pgettext_lazy("mentor", "paused"), "paused"),
        State("former", pgettext_lazy("mentor", "former"), "off"),
        State("declined", pgettext_lazy("mentor", "declined"), "off"),
        State("rejected", pgettext_lazy("mentor", "not taken on"), "off"),
    ],
    [
        move(
            "contact",
            _("Note first contact"),
            "prospect",
            "contacted",
            pgettext_lazy("history", "noted the first contact"),
        ),
        move(
            "note_interest",
            _("Note interest"),
            ("prospect", "contacted"),
            "interested",
            pgettext_lazy("history", "noted the interest"),
        ),
        move(
            "review",
            _("Begin review"),
            ("contacted", "interested"),
            "under_review",
            pgettext_lazy("history", "began the review"),
        ),
        move(
            "activate",
            _("Make active"),
            "under_review",
            "active",
            pgettext_lazy("history", "made the mentor active"),
        ),
        move(
            "pause", _("Pause"), "active", "paused", pgettext_lazy("history", "paused the mentor")
        ),
        move(
            "resume",
            _("Resume"),
            "paused",
            "active",
            pgettext_lazy("history", "resumed the mentor"),
        ),
        move(
            "retire",
            _("Part as former mentor"),
            ("active", "paused"),
            "former",
            pgettext_lazy("history", "parted with the mentor"),
        ),
        move(
            "decline",
            _("Note refusal"),
            ("prospect", "contacted", "interested"),
            "declined",
            pgettext_lazy("history", "noted the refusal"),
        ),
        move(
            "reject",
            _("Do not take on"),
            "under_review",
            "rejected",
            pgettext_lazy("history", "did not take the person on"),
        ),
    ],
)
