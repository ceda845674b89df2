"""What the settings refuse to start with, each as one sentence that says what to set (promise P15)."""

import contextlib
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
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
    """Ends the start: the sentence on standard error, exit code 1, no traceback."""
    raise SystemExit(f"Start verweigert: {sentence}")


def host_of(url: str) -> str:
    """The host of a URL, without port."""
    return urlsplit(url).hostname or ""


def bootstrap_dir() -> Path:
    """Where the installed package keeps Bootstrap's distributed CSS and JS."""
    from bootstrap_wrapper import get_bootstrap_dir  # type: ignore[import-untyped]

    return Path(get_bootstrap_dir())


def embedded_keys(var: Path) -> tuple[str, str]:
    """The two keys of an embedded installation, made at its first start and kept in ``var/keys.json``."""
    path = var / "keys.json"
    for folder in (var, var / "mail", var / "broker", var / "broker-control"):
        folder.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps([secrets.token_urlsafe(48), secrets.token_urlsafe(48)]))
        fresh.chmod(0o600)
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)  # the first of several processes wins
        fresh.unlink()
    secret, link = json.loads(path.read_text())
    return secret, link


def check(environ: Mapping[str, str], *, embedded: bool) -> None:
    """Refuses every configuration that would run unsafely or not at all. Raises SystemExit."""
    if embedded:
        _check_embedded(environ)
        return
    for name, what in (
        ("SECRET_KEY", "ein zufälliger Schlüssel von mindestens 50 Zeichen"),
        (
            "LINK_KEY",
            "ein zweiter zufälliger Schlüssel von mindestens 50 Zeichen, für persönliche Links",
        ),
        ("DATABASE_URL", "zum Beispiel postgres://nutzer:kennwort@host/datenbank"),
        ("REDIS_URL", "zum Beispiel redis://:kennwort@host:6379/0"),
        ("EMAIL_URL", "zum Beispiel smtp+tls://nutzer:kennwort@mail.example.org:587"),
        ("BASE_URL", "die öffentliche Adresse, zum Beispiel https://mentoring.example.org"),
    ):
        if not environ.get(name, "").strip():
            refuse(f"{name} fehlt; zu setzen ist {what}.")
    _check_keys(environ)
    _check_services(environ)
    _check_web(environ)


def _check_embedded(environ: Mapping[str, str]) -> None:
    base = environ.get("BASE_URL", "http://localhost")
    if host_of(base) not in _LOOPBACK:
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
    if environ["SECRET_KEY"] == environ["LINK_KEY"]:
        refuse("SECRET_KEY und LINK_KEY sind gleich; zwei verschiedene Schlüssel setzen.")


def _check_services(environ: Mapping[str, str]) -> None:
    database = urlsplit(environ["DATABASE_URL"])
    if database.scheme not in {"postgres", "postgresql"} or not database.path.strip("/"):
        refuse(
            "DATABASE_URL nennt keine PostgreSQL-Datenbank; postgres://nutzer:kennwort@host/datenbank setzen."
        )
    redis = urlsplit(environ["REDIS_URL"])
    if redis.scheme not in {"redis", "rediss"}:
        refuse("REDIS_URL nennt keinen Redis-Server; redis://:kennwort@host:6379/0 setzen.")
    if redis.hostname not in _LOOPBACK and not redis.password:
        refuse("REDIS_URL hat kein Kennwort; für einen entfernten Redis eines setzen.")
    mail = urlsplit(environ["EMAIL_URL"])
    if mail.scheme not in {"smtp", "smtp+tls", "smtp+ssl"} or not mail.hostname:
        refuse(
            "EMAIL_URL verschickt keine E-Mails (Konsole, Datei oder Speicher); smtp+tls://… oder "
            "smtp+ssl://… setzen."
        )


def _check_web(environ: Mapping[str, str]) -> None:
    base = urlsplit(environ["BASE_URL"])
    local = base.hostname in _LOOPBACK
    if not base.hostname or base.path.strip("/") or base.scheme not in {"https", "http"}:
        refuse(
            "BASE_URL ist keine Adresse ohne Pfad; zum Beispiel https://mentoring.example.org setzen."
        )
    if base.scheme != "https" and not local:
        refuse("BASE_URL ist unverschlüsselt; eine Adresse mit https:// setzen.")
    if "*" in environ.get("ALLOWED_HOSTS", ""):
        refuse("ALLOWED_HOSTS enthält einen Platzhalter; die Namen einzeln setzen oder weglassen.")
    if environ.get("DEBUG", "").strip().lower() not in {"", "0", "false", "no", "off"}:
        refuse("DEBUG ist eingeschaltet; DEBUG weglassen.")
    if not environ.get("TRUSTED_PROXIES", "0").isdigit():
        refuse("TRUSTED_PROXIES ist keine Zahl; die Zahl der eigenen Proxys setzen, ohne Proxy 0.")
