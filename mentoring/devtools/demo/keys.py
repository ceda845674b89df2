"""Keys derived from the seed: the same seed gives the same data, including the addresses of pages."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps


@contextmanager
def keys_from(rng: random.Random) -> Iterator[None]:
    """Context manager: every new row whose key would be a random UUID gets the next one of ``rng``.

    For the one process that seeds an empty database of the embedded default. Personal links set their keys
    themselves and stay random.
    """

    def next_key() -> uuid.UUID:
        return uuid.UUID(int=rng.getrandbits(128), version=4)

    fields = [model._meta.pk for model in apps.get_models() if model._meta.pk.default is uuid.uuid4]
    try:
        for field in fields:
            field.default = next_key
            field.__dict__.pop("_get_default", None)  # the field caches its default
        yield
    finally:
        for field in fields:
            field.default = uuid.uuid4
            field.__dict__.pop("_get_default", None)
