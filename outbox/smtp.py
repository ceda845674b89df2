"""SMTP in phases, so that each error is classified by the phase in which it happened (promise S7).

Connections live in threads of their own that use no database; ``delivery.py`` reads the results from one
queue.
"""

from __future__ import annotations

import contextlib
import queue
import re
import smtplib
import socket
import ssl
import threading
from dataclasses import dataclass

from django.conf import settings

from outbox import checkpoints
from outbox.transport import (
    HandOver,
    Result,
    SendResult,
    Submission,
)


@dataclass(frozen=True)
class Server:
    """The mail server. ``security``: "" (none), "tls" (STARTTLS) or "ssl"."""

    host: str
    port: int
    security: str = ""
    user: str = ""
    password: str = ""


@dataclass
class Timeouts:
    """Seconds a phase may take (promise S7; RFC 5321 §4.5.3.2 for the end of data)."""

    connect: float = 10
    command: float = 60
    end_of_data: float = 600
    # After this many seconds without an event another connection takes over what waits behind a slow one.
    another_lane: float = 20


TIMEOUTS = Timeouts()
MOST_LANES = 8
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


class Unreachable(Exception):
    """There is no usable connection; the message says why."""


class _Answer(Exception):
    """The server refused a command."""

    def __init__(self, code: int, text: bytes) -> None:
        self.code = code
        self.text = f"{code} {text.decode(errors='replace')}"[:200]


def connect(server: Server) -> smtplib.SMTP:
    """A connection ready for mails: greeted, encrypted, signed in. Raises Unreachable."""
    context = ssl.create_default_context() if server.security else None
    try:
        if server.security == "ssl":
            link: smtplib.SMTP = smtplib.SMTP_SSL(
                local_hostname=settings.MAIL_DOMAIN, timeout=TIMEOUTS.connect, context=context
            )
        else:
            link = smtplib.SMTP(local_hostname=settings.MAIL_DOMAIN, timeout=TIMEOUTS.connect)
        link._host = server.host  # type: ignore[attr-defined] # what SMTP() would note; STARTTLS checks it
        code, text = link.connect(server.host, server.port)
        if code != 220:
            raise Unreachable(_Answer(code, text).text)
        sock = _socket(link)
        sock.settimeout(TIMEOUTS.command)
        # The end of data is sent separately from the data; it must not wait for an acknowledgement.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        link.ehlo_or_helo_if_needed()
        if server.security == "tls":
            link.starttls(context=context)
            link.ehlo()
        if server.user:
            link.login(server.user, server.password)
    except smtplib.SMTPResponseException as error:
        raise Unreachable(f"{error.smtp_code} {error.smtp_error!r}"[:200]) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(f"{type(error).__name__}: {error}"[:200]) from error
    return link


def _socket(link: smtplib.SMTP) -> socket.socket:
    if link.sock is None:
        raise smtplib.SMTPServerDisconnected("no connection")
    return link.sock


class SmtpTransport:
    """Up to ``connections`` connections at once, more only while all of them are stuck."""

    def __init__(self, server: Server, connections: int) -> None:
        self.server = server
        self.jobs: queue.SimpleQueue[list[Submission] | None] = queue.SimpleQueue()
        self.news: queue.SimpleQueue[SendResult | HandOver] = queue.SimpleQueue()
        self.unreachable = threading.Event()
        self._wanted = max(1, connections)
        self._lanes: list[_Lane] = []
        self._waiting = 0
        self._quiet = 0.0

    def post(self, group: list[Submission]) -> None:
        """Gives the group to the first free connection."""
        self._waiting += len(group)
        self.jobs.put(group)
        if len(self._lanes) < self._wanted:
            self._open_lane()

    def waiting(self) -> int:
        """The number of messages without outcome."""
        return self._waiting

    def events(self, timeout: float) -> list[SendResult | HandOver]:
        """The events the connections have reported since."""
        found: list[SendResult | HandOver] = []
        timeout = min(timeout, TIMEOUTS.another_lane)
        try:
            found.append(self.news.get(timeout=timeout) if timeout else self.news.get_nowait())
            while True:
                found.append(self.news.get_nowait())
        except queue.Empty:
            self._watch(timeout if not found else 0)
        self._waiting -= sum(isinstance(one, SendResult) for one in found)
        return found

    def _watch(self, quiet: float) -> None:
        self._quiet = self._quiet + quiet if quiet else 0.0
        stuck = self._quiet >= TIMEOUTS.another_lane and not self.jobs.empty()
        if stuck and len(self._lanes) < MOST_LANES:
            self._quiet = 0.0
            self._open_lane()

    def _open_lane(self) -> None:
        lane = _Lane(self)
        self._lanes.append(lane)
        lane.start()

    def close(self) -> None:
        """Lets the connections sign off (QUIT); groups they have not begun stay in the outbox."""
        self.unreachable.set()
        for _ in self._lanes:
            self.jobs.put(None)
        for lane in self._lanes:
            lane.join(timeout=5)


class _Lane(threading.Thread):
    """One connection: takes groups until there are none."""

    def __init__(self, transport: SmtpTransport) -> None:
        super().__init__(name="smtp", daemon=True)
        self.transport = transport
        self.link: smtplib.SMTP | None = None

    def run(self) -> None:
        """The thread's function."""
        while (group := self.transport.jobs.get()) is not None:
            for submission in group:
                try:
                    outcome = self._send(submission)
                except Exception as error:  # one mail's error never ends the thread
                    self._hang_up()
                    outcome = SendResult(
                        submission, "later", f"{type(error).__name__}: {error}"[:200]
                    )
                self.transport.news.put(outcome)
                while not outcome.written.wait(0.2) and not self.transport.unreachable.is_set():
                    pass  # wait: only one mail may be between the server's 250 and our commit
        if self.link is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self.link.quit()

    def _send(self, submission: Submission) -> SendResult:
        if self.transport.unreachable.is_set():
            return SendResult(submission, "untried", "the server was not reachable")
        mail = str(submission.mail)
        try:
            link = self._ready(submission)
            self._expect(link.rcpt(submission.recipient), 2)
            checkpoints.checkpoint("after_rcpt", mail)
            self._expect(link.docmd("DATA"), 3)
            _socket(link).sendall(_LEADING_DOT.sub(b"..", submission.data))
        except Unreachable as error:
            self.transport.unreachable.set()
            return SendResult(submission, "unreachable", str(error))
        except _Answer as answer:
            return self._refused(submission, answer)
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            return SendResult(submission, "later", f"{type(error).__name__}: {error}"[:200])
        if submission.careful and not self._may_hand_over(submission):
            self._hang_up()
            return SendResult(submission, "dropped")
        return self._end(link, submission)

    def _ready(self, submission: Submission) -> smtplib.SMTP:
        """A connection that has accepted MAIL FROM. A kept one that was closed or broken is replaced once."""
        mail = str(submission.mail)
        if self.link is not None:
            checkpoints.checkpoint("after_connect", mail)
            try:
                reply = self._mail_from(self.link, submission)
                if reply[0] != 421:
                    self._expect(reply, 2)
                    return self.link
            except (OSError, smtplib.SMTPException):
                pass  # a server may close an idle connection; that says nothing about this mail
            self._hang_up()
        self.link = connect(self.transport.server)
        checkpoints.checkpoint("after_connect", mail)
        self._expect(self._mail_from(self.link, submission), 2)
        return self.link

    def _mail_from(self, link: smtplib.SMTP, submission: Submission) -> tuple[int, bytes]:
        options = ["BODY=8BITMIME"] if link.has_extn("8bitmime") else []
        return link.mail(submission.sender, options)

    def _expect(self, reply: tuple[int, bytes], hundreds: int) -> None:
        code, text = reply
        if code // 100 != hundreds:
            raise _Answer(code, text)

    def _may_hand_over(self, submission: Submission) -> bool:
        request = HandOver(submission)
        self.transport.news.put(request)
        return request.wait(TIMEOUTS.command)

    def _end(self, link: smtplib.SMTP, submission: Submission) -> SendResult:
        """Sends the final dot: from here on a missing answer means doubt."""
        mail = str(submission.mail)
        try:
            sock = _socket(link)
            sock.settimeout(TIMEOUTS.end_of_data)
            sock.sendall(b".\r\n" if submission.data.endswith(b"\r\n") else b"\r\n.\r\n")
            checkpoints.checkpoint("after_dot", mail)
            code, text = link.getreply()
            sock.settimeout(TIMEOUTS.command)
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            return SendResult(submission, "silent", f"{type(error).__name__}: {error}"[:200])
        if code // 100 != 2:
            return self._refused(submission, _Answer(code, text))
        checkpoints.checkpoint("after_250", mail)
        return SendResult(submission, "sent")

    def _refused(self, submission: Submission, answer: _Answer) -> SendResult:
        """4xx: try later; 5xx: failed. The connection is kept if the server allows it."""
        if answer.code == 421 or self.link is None:
            self._hang_up()
        else:
            try:
                self.link.rset()
            except (OSError, smtplib.SMTPException):
                self._hang_up()
        result: Result = "refused" if answer.code // 100 == 5 else "later"
        return SendResult(submission, result, answer.text)

    def _hang_up(self) -> None:
        if self.link is not None:
            self.link.close()
            self.link = None
