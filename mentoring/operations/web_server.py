"""Where gunicorn does otherwise than it would by itself: its log, its own answers, how long it waits."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker

from mentoring.operations.logs import Formatter

REQUEST_SECONDS = 20  # a request has to be here within, head and body together …
BYTES_A_SECOND = 16_000  # … and may take longer at this pace, never silent for longer than that
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
    """A connection that ends, as if the other side had hung up, when a request does not arrive in time.

    gunicorn's threads wait without end for a client that stalls or sends a byte now and then: a handful
    of them would occupy every thread.
    """

    until = threading.TIMEOUT_MAX
    late = False  # a request did not arrive in time, and what is left of it may still come

    def recv(self, *args: Any) -> bytes:
        """As a socket's, within a shorter time limit of its own; nothing once the time is over."""
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
    """gunicorn's worker with threads; one that waits for requests no longer than it should, and whose own
    answers carry the headers of ours."""

    def handle(self, conn: Any) -> Any:
        """Reads and answers one request; called again for the next one on the same connection."""
        if not isinstance(conn.sock, BoundedSocket):
            conn.sock = BoundedSocket(fileno=conn.sock.detach())
        conn.sock.until = time.monotonic() + REQUEST_SECONDS
        return super().handle(conn)

    def _keepalive_after(self, conn: Any, keepalive: Any) -> bool:
        """As gunicorn's; but what is left of a request that came too late is not read as the next one."""
        return super()._keepalive_after(conn, keepalive) and not conn.sock.late


def write_error(client: socket.socket, status: int, reason: str, message: str) -> None:
    """gunicorn's own answer to what it can't read (400, 414, 431 …), which no middleware sees: with the
    headers of promises P5 and P6, without its name and without a word of the request (``message``)."""
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
    client.setblocking(False)  # nobody waits for who sent something unreadable
    client.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + page)


class HouseLogger(Logger):
    """gunicorn's log without addresses of requests: it quotes a request it can't read and the address
    of one that failed, personal links among them (promises P10, L7)."""

    def setup(self, cfg: Any) -> None:
        """Gives gunicorn's handlers, whatever file they write to, our formatter."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Formatter())

    # gunicorn's own methods stand between a line and its place, which is all that is kept of some.
    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """As gunicorn's, told by whoever calls."""
        super().warning(msg, *args, **{"stacklevel": 3, **kwargs})

    def error(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """As gunicorn's, told by whoever calls."""
        super().error(msg, *args, **{"stacklevel": 3, **kwargs})

    @property
    def access_log_enabled(self) -> bool:
        """Never: paths hold personal links. The proxy in front counts requests, the house events."""
        return False
