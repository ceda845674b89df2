"""The states of a mentor, from first contact to former (design §3)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentoring.transitions import State, StateTable, move

MENTOR = StateTable(
    _("mentor"),
    [
        State("prospect", _("shortlisted"), "open"),
        State("contacted", _("contacted"), "running"),
        State("interested", _("interested"), "running"),
        State("under_review", _("under review"), "running"),
        State("active", pgettext_lazy("mentor", "active"), "done"),
        State("paused", pgettext_lazy("mentor", "paused"), "paused"),
        State("former", pgettext_lazy("mentor", "former"), "off"),
        State("declined", pgettext_lazy("mentor", "declined"), "off"),
        State("rejected", pgettext_lazy("mentor", "not accepted"), "off"),
    ],
    [
        move(
            "contact",
            _("Record first contact"),
            "prospect",
            "contacted",
            pgettext_lazy("history", "recorded the first contact"),
        ),
        move(
            "note_interest",
            _("Record interest"),
            ("prospect", "contacted"),
            "interested",
            pgettext_lazy("history", "recorded the interest"),
        ),
        move(
            "review",
            _("Start review"),
            ("contacted", "interested"),
            "under_review",
            pgettext_lazy("history", "started the review"),
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
            _("Say goodbye as former mentor"),
            ("active", "paused"),
            "former",
            pgettext_lazy("history", "said goodbye to the mentor"),
        ),
        move(
            "decline",
            _("Record refusal"),
            ("prospect", "contacted", "interested"),
            "declined",
            pgettext_lazy("history", "recorded the refusal"),
        ),
        move(
            "reject",
            _("Do not accept"),
            "under_review",
            "rejected",
            pgettext_lazy("history", "did not accept the person"),
        ),
    ],
)
