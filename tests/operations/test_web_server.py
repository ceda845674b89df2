"""The web server as it is shipped: slow visitors keep nobody waiting, and its own answers are ours too."""

from __future__ import annotations

import contextlib
import re
import socket
import time
from collections.abc import Iterator

import pytest

from mentoring.operations.web_server import REQUEST_SECONDS, BoundedSocket
from tests.races.harness import Ground, Server

WORKERS, THREADS = 1, 2
HEAD = b"POST /contact/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
STALLED = {
    "a body that does not come": HEAD + b"Content-Length: 4000\r\n\r\nhalf",
    "a chunk that does not come": HEAD + b"Transfer-Encoding: chunked\r\n\r\n9\r\nhalf",
    "a head without an end": HEAD,
}
UNREADABLE = {
    400: b"GET /\x01 nonsense\r\n\r\n",
    414: b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    431: b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 9000 + b"\r\n\r\n",
}


def quick() -> None:
    """Runs in the server: requests have to arrive within a second."""
    from mentoring.operations import web_server

    web_server.REQUEST_SECONDS = 1


def patient() -> None:
    """Runs in the server: the control, which waits as long as gunicorn does."""
    from mentoring.operations import web_server

    web_server.REQUEST_SECONDS = 3600


@contextlib.contextmanager
def running(saboteur: str) -> Iterator[Server]:
    with (
        Ground("sqlite") as ground,
        ground.serving(
            saboteur=f"{__name__}:{saboteur}", workers=WORKERS, threads=THREADS
        ) as server,
    ):
        yield server


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running("quick") as found:
        yield found


def sent(server: Server, request: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    connection.sendall(request)
    return connection


def answer(connection: socket.socket) -> tuple[int, dict[str, str], str]:
    """Status, headers and page, to the end of the connection."""
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while data := connection.recv(65536):
            received += data
    head, _, page = received.decode().partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return int(first.split()[1]) if first else 0, headers, page


def a_visitor_waits(server: Server, seconds: float) -> float:
    """How long a page takes (a fraction of a second but for those in front), ``seconds`` at most."""
    began = time.monotonic()
    connection = sent(server, b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
    connection.settimeout(seconds)
    with contextlib.suppress(TimeoutError), connection:
        assert b"200 OK" in connection.recv(65536)
    return time.monotonic() - began


@pytest.mark.parametrize("kind", STALLED)
def test_p6_those_who_stall_keep_nobody_waiting(server: Server, kind: str) -> None:
    """As many as there are threads, twice; whoever comes next is served."""
    crowd = [sent(server, STALLED[kind]) for _number in range(2 * WORKERS * THREADS)]
    waited = a_visitor_waits(server, 10)
    for one in crowd:
        one.close()
    assert waited < 6


def test_p6_a_byte_now_and_then_is_not_enough(server: Server) -> None:
    """Each within the time, all of them together not."""
    began = time.monotonic()
    dripping = sent(server, HEAD + b"Content-Length: 4000\r\n\r\n")
    dripping.settimeout(0.3)
    received = b""
    while not received and time.monotonic() - began < 10:
        with contextlib.suppress(TimeoutError):
            dripping.sendall(b"x")
            received = dripping.recv(65536)
    assert b" 400 " in received.split(b"\r\n")[0]
    assert time.monotonic() - began < 5


def test_p6_what_came_quickly_allows_no_longer_silence(server: Server) -> None:
    """At the pace that is allowed as many bytes may take twelve seconds, on their way, not before silence."""
    began = time.monotonic()
    answer(sent(server, HEAD + b"Content-Length: 400000\r\n\r\n" + b"x" * 200_000))
    assert time.monotonic() - began < 6


def test_p6_the_rest_of_a_body_that_came_too_late_is_no_request(server: Server) -> None:
    began = time.monotonic()
    connection = sent(server, STALLED["a body that does not come"])
    received = connection.recv(65536)
    time.sleep(max(0, began + 1.7 - time.monotonic()))
    with contextlib.suppress(ConnectionError):
        connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        while data := connection.recv(65536):
            received += data
    assert received.count(b"HTTP/1.1 ") == 1


def test_p6_a_shorter_limit_of_gunicorn_holds() -> None:
    here, there = socket.socketpair()
    with there, BoundedSocket(fileno=here.detach()) as connection:
        connection.settimeout(0.1)
        for _twice in range(2):
            with pytest.raises(TimeoutError):
                connection.recv(1)


def test_p6_control_without_a_limit_two_who_stall_keep_everybody_waiting() -> None:
    with running("patient") as found:
        crowd = [sent(found, STALLED["a body that does not come"]) for _number in range(THREADS)]
        time.sleep(0.5)
        assert a_visitor_waits(found, 3) >= 3
        for one in crowd:
            one.close()


def test_p6_who_sends_slowly_but_steadily_is_heard(server: Server) -> None:
    """More than a second for 60,000 bytes, at a pace that a telephone reaches."""
    size = 60_000
    connection = sent(server, HEAD + b"Content-Length: %d\r\n\r\n" % size)
    for _number in range(15):
        connection.sendall(b"x" * (size // 15))
        time.sleep(0.12)
    status, _headers, _page = answer(connection)
    assert status == 403  # the token is missing: it was read to the end


def test_p6_the_limit_that_is_shipped_is_short() -> None:
    assert 5 <= REQUEST_SECONDS <= 30


@pytest.mark.parametrize("status", UNREADABLE)
def test_p6_what_the_server_says_itself_carries_the_same_headers(
    server: Server, status: int
) -> None:
    ours = answer(
        sent(server, b"GET /nowhere/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    )
    found, headers, page = answer(sent(server, UNREADABLE[status]))
    assert (ours[0], found) == (404, status)
    for name in (
        "Content-Security-Policy",
        "X-Content-Type-Options",
        "X-Frame-Options",
        "Referrer-Policy",
        "Cross-Origin-Opener-Policy",
        "Cross-Origin-Resource-Policy",
        "Permissions-Policy",
    ):
        assert headers[name] == ours[1][name], name
    assert "no-store" in headers["Cache-Control"]
    assert "Nothing has been changed" in page
    assert not re.search(r"xxxx|<style|<script| style=", page)


def test_p6_no_answer_tells_the_version_of_anything(server: Server) -> None:
    requests = [*UNREADABLE.values()]
    for path in (b"/", b"/nowhere/", b"/static/ui/site.css", b"/health/ready"):
        requests.append(
            b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
    for request in requests:
        _status, headers, _page = answer(sent(server, request))
        assert not any(sign.isdigit() for sign in headers.get("Server", ""))
        assert "X-Powered-By" not in headers
