"""A server whose certificate proves nothing gets no mail and no password (promises S7, P15)."""

from __future__ import annotations

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from outbox import delivery, smtp
from outbox.models import MailStatus
from tests.outbox.smtpd import Smtpd

pytestmark = pytest.mark.django_db
HOW = {"smtp+tls": False, "smtp+ssl": True}  # scheme → encrypted from the first byte


def certificate(folder: Path, address: str) -> Path:
    """A certificate that vouches for itself and for ``address``, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{address}.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


@pytest.mark.parametrize("scheme", HOW)
@pytest.mark.parametrize(
    ("address", "known", "sent"),
    [("127.0.0.1", True, True), ("127.0.0.1", False, False), ("127.0.0.2", True, False)],
    ids=["good", "unknown issuer", "another host"],
)
def test_s7_mail_goes_to_a_server_with_a_valid_certificate_alone(
    settings, monkeypatch, tmp_path, queued, now, scheme, address, known, sent
):
    monkeypatch.setattr(smtp, "TIMEOUTS", smtp.Timeouts(5, 5, 5))
    proof = certificate(tmp_path, address)
    if known:  # read whenever a context is made
        monkeypatch.setenv("SSL_CERT_FILE", str(proof))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(proof)
    row = queued()
    with Smtpd(
        tls=context, tls_at_once=HOW[scheme], capabilities=("8BITMIME", "AUTH PLAIN")
    ) as server:
        settings.MAIL_URL = f"{scheme}://user:word@127.0.0.1:{server.port}"
        delivery.deliver(now)
        assert len(server.taken) == sent
        assert any(line.startswith("AUTH") for line in server.script.commands) == sent
    row.refresh_from_db()
    assert row.status == (MailStatus.SENT if sent else MailStatus.RETRY)
    assert ("CERTIFICATE_VERIFY_FAILED" in row.last_error) == (not sent)
