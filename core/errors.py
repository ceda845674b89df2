"""The refusal of a rule."""

from __future__ import annotations

from typing import Any


class RuleViolation(Exception):
    """A rule of the programme says no.

    ``sentence`` is a (lazily translated) sentence for the person who asked; ``field`` names the form
    field it belongs to, where there is one; ``code`` is stable and for programs.
    """

    def __init__(self, sentence: Any, *, field: str | None = None, code: str = "rule") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.code = code

    def __str__(self) -> str:
        return str(self.sentence)
