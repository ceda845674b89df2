"""What gunicorn reads by itself when started here, in ``make run`` and in production alike."""

import importlib
from typing import Any

# No line quotes an address or a link (promises P10, L7).
logger_class = "mentoring.operations.web_server.HouseLogger"
accesslog = None


def on_starting(server: Any) -> None:
    """An unsafe configuration ends the start, instead of one worker after the other (promise P15)."""
    importlib.import_module("mentoring.settings")
