"""``make check``: every static check, one line each, all of them even when one fails."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests import markup, spelling

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
VAR = ROOT / "var" / "check"
EMBEDDED = {**os.environ, "EMBEDDED": "1", "VAR_DIR": str(VAR)}


def run(*command: str, env: dict[str, str] | None = None) -> str:
    """The output of a command when it failed, else an empty string."""
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        env=env or EMBEDDED,
        capture_output=True,
        text=True,
        check=False,
    )
    return (
        ""
        if done.returncode == 0
        else (done.stdout + done.stderr).strip() or f"exit {done.returncode}"
    )


def deployment() -> str:
    """``check --deploy`` under production settings, warnings included (promise P15)."""
    production = {key: value for key, value in os.environ.items() if key != "EMBEDDED"}
    production.update(
        SECRET_KEY=secrets.token_urlsafe(60),
        LINK_KEY=secrets.token_urlsafe(60),
        DATABASE_URL="postgres://root@127.0.0.1:5432/test",
        REDIS_URL="redis://127.0.0.1:6379/0",
        EMAIL_URL="smtp+tls://user:word@mail.example.org:587",
        BASE_URL="https://mentoring.example.org",
    )
    return run(
        "python", "manage.py", "check", "--deploy", "--fail-level", "WARNING", env=production
    )


def untranslated() -> str:
    """Strings without German, fuzzy ones, and strings in the sources that the catalogue does not know."""
    import polib

    catalogue = polib.pofile(str(ROOT / "locale/de/LC_MESSAGES/django.po"))
    bad = [entry.msgid for entry in catalogue if not entry.translated() or "fuzzy" in entry.flags]
    return "\n".join([f"untranslated: {text!r}" for text in bad] + _stale(catalogue))


def _stale(catalogue: list[object]) -> list[str]:
    """Compares the catalogue with a fresh extraction, where gettext's tools are installed."""
    import shutil

    if not shutil.which("xgettext"):
        if os.environ.get("REQUIRE_SERVICES") == "1" or os.environ.get("CI"):
            return ["gettext is missing: stale translations can't be found"]
        print("  (gettext is not installed: stale translations were not looked for)")
        return []
    import polib

    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        names = subprocess.run(
            ["git", "ls-files", "*.py", "*.html", "*.txt"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        ).stdout.splitlines()  # fmt: skip
        for name in names:
            if not name.startswith("tests/") and (ROOT / name).exists():
                target = copy / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes((ROOT / name).read_bytes())
        (copy / "locale").mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [sys.executable, "manage.py", "makemessages", "-l", "de", "--no-wrap"],
            cwd=copy, env={**EMBEDDED, "VAR_DIR": folder}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            return [done.stderr.strip()]
        fresh = polib.pofile(str(copy / "locale/de/LC_MESSAGES/django.po"))
        wanted = {(entry.msgctxt, entry.msgid) for entry in fresh}
    known = {(entry.msgctxt, entry.msgid) for entry in catalogue}  # type: ignore[attr-defined]
    return [
        f"not in the catalogue: {text!r}" for _context, text in sorted(wanted - known, key=str)
    ] + [f"no longer used: {text!r}" for _context, text in sorted(known - wanted, key=str)]


PYTHONS = ("3.11", "3.12", "3.13")


def installable() -> list[str]:
    """Whether every Python we promise finds each locked package as a wheel with the locked hash."""
    found = []
    for version in PYTHONS:
        with tempfile.TemporaryDirectory() as folder:
            problem = run(
                "uv", "pip", "install", "-q", "--dry-run", "--python-version", version, "--target", folder,
                "--only-binary", ":all:", "--require-hashes", "-r", "requirements.txt",
            )  # fmt: skip
        if problem:
            found.append(f"Python {version}: {problem}")
    return found


def lock() -> str:
    """Whether the locks still say what the ``.in`` files ask for, without moving a version, and whether the
    product's can be installed from wheels alone on every Python we promise."""
    found = installable()
    for name, extra in (("requirements", ["--only-binary", ":all:"]), ("requirements-dev", [])):
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / f"{name}.txt"
            target.write_bytes((ROOT / f"{name}.txt").read_bytes())
            problem = run(
                "uv", "pip", "compile", "-q", "--universal", "--python-version", "3.11", "--generate-hashes",
                *extra, "--no-emit-index-url", "--custom-compile-command", "make lock",
                f"{name}.in", "-o", str(target),
            )  # fmt: skip
            if problem:
                found.append(problem)
            elif target.read_text() != (ROOT / f"{name}.txt").read_text():
                found.append(f"{name}.txt has drifted from {name}.in: run make lock")
    return "\n".join(found)


CHECKS: list[tuple[str, Callable[[], str]]] = [
    ("ruff", lambda: run("ruff", "check", ".")),
    ("ruff format", lambda: run("ruff", "format", "--check", ".")),
    ("mypy", lambda: run("mypy", ".")),
    ("markup", lambda: "\n".join(markup.problems(ROOT))),
    ("djlint", lambda: run("djlint", "templates", "--lint", "--quiet")),
    ("import-linter", lambda: run("lint-imports", "--no-cache")),
    ("migrations", lambda: run("python", "manage.py", "makemigrations", "--check", "--dry-run")),
    ("check --deploy", deployment),
    ("translations", untranslated),
    ("spelling", spelling.check),
    ("lock", lock),
]


def main() -> int:
    """Runs every check; returns 1 when one found something."""
    VAR.mkdir(parents=True, exist_ok=True)
    failed = 0
    for name, check in CHECKS:
        problem = check()
        print(f"{'ok  ' if not problem else 'FAIL'}  {name}", flush=True)
        if problem:
            failed += 1
            print("\n".join(f"      {line}" for line in problem.splitlines()[-60:]), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
