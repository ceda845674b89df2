"""The nudge reaches a real Celery worker, and whatever happens to worker and broker no mail is lost
(promises S2, S4, S5)."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from outbox.checkpoints import NAMES
from tests.conftest import REDIS_URL
from tests.races.harness import PROVE, ROOT, Ground

HAND = "tests.races.crash_hand"
# A database of Redis for these tests alone, which may be emptied.
OURS = urlsplit(REDIS_URL)._replace(path="/9").geturl()


class Embedded(Ground):
    """A ground whose processes may have a broker of another kind."""

    redis = ""

    def environ(self, port: int = 8000) -> dict[str, str]:
        found = super().environ(port)
        return found | ({"REDIS_URL": self.redis} if self.redis else {})

    @contextmanager
    def worker(self, app: str = "mentoring") -> Iterator[subprocess.Popen[bytes]]:
        """A Celery worker, ready for work: on Redis with one child; on the folder broker as ``make run``
        has it, without (a child of the blocking pool killed with -9 takes the pool's lock with it)."""
        command = [sys.executable, "-m", "celery", "-q", "-A", app, "worker"]
        command += [f"--pool={'prefork' if self.redis else 'solo'}", "--concurrency=1"]
        command += ["--loglevel=info"]
        command += ["--without-gossip", "--without-mingle"]
        log = self.var / f"worker-{time.monotonic_ns()}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.environ(), stdout=output, stderr=output,
                start_new_session=True,
            )  # fmt: skip
        try:
            until(lambda: b"ready." in log.read_bytes(), 40, lambda: log.read_text()[-3000:])
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def arrived(self) -> list[Path]:
        """The finished mails."""
        return sorted((self.var / "mail").glob("*.eml"))


def until(done: Callable[[], bool], seconds: float, tell: Callable[[], str] = str) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, tell()
        time.sleep(0.05)


def children(pid: int) -> list[int]:
    """The living children of all threads of a process."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(one) for task in tasks for one in task.read_text().split()]


@pytest.fixture(scope="module", params=["folder", pytest.param("redis", marks=pytest.mark.redis)])
def ground(request: pytest.FixtureRequest) -> Iterator[Embedded]:
    made = Embedded("sqlite")
    made.redis = OURS if request.param == "redis" else ""
    with made:
        yield made


def test_s4_the_nudge_reaches_the_worker_and_its_loss_loses_nothing(ground):
    with ground.worker() as worker:
        # Usually at once: the nudge.
        ground.call(f"{HAND}:code_for", address="one@example.org")
        until(lambda: len(ground.arrived()) == 1, 15)

        if ground.redis:  # the child killed with -9: its parent starts another
            [child] = children(worker.pid)
            os.kill(child, signal.SIGKILL)
            until(lambda: bool(children(worker.pid)) and children(worker.pid) != [child], 15)
        ground.call(f"{HAND}:code_for", address="two@example.org")
        until(lambda: len(ground.arrived()) == 2, 15)

    # Nobody consumes, and the broker is emptied or its folder deleted: the accepted request is no error,
    key = ground.call(f"{HAND}:code_for", address="three@example.org")
    if ground.redis:
        import redis

        redis.Redis.from_url(ground.redis).flushdb()
    else:
        shutil.rmtree(ground.var / "broker")
    assert ground.call(f"{HAND}:status_of", key=key) == "planned"
    # and the next sweep sends.
    assert ground.call(f"{HAND}:sweep_now")
    assert ground.call(f"{HAND}:status_of", key=key) == "sent"
    assert len(ground.arrived()) == 3

    # A worker that starts on what is left finds its broker again.
    with ground.worker():
        ground.call(f"{HAND}:code_for", address="four@example.org")
        until(lambda: len(ground.arrived()) == 4, 15)
        if not ground.redis:  # deleted under a running worker: the next nudge makes it again
            shutil.rmtree(ground.var / "broker")
            ground.call(f"{HAND}:code_for", address="five@example.org")
            until(lambda: len(ground.arrived()) == 5, 15)


@pytest.mark.parametrize("ground", [pytest.param("redis", marks=pytest.mark.redis)], indirect=True)
@pytest.mark.parametrize("who", ["child", "parent"] if PROVE else ["child"])
def test_s2_a_celery_worker_killed_while_it_sends(ground, who, record_property):
    """The same crash points in a real worker; all of them, child and parent, with ``PROVE=1``."""
    points = NAMES if PROVE else ("after_claim",)
    record_property("rounds", len(points))
    armed = ground.var / "armed"
    for number, at in enumerate(points):
        before = len(ground.arrived())
        with ground.worker("tests.races.crash_app") as worker:
            armed.write_text(f"{at} {who}")
            address = f"{who}{number}@example.org"
            key = ground.call(f"{HAND}:code_for", address=address)
            until(lambda: not armed.exists(), 15)
            if who == "parent":
                assert worker.wait(timeout=15) == -signal.SIGKILL
        if ground.call(f"{HAND}:status_of", key=key) != "sent":
            ground.call(f"{HAND}:recover_now")
        assert ground.call(f"{HAND}:status_of", key=key) == "sent", at
        assert len(ground.arrived()) == before + 1, at
