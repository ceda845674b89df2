"""In which cohorts a person takes part, as registered by the apps."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable

from core.registry import Registry

# Each app returns the cohorts a person takes part in, as far as the person confirmed it; None stands for what
# all coordinators share (the mentor network). Unconfirmed records don't count (promise A7).
participation: Registry[Callable[[uuid.UUID], Iterable[uuid.UUID | None]]] = Registry(
    "source of participation"
)
