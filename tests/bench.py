"""``make bench``: ratios, never seconds. Writes ``bench.json`` and prints it as a table.

``queries.<page>``: queries of a page of the demo cohort. ``page_vs_bare.<page>``: requests per second of
the page under its whole middleware ÷ those of a bare Django view that renders a table of 50 rows from one
query, both on the same database, behind 2 sync workers, measured in alternation.
"""

from __future__ import annotations

import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.races.harness import ROOT, Ground, Visitor, _free_port

PAIRS = 5
REQUESTS = 60
PAGES = {"home": "/", "apply": "/apply/", "workshops": "/workshops/", "mentors": "/mentors/"}
PRIVATE = {"me": "/me/", "desk": "/admin/"}
BARE = '''
"""A bare Django: no middleware, one query, a table of 50 rows."""

from mentoring.settings import *  # the same database

MIDDLEWARE = []
ROOT_URLCONF = "bare_urls"
'''
BARE_URLS = """
from django.http import HttpResponse
from django.template import engines
from django.urls import path

from mentors.models import Mentor

PAGE = engines["django"].from_string(
    "<table>{% for row in rows %}<tr><td>{{ row.name }}</td><td>{{ row.profession }}</td></tr>{% endfor %}</table>"
)


def table(request):
    return HttpResponse(PAGE.render({"rows": Mentor.objects.values("name", "profession")[:50]}))


urlpatterns = [path("", table)]
"""


def counted(ground: Ground) -> dict[str, Any]:
    """Queries of each page, read from ``X-DB-Queries``."""
    people = ground.call("tests.bench:people")
    cookies = {key: ground.call("tests.bench:session", email=mail) for key, mail in people.items()}
    os.environ["DB_QUERY_HEADER"] = "1"
    found: dict[str, Any] = {}
    try:
        with ground.serving(workers=1, threads=1) as server:
            for name, path in {**PAGES, **PRIVATE}.items():
                visitor = Visitor(cookies.get(name, ""))
                connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
                connection.request("GET", path, headers={"Cookie": visitor.cookies()})
                response = connection.getresponse()
                response.read()
                assert response.status == 200, (path, response.status)
                queries = int(response.headers["X-DB-Queries"])
                found[f"queries.{name}"] = {
                    "value": queries,
                    "unit": "queries",
                    "detail": {"path": path},
                }
    finally:
        del os.environ["DB_QUERY_HEADER"]
    return found


def people() -> dict[str, str]:
    """Runs on the ground: whose session opens the private pages."""
    from mentees.models import Mentee
    from mentoring.programme.models import CohortRole

    mentee = Mentee.objects.filter(tandems__state="active").select_related("user").first()
    role = CohortRole.objects.select_related("user").first()
    assert mentee is not None
    assert role is not None
    return {"me": mentee.user.email, "desk": role.user.email}


def session(email: str) -> str:
    """Runs on the ground: a session with password and second factor recorded."""
    from allauth.mfa.models import Authenticator
    from django.contrib.sessions.backends.db import SessionStore

    from mentoring.accounts.models import User
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


def rate(port: int, path: str) -> float:
    """Requests per second over one connection at a time, after a warm-up."""
    for _number in range(5):
        fetch(port, path)
    began = time.perf_counter()
    for _number in range(REQUESTS):
        fetch(port, path)
    return REQUESTS / (time.perf_counter() - began)


def fetch(port: int, path: str) -> None:
    """One GET; raises AssertionError unless it answers 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Accept-Language": "de"})
    response = connection.getresponse()
    response.read()
    connection.close()
    assert response.status == 200, (path, response.status)


def serve(ground: Ground, application: str, **env: str) -> tuple[subprocess.Popen[bytes], int]:
    """gunicorn with two sync workers on the ground's database."""
    port = _free_port()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            application,
            "--bind",
            f"127.0.0.1:{port}",
            "--workers",
            "2",
        ],
        cwd=ROOT,
        env={**ground.environ(port), **env, "PYTHONPATH": f"{ground.var}:{ROOT}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _attempt in range(100):
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=2).request("GET", "/")
            break
        except OSError:
            time.sleep(0.1)
    return process, port


def against_bare(ground: Ground) -> dict[str, Any]:
    """The start page ÷ the bare view, in alternation."""
    (ground.var / "bare_settings.py").write_text(BARE)
    (ground.var / "bare_urls.py").write_text(BARE_URLS)
    bare, bare_port = serve(ground, "mentoring.wsgi", DJANGO_SETTINGS_MODULE="bare_settings")
    ours, our_port = serve(ground, "mentoring.wsgi")
    try:
        pairs = [(rate(our_port, "/"), rate(bare_port, "/")) for _number in range(PAIRS)]
    finally:
        for process in (bare, ours):
            process.terminate()
            process.wait(timeout=20)
    ratios = [one / other for one, other in pairs]
    detail = {
        "pairs": PAIRS,
        "ratios": [round(one, 3) for one in ratios],
        "requests_a_second": [[round(one, 1), round(other, 1)] for one, other in pairs],
    }
    return {
        "page_vs_bare.home": {
            "value": round(statistics.median(ratios), 3),
            "unit": "ratio",
            "detail": detail,
        }
    }


def main() -> int:
    """Measures everything, writes ``bench.json``, prints the table."""
    with Ground("sqlite") as ground:
        subprocess.run(
            [sys.executable, "manage.py", "seed_demo"],
            cwd=ROOT, env=ground.environ(), check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        results = {**counted(ground), **against_bare(ground)}
    Path(ROOT / "bench.json").write_text(json.dumps(results, indent=1) + "\n")
    for name, one in sorted(results.items()):
        print(f"{name:24} {one['value']:>8} {one['unit']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
