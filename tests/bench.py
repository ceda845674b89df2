"""``make bench``: ratios, never seconds. Writes ``bench.json`` and prints it as a table.

Each value is a ratio of two things measured in alternation in the same run, or a number of queries; the bound
stands beside it. A missed bound is marked and is no failure: what is measured depends on the machine.

``queries.<page>``: queries of a page of the demo, seeded so that its lists have 50 rows. ``page_vs_bare.<page>``:
requests per second of the page under its whole middleware ÷ those of a bare Django view that renders a
table of 50 rows from one query, both on the same database, behind 2 sync workers. The others are described in
``tests/measures``. ``python -m tests.bench growth sweep`` measures only these parts and leaves the other
entries of ``bench.json`` as they are.
"""

from __future__ import annotations

import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.measures import growth, planning, stock, sweeping
from tests.races.harness import ROOT, Ground, Visitor, _free_port

PAIRS = 5
REQUESTS = 60
SEED = ("--mentees=50", "--mentors=50", "--workshops=50")
PAGES = {"home": "/", "apply": "/apply/", "workshops": "/workshops/", "mentors": "/mentors/"}
PRIVATE = {"me": "/me/", "desk": "/admin/"}
AT_LEAST = {"home": 0.6, "apply": 0.25, "workshops": 0.6, "mentors": 0.6, "me": 0.15, "desk": 0.12}
PARTS = ("pages", "stock", "sweep", "growth", "matching")
# Django alone: our settings would bring allauth, which refuses to start without its middleware.
BARE = '''
"""A bare Django on the same database: no app, no middleware, one query, a table of 50 rows."""

from mentoring.settings import DATABASES, SECRET_KEY

ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = []
MIDDLEWARE = []
ROOT_URLCONF = "bare_urls"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
USE_TZ = True
'''
BARE_URLS = """
from django.db import models
from django.http import HttpResponse
from django.template import engines
from django.urls import path


class Row(models.Model):
    name = models.CharField(max_length=150)
    profession = models.CharField(max_length=160)

    class Meta:
        app_label = "bare"
        db_table = "mentors_mentor"
        managed = False


PAGE = engines["django"].from_string(
    "<table>{% for row in rows %}<tr><td>{{ row.name }}</td><td>{{ row.profession }}</td></tr>{% endfor %}</table>"
)


def table(request):
    return HttpResponse(PAGE.render({"rows": Row.objects.values("name", "profession")[:50]}))


urlpatterns = [path("", table)]
"""


def counted(ground: Ground, cookies: dict[str, str]) -> dict[str, Any]:
    """Queries of each page, read from ``X-DB-Queries``."""
    os.environ["DB_QUERY_HEADER"] = "1"
    found: dict[str, Any] = {}
    try:
        with ground.serving(workers=1, threads=1) as server:
            for name, path in {**PAGES, **PRIVATE}.items():
                headers = fetch(server.port, path, cookies.get(name, ""))
                found[f"queries.{name}"] = {
                    "value": int(headers["X-DB-Queries"]),
                    "unit": "queries",
                    "detail": {"path": path},
                }
    finally:
        del os.environ["DB_QUERY_HEADER"]
    return found


def people() -> dict[str, str]:
    """Runs on the ground: whose session opens the private pages."""
    from mentees.models import Mentee
    from programme.models import CohortRole

    mentee = Mentee.objects.filter(tandems__state="active").select_related("user").first()
    role = CohortRole.objects.select_related("user").first()
    assert mentee is not None
    assert role is not None
    return {"me": mentee.user.email, "desk": role.user.email}


def session(email: str) -> str:
    """Runs on the ground: a session with password and second factor recorded."""
    from allauth.mfa.models import Authenticator
    from django.contrib.sessions.backends.db import SessionStore

    from accounts.models import User
    from tests.races.harness import _sessions

    user = User.objects.get(email=email)
    store = SessionStore(_sessions([str(user.pk)])[0])
    Authenticator.objects.get_or_create(
        user=user, type="totp", defaults={"data": {"secret": "unused"}}
    )
    store["account_authentication_methods_user"] = str(user.pk)
    store["account_authentication_methods"] = [
        {"method": "password", "at": time.time()},
        {"method": "mfa", "at": time.time()},
    ]
    store.save()
    return str(store.session_key)


@dataclass(frozen=True)
class Running:
    """A gunicorn that answers."""

    pid: int
    port: int

    def cpu(self) -> float:
        """Seconds of processor time its workers have used so far."""
        spent = 0
        for child in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split():
            fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            spent += int(fields[11]) + int(fields[12])
        return spent / os.sysconf("SC_CLK_TCK")


@contextmanager
def serve(ground: Ground, settings: str) -> Iterator[Running]:
    """gunicorn with two sync workers on the ground's database, under the settings module named.

    Raises AssertionError with what it said when it does not start.
    """
    port = _free_port()
    log = ground.var / f"bench-{port}.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [
                sys.executable, "-m", "gunicorn", "mentoring.wsgi", "--bind", f"127.0.0.1:{port}",
                "--worker-class", "sync", "--workers", "2", "--threads", "1", "--no-control-socket",
            ],
            cwd=ROOT,
            env={
                **ground.environ(port),
                "DJANGO_SETTINGS_MODULE": settings,
                "PYTHONPATH": f"{ground.var}:{ROOT}",
            },
            stdout=output,
            stderr=output,
        )  # fmt: skip
    try:
        until = time.monotonic() + 60
        while True:
            try:
                fetch(port, "/")
                break
            except OSError:
                gone = process.poll() is not None or time.monotonic() > until
                assert not gone, f"{settings} did not start:\n{log.read_text()[-4000:]}"
                time.sleep(0.1)
        yield Running(process.pid, port)
    finally:
        process.terminate()
        process.wait(timeout=20)


def fetch(port: int, path: str, session: str = "") -> Any:
    """One GET, whole; returns the headers. Raises AssertionError unless it answers 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Accept-Language": "de", "Cookie": Visitor(session).cookies()}
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    assert response.status == 200, (path, response.status)
    return response.headers


def rate(server: Running, path: str, session: str = "") -> tuple[float, float]:
    """Requests per second, one at a time, and seconds of processor time for each; after a warm-up."""
    for _number in range(5):
        fetch(server.port, path, session)
    used, began = server.cpu(), time.perf_counter()
    for _number in range(REQUESTS):
        fetch(server.port, path, session)
    return REQUESTS / (time.perf_counter() - began), (server.cpu() - used) / REQUESTS


def write_bare(ground: Ground) -> str:
    """Writes the bare project beside the database; returns the name of its settings."""
    (ground.var / "bare_settings.py").write_text(BARE)
    (ground.var / "bare_urls.py").write_text(BARE_URLS)
    return "bare_settings"


def against_bare(ground: Ground, cookies: dict[str, str]) -> dict[str, Any]:
    """Each page ÷ the bare view, in alternation."""
    found: dict[str, Any] = {}
    with serve(ground, write_bare(ground)) as bare, serve(ground, "mentoring.settings") as ours:
        for name, path in {**PAGES, **PRIVATE}.items():
            cookie = cookies.get(name, "")
            entry = compared([(rate(ours, path, cookie), rate(bare, "/")) for _n in range(PAIRS)])
            found[f"page_vs_bare.{name}"] = {**entry, "bound": {"at_least": AT_LEAST[name]}}
    return found


def compared(pairs: list[tuple[tuple[float, float], tuple[float, float]]]) -> dict[str, Any]:
    """The entry of a page: the median ratio of speeds, that of processor time, and every pair."""
    ratios = [ours[0] / bare[0] for ours, bare in pairs]
    cpu = [bare[1] / ours[1] for ours, bare in pairs if ours[1]]
    return {
        "value": round(statistics.median(ratios), 3),
        "unit": "ratio",
        "detail": {
            "pairs": len(pairs),
            "ratios": [round(one, 3) for one in ratios],
            "cpu_ratio": round(statistics.median(cpu), 3) if cpu else None,
            "requests_a_second": [[round(ours[0], 1), round(bare[0], 1)] for ours, bare in pairs],
        },
    }


def grown(ground: Ground, sizes: tuple[str, ...]) -> None:
    """Enters the demo in the ground's database."""
    subprocess.run(
        [sys.executable, "manage.py", "seed_demo", *sizes],
        cwd=ROOT, env=ground.environ(), check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip


def of_the_demo(parts: set[str]) -> dict[str, Any]:
    """The parts that are measured on one demo."""
    results: dict[str, Any] = {}
    with Ground("sqlite") as ground:
        grown(ground, SEED)
        mails = ground.call("tests.bench:people")
        cookies = {
            name: ground.call("tests.bench:session", email=one) for name, one in mails.items()
        }
        if "pages" in parts:
            results |= {**counted(ground, cookies), **against_bare(ground, cookies)}
        if "stock" in parts:
            results |= stock.measured(ground, cookies["desk"])
        if "sweep" in parts:  # the last, since it adds meetings
            results |= sweeping.measured(ground)
    return results


def measured(parts: set[str]) -> dict[str, Any]:
    """The entries of the parts."""
    results: dict[str, Any] = {}
    if parts & {"pages", "stock", "sweep"}:
        results |= of_the_demo(parts)
    if "growth" in parts:
        results |= growth.measured()
    if "matching" in parts:
        results |= planning.measured()
    return results


def line(name: str, entry: dict[str, Any]) -> str:
    """The line of the table: name, value, unit, and the bound, marked where it is missed."""
    shown = f"{name:28} {entry['value']:>8} {entry['unit']:8}"
    for kind, bound in entry.get("bound", {}).items():
        kept = entry["value"] >= bound if kind == "at_least" else entry["value"] <= bound
        sign = "≥" if kind == "at_least" else "≤"
        shown += f" {sign} {bound}" + ("" if kept else "   MISSED")
    return shown.rstrip()


def main(arguments: list[str]) -> int:
    """Measures the parts named, else all, writes ``bench.json``, prints the table. Always 0, but 2 for a part
    that does not exist."""
    if unknown := set(arguments) - set(PARTS):
        sys.stderr.write(f"No part of the benchmark: {', '.join(sorted(unknown))}.\n")
        return 2
    began = time.monotonic()
    target = ROOT / "bench.json"
    kept = json.loads(target.read_text()) if arguments and target.exists() else {}
    results = {**kept, **measured(set(arguments or PARTS))}
    target.write_text(json.dumps(results, indent=1) + "\n")
    for name, entry in sorted(results.items()):
        print(line(name, entry))
    print(f"Took {(time.monotonic() - began) / 60:.1f} minutes.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
