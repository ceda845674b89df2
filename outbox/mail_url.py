"""The transport that a MAIL_URL names."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from core.network import LOOPBACK
from outbox.smtp import Server, SmtpTransport
from outbox.transport import FileTransport, Transport


def security_of(parts: SplitResult) -> str:
    """The encryption of the connection to the mail server, as ``smtp.Server.security`` names it. A password
    is never sent unencrypted to another machine: ``smtp://`` with a password means STARTTLS."""
    clear = not parts.password or parts.hostname in LOOPBACK
    return parts.scheme.partition("+")[2] or ("" if clear else "tls")


def open_transport(url: str, connections: int) -> Transport:
    """The transport of a MAIL_URL: ``file:///folder``, ``smtp://``, ``smtp+tls://`` (STARTTLS) or
    ``smtp+ssl://``, with user and password. Raises ValueError for any other."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return FileTransport(Path(unquote(parts.path)))
    if parts.scheme in {"smtp", "smtp+tls", "smtp+ssl"} and parts.hostname:
        server = Server(
            host=parts.hostname,
            port=parts.port or {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}[parts.scheme],
            security=security_of(parts),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )
        return SmtpTransport(server, connections)
    raise ValueError(f"no way to send mails to a {parts.scheme or 'missing'} address")
