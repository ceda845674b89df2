"""``growth.<page>``: the time of a page where each of its tables has 100,000 rows ÷ its time with 1,000.

``list`` is the public directory of mentors as a signed-in person gets it (what is kept for visitors without a
session would hide the query); ``changelist`` the coordinators' list of mentors, ``detail`` the page of one of
them, ``desk`` the coordinators' first page. In one process for each database, without a server, in
alternation. Both databases are SQLite, filled with rows copied by ``INSERT … SELECT`` from the demo's: active
public mentors with their accounts, consents and verdicts; settled applications of the past cohort; sent mails;
audit events.
"""

from __future__ import annotations

import statistics
import time
from contextlib import ExitStack
from typing import Any

from tests.races.harness import Ground

SIZES = (1_000, 100_000)
ROUNDS, REQUESTS = 10, 30
BOUNDS = {"list": 1.25, "detail": 1.15, "changelist": 1.25, "desk": 1.25}
FILLED = "SQLite, filled by INSERT … SELECT"
# A UUID of its own for row n of a table, as SQLite stores it; the first digits tell the tables apart.
_KEY = "printf('{:012x}%020x', n)"
PERSON, MENTOR, CONSENT, APPLICANT, APPLICATION, MAIL, FORM = range(1, 8)


def key(table: int) -> str:
    """The SQL expression of the key of row ``n``."""
    return _KEY.format(table)


def fill(rows: int) -> dict[str, int]:
    """Runs on the ground: until there are ``rows`` mentors, applications, mails and events; returns how many
    rows each table has."""
    from core.audit.models import AuditEvent
    from mentees.models import Application
    from mentors.models import CriterionCheck, Mentor
    from outbox.models import OutgoingMail
    from programme.models import Cohort, Consent

    mentor = Mentor.objects.listed().filter(held=0).select_related("user").order_by("pk").first()
    past = Cohort.objects.order_by("starts_on").first()
    assert mentor is not None
    assert past is not None
    settled = Application.objects.filter(cohort=past, state="rejected").order_by("pk").first()
    assert settled is not None
    event = AuditEvent.objects.order_by("pk").first()
    mail = OutgoingMail.objects.exclude(recipient=None).order_by("pk").first()
    assert event is not None
    assert mail is not None
    new = max(0, rows - Mentor.objects.count())
    person, wanted = key(PERSON), key(MENTOR)
    address = "printf('p%d@example.org', n)"
    _copy("accounts_user", mentor.user, new, {"id": person, "email": address})
    name = "printf('Person %06d', n)"
    _copy(
        "mentors_mentor",
        mentor,
        new,
        {"id": wanted, "user_id": person, "name": name, "form_id": "NULL"},
    )
    consent = Consent.objects.filter(person=mentor.user).first()
    _copy("programme_consent", consent, new, {"id": key(CONSENT), "person_id": person})
    for check in CriterionCheck.objects.filter(mentor=mentor):
        _copy("mentors_criterioncheck", check, new, {"id": "NULL", "mentor_id": wanted})
    for through in (Mentor.career_fields.through, Mentor.topics.through):
        chosen = through.objects.filter(mentor=mentor).first()
        _copy(through._meta.db_table, chosen, new, {"id": "NULL", "mentor_id": wanted})
    new = max(0, rows - Application.objects.count())
    applicant, address = key(APPLICANT), "printf('a%d@example.org', n)"
    _copy("accounts_user", settled.applicant, new, {"id": applicant, "email": address})
    application = {"id": key(APPLICATION), "applicant_id": applicant, "form_id": key(FORM)}
    _copy("mentees_application", settled, new, {**application, "name": name})
    sent = {
        "id": key(MAIL),
        "dedupe_key": "printf('%064x', n)",
        "status": "'sent'",
        "message_id": "printf('%d@example.org', n)",
        "sent_at": "created_at",
    }
    _copy("outbox_outgoingmail", mail, max(0, rows - OutgoingMail.objects.count()), sent)
    more = max(0, rows - AuditEvent.objects.count())
    _copy("audit_auditevent", event, more, {"id": "NULL", "object_id": wanted})
    models = (Mentor, Application, OutgoingMail, AuditEvent)
    return {one._meta.label: one._base_manager.count() for one in models}


def _copy(table: str, row: Any, times: int, other: dict[str, str]) -> None:
    """Inserts a row that many times more; ``other`` are the columns that differ, as expressions of ``n``."""
    from django.db import connection

    names = [one.column for one in row._meta.concrete_fields]
    shown = ", ".join(other.get(name, f'"{name}"') for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    numbers = (
        "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s) "
    )
    column = row._meta.pk.column
    stored = row._meta.pk.get_db_prep_value(row.pk, connection)
    if times:
        with connection.cursor() as cursor:
            cursor.execute(
                f'INSERT INTO "{table}" ({listed}) {numbers} '
                f'SELECT {shown} FROM "{table}", numbers WHERE "{column}" = %s',
                [times, stored],
            )


def a_mentor() -> str:
    """Runs on the ground: the key of the mentor whose page is measured."""
    from mentors.models import Mentor

    mentor = Mentor.objects.listed().filter(held=0).order_by("pk").last()
    assert mentor is not None
    return str(mentor.pk)


def took(path: str, cookie: str, requests: int) -> float:
    """Runs on the ground: the median time of a request in milliseconds, after three more."""
    from django.test import Client

    client = Client(headers={"host": "localhost", "accept-language": "de"})
    client.cookies["session"] = cookie
    times = []
    for number in range(requests + 3):
        began = time.perf_counter()
        response = client.get(path)
        spent = time.perf_counter() - began
        assert response.status_code == 200, (path, response.status_code)
        if number >= 3:
            times.append(spent * 1000)
    return statistics.median(times)


def measured() -> dict[str, Any]:
    """The entries of ``bench.json``."""
    from tests.bench import grown

    with ExitStack() as stack:
        sides = []
        for size in SIZES:
            ground = stack.enter_context(Ground("sqlite"))
            grown(ground, ())
            counts = ground.call("tests.measures.growth:fill", rows=size)
            mails = ground.call("tests.bench:people")
            cookie = ground.call("tests.bench:session", email=mails["desk"])
            mentor = ground.call("tests.measures.growth:a_mentor")
            paths = {
                "list": "/mentors/",
                "detail": f"/admin/mentors/mentor/{mentor}/change/",
                "changelist": "/admin/mentors/mentor/",
                "desk": "/admin/",
            }
            sides.append((ground, cookie, paths, counts))
        return {f"growth.{page}": _entry(page, sides) for page in BOUNDS}


def _entry(page: str, sides: list[Any]) -> dict[str, Any]:
    rounds = [
        [
            ground.call(
                "tests.measures.growth:took", path=paths[page], cookie=cookie, requests=REQUESTS
            )
            for ground, cookie, paths, _counts in sides
        ]
        for _round in range(ROUNDS)
    ]
    return {
        "value": round(statistics.median(large / small for small, large in rounds), 3),
        "unit": "ratio",
        "bound": {"at_most": BOUNDS[page]},
        "detail": {
            "path": sides[0][2][page],
            "rows": [counts for *_rest, counts in sides],
            "database": FILLED,
            "requests": ROUNDS * REQUESTS,
            "milliseconds": [[round(one, 1) for one in pair] for pair in rounds],
        },
    }
