"""Validators of staff passwords beyond Django's own (promise P4)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# The public demo password of the embedded default; refused everywhere else (backends.py).
DEMO_PASSWORD = "Auftakt im Dreivierteltakt"  # noqa: S105

CONTEXT_WORDS = ("mentoring", "mentor", "mentee", "tandem", "hochschule", "musik", "theater")


class ContextWordsValidator:
    """Refuses passwords that consist of little more than words of this programme."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError when fewer than eight characters remain without such words."""
        rest = password.casefold()
        words = [*CONTEXT_WORDS, *(str(getattr(user, "email", "")).split("@")[0],)]
        for word in words:
            if word:
                rest = rest.replace(word.casefold(), "")
        if len(rest) < 8:
            raise ValidationError(
                _("This password consists of words from the programme or your address."),
                code="context",
            )

    def get_help_text(self) -> str:
        """The rule in a sentence."""
        return _("Do not use words from the programme or your address.")


class MaximumLengthValidator:
    """Refuses very long passwords, so that hashing stays cheap."""

    def __init__(self, max_length: int = 128) -> None:
        self.max_length = max_length

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError above ``max_length`` characters."""
        if len(password) > self.max_length:
            raise ValidationError(
                _("This password is longer than %(length)d characters.")
                % {"length": self.max_length},
                code="too_long",
            )

    def get_help_text(self) -> str:
        """The rule in a sentence."""
        return _("At most %(length)d characters.") % {"length": self.max_length}
