"""Configurations with which the settings refuse to start, each with a sentence that says what to set (promise
P15)."""

import json
import secrets
from collections.abc import Iterable, Mapping
from email.errors import HeaderParseError
from email.headerregistry import Address
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import NoReturn
from urllib.parse import SplitResult, urlsplit

from core.network import LOOPBACK

_NEEDED = {
    "SECRET_KEY": "ein zufälliger Schlüssel von mindestens 50 Zeichen",
    "LINK_KEY": "ein zweiter zufälliger Schlüssel von mindestens 50 Zeichen, für persönliche Links",
    "DATABASE_URL": "zum Beispiel postgres://nutzer:kennwort@host/datenbank",
    "REDIS_URL": "zum Beispiel redis://:kennwort@host:6379/0",
    "EMAIL_URL": "zum Beispiel smtp+tls://nutzer:kennwort@mail.example.org:587",
    "BASE_URL": "die öffentliche Adresse, zum Beispiel https://mentoring.example.org",
}
KEYS = "keys.json"  # in VAR_DIR
MOUNTS = Path("/proc/self/mounts")
# SQLite's write-ahead log needs shared memory, which network file systems do not provide.
_OF_A_NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "glusterfs", "ceph"}
_TOO_WELL_KNOWN = (
    "django-insecure",
    "changeme",
    "change-me",
    "secret",
    "insecure",
    "example",
    "test",
)


def refuse(sentence: str) -> NoReturn:
    """Exits: the sentence on standard error, exit code 1, no traceback."""
    raise SystemExit(f"Start verweigert: {sentence}")


def host_of(url: str) -> str:
    """The host of a URL, without port."""
    return urlsplit(url).hostname or ""


def networks(name: str, texts: Iterable[str]) -> list[IPv4Network | IPv6Network]:
    """The networks in a variable. Exits where one can't be parsed."""
    try:
        return [ip_network(text.strip()) for text in texts]
    except ValueError:
        refuse(f"{name} nennt kein Netz; zum Beispiel 192.0.2.0/24,2001:db8::/32 setzen.")


def bootstrap_dir() -> Path:
    """The folder of Bootstrap's CSS and JS in the installed package."""
    from bootstrap_wrapper import get_bootstrap_dir  # type: ignore[import-untyped]

    return Path(get_bootstrap_dir())


def embedded_keys(var: Path) -> tuple[str, str]:
    """The two keys of an embedded installation from ``var/keys.json``, which ``mentoring.devtools.folder``
    creates; without the file, keys that are valid as long as the process. Writes nothing."""
    if not _nearest(var).is_dir():
        refuse(f"VAR_DIR {var} lässt sich nicht anlegen; einen Ordner setzen.")
    if (kind := _file_system(var)) in _OF_A_NETWORK:
        refuse(
            f"VAR_DIR {var} liegt im Netz ({kind}), wo SQLite Daten verliert; einen Ordner auf diesem "
            "Rechner setzen."
        )
    try:
        secret, link = json.loads((var / KEYS).read_text())
    except FileNotFoundError:
        secret, link = secrets.token_urlsafe(48), secrets.token_urlsafe(48)
    return secret, link


def _nearest(folder: Path) -> Path:
    """The folder itself or the nearest one above it that exists."""
    return next(one for one in (folder, *folder.parents) if one.exists())


def check(environ: Mapping[str, str], *, embedded: bool) -> None:
    """Refuses every configuration that would run unsafely or not at all. Raises SystemExit."""
    if embedded:
        _check_embedded(environ)
        return
    for name, what in _NEEDED.items():
        if not environ.get(name, "").strip():
            refuse(f"{name} fehlt; zu setzen ist {what}.")
    _check_keys(environ)
    _check_services(environ)
    _check_senders(environ)
    _check_web(environ)


def loopback_alone(addresses: Iterable[object]) -> None:
    """Refuses to make the embedded default reachable from other machines: ``/dev/mail/`` shows everybody's
    sign-in codes. ``addresses`` as in gunicorn: (host, port), or a socket's path or number."""
    for address in addresses:
        if isinstance(address, tuple) and address[0] not in LOOPBACK:
            refuse(
                f"EMBEDDED=1 bedient nur diesen Rechner; gunicorn an 127.0.0.1 statt an „{address[0]}“ "
                "binden oder die Produktion einrichten (docs/deployment.md)."
            )


def _file_system(folder: Path) -> str:
    """The type of the file system that contains ``folder``, as Linux names it; empty where unknown."""
    try:
        lines = [line.split() for line in MOUNTS.read_text().splitlines()]
    except OSError:
        return ""
    holding = [line for line in lines if folder.is_relative_to(line[1].replace("\\040", " "))]
    # of several mounts at one place the last is visible
    return max(holding, key=lambda line: len(line[1]), default=["", "", ""])[2]


def _parts(environ: Mapping[str, str], name: str) -> SplitResult:
    """The parts of an address. Exits where it can't be parsed: a traceback would quote passwords."""
    try:
        parts = urlsplit(environ[name])
        if parts.port == 0:
            raise ValueError("no port")
    except ValueError:
        refuse(f"{name} ist keine lesbare Adresse; zu setzen ist {_NEEDED[name]}.")
    return parts


def _check_number(environ: Mapping[str, str], name: str, what: str) -> None:
    if not environ.get(name, "0").isdecimal():
        refuse(f"{name} ist keine Zahl; {what} setzen oder weglassen.")


def _check_embedded(environ: Mapping[str, str]) -> None:
    _check_number(environ, "PORT", "eine freie Portnummer wie 8001")
    if "BASE_URL" in environ and _parts(environ, "BASE_URL").hostname not in LOOPBACK:
        refuse(
            "EMBEDDED=1 bedient nur diesen Rechner; für eine öffentliche BASE_URL EMBEDDED weglassen "
            "und die Produktion einrichten (docs/deployment.md)."
        )
    if environ.get("EMAIL_URL"):
        refuse(
            "EMBEDDED=1 verschickt keine E-Mails; EMAIL_URL weglassen oder ohne EMBEDDED starten."
        )


def _check_keys(environ: Mapping[str, str]) -> None:
    for name in ("SECRET_KEY", "LINK_KEY"):
        key = environ[name]
        if len(key) < 50 or len(set(key)) < 8 or key.lower().startswith(_TOO_WELL_KNOWN):
            refuse(f"{name} ist zu kurz oder allgemein bekannt; 50 zufällige Zeichen setzen.")
    former = [key for key in environ.get("SECRET_KEY_FALLBACKS", "").split(",") if key]
    if any(len(key) < 50 for key in former):
        refuse(
            "SECRET_KEY_FALLBACKS enthält einen zu kurzen Schlüssel, der ebenso öffnet wie SECRET_KEY; "
            "nur frühere Schlüssel setzen oder weglassen."
        )
    if environ["SECRET_KEY"] == environ["LINK_KEY"]:
        refuse("SECRET_KEY und LINK_KEY sind gleich; zwei verschiedene Schlüssel setzen.")


def _check_services(environ: Mapping[str, str]) -> None:
    database = _parts(environ, "DATABASE_URL")
    if database.scheme not in {"postgres", "postgresql"} or not database.path.strip("/"):
        refuse(
            "DATABASE_URL nennt keine PostgreSQL-Datenbank; postgres://nutzer:kennwort@host/datenbank setzen."
        )
    redis = _parts(environ, "REDIS_URL")
    if redis.scheme not in {"redis", "rediss"}:
        refuse("REDIS_URL nennt keinen Redis-Server; redis://:kennwort@host:6379/0 setzen.")
    if redis.hostname not in LOOPBACK and not redis.password:
        refuse("REDIS_URL hat kein Passwort; für einen entfernten Redis eines setzen.")
    mail = _parts(environ, "EMAIL_URL")
    if mail.scheme not in {"smtp", "smtp+tls", "smtp+ssl"} or not mail.hostname:
        refuse(
            "EMAIL_URL verschickt keine E-Mails (Konsole, Datei oder Speicher); smtp+tls://… oder "
            "smtp+ssl://… setzen."
        )
    _check_number(environ, "MAIL_CONNECTIONS", "eine kleine Zahl wie 2")
    _check_number(environ, "SIGN_IN_LIMIT", "eine Zahl wie 1000")


def _check_senders(environ: Mapping[str, str]) -> None:
    """Refuses invalid sender addresses, with which no mail could be sent."""
    domain = environ.get("MAIL_DOMAIN") or "example.org"
    for name, address in (
        ("MAIL_DOMAIN", f"x@{domain}"),
        ("MAIL_FROM", environ.get("MAIL_FROM") or f"x@{domain}"),
    ):
        try:
            ours = Address(addr_spec=address)
        except (ValueError, IndexError, HeaderParseError):
            ours = Address()
        if not ours.username or not ours.domain or not address.isascii():
            what = "example.org" if name == "MAIL_DOMAIN" else "mentoring@example.org"
            refuse(f"{name} ist keine Adresse für E-Mails; zum Beispiel {what} setzen.")


def _check_web(environ: Mapping[str, str]) -> None:
    base = _parts(environ, "BASE_URL")
    local = base.hostname in LOOPBACK
    beyond = base.path.strip("/") or base.query or base.fragment or base.username is not None
    if not base.hostname or beyond or base.scheme not in {"https", "http"}:
        refuse(
            "BASE_URL ist keine bloße Adresse, ohne Pfad und Weiteres; zum Beispiel https://mentoring.example.org setzen."
        )
    if base.scheme != "https" and not local:
        refuse("BASE_URL ist unverschlüsselt; eine Adresse mit https:// setzen.")
    # “.org” matches every host below it
    hosts = [host.strip() for host in environ.get("ALLOWED_HOSTS", "").split(",")]
    if any("*" in host or host.startswith(".") for host in hosts):
        refuse("ALLOWED_HOSTS enthält einen Platzhalter; die Namen einzeln setzen oder weglassen.")
    if environ.get("DEBUG", "").strip().lower() not in {"", "0", "false", "no", "off"}:
        refuse("DEBUG ist eingeschaltet; DEBUG weglassen.")
    _check_number(environ, "TRUSTED_PROXIES", "die Zahl der eigenen Proxys")
