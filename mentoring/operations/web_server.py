"""Changes to gunicorn: its log, its own responses, its time limits."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker

from mentoring.operations.logs import Formatter

REQUEST_SECONDS = 20  # seconds within which a request has to arrive, head and body together …
BYTES_A_SECOND = 16_000  # … extended at this pace, with no pause longer than that
ERROR_PAGE = """<!doctype html>
<html lang="de"><head><meta charset="utf-8"><title>Mentoring</title></head>
<body>
<h1>Diese Anfrage konnten wir nicht lesen</h1>
<p>Es wurde nichts verändert. Gehen Sie zurück und versuchen Sie es noch einmal.</p>
<h1 lang="en">We could not read this request</h1>
<p lang="en">Nothing has been changed. Go back and try once more.</p>
<p><a href="/">Startseite · Start page</a></p>
</body></html>
"""


class BoundedSocket(socket.socket):
    """A connection that closes, as if the client had, when a request does not arrive in time.

    gunicorn's threads wait without limit for a client that stalls or sends a byte now and then: a few such
    clients would occupy every thread.
    """

    until = threading.TIMEOUT_MAX
    late = False  # a request did not arrive in time; the rest of it may still come

    def recv(self, *args: Any) -> bytes:
        """Like a socket's, within a shorter time limit of its own; returns nothing once the time is over."""
        left, own = self.until - time.monotonic(), self.gettimeout()
        if own is not None and own < left:
            return super().recv(*args)
        if left <= 0:
            self.late = True
            return b""
        self.settimeout(left)
        try:
            data = super().recv(*args)
        except TimeoutError:
            self.late = True
            return b""
        finally:
            self.settimeout(own)
        later = self.until + len(data) / BYTES_A_SECOND
        self.until = min(later, time.monotonic() + REQUEST_SECONDS)
        return data


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threaded worker with a time limit for incoming requests, and with our headers on its own
    responses."""

    def handle(self, conn: Any) -> Any:
        """Reads and answers one request; called again for the next one on the same connection."""
        if not isinstance(conn.sock, BoundedSocket):
            conn.sock = BoundedSocket(fileno=conn.sock.detach())
        conn.sock.until = time.monotonic() + REQUEST_SECONDS
        return super().handle(conn)

    def _keepalive_after(self, conn: Any, keepalive: Any) -> bool:
        """Like gunicorn's; but the rest of a request that came too late is not read as the next one."""
        return super()._keepalive_after(conn, keepalive) and not conn.sock.late


def write_error(client: socket.socket, status: int, reason: str, message: str) -> None:
    """gunicorn's own response to an unreadable request (400, 414, 431 …), which no middleware sees: with the
    headers of promises P5 and P6, without gunicorn's name and without any part of the request (``message``).
    """
    from django.conf import settings

    from mentoring.middleware import standing_headers

    page = ERROR_PAGE.encode()
    headers = {
        **standing_headers(),
        "Cache-Control": "no-store",
        "Connection": "close",
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(page)),
    }
    if settings.SECURE_HSTS_SECONDS:
        headers["Strict-Transport-Security"] = (
            f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
        )
    lines = [
        f"HTTP/1.1 {status} {reason}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    client.setblocking(False)  # the client sent something unreadable: do not wait for it
    client.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + page)


class AddressFreeLogger(Logger):
    """gunicorn's log without addresses of requests: gunicorn quotes a request it can't read and the address
    of one that failed, which may be a personal link (promises P10, L7)."""

    def setup(self, cfg: Any) -> None:
        """Gives gunicorn's handlers our formatter, whatever file they write to."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Formatter())

    # gunicorn's methods would be logged as the position in the code; the caller's is wanted.
    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Like gunicorn's, logged with the caller's position."""
        super().warning(msg, *args, **{"stacklevel": 3, **kwargs})

    def error(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Like gunicorn's, logged with the caller's position."""
        super().error(msg, *args, **{"stacklevel": 3, **kwargs})

    @property
    def access_log_enabled(self) -> bool:
        """Always False: paths contain personal links. The proxy in front counts requests, the application
        logs events."""
        return False
