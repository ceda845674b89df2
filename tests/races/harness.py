"""Races over real HTTP: a database of its own, gunicorn processes, many requests at one moment.

In-process tests can't race: one connection, one interpreter. Here a ``Ground`` holds a fresh database
(a SQLite file or a PostgreSQL database) with its own ``VAR_DIR``; ``serving()`` starts gunicorn on it
(two processes with threads); ``together()`` sends many POSTs with session and CSRF token at one moment.

    with Ground("postgres") as ground, ground.serving() as server:
        made = ground.call("tests.races.workshop_data:prepare", people=50, capacity=10)
        visitors = [Visitor(cookie) for cookie in ground.sign_in(made["people"])]
        answers = server.together([Post(path, visitor=one) for one in visitors])
        assert {one.status for one in answers} == {302}

``call("module:function", **json)`` runs a function inside a Django process that is bound to the ground's
database (the test process itself keeps pytest's) and returns its JSON result. Every call is its own
autocommit; the function opens transactions where it needs them. Data is made with the real time, since
the server's ``request.now`` is the real clock.

A **control** (promise C2) must be able to fail: ``serving(saboteur="module:function")`` calls the
function in each gunicorn process after the application was loaded, where it may patch a guard away.
The product itself has no switch for that, so nothing is there to be reached in production.

A page that needs no session (a personal link) takes ``Visitor()``: the CSRF cookie alone. Links:
``Post(f"/l/{token}/", {"answer": "yes"})``. ``PROVE=1`` asks for full rounds: see ``rounds()``.
"""

from __future__ import annotations

import atexit
import fcntl
import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, Self, get_args
from urllib.parse import urlencode, urlsplit

from mentoring.devtools import folder

ROOT = Path(__file__).resolve().parent.parent.parent
POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgres://root@127.0.0.1:5432/test")
RUN = "TEST_RUN_FOLDER"  # in the environment of all processes of a test run: see run_folder()
Database = Literal["sqlite", "postgres"]
PROVE = os.environ.get("PROVE") == "1"
_CONFIG = """\
import runpy

globals().update(runpy.run_path({shipped!r}))


def post_worker_init(worker):
    from importlib import import_module

    module, _, name = {saboteur!r}.partition(":")
    if name:
        getattr(import_module(module), name)()
"""


def rounds(suite: int, prove: int) -> int:
    """How many rounds to run: few in the suite, all of them with ``PROVE=1`` (``make prove``)."""
    return prove if PROVE else suite


@dataclass(frozen=True)
class Visitor:
    """A browser: its session cookie (none for a stranger) and its CSRF secret."""

    session: str = ""
    csrf: str = field(default_factory=lambda: secrets.token_hex(16))

    def cookies(self) -> str:
        """The Cookie header."""
        both = {"session": self.session, "csrf": self.csrf}
        return "; ".join(f"{name}={value}" for name, value in both.items() if value)


@dataclass(frozen=True)
class Post:
    """One form that will be sent."""

    path: str
    data: Mapping[str, str] = field(default_factory=dict)
    visitor: Visitor = field(default_factory=Visitor)


@dataclass(frozen=True)
class Answer:
    """What came back; ``status`` is 0 when the connection broke, ``body`` then names the error."""

    status: int
    seconds: float
    location: str
    body: str


def slowest(answers: Sequence[Answer], share: float = 0.95) -> float:
    """The time in seconds within which ``share`` of the answers came (p95 unless told)."""
    times = sorted(one.seconds for one in answers)
    return times[min(len(times) - 1, int(len(times) * share))]


class Server:
    """A running gunicorn of the project."""

    def __init__(self, port: int, log: Path, process: subprocess.Popen[bytes]) -> None:
        self.port = port
        self.log = log
        self.process = process

    def kill(self) -> None:
        """Kills all its processes at once, as a power cut would (SIGKILL to the group of their own)."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def get(self, path: str, visitor: Visitor | None = None) -> Answer:
        """One GET."""
        return self._send("GET", path, None, visitor or Visitor(), None)

    def together(self, posts: Sequence[Post]) -> list[Answer]:
        """Sends all posts at one moment, each over a connection of its own that is already open.

        The answers stand in the order of the posts.
        """
        start = threading.Barrier(len(posts))
        answers: list[Answer | None] = [None] * len(posts)

        def send(number: int, post: Post) -> None:
            body = urlencode({**post.data, "csrfmiddlewaretoken": post.visitor.csrf})
            answers[number] = self._send("POST", post.path, body, post.visitor, start)

        threads = [
            threading.Thread(target=send, args=(number, post)) for number, post in enumerate(posts)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return [answer for answer in answers if answer is not None]

    def _send(
        self,
        method: str,
        path: str,
        body: str | None,
        visitor: Visitor,
        start: threading.Barrier | None,
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        began = time.monotonic()
        try:
            try:
                connection.connect()
            finally:
                if start is not None:
                    start.wait(timeout=60)
            began = time.monotonic()
            headers = {"Cookie": visitor.cookies(), "Accept-Language": "de"}
            if body is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode(errors="replace")
            spent = time.monotonic() - began
            return Answer(response.status, spent, response.headers.get("Location", ""), text)
        except (OSError, http.client.HTTPException) as error:
            return Answer(0, time.monotonic() - began, "", repr(error))
        finally:
            connection.close()


class Ground:
    """A fresh database with its own ``VAR_DIR`` and a process that prepares and reads data in it."""

    def __init__(self, database: Database, var: Path | None = None) -> None:
        self.database = database
        self.var = var or Path(tempfile.mkdtemp(prefix="races-"))
        folder.prepare(self.var)
        self.name = f"{self.var.parent.name}_{self.var.name}".replace("-", "_")
        self._hand: subprocess.Popen[str] | None = None

    # ── life ─────────────────────────────────────────────────────────────────
    def __enter__(self) -> Self:
        ready = migrated(self.database)
        if self.database == "postgres":
            _on_postgres(f'CREATE DATABASE "{self.name}" TEMPLATE "{ready.name}"')
        else:
            shutil.copytree(ready.var, self.var, dirs_exist_ok=True)
        return self

    def __exit__(self, *error: object) -> None:
        if self._hand is not None and self._hand.stdin is not None:
            self._hand.stdin.close()
            self._hand.wait(timeout=10)
        if self.database == "postgres":
            _on_postgres(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
        shutil.rmtree(self.var, ignore_errors=True)

    def migrate(self) -> None:
        """Makes the tables."""
        if self.database == "postgres":
            _on_postgres(f'CREATE DATABASE "{self.name}"')
        for command in (["migrate", "--verbosity=0"], ["createcachetable"]):
            subprocess.run(
                [sys.executable, "manage.py", *command], cwd=ROOT, env=self.environ(), check=True
            )

    def environ(self, port: int = 8000) -> dict[str, str]:
        """The environment of every process on this ground."""
        unwanted = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "BASE_URL", "PYTEST_CURRENT_TEST")
        kept = {name: value for name, value in os.environ.items() if name not in unwanted}
        kept |= {
            "EMBEDDED": "1",
            "VAR_DIR": str(self.var),
            "PORT": str(port),
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "mentoring.settings",
        }
        if self.database == "postgres":
            kept["DATABASE_URL"] = urlsplit(POSTGRES_URL)._replace(path=f"/{self.name}").geturl()
        return kept

    # ── data ─────────────────────────────────────────────────────────────────
    def call(self, function: str, **arguments: Any) -> Any:
        """Runs ``module:function(**arguments)`` in the process bound to this ground's database.

        Arguments and result are JSON. Raises AssertionError with the traceback when it fails there.
        """
        if self._hand is None:
            self._hand = subprocess.Popen(
                [sys.executable, "-m", "tests.races.harness"],
                cwd=ROOT,
                env=self.environ(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self._hand.stdin is not None
        assert self._hand.stdout is not None
        self._hand.stdin.write(json.dumps([function, arguments]) + "\n")
        self._hand.stdin.flush()
        line = self._hand.stdout.readline()
        assert line, f"the process that prepares data ended during {function}"
        done, result = json.loads(line)
        assert done, result
        return result

    def sign_in(self, people: Sequence[str]) -> list[str]:
        """Session cookies for the people with these keys (User.pk as text), in their order."""
        found: list[str] = self.call("tests.races.harness:_sessions", people=list(people))
        return found

    # ── gunicorn ─────────────────────────────────────────────────────────────
    @contextmanager
    def serving(
        self, *, saboteur: str = "", workers: int = 2, threads: int = 4
    ) -> Iterator[Server]:
        """A gunicorn on this ground; several may run beside each other."""
        port = _free_port()
        config = self.var / f"gunicorn-{port}.conf.py"
        config.write_text(_CONFIG.format(shipped=str(ROOT / "gunicorn.conf.py"), saboteur=saboteur))
        log = self.var / f"gunicorn-{port}.log"
        command = [sys.executable, "-m", "gunicorn", "mentoring.wsgi", "--config", str(config)]
        command += ["--bind", f"127.0.0.1:{port}"]
        command += ["--workers", str(workers), "--threads", str(threads), "--timeout", "120"]
        # Loaded once for all processes: starting takes half the time.
        command += ["--no-control-socket", "--preload"]
        with log.open("w") as output:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environ(port),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        server = Server(port, log, process)
        try:
            _wait_for(server)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def migrated(database: Database) -> Ground:
    """A ground with its tables and nothing in them, which the others start from. All processes of a test run
    share it: who needs it first makes it, and who comes meanwhile waits."""
    ground = Ground(database, run_folder() / database)
    with (run_folder() / f"{database}.made").open("a+") as made:
        fcntl.flock(made, fcntl.LOCK_EX)
        if not made.seek(0, os.SEEK_END):
            ground.migrate()
            made.write("made")
    return ground


@cache
def run_folder() -> Path:
    """The folder that the processes of this test run share, cleared by the one that asked first."""
    if RUN not in os.environ:
        os.environ[RUN] = tempfile.mkdtemp(prefix="races-")
        atexit.register(_clear, Path(os.environ[RUN]))
    return Path(os.environ[RUN])


def _clear(run: Path) -> None:
    for database in get_args(Database):
        if (run / database).exists():
            Ground(database, run / database).__exit__()
    shutil.rmtree(run)


def _wait_for(server: Server) -> None:
    until = time.monotonic() + 60
    while server.get("/health/live").status != 200:
        if server.process.poll() is not None or time.monotonic() > until:
            raise AssertionError(f"gunicorn did not start:\n{server.log.read_text()[-4000:]}")
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _on_postgres(sql: str) -> None:
    import psycopg2

    parts = urlsplit(POSTGRES_URL)
    connection = psycopg2.connect(
        host=parts.hostname,
        port=parts.port or 5432,
        user=parts.username,
        password=parts.password,
        dbname=parts.path.strip("/"),
    )
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
    finally:
        connection.close()


# ── the process that prepares data ───────────────────────────────────────────
def _sessions(people: Sequence[str]) -> list[str]:
    """Sessions as signing in leaves them, without the sign-in."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from accounts.models import User

    by_key = {str(user.pk): user for user in User.objects.filter(pk__in=people)}
    cookies = []
    for key in people:
        session = SessionStore()
        session[SESSION_KEY] = key
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = by_key[key].get_session_auth_hash()
        session.create()
        cookies.append(str(session.session_key))
    return cookies


def _serve_calls() -> None:
    """Reads ``[function, arguments]`` lines and answers ``[done, result]`` lines."""
    import traceback

    import django

    answers, sys.stdout = sys.stdout, sys.stderr  # what is printed must not enter the protocol
    django.setup()
    for line in sys.stdin:
        function, arguments = json.loads(line)
        module, _, name = function.partition(":")
        try:
            reply = [True, getattr(import_module(module), name)(**arguments)]
        except Exception:
            reply = [False, traceback.format_exc()]
        answers.write(json.dumps(reply) + "\n")
        answers.flush()


if __name__ == "__main__":
    _serve_calls()
