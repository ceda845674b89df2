"""Retries after a deadlock, a serialization failure, a SQLite lock or a unique violation (promise C4).

After a unique violation the second attempt reads the row that the other transaction inserted, so that a rule
can refuse with a sentence.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, transaction

P = ParamSpec("P")
T = TypeVar("T")

PAUSES = (0.05, 0.2, 0.6)  # seconds before the second, third and fourth attempt
# deadlock detected, serialization failure, unique violation
_TRANSIENT_CODES = {"40P01", "40001", "23505"}
_TRANSIENT_WORDS = ("database is locked", "database table is locked", "UNIQUE constraint failed")


def is_transient(error: OperationalError | IntegrityError) -> bool:
    """Whether the error may disappear when the same work is run again."""
    code = getattr(error.__cause__, "pgcode", None) or getattr(error.__cause__, "sqlstate", None)
    return code in _TRANSIENT_CODES or any(word in str(error) for word in _TRANSIENT_WORDS)


def retry_on_conflict(action: Callable[P, T]) -> Callable[P, T]:
    """Runs ``action`` again, up to three times, after a transient error.

    Only the outermost call retries: inside another transaction the error is passed on, since that whole
    transaction is lost. ``action`` opens its own ``atomic()`` and reads within it.
    """

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        for pause in PAUSES:
            try:
                return action(*args, **kwargs)
            except (OperationalError, IntegrityError) as error:
                if transaction.get_connection().in_atomic_block or not is_transient(error):
                    raise
                time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - spreads, keeps no secret
        return action(*args, **kwargs)

    return run
