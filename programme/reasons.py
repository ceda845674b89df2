"""Why something ended that the programme itself brought to an end.

Kept as a code beside the words of coordinators, in the same field: whoever reads it does so in their own
language, not in that of whoever set it off.
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
    """The sentence of a code in the language of the reader; anything else as somebody wrote it."""
    return str(_SENTENCES.get(reason, reason))
