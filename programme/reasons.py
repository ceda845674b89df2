"""Reasons of endings that the application itself causes.

Stored as a code, in the same field as reasons that coordinators write, so that readers see it in their own
language.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ACCOUNT_CLOSED = "account-closed"
MENTEE_LEFT = "mentee-left"
MENTEE_COMPLETED = "mentee-completed"
MENTOR_LEFT = "mentor-left"

_SENTENCES = {
    ACCOUNT_CLOSED: _("The account has been closed."),
    MENTEE_LEFT: _("The mentee has left the programme."),
    MENTEE_COMPLETED: _("The mentee has completed the programme."),
    MENTOR_LEFT: _("The mentor has left the programme."),
}


def in_words(reason: str) -> str:
    """The sentence of a code in the language of the reader; any other text unchanged."""
    return str(_SENTENCES.get(reason, reason))
