"""Publishes the one message of this project: “deliver what is due”."""

from __future__ import annotations

import time

from django.conf import settings
from django.utils.module_loading import import_string

# A worker may wait long for its broker, a request may not: two tries of a third of a second each, also for a
# broker that accepts connections but never answers (measured with the worker's options: a closed port delayed
# a request by six seconds, a silent one by thirty).
IMPATIENT = {
    "socket_connect_timeout": 0.3,
    "socket_timeout": 0.4,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
# After a failure the broker is not tried for this many seconds: the sweep of the next minute delivers in any
# case, and the next accepted request does not wait for a dead port again (promise S4).
REST_SECONDS = 20.0
_rest_until = 0.0


def publish_sweep() -> None:
    """Publishes the message, within about a second. Raises the broker's errors."""
    global _rest_until
    if time.monotonic() < _rest_until:
        return
    try:
        _send()
    except Exception:
        _rest_until = time.monotonic() + REST_SECONDS
        raise


def _send() -> None:
    from kombu.pools import producers  # imported with the first mail, not with the first request

    app = import_string(settings.TASK_APP)
    connection = app.connection_for_write()
    connection.transport_options = {**connection.transport_options, **IMPATIENT}
    with producers[connection].acquire(block=True, timeout=1) as producer:
        app.send_task(
            "mentoring.deliver", producer=producer, retry=False, expires=55, ignore_result=True
        )
