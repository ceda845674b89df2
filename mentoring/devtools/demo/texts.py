"""Distributes texts so that people in a list have different ones."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence


class Texts:
    """Distributes texts, the least used first; none is repeated before all were used."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._told: Counter[str] = Counter()

    def one(self, options: Sequence[str]) -> str:
        """A random one of the least used. An empty text among the options stands for no text and may come at
        any time."""
        if "" in options and self._rng.random() < 0.15:
            return ""
        said = [text for text in options if text]
        least = min(self._told[text] for text in said)
        found = self._rng.choice([text for text in said if self._told[text] == least])
        self._told[found] += 1
        return found

    def some(self, options: Sequence[str], number: int) -> list[str]:
        """This many different ones, or all there are."""
        left, found = list(options), list[str]()
        while left and len(found) < number:
            found.append(self.one(left))
            left.remove(found[-1])
        return found
