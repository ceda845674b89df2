"""Points at which a worker may be killed (promise S2): written as log events and used by the tests."""

from __future__ import annotations

import logging

log = logging.getLogger(__name__)

NAMES = (
    "before_claim",
    "after_claim",
    "after_connect",
    "after_rcpt",
    "after_dot",
    "after_250",
    "after_commit",
)


def checkpoint(name: str, mail: str = "") -> None:
    """Logs that delivery has reached ``name``, one of ``NAMES``, for the mail with this id.

    Called as ``checkpoints.checkpoint`` so that a test can replace it by a function that kills the process.
    """
    log.debug("outbox.%s", name, extra={"mail": mail})
