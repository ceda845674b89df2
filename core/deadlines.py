"""Carrying out verbs whose deadline has passed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist
from django.db import models

from core.audit import Actor
from core.errors import RuleViolation

log = logging.getLogger(__name__)


def in_turn(*jobs: tuple[Callable[..., object], Iterable[models.Model]], now: datetime) -> int:
    """Carries out the verb of each job on each of its objects, as actor ``system`` and each in its own
    transaction. Returns the number of objects. For deadlines that have passed.

    An object that somebody else moved or deleted meanwhile is skipped. An error about one object is raised
    only after all other objects have been processed.
    """
    moved = 0
    failure: Exception | None = None
    for verb, obj in ((verb, obj) for verb, objects in jobs for obj in list(objects)):
        try:
            verb(obj, by=Actor.system(), now=now)
        except (RuleViolation, ObjectDoesNotExist):
            continue
        except Exception as error:
            name = getattr(verb, "__name__", "")
            log.exception("deadline.failed", extra={"task": name, "error": type(error).__name__})
            failure = failure or error
        else:
            moved += 1
    if failure is not None:
        raise failure
    return moved
