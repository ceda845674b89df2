"""Group 9 of the corpus as bytes on the wire, against the real server: what a test client can't say. A calm
4xx or a closed connection, nothing written, and the next visitor is served."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests import corpus
from tests.races.harness import Ground, Server

TOKEN = b"a" * 32
BODY = (
    b"csrfmiddlewaretoken=" + TOKEN + b"&form_id=6f9619ff-8b86-4011-b42d-00cf4fc964ff"
    b"&name=Ada&email=ada%40example.org&message=Guten+Tag"
)
FORM = b"Content-Type: application/x-www-form-urlencoded\r\nCookie: csrf=" + TOKEN + b"\r\n"


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Ground, Server]]:
    """A server of the project with one process and two threads."""
    with Ground("sqlite") as ground, ground.serving(workers=1, threads=2) as server:
        ground.call("tests.corpus.test_wire:prepare")
        yield ground, server


def _post(host: bytes, *more: bytes, length: bytes | None = None, body: bytes = BODY) -> bytes:
    told = str(len(body)).encode() if length is None else length
    head = b"POST /contact/ HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n" + FORM
    return head + b"".join(more) + b"Content-Length: " + told + b"\r\n\r\n" + body


def _status(server: Server, sent: bytes) -> int:
    """The status of the answer; 0 where the server hung up."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        try:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            head = connection.recv(4096)
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            return 0
    return int(head.split(b" ", 2)[1]) if head.startswith(b"HTTP/") else 0


HOST = b"localhost"
CASES = {
    "two hosts": _post(HOST, b"Host: boese.example\r\n"),
    "foreign host": _post(b"boese.example"),
    "no host": _post(b""),
    "length longer than the body": _post(HOST, length=b"5000"),
    "length shorter than the body": _post(HOST, length=b"3"),
    "negative length": _post(HOST, length=b"-1"),
    "length in words": _post(HOST, length=b"viel"),
    "two lengths": _post(HOST, b"Content-Length: 7\r\n"),
    "length and chunks": _post(HOST, b"Transfer-Encoding: chunked\r\n"),
    "five megabytes of cookie": _post(HOST, b"Cookie: x=" + corpus.COOKIE.encode() + b"\r\n"),
    "line break in a header": _post(HOST, b"X-A: b\r\n c\r\n"),
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "TRACE": b"TRACE /contact/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    "encoded slash": b"GET /l/..%2f..%2fetc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    "NUL in the path": b"GET /workshops/%00/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
}


@pytest.mark.parametrize("what", CASES)
def test_bytes_that_are_no_request_are_refused(served: Any, what: str) -> None:
    ground, server = served
    status = _status(server, CASES[what])
    assert status == 0 or 400 <= status < 500, status
    assert ground.call("tests.corpus.test_wire:written") == 0
    assert server.get("/health/live").status == 200


def test_a_slow_sender_keeps_nobody_waiting(served: Any) -> None:
    ground, server = served
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as slow:
        slow.sendall(_post(HOST, length=b"5000")[:-10])
        assert server.get("/health/live").status == 200
    assert ground.call("tests.corpus.test_wire:written") == 0


def test_the_same_bytes_in_order_are_taken(served: Any) -> None:
    """The control: what is refused above is refused for what is wrong with it."""
    ground, server = served
    assert _status(server, _post(HOST)) == 302
    assert ground.call("tests.corpus.test_wire:written") == 1


def prepare() -> None:
    """The office that messages go to."""
    from tests import factories

    factories.organisation()


def written() -> int:
    """How many mails stand in the database; asked in the process bound to it."""
    from outbox.models import OutgoingMail

    return OutgoingMail.objects.count()
