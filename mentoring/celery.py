"""The Celery application. Nothing below the top layer imports it: tasks are ``shared_task``."""

import logging
import os
import signal
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_process_init
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")
TRANSPORT_ALIASES["folder"] = "mentoring.devtools.folder_broker:Transport"
app = Celery("mentoring")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_logging(loglevel: int | str = logging.WARNING, **kwargs: Any) -> None:
    """Disables Celery's own log handlers, which would write tracebacks past the allow-list of ``logs.py``
    (promise P10)."""
    for name in ("celery", "kombu"):
        logging.getLogger(name).setLevel(loglevel)


@worker_process_init.connect
def finish_first(**kwargs: Any) -> None:
    """Supervisors signal a whole group of processes at once. The child that sends ignores the signal; its
    parent lets it finish (promise S13: SIGTERM drains)."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
