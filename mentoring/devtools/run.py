"""``make run``: starts the embedded default, from an empty machine to a running site (contract).

Prepares ``var/`` and the database, seeds it when it is empty, sweeps once, prints all addresses, and then
runs web, worker and scheduler together until one of them, or the person, ends.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import logging
import os
import re
import shlex
import shutil
import signal
import socket
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import django
import honcho.manager  # type: ignore[import-untyped]
from django.conf import settings
from django.db import OperationalError
from honcho.printer import Printer  # type: ignore[import-untyped]

from mentoring.devtools import folder
from mentoring.devtools.folder import named

LOOPBACK = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))
_SHUTDOWN_OUTPUT = re.compile(
    rb"\s*$|worker: \w+ shutdown"
)  # what Celery prints when it is asked to stop
ROOM_NEEDED = 50_000_000  # bytes: the demo's database, log and mails, and room to work


def main() -> int:
    """Runs everything; returns the exit code. Exits with one sentence when it can't start (port in use,
    folder not writable)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")
    try:
        port = wanted_port(os.environ.get("PORT", "8000"))
        hosts = free_hosts(port)
        os.environ["PORT"] = str(port)
        var = writable_folder()
        folder.prepare(var)
        with alone_in(var, port):
            django.setup()
            logging.getLogger().setLevel(logging.WARNING)  # progress is reported in sentences
            try:
                prepare()
            except (OSError, OperationalError) as error:
                # A full disk, or a file that is not our database.
                give_up(f"Die Daten in {var} können nicht eingerichtet werden: {error}")
            say(welcome(port))
            return serve(port, hosts)
    except KeyboardInterrupt:
        return 0


def wanted_port(value: str) -> int:
    """The port as a number. Exits with a sentence for an invalid one."""
    if not value.isdecimal() or not 1 <= int(value) <= 65535:
        give_up(f"PORT={value} ist keine Portnummer; zum Beispiel PORT=8001 make run.")
    return int(value)


def free_hosts(port: int) -> list[str]:
    """The loopback addresses of this machine, all free at ``port``. Exits with one sentence when the port is
    in use: requests would reach the other program."""
    hosts = []
    for family, host in LOOPBACK:
        try:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
                hosts.append(host)
        except PermissionError:
            give_up(f"Port {port} darf nur der Administrator öffnen; PORT=8000 make run.")
        except OSError as error:
            if family == socket.AF_INET or error.errno == errno.EADDRINUSE:
                give_up(
                    f"Port {port} ist schon belegt; bitte das andere Programm beenden oder einen "
                    f"anderen Port nehmen: PORT={port + 1 if port < 65535 else 8001} make run."
                )
    return hosts


def writable_folder() -> Path:
    """The folder of database, mails and keys, resolved as ``VAR_DIR`` in the settings. Exits with one
    sentence when it is not writable or the disk is nearly full."""
    var = named()
    probe = var / f".probe-{os.getpid()}"
    try:
        var.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"x")
        probe.unlink()
        free = shutil.disk_usage(var).free
    except OSError as error:
        with contextlib.suppress(OSError):
            probe.unlink(missing_ok=True)
        give_up(
            f"In {var} kann nicht geschrieben werden ({error.strerror}); einen anderen Ordner "
            "nehmen: VAR_DIR=… make run."
        )
    if free < ROOM_NEEDED:
        give_up(
            f"Für {var} ist zu wenig Platz auf dem Datenträger; {ROOM_NEEDED // 1_000_000} MB frei "
            "machen oder einen anderen Ordner nehmen: VAR_DIR=… make run."
        )
    return var


@contextlib.contextmanager
def alone_in(var: Path, port: int) -> Iterator[None]:
    """Locks the folder for this run; the system releases it however the process ends. Exits with one sentence
    when another run holds it: two schedulers and two workers would share one broker."""
    with (var / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            give_up(
                f"Mit den Daten in {var} läuft das Programm schon, unter "
                f"http://localhost:{lock.read().strip() or 8000}; dort weiterarbeiten oder für ein "
                "zweites einen eigenen Ordner nehmen: VAR_DIR=… make run."
            )
        lock.truncate(0)
        lock.write(str(port))
        lock.flush()
        yield


def prepare() -> None:
    """Creates tables and, in an empty database, the demo; sweeps once, so that the site reports ready."""
    from django.core.management import call_command
    from django.utils import timezone

    from mentoring.devtools.demo.seed import is_empty
    from mentoring.operations.sweep import sweep

    if _unmigrated():
        say("Die Datenbank wird eingerichtet …")
        call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    if is_empty():
        say("Die Beispieldaten werden angelegt …")
        call_command("seed_demo", verbosity=0)
    sweep(timezone.now())


def _unmigrated() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def welcome(port: int) -> str:
    """Prints the address, who may sign in and how, and where the mails are."""
    from mentoring.devtools.demo import sign_in_names

    address = f"http://localhost:{port}"
    lines = ["", f"  Das Mentoring-Programm ist gleich da: {address}", ""]
    names = sign_in_names()
    if names:
        width = max(len(who) for who, _ in names)
        lines += [f"  Anmelden unter {address}/account/login/ als", ""]
        lines += [f"    {who:<{width}}  {what}" for who, what in names]
        lines += [""]
    lines += [
        f"  Alle E-Mails, auch die mit den Anmeldecodes: {address}/dev/mail/",
        "  Beenden mit Strg+C",
        "",
    ]
    return "\n".join(lines)


def commands(port: int, hosts: Iterable[str]) -> dict[str, list[str]]:
    """The three processes by name. No access log, so that no personal link is written down (L7)."""
    binds = [
        f"--bind=[{host}]:{port}" if ":" in host else f"--bind={host}:{port}" for host in hosts
    ]
    python = sys.executable
    # Celery warns when it runs as root, which is usual in a container.
    celery = [python, "-W", "ignore::UserWarning", "-m", "celery", "-q", "-A", "mentoring"]
    return {
        "web": [
            python, "-m", "gunicorn", "mentoring.wsgi:application", *binds,
            "--workers=2", "--log-level=warning", "--graceful-timeout=4",
            "--no-control-socket",  # else in the home directory, shared by all installations
        ],
        "worker": [
            # solo: a child of the pool that the file broker needs, once killed with -9, takes the
            # pool's lock with it, and nobody consumes any more.
            *celery, "worker", "--pool=solo", "--loglevel=warning",
            "--without-gossip", "--without-mingle", "--without-heartbeat",
        ],
        "beat": [*celery, "beat", "--loglevel=warning", "--pidfile="],
    }  # fmt: skip


def serve(port: int, hosts: Iterable[str]) -> int:
    """Runs the processes until one ends or a signal comes; then all end. Returns 0 after a signal."""
    printer = _Teller()
    honcho.manager.KILL_WAIT = 10  # the worker polls an idle broker every two seconds
    manager = honcho.manager.Manager(printer=printer)
    env = {**os.environ, "EMBEDDED": "1", "PYTHONUNBUFFERED": "1"}
    for name, command in commands(port, hosts).items():
        # exec: otherwise honcho's shell would stand between the signal and the process.
        manager.add_process(
            name, f"exec {shlex.join(command)}", env=env, cwd=str(settings.BASE_DIR)
        )
    # Closing the terminal ends the run like Ctrl-C; honcho does not handle SIGHUP.
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    manager.loop()
    if printer.ended_first and not printer.signalled:
        say(
            f"Der Prozess „{printer.ended_first}“ hat sich beendet; damit enden alle. "
            "make run startet sie wieder."
        )
        return manager.returncode or 1
    return 0


class _Teller(Printer):
    """Prints the processes' output; of honcho's own lines only records which process ended first."""

    def __init__(self) -> None:
        super().__init__(sys.stdout, time_format="%H:%M:%S")
        self.ended_first = ""
        self.signalled = False

    def write(self, message: Any) -> None:
        """One line of a process, or of honcho."""
        if message.name != "system":
            if not _went_well(message.data) and not (
                self.signalled and _SHUTDOWN_OUTPUT.match(message.data)
            ):
                super().write(message)
        elif " received" in message.data and not self.signalled:
            self.signalled = True
            say("Alles wird beendet …")
        elif (match := re.match(r"(\w+) stopped", message.data)) and not self.ended_first:
            self.ended_first = match[1]


def _went_well(line: bytes) -> bool:
    """Whether a line is a log event that need not be shown in the terminal."""
    try:
        event = json.loads(line)
    except ValueError:
        return False
    return isinstance(event, dict) and event.get("level") in ("debug", "info")


def say(text: str) -> None:
    """Prints a line in the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def give_up(sentence: str) -> NoReturn:
    """Exits with one sentence and code 1."""
    sys.stderr.write(f"{sentence}\n")
    raise SystemExit(1)


if __name__ == "__main__":
    # make ends its children with SIGTERM; before honcho handles it, treat it like Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
