"""``make mutate``: puts small faults into a copy of the product, one at a time, and sees who notices.

First the patches of ``tests/mutation/named.py``, each a fault that once went unnoticed; then a sample of
``tests/mutation/faults.py`` over actions, rules, mails, reminders, outbox, links and the scoping of lists.
For each the test files of its package that name the function or the file run until the first failure,
then the rest of the package and the packages above it; tests of races only where a lock is gone, browsers
never. The database is made once and laid ready for each run. A test that noticed a fault is asked once
without any, its whole file. Two copies are worked on side by side; the checkout itself is never touched.

    make mutate                                    the patches and a sample
    make mutate ARGS="--all"                       everything; takes a night
    make mutate ARGS="--most 0"                    the patches alone
    make mutate ARGS="--most 40 --only meetings/"  forty faults of some files, no patches
    make mutate ARGS="--seed 7"                    another sample

Each fault is printed as file:line, what was there → what stands there now, with the test file that noticed
it or "unnoticed". The last line tells the share that was noticed; the exit code is 1 below 90 %. What
changes nothing anybody could see is listed by name, with the reason, in ``tests/mutation/equivalent.py``
and not counted.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from queue import SimpleQueue

from tests.mutation.equivalent import is_equivalent
from tests.mutation.faults import ALL, SCOPING, Fault, faults
from tests.mutation.named import NAMED

ROOT = Path(__file__).resolve().parent.parent
WANTED = 0.9  # the share to be noticed
COPIES = 2
MOST = 60  # faults of a sample
TEST_LIMIT = 240  # seconds for one test: what hangs is noticed too, on a busy machine no other is
LIMIT = 3600  # seconds for one run of tests, which takes 1,000 on a busy machine
EVERYTHING = (
    "*/actions.py", "*/actions/*.py", "*/rules.py", "*/mails.py", "*/mails/*.py", "*/reminders.py", "*/links.py",
    "*/deadlines.py", "outbox/*.py", "core/links/*.py",
)  # fmt: skip
SCOPED = (
    "*/models.py", "*/admin.py", "*/admin/*.py", "*/todo.py", "mentoring/desk/*.py", "backoffice/*.py",
    "programme/roles.py", "*/views.py",
)  # fmt: skip
# Where else a fault of a package shows; its own tests run first. The first prefix that fits.
ABOVE = {
    "matching/": ("tests/meetings", "tests/home", "tests/desk", "tests/races/test_tandem.py"),
    "meetings/": ("tests/matching", "tests/home", "tests/desk"),
    "mentees/": ("tests/matching", "tests/public", "tests/programme", "tests/desk"),
    "mentors/": ("tests/matching", "tests/races/test_tandem.py", "tests/desk"),
    "workshops/": ("tests/home", "tests/races/test_workshops.py", "tests/desk"),
    "outbox/": ("tests/races/test_sending.py", "tests/desk", "tests/meetings"),
    "core/links/": ("tests/accounts", "tests/matching", "tests/meetings", "tests/mentees"),
    "accounts/": ("tests/operations", "tests/mentees", "tests/mentors"),
    "mentoring/desk/": ("tests/access", "tests/programme", "tests/accounts"),
    "programme/": ("tests/desk", "tests/mentees", "tests/matching", "tests/access"),
    "": ("tests/access", "tests/operations"),
}


@dataclass(frozen=True)
class Task:
    """One change to judge, and the tests to ask, in turns: each is a list of paths."""

    path: str
    text: str  # the whole file with the fault in it
    told: str
    turns: tuple[tuple[str, ...], ...]


HANGS = "(no end)"  # in place of the test that failed
NO_TESTS = 5  # pytest's exit code


class Copy:
    """A tree of its own, with its own ``var``, in which one file at a time is changed."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.stamp = int(time.time())
        for name in _files():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, place / name)
        self._python("-m", "mentoring.operations.set_up")
        self._python("-m", "mentoring.devtools.folder")
        self._python("manage.py", "migrate", "-v0")

    def noticed_by(self, task: Task) -> str:
        """The file of the first test that fails with the fault in place; empty when none does."""
        target = self.place / task.path
        before = target.read_bytes()
        try:
            self._write(target, task.text.encode())
            return next(filter(None, map(self.failing, task.turns)), "")
        finally:
            self._write(target, before)

    def _write(self, target: Path, text: bytes) -> None:
        target.write_bytes(text)
        # A second of its own for each change: compiled files are told from newer sources by it.
        self.stamp += 1
        os.utime(target, (self.stamp, self.stamp))

    def failing(self, paths: Sequence[str]) -> str:
        """The file of the first of these tests that fails; HANGS when they don't end; empty when all pass."""
        var = self.place / "var"
        for rest in var.glob("test.sqlite3*"):
            rest.unlink()
        shutil.copy2(var / "mentoring.sqlite3", var / "test.sqlite3")
        code, said = self._python(
            "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--reuse-db", "--tb=no", "-rfE",
            "-o", f"faulthandler_timeout={TEST_LIMIT}", "-o", "faulthandler_exit_on_timeout=true",
            "-m", "not browser", *paths,
        )  # fmt: skip
        if code in (0, NO_TESTS):
            return ""
        failed = re.search(r"^(?:FAILED|ERROR) ([^:\s]+)", said, re.MULTILINE)
        # Ended without a failed test: by the limit of one test or of the run, or no test could be collected.
        return failed[1] if failed else HANGS if code in (None, 1) else paths[0]

    def _python(self, *arguments: str) -> tuple[int | None, str]:
        """The exit code, None when it did not end in time, and what it printed."""
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.place,
            env={**os.environ, "EMBEDDED": "1", "VAR_DIR": str(self.place / "var")},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            text=True,
        )
        try:
            said = process.communicate(timeout=LIMIT)[0]
            return process.returncode, said
        except subprocess.TimeoutExpired:
            return None, ""
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()


def _files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def found(only: str = "", *, all_of_them: bool = False) -> Iterator[Fault]:
    """Every fault of the sources in scope whose path begins with ``only``; equivalent ones are left out
    unless ``all_of_them`` are asked for."""
    for name in sorted(_files()):
        if name.startswith("tests/") or "migrations/" in name or not name.startswith(only):
            continue
        whole = any(fnmatch(name, one) for one in EVERYTHING)
        if whole or any(fnmatch(name, one) for one in SCOPED):
            source = (ROOT / name).read_text()
            for one in faults(name, source, ALL if whole else SCOPING):
                if all_of_them or not is_equivalent(one):
                    yield one


def turns_of(fault: Fault) -> tuple[tuple[str, ...], ...]:
    """The tests of the package that name the function or the file; then its others and those above it."""
    parts = fault.path.removesuffix(".py").split("/")
    package = parts[1] if parts[0] in ("mentoring", "core") and len(parts) > 2 else parts[0]
    own = ROOT / "tests" / package
    words = {*parts[1:]} - {"actions", package}
    function = re.compile(rf"\b{re.escape(fault.function.rpartition('.')[2] or '-')}\b")
    races = fault.kind == "lock"
    files = [one for one in sorted(own.glob("test_*.py")) if races or "races" not in one.name]
    named = [one for one in files if function.search(one.read_text())]
    near = [
        *named,
        *(one for one in files if one not in named and any(w in one.name for w in words)),
    ]
    rest = [str(one.relative_to(ROOT)) for one in files if one not in near]
    above = next(tests for prefix, tests in ABOVE.items() if fault.path.startswith(prefix))
    rest += [one for one in above if races or "races" not in one]
    if races or "lock" in fault.function:
        rest.append("tests/structure/test_lock_order.py")
    return tuple(
        turn for turn in (tuple(str(one.relative_to(ROOT)) for one in near), tuple(rest)) if turn
    )


def tasks(arguments: argparse.Namespace) -> list[Task]:
    """What is to be judged, in order: the patches, then the faults."""
    chosen = list(found(arguments.only))
    if not arguments.all and len(chosen) > arguments.most:
        chosen = random.Random(arguments.seed).sample(chosen, arguments.most)
        chosen.sort(key=lambda one: (one.path, one.start, one.after))
    patches = [] if arguments.only else NAMED
    return [
        *(
            Task(one.path, one.applied(ROOT), f"{one.path} [named] {one.name}", (one.tests,))
            for one in patches
        ),
        *(
            Task(one.path, one.applied((ROOT / one.path).read_text()), one.told(), turns_of(one))
            for one in chosen
        ),
    ]


def parsed(argv: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="make mutate", description="Small faults, one at a time.")
    parser.add_argument("--most", type=int, default=MOST, help=f"size of the sample ({MOST})")
    parser.add_argument("--seed", type=int, default=1, help="which sample (1)")
    parser.add_argument("--only", default="", help="faults of files that begin so, no patches")
    parser.add_argument("--all", action="store_true", help="no sample: everything")
    parser.add_argument("--list", action="store_true", help="print what would be judged")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Judges and prints; the exit code says whether enough was noticed."""
    arguments = parsed(argv)
    todo = tasks(arguments)
    if arguments.list:
        print(*(one.told for one in todo), sep="\n")
        return 0
    with tempfile.TemporaryDirectory(prefix="mutate-") as folder:
        copies: SimpleQueue[Copy] = SimpleQueue()
        for number in range(COPIES):
            copies.put(Copy(Path(folder) / str(number)))
        missed, red = _judge(todo, copies)
    if red:
        print(
            "These fail without any fault; mend them, then measure again:", *sorted(red), sep="\n  "
        )
        return 2
    return conclude(len(todo), missed)


def _judge(todo: Sequence[Task], copies: SimpleQueue[Copy]) -> tuple[int, set[str]]:
    """How many went unnoticed, each fault printed as it is judged; and the tests that fail without any fault, with
    which nothing can be measured."""
    green: set[str] = {HANGS}
    red: set[str] = set()

    def judge(task: Task) -> bool:
        copy = copies.get()
        try:
            file = copy.noticed_by(task)
            if file and file not in green:
                # It fails with the fault; that it passes without is asked once.
                (red if copy.failing([file]) else green).add(file)
        finally:
            copies.put(copy)
        print(f"noticed by {file}:" if file else "unnoticed:", task.told, flush=True)
        return bool(file)

    with ThreadPoolExecutor(COPIES) as pool:
        missed = sum(not noticed for noticed in pool.map(judge, todo))
    return missed, red


def conclude(total: int, missed: int) -> int:
    """Prints the last line; 0 when enough was noticed, else 1."""
    share = (total - missed) / total if total else 1.0
    print(f"noticed: {total - missed} of {total} faults, {share:.1%}")
    return 0 if share >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
