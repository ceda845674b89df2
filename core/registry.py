"""A registry that packages add entries to, where an import would have to run upwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Items by key. ``add`` refuses a key given twice; ``[]`` raises with a readable message for an unknown
    key."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._items: dict[str, T] = {}

    def add(self, key: str, item: T) -> None:
        """Raises ValueError when the key is taken."""
        if key in self._items:
            raise ValueError(f"The {self.noun} “{key}” is registered twice.")
        self._items[key] = item

    def __getitem__(self, key: str) -> T:
        if key not in self._items:
            raise LookupError(
                f"No {self.noun} “{key}” is registered; see each app’s hooks.py and privacy.py."
            )
        return self._items[key]

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._items))

    def values(self) -> list[T]:
        """The items in the order of their keys."""
        return [self._items[key] for key in self]
