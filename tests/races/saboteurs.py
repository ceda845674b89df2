"""Guards patched away inside a gunicorn process, so that a race test is known to be able to fail (C2).

Loaded by ``harness.Ground.serving(saboteur=…)`` alone; nothing in the product knows of it.
"""

from __future__ import annotations

import threading
import time
from typing import Any

SLEEP = 0.03  # seconds between looking and writing


def workshop_decides_before_the_lock() -> None:
    """A workshop's places are counted before the transaction, in autocommit, and nothing is locked: the
    mistake promises C1 and C3 speak of. The place taken is written from what was seen."""
    from workshops import actions
    from workshops.actions import places
    from workshops.models import Workshop

    honest = places.register
    seen = threading.local()

    def register(workshop: Any, person: Any, **rest: Any) -> Any:
        now = Workshop.objects.get(pk=workshop.pk)
        seen.taken, seen.capacity = now.taken, now.capacity
        time.sleep(SLEEP)
        return honest(workshop, person, **rest)

    def take_place(workshop: Any) -> bool:
        if seen.taken >= seen.capacity:
            return False
        Workshop.objects.filter(pk=workshop.pk).update(taken=seen.taken + 1)
        return True

    places.lock_workshop = lambda workshop: Workshop.objects.get(pk=workshop.pk)
    places.take_place = take_place
    actions.register = register
