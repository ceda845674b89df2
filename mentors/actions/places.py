"""A mentor's places: never more held than offered (promise C7)."""

from __future__ import annotations

import uuid

from django.db.models import F

from mentors.models import Mentor


def take_place(mentor_id: uuid.UUID) -> bool:
    """Takes one place of the mentor in the caller's transaction; False when none is free.

    One conditional UPDATE that must match one row, on both databases: two simultaneous confirmations can't
    both take the last place (promise C7).
    """
    return (
        Mentor.objects.filter(pk=mentor_id, held__lt=F("capacity")).update(held=F("held") + 1) == 1
    )


def free_place(mentor_id: uuid.UUID) -> bool:
    """Frees one place; False when none was taken."""
    return Mentor.objects.filter(pk=mentor_id, held__gt=0).update(held=F("held") - 1) == 1
