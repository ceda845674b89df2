"""The moments at which a worker may be killed (promise S2), as log events and for the tests."""

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
    """Notes that delivery has come to ``name``, one of ``NAMES``, with the mail of this id.

    Called as ``checkpoints.checkpoint`` so that a test can put in its place what kills the process.
    """
    log.debug("outbox.%s", name, extra={"mail": mail})
