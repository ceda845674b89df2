"""In which cohorts a person takes part, told by the apps that know."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable

from core.registry import Registry

# Each app tells the cohorts a person takes part in, as far as the person confirmed it; None stands for what
# all coordinators share (the network). What nobody confirmed tells nothing (promise A7).
participation: Registry[Callable[[uuid.UUID], Iterable[uuid.UUID | None]]] = Registry(
    "source of participation"
)
