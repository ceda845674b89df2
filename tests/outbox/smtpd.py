"""A scripted SMTP server: what it does is said by the recipient's address, what it took is counted.

``r450@…`` answers RCPT with 450, ``m552@…`` MAIL FROM never (the sender says nothing of the mail), but
``d554@…`` answers the end of data with 554, ``c421@…`` DATA with 421. Words: ``reset-rcpt``, ``reset-data``
(in the middle of the data), ``tarpit-rcpt``, ``tarpit-dot`` (no answer for long), ``silent`` (takes the
mail, then closes without an answer), ``silent-once`` (only the first time), ``later-once`` (451 once).
Everybody else's mail is taken. A second MAIL within a transaction is refused with 503, as RFC 5321 says; with
``tls`` (an SSL context) it speaks STARTTLS, with ``tls_at_once`` from the first byte.
"""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import struct
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Self

_CODE = re.compile(r"([rdc])(\d{3})\b")


@dataclass
class Taken:
    """One mail the server took."""

    recipient: str
    data: bytes
    message_id: str
    at: float


@dataclass
class Script:
    """How the server itself behaves."""

    greeting: bytes = b"220 test ESMTP\r\n"
    capabilities: tuple[str, ...] = ("8BITMIME", "SIZE 10000000")
    auth: bytes = b"235 ok\r\n"
    senders: list[bytes] = field(default_factory=list)  # answers to the first MAIL FROMs
    delay: float = 0.0  # seconds before the end of data is answered
    tarpit: float = 30.0
    tls: ssl.SSLContext | None = None
    tls_at_once: bool = False
    commands: list[str] = field(default_factory=list)


class Smtpd:
    """``with Smtpd() as server: settings.MAIL_URL = server.url``"""

    def __init__(self, **script: object) -> None:
        self.script = Script(**script)  # type: ignore[arg-type]
        self.taken: list[Taken] = []
        self.connections = 0
        self._seen: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"smtp://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def counts(self) -> Counter[str]:
        """How often each Message-ID was taken."""
        with self._lock:
            return Counter(one.message_id for one in self.taken)

    def settled(self, quiet: float = 0.15) -> Self:
        """Waits until nothing has been taken for ``quiet`` seconds: a killed client's last mail may
        still be in the socket."""
        before = -1
        while before != len(self.taken):
            before = len(self.taken)
            time.sleep(quiet)
        return self

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), client:
            client.settimeout(60)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.script.tls and self.script.tls_at_once:
                client = self.script.tls.wrap_socket(client, server_side=True)
            client.sendall(self.script.greeting)
            if not self.script.greeting.startswith(b"220"):
                return
            lines = client.makefile("rb")
            recipient, within = "", False
            while line := lines.readline():
                text = line.decode("latin-1").strip()
                verb = text[:4].upper()
                self.script.commands.append(text)
                if verb == "EHLO":
                    names = ["test", *self.script.capabilities]
                    names += ["STARTTLS"] if self.script.tls else []
                    ends = ["-"] * (len(names) - 1) + [" "]
                    client.sendall(
                        "".join(f"250{e}{n}\r\n" for e, n in zip(ends, names, strict=True)).encode()
                    )
                elif verb == "STAR" and self.script.tls:
                    client.sendall(b"220 go on\r\n")
                    client = self.script.tls.wrap_socket(client, server_side=True)
                    lines = client.makefile("rb")
                elif verb == "MAIL":
                    usual = self.script.senders.pop(0) if self.script.senders else b"250 ok\r\n"
                    client.sendall(b"503 one at a time\r\n" if within else usual)
                    within = True
                elif verb == "AUTH":
                    client.sendall(self.script.auth)
                elif verb == "RCPT":
                    recipient = text[text.index("<") + 1 : text.rindex(">")]
                    if not self._answer_rcpt(client, recipient):
                        return
                elif verb == "DATA":
                    if not self._take(client, lines, recipient):
                        return
                    within = self._code(recipient, "c") > 0  # a refused DATA ends no transaction
                elif verb == "QUIT":
                    client.sendall(b"221 bye\r\n")
                    return
                else:  # RSET, NOOP
                    within = within and verb != "RSET"
                    client.sendall(b"250 ok\r\n")

    def _answer_rcpt(self, client: socket.socket, recipient: str) -> bool:
        if recipient.startswith("reset-rcpt"):
            return _reset(client)
        if recipient.startswith("tarpit-rcpt"):
            self._ended.wait(self.script.tarpit)
            return False
        code = self._code(recipient, "r")
        client.sendall(f"{code or 250} said the script\r\n".encode())
        return code != 421

    def _take(self, client: socket.socket, lines: object, recipient: str) -> bool:
        if code := self._code(recipient, "c"):
            client.sendall(f"{code} said the script\r\n".encode())
            return code != 421
        client.sendall(b"354 go on\r\n")
        if recipient.startswith("reset-data"):
            client.recv(100)
            return _reset(client)
        data = bytearray()
        while (line := lines.readline()) != b".\r\n":  # type: ignore[attr-defined]
            if not line:
                return False
            data += line[1:] if line.startswith(b".") else line
        with self._lock:
            self._seen[recipient] += 1
            first = self._seen[recipient] == 1
        code = self._code(recipient, "d")
        if recipient.startswith("later-once") and first:
            code = 451
        if code:
            client.sendall(f"{code} said the script\r\n".encode())
            return code != 421
        found = re.search(rb"(?im)^Message-ID:\s*(\S+)", bytes(data))
        with self._lock:
            self.taken.append(
                Taken(recipient, bytes(data), found[1].decode() if found else "", time.monotonic())
            )
        if recipient.startswith("tarpit-dot"):
            self._ended.wait(self.script.tarpit)
            return False
        if recipient.startswith("silent-once") and not first:
            client.sendall(b"250 taken\r\n")
            return True
        if recipient.startswith("silent"):
            return False
        if self.script.delay:
            time.sleep(self.script.delay)
        client.sendall(b"250 taken\r\n")
        return True

    @staticmethod
    def _code(recipient: str, phase: str) -> int:
        match = _CODE.match(recipient)
        return int(match[2]) if match and match[1] == phase else 0


def _reset(client: socket.socket) -> bool:
    # No FIN but an RST, as from a server that fell over.
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
    return False
