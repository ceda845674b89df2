"""A choice with one more line on its card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Choice:
    """A label for ``choices`` of radio buttons and lists of checkboxes.

    ``label`` stands bold on the card, ``help`` below it, what belongs to this choice; both may be lazy
    translations. The widget template ``django/forms/widgets/multiple_input.html`` reads ``help``.
    """

    label: Any
    help: Any = ""

    def __str__(self) -> str:
        return str(self.label)
