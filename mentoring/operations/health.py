"""Health checks: whether the process runs, and whether the application can work (promises S5, S14)."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from core.http import now_of
from outbox.models import OutgoingMail, Sweep

STALE = timedelta(minutes=5)
LATE = timedelta(minutes=10)
_migrated = False


@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers; makes no query."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database is migrated, a sweep ended within 5 minutes and no mail is 10 minutes late;
    else 503 with the reasons."""
    now = now_of(request)
    wrong = []
    try:
        if not _is_migrated():
            wrong.append("migrations")
        else:
            sweep = Sweep.objects.filter(pk=1).first()
            if sweep is None or sweep.completed_at is None or abs(now - sweep.completed_at) > STALE:
                wrong.append("sweep")
            if OutgoingMail.objects.due(now - LATE).exists():
                wrong.append("mail")
    except Exception:  # any database error is reported as a reason
        wrong.append("database")
    return JsonResponse({"ready": not wrong, "wrong": wrong}, status=503 if wrong else 200)


def _is_migrated() -> bool:
    global _migrated  # cached: migrations are only added by a new deployment
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated
