"""Listening to the product's signals in a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.dispatch import Signal


@contextmanager
def heard(signal: Signal) -> Iterator[list[Any]]:
    """The objects the signal was sent with inside the block, in order."""
    seen: list[Any] = []
    with following(signal, seen.append):
        yield seen


@contextmanager
def following(signal: Signal, act: Callable[[Any], object]) -> Iterator[None]:
    """Inside, ``act`` is one more listener, called last with the object."""

    def receive(sender: Any, *, obj: Any, **_: Any) -> None:
        act(obj)

    signal.connect(receive)
    try:
        yield
    finally:
        signal.disconnect(receive)
