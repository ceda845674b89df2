"""``make run``: from nothing to a running site, one sentence for what is in the way, and an end of all
processes when one ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import OperationalError

from mentoring.devtools import run
from mentoring.operations import translations
from tests import factories

ROOT = Path(__file__).resolve().parents[2]


def environ(var: Path, port: int) -> dict[str, str]:
    unwanted = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "BASE_URL", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    return kept | {"EMBEDDED": "1", "VAR_DIR": str(var), "PORT": str(port)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""
    except OSError:
        return 0, ""


def alive(var: Path) -> dict[int, str]:
    """The processes that belong to this installation, and their command lines."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"VAR_DIR={var}\0".encode() in (process / "environ").read_bytes():
                found[int(process.name)] = (process / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
    return found


@contextmanager
def running(var: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "mentoring.devtools.run"],
        cwd=ROOT, env=environ(var, port), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    try:
        until = time.monotonic() + 90
        while get(f"http://localhost:{port}/health/ready")[0] != 200:
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < until, "not ready within 90 s"
            time.sleep(0.2)
        yield process
    finally:
        process.kill()


def refused(var: Path, port: int, sentence: str) -> None:
    """A start that ends at once with the sentence and nothing else."""
    done = subprocess.run(
        [sys.executable, "-m", "mentoring.devtools.run"],
        cwd=ROOT, env=environ(var, port), text=True, capture_output=True, timeout=30,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(sentence, done.stderr), done.stderr


def test_the_site_starts_tells_and_ends_as_a_whole(tmp_path):
    port = free_port()
    with running(tmp_path, port) as process:
        names = " ".join(alive(tmp_path).values())
        assert "gunicorn" in names
        assert " worker " in names
        assert " beat " in names
        for host in ("127.0.0.1", "localhost"):
            assert get(f"http://{host}:{port}/dev/mail/")[0] == 200
        assert get(f"http://localhost:{port}/health/live") == (200, "ok")

        # A second one on the same port, or with the same data, is told so in one sentence.
        other = free_port()
        refused(tmp_path, port, rf"Port {port} ist schon belegt; [^\n]+\n")
        there = rf"Mit den Daten in \S+ läuft das Programm schon, unter http://localhost:{port}; "
        refused(tmp_path, other, rf"{there}[^\n]+\n")

        os.killpg(process.pid, signal.SIGINT)  # as a terminal does with Ctrl-C
        told, _ = process.communicate(timeout=20)
        assert process.returncode == 0
    assert f"http://localhost:{port}\n" in told
    assert "/dev/mail/" in told
    assert "Traceback" not in told
    assert not [line for line in told.splitlines() if "{" in line]  # people read here, no machine
    assert told.endswith("Beenden mit Strg+C\n\nAlles wird beendet …\n")
    assert not alive(tmp_path)

    # The second start is fast and keeps the data; when one process ends, all do.
    began = time.monotonic()
    with running(tmp_path, port) as process:
        took = time.monotonic() - began
        assert "eingerichtet" in told
        [beat] = [pid for pid, line in alive(tmp_path).items() if " beat " in line]
        os.kill(beat, signal.SIGKILL)
        told, _ = process.communicate(timeout=20)
        assert process.returncode not in (0, None)
    assert took < 30  # ten seconds on a machine that has nothing else to do
    assert "eingerichtet" not in told
    assert "Der Prozess „beat“ hat sich beendet; damit enden alle." in told
    assert not alive(tmp_path)


@pytest.mark.parametrize("value", ["", "acht", "0", "70000", "-1", "8000 "])
def test_a_port_that_is_none_is_told_in_one_sentence(value, capsys):
    with pytest.raises(SystemExit) as ended:
        run.wanted_port(value)
    assert ended.value.code == 1
    assert re.fullmatch(r"PORT=.* ist keine Portnummer; .+\n", capsys.readouterr().err)


@pytest.mark.parametrize(("family", "host"), run.LOOPBACK)
def test_a_busy_port_is_noticed_on_either_address(family, host, capsys):
    with socket.socket(family) as taken:
        try:
            taken.bind((host, 0))
        except OSError:
            pytest.skip(f"this machine has no {host}")
        taken.listen()
        with pytest.raises(SystemExit):
            run.free_hosts(taken.getsockname()[1])
    assert "ist schon belegt" in capsys.readouterr().err


def test_a_folder_that_can_not_be_written_is_told_in_one_sentence(tmp_path):
    blocked = tmp_path / "file"
    blocked.touch()
    for var in (blocked, blocked / "var", Path("/proc/var")):
        sentence = rf"In {re.escape(str(var))} kann nicht geschrieben werden \([^\n]+\); [^\n]+\n"
        refused(var, free_port(), sentence)


def test_a_disk_that_is_full_is_told_in_one_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    assert run.writable_folder() == tmp_path.resolve()
    assert list(tmp_path.iterdir()) == []  # the attempt leaves nothing behind
    usage = type(run.shutil.disk_usage(tmp_path))(10**9, 10**9 - 1000, 1000)
    monkeypatch.setattr(run.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(SystemExit) as ended:
        run.writable_folder()
    assert ended.value.code == 1
    sentence = r"Für \S+ ist zu wenig Platz auf dem Datenträger; [^\n]+\n"
    assert re.fullmatch(sentence, capsys.readouterr().err)


def test_what_the_database_refuses_at_the_start_is_told_in_one_sentence(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setenv("PORT", str(free_port()))
    monkeypatch.setattr(run.logging.getLogger(), "setLevel", lambda level: None)

    def readonly() -> None:
        raise OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(run, "prepare", readonly)
    with pytest.raises(SystemExit):
        run.main()
    told = capsys.readouterr().err
    assert re.fullmatch(r"Die Daten in \S+ können nicht eingerichtet werden: attempt .+\n", told)


@pytest.mark.django_db
def test_the_demo_goes_into_an_empty_database_alone(monkeypatch):
    """Somebody may have been invited before the first start; that is no reason not to start."""
    called = []
    monkeypatch.setattr(
        "django.core.management.call_command", lambda *args, **_: called.append(args)
    )
    monkeypatch.setattr("mentoring.operations.sweep.sweep", lambda now: None)
    monkeypatch.setattr(run, "_unmigrated", lambda: False)
    run.prepare()
    assert ("seed_demo",) in called
    factories.person()
    called.clear()
    run.prepare()
    assert ("seed_demo",) not in called


def test_l7_the_web_server_writes_no_access_log():
    commands = run.commands(8000, ["127.0.0.1", "::1"])
    assert not any("access" in word for word in commands["web"])
    assert "--no-control-socket" in commands["web"]  # nothing outside the folder of the data
    assert "--bind=127.0.0.1:8000" in commands["web"]
    assert "--bind=[::1]:8000" in commands["web"]


def test_translations_are_compiled_when_they_are_newer(tmp_path):
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
                      'msgid "day"\nmsgstr "Tag"\n')  # fmt: skip
    assert translations.compile_all(tmp_path) == [folder / "django.mo"]
    assert translations.compile_all(tmp_path) == []
    os.utime(source, (time.time() + 5, time.time() + 5))
    assert translations.compile_all(tmp_path) == [folder / "django.mo"]
    import gettext

    with (folder / "django.mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("day") == "Tag"
