"""Fixtures every test may use."""

from __future__ import annotations

import copy
import gc
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache, caches
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings

from tests.races.harness import migrated, run_folder

NOW = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)
settings.VAR_DIR.mkdir(parents=True, exist_ok=True)  # the test database lies there
CHROMIUM = next(
    (p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(p).exists()), ""
)


def _listens(url: str) -> bool:
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 0), timeout=1):
            return True
    except OSError:
        return False


POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgres://root@127.0.0.1:5432/test")
REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/1")
SERVICES = {
    "postgres": lambda: _listens(POSTGRES_URL),
    "redis": lambda: _listens(REDIS_URL),
    "browser": lambda: bool(CHROMIUM),
}


def pytest_configure() -> None:
    """The program and its tests stay to the end: to look through them for garbage again and again took a
    tenth of the time. And from here on all workers share the folder of this run."""
    gc.disable()
    run_folder()


def pytest_collection_finish() -> None:
    """From here on garbage is collected, in what the tests make."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What needs a service that is missing is listed as not run; REQUIRE_SERVICES=1 makes it a failure."""
    missing = {name for name, there in SERVICES.items() if not there()}
    if not missing:
        return
    if os.environ.get("REQUIRE_SERVICES") == "1":
        raise pytest.UsageError(f"REQUIRE_SERVICES=1, but there is no {', '.join(sorted(missing))}")
    for item in items:
        for name in missing:
            if item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=f"not run: no {name}"))


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """On SQLite the test database begins as a copy of the one that is migrated once for all workers."""
    if connection.vendor != "sqlite":
        return False
    name = Path(connection.settings_dict["TEST"]["NAME"])
    for rest in name.parent.glob(f"{name.name}-*"):  # a journal of a run that broke off
        rest.unlink()
    shutil.copy(migrated("sqlite").var / "mentoring.sqlite3", name)
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """The cache lives in the database too, made by its name, so that it is there beside Redis. The audit trail of the tests may be emptied between them, which
    PostgreSQL otherwise refuses (promise P9; ``tests/core/audit`` asks a database that does)."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        call_command("createcachetable", "cache", verbosity=0)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER audit_not_emptied")


FAST = {
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    "CACHES": settings.CACHES
    | {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
}


@pytest.fixture(autouse=True)
def _fast_and_clean(settings: object) -> None:
    for name, value in FAST.items():
        setattr(settings, name, value)
    cache.clear()
    caches["shared"].clear()


@pytest.fixture(scope="module")
def built(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """The world of ``tests/access/world.py`` at NOW, for a file whose tests all use it; taken back after the
    file. Building it for every test would cost minutes."""
    from tests.access import world

    mails = tmp_path_factory.mktemp("mails").as_uri()
    block = transaction.atomic()
    block._from_testcase = True  # so that the locks are watched inside: see tests/locks.py
    with (
        django_db_blocker.unblock(),
        override_settings(**FAST, MAIL_URL=mails),
        time_machine.travel(NOW, tick=False),
        block,
    ):
        yield world.build()
        transaction.set_rollback(True)


@pytest.fixture
def full_world(built: Any, db: None) -> Any:
    """The world as it was built, for one test."""
    return copy.deepcopy(built)


@pytest.fixture(autouse=True)
def _every_verb_of_the_trail_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever verb a test carries out, a coordinator reads it in German, not as a code word."""
    from backoffice.history import known_label
    from core import audit

    record = audit.record

    def told(obj: object, verb: str, **rest: object) -> object:
        assert known_label(verb, type(obj)), f"{type(obj).__name__}: AUDIT_LABELS has no {verb!r}"  # type: ignore[arg-type]
        return record(obj, verb, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(audit, "record", told)


@pytest.fixture(autouse=True)
def _every_form_gets_the_files_of_its_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a page or a personal link binds to a request's data, it binds to its files too. Left out is what
    libraries bind."""
    from allauth.mfa.base.forms import BaseAuthenticateForm
    from django.contrib.admin.views.main import ChangeListSearchForm
    from django.forms import BaseForm
    from django.forms.formsets import ManagementForm
    from django.http import QueryDict

    theirs = (ManagementForm, ChangeListSearchForm, BaseAuthenticateForm)
    bind = BaseForm.__init__

    def bound(form: BaseForm, data: Any = None, files: Any = None, *rest: Any, **more: Any) -> None:
        sent = isinstance(data, QueryDict) and not isinstance(form, theirs)
        assert not sent or files is not None, f"{type(form).__name__} gets no request.FILES"
        bind(form, data, files, *rest, **more)

    monkeypatch.setattr(BaseForm, "__init__", bound)


@pytest.fixture(autouse=True)
def watch(monkeypatch: pytest.MonkeyPatch) -> object:
    """What a verb moves and writes it has locked: see ``tests/locks.py``, whose Watch this is."""
    from tests import locks

    return locks.install(monkeypatch)


@pytest.fixture
def now() -> datetime:
    """The moment most tests happen at: 15 September 2026, noon in Berlin."""
    return NOW


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stands still at NOW, in views too; ``clock.move_to(moment)`` goes elsewhere."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Nudges are counted, not published; tests of the broker take this back."""
    nudges: list[int] = []
    monkeypatch.setattr("outbox.broker.publish_sweep", lambda: nudges.append(1))
    return nudges


sys.path.insert(0, str(Path(__file__).parent.parent))


@pytest.fixture
def staff_client(client: object) -> object:
    """A function: signs a coordinator in with a recorded second factor and returns the client."""
    import time

    from allauth.mfa.models import Authenticator

    def sign_in(user: object) -> object:
        Authenticator.objects.get_or_create(
            user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "unused"}}
        )
        client.force_login(user)  # type: ignore[attr-defined]
        session = client.session  # type: ignore[attr-defined]
        session["account_authentication_methods_user"] = str(user.pk)  # type: ignore[attr-defined]
        session["account_authentication_methods"] = [
            {"method": "password", "at": time.time(), "email": user.email},  # type: ignore[attr-defined]
            {"method": "mfa", "at": time.time(), "type": "totp"},
        ]
        session.save()
        return client

    return sign_in
