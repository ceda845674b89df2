"""Unsafe or broken configurations end the start with one sentence that says what to set (promise P15)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "SECRET_KEY": "k3Jx9pQvT7mZr2LwB8nYc5Hd1FgS6aEuX0oRiVbKtNqMyPzWj4",
    "LINK_KEY": "Zr2LwB8nYc5Hd1FgS6aEuX0oRiVbKtNqMyPzWj4k3Jx9pQvT7m",
    "DATABASE_URL": "postgres://root@127.0.0.1:5432/test",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "EMAIL_URL": "smtp+tls://user:word@mail.example.org:587",
    "BASE_URL": "https://mentoring.example.org",
}


def start(tmp_path: Path, **changes: str | None) -> subprocess.CompletedProcess[str]:
    """A real process that loads the settings with GOOD and the changes (None: not set)."""
    env = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **GOOD}
    for name, value in changes.items():
        env.pop(name, None)
        if value is not None:
            env[name] = value
    return subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", "pass", "--no-imports"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_p15_a_complete_configuration_starts(tmp_path: Path) -> None:
    done = start(tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY"),
        ({"SECRET_KEY": "django-insecure-" + "x1y2z3" * 10}, "SECRET_KEY"),
        ({"LINK_KEY": None}, "LINK_KEY"),
        ({"LINK_KEY": "short"}, "LINK_KEY"),
        ({"LINK_KEY": GOOD["SECRET_KEY"]}, "LINK_KEY"),
        ({"DATABASE_URL": None}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///data.sqlite3"}, "DATABASE_URL"),
        ({"REDIS_URL": None}, "REDIS_URL"),
        ({"REDIS_URL": "redis://cache.example.org:6379/0"}, "REDIS_URL"),
        ({"EMAIL_URL": None}, "EMAIL_URL"),
        ({"EMAIL_URL": "consolemail://"}, "EMAIL_URL"),
        ({"BASE_URL": None}, "BASE_URL"),
        ({"BASE_URL": "http://mentoring.example.org"}, "BASE_URL"),
        ({"BASE_URL": "https://example.org/mentoring"}, "BASE_URL"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"ALLOWED_HOSTS": "a.example.org, .org"}, "ALLOWED_HOSTS"),  # a wildcard of Django's own
        ({"TRUSTED_PROXIES": "all"}, "TRUSTED_PROXIES"),
        ({"TRUSTED_PROXIES": "²"}, "TRUSTED_PROXIES"),
        ({"CAMPUS_NETWORKS": "141.54.0.0/16, campus"}, "CAMPUS_NETWORKS"),
        ({"MAIL_CONNECTIONS": "many"}, "MAIL_CONNECTIONS"),
        ({"SIGN_IN_LIMIT": "many"}, "SIGN_IN_LIMIT"),
        ({"SECRET_KEY_FALLBACKS": "short"}, "SECRET_KEY_FALLBACKS"),
        ({"MAIL_FROM": "Mentoring"}, "MAIL_FROM"),
        ({"MAIL_DOMAIN": "mentoring example org"}, "MAIL_DOMAIN"),
        ({"BASE_URL": "https://[mentoring.example.org"}, "BASE_URL"),
        ({"BASE_URL": "https://user:word@mentoring.example.org"}, "BASE_URL"),
        ({"BASE_URL": "https://mentoring.example.org/?lang=de"}, "BASE_URL"),
        ({"DATABASE_URL": "postgres://user:word@host:port/name"}, "DATABASE_URL"),
        ({"REDIS_URL": "redis://:word@host:port/0"}, "REDIS_URL"),
        ({"EMAIL_URL": "smtp+tls://user:word@host:port"}, "EMAIL_URL"),
        ({"EMBEDDED": "1", "EMAIL_URL": None}, "EMBEDDED"),  # a public BASE_URL
        ({"EMBEDDED": "1", "BASE_URL": None}, "EMAIL_URL"),
        ({"EMBEDDED": "1", "BASE_URL": None, "EMAIL_URL": None, "PORT": "web"}, "PORT"),
        (
            {"EMBEDDED": "1", "BASE_URL": None, "EMAIL_URL": None, "VAR_DIR": "/dev/null/x"},
            "VAR_DIR",
        ),
    ],
)
def test_p15_an_unsafe_configuration_is_refused_in_one_sentence(
    tmp_path: Path, changes: dict[str, str | None], names: str
) -> None:
    done = start(tmp_path, **changes)
    assert done.returncode == 1
    assert done.stdout == ""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("Start verweigert: ")
    assert names in lines[0]
    assert lines[0].endswith(".")
    assert "word@" not in done.stderr


@pytest.mark.parametrize(("kind", "code"), [("nfs4", 1), ("ext4", 0)])
def test_p15_sqlite_does_not_lie_in_the_network(tmp_path: Path, kind: str, code: int) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"none / overlay rw 0 0\nserver:/x {tmp_path} {kind} rw 0 0\n")
    program = f"from mentoring import startup_checks as c; c.MOUNTS = c.Path({str(mounts)!r})"
    done = subprocess.run(
        [sys.executable, "-c", f"{program}; import mentoring.settings"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path / "var"), "EMBEDDED": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == code, done.stderr
    assert done.stderr.count("Start verweigert: VAR_DIR") == code


@pytest.mark.parametrize("bind", ["0.0.0.0:0", ":0", "[::]:0"])
def test_p15_the_embedded_default_is_served_to_this_machine_alone(
    tmp_path: Path, bind: str
) -> None:
    """Its mailbox shows everybody's sign-in codes."""
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "mentoring.wsgi", "--bind", bind],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "VAR_DIR": str(tmp_path),
            "HOME": str(tmp_path),
            "EMBEDDED": "1",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.count("Start verweigert: EMBEDDED=1") == 1
    assert "Booting worker" not in done.stderr


def test_p15_the_web_server_ends_too_and_starts_no_worker_again(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "mentoring.wsgi", "--bind", "127.0.0.1:0"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.count("Start verweigert: SECRET_KEY") == 1
    assert "Booting worker" not in done.stderr
