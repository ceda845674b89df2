"""What gunicorn reads by itself when started here, in ``make run`` and in production alike."""

import importlib
from typing import Any

from gunicorn import util

from mentoring.operations import web_server

# No line quotes an address or a link (promises P10, L7).
logger_class = "mentoring.operations.web_server.AddressFreeLogger"
# Threads, so that a few slow visitors keep nobody waiting; each of them holds a database connection.
worker_class = "mentoring.operations.web_server.Worker"
threads = 8
# All of gunicorn's own error responses pass here; there is no setting for them.
util.write_error = web_server.write_error
accesslog = None
# A proxy on this machine is trusted by default to say below which path the site lies. It lies below none,
# and many proxies pass on headers of the client: no header decides which page is asked for (promise P2).
forwarder_headers = ""


def on_starting(server: Any) -> None:
    """Exits on an unsafe configuration, instead of one worker after the other failing (promise P15)."""
    settings = importlib.import_module("mentoring.settings")
    if settings.EMBEDDED:
        settings.startup_checks.loopback_alone(server.cfg.address)
