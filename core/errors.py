"""The exception by which a rule refuses."""

from __future__ import annotations

from typing import Any


class RuleViolation(Exception):
    """Raised when a rule of the programme refuses.

    ``sentence`` is a (lazily translated) sentence for the person who asked; ``field`` names the form field it
    belongs to, if any; ``code`` is stable and for programs.
    """

    def __init__(self, sentence: Any, *, field: str | None = None, code: str = "rule") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.code = code

    def __str__(self) -> str:
        return str(self.sentence)
