"""A choice with a help line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Choice:
    """A label for ``choices`` of radio buttons and lists of checkboxes.

    ``label`` is shown on its own line, ``help`` below it; both may be lazy translations. ``core/forms/rendering.py``
    reads ``help``.
    """

    label: Any
    help: Any = ""

    def __str__(self) -> str:
        return str(self.label)
