"""What the settings are without the embedded switch, and what stands on answers when something is wrong."""

from __future__ import annotations

import os
import re
import runpy
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.urls import path

from mentoring import settings as embedded
from outbox import delivery
from tests import factories
from tests.mentees.helpers import posted, vocabulary
from tests.operations.test_headers import REDIRECTS
from tests.operations.test_startup_checks import GOOD
from tests.outbox.conftest import parse
from tests.public.test_contact import _form as message

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The settings a complete production environment makes."""
    env = GOOD | {"VAR_DIR": str(tmp_path_factory.mktemp("var")), "PATH": os.environ["PATH"]}
    with mock.patch.dict(os.environ, env, clear=True):
        return runpy.run_path(str(ROOT / "mentoring" / "settings.py"))


def test_p5_cookies_belong_to_this_host_and_to_encrypted_pages_alone(production: Any) -> None:
    for name in ("SESSION", "CSRF"):
        assert production[f"{name}_COOKIE_NAME"].startswith("__Host-")
        assert production[f"{name}_COOKIE_SECURE"] is True
        assert production[f"{name}_COOKIE_HTTPONLY"] is True
        assert production[f"{name}_COOKIE_SAMESITE"] == "Lax"
        # a browser takes a cookie of this name without a domain and for the whole site only
        assert production.get(f"{name}_COOKIE_DOMAIN") is None
        assert production.get(f"{name}_COOKIE_PATH", "/") == "/"
    assert production["LANGUAGE_COOKIE_SECURE"] is True
    assert production["SESSION_COOKIE_AGE"] <= 12 * 3600
    assert production["STAFF_IDLE_SECONDS"] <= 1800


def test_p6_pages_are_asked_for_encrypted_alone(production: Any) -> None:
    assert production["SECURE_SSL_REDIRECT"] is True
    assert production["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert production["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True
    assert production["SECURE_PROXY_SSL_HEADER"] is None  # nobody is believed unasked
    policy = production["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert policy == embedded.CONTENT_SECURITY_POLICY["DIRECTIVES"]


@pytest.mark.django_db
def test_p6_the_list_of_all_files_is_public_nowhere(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "staticfiles.json").write_text("{}")
    (tmp_path / "site.css").write_text("a {}")
    settings.STATIC_ROOT = str(tmp_path)
    for embedded_default in (True, False):
        settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = embedded_default
        client = Client()
        assert client.get("/static/site.css").status_code == 200
        for hidden in ("/static/staticfiles.json", "/static//staticfiles.json"):
            assert client.get(hidden).status_code == 404


def test_p1_the_limits_are_shared_by_all_processes(production: Any) -> None:
    """A cache per process would count per process: 17 of 30 wrong passwords passed four workers."""
    shared = ("redis.RedisCache", "limits.CountingCache")
    assert production["CACHES"]["default"]["BACKEND"].endswith(shared)
    assert embedded.CACHES["default"]["BACKEND"].endswith(shared)
    assert production["ALLAUTH_TRUSTED_PROXY_COUNT"] == 0


def test_p7_no_host_but_ones_own(production: Any) -> None:
    assert production["ALLOWED_HOSTS"] == ["mentoring.example.org"]
    assert production["CSRF_TRUSTED_ORIGINS"] == ["https://mentoring.example.org"]
    assert production.get("USE_X_FORWARDED_HOST", False) is False


def test_p15_nothing_of_the_embedded_default_is_there(production: Any) -> None:
    assert production["DEBUG"] is False
    assert production["MAIL_URL"].startswith("smtp")
    assert production["DATABASES"]["default"]["ENGINE"].endswith("postgresql")
    assert production["DATABASES"]["default"]["CONN_HEALTH_CHECKS"] is True
    assert production["CELERY_BROKER_URL"].startswith("redis://")
    with mock.patch("django.conf.settings.EMBEDDED", False):
        urls = runpy.run_path(str(ROOT / "mentoring" / "urls.py"))["urlpatterns"]
    assert not [one for one in urls if "dev" in str(one.pattern)]


# ── C5: the embedded database ────────────────────────────────────────────────
@pytest.mark.django_db
def test_c5_sqlite_writes_ahead_waits_and_loses_nothing() -> None:
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL needs none of it")
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    with connection.cursor() as cursor:
        found = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }
    assert found == {
        "journal_mode": "wal", "synchronous": 2, "busy_timeout": 20_000, "foreign_keys": 1,
    }  # fmt: skip


# ── P6: answers when something is wrong ──────────────────────────────────────
def fails(request: Any) -> None:
    raise ZeroDivisionError


urlpatterns = [path("", fails)]
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}


def wrong(status: int, settings: Any) -> Any:
    """An answer with this status."""
    client = Client(raise_request_exception=False, enforce_csrf_checks=status == 403)
    if status == 400:
        return client.get("/", headers={"host": "evil.example"})
    if status == 403:
        return client.post("/contact/")
    if status == 404:
        return client.get("/gibt-es-nicht/")
    if status == 405:
        return client.put("/contact/")
    if status == 429:
        for _number in range(10):
            client.post("/contact/", message())
        return client.post("/contact/", message())
    settings.ROOT_URLCONF = __name__
    return client.get("/")


@pytest.mark.django_db
@pytest.mark.parametrize("status", [400, 403, 404, 405, 429, 500])
def test_p6_what_goes_wrong_goes_wrong_under_the_same_policy(settings: Any, status: int) -> None:
    answer = wrong(status, settings)
    assert answer.status_code == status
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert {name: answer.get(name) for name in HEADERS} == HEADERS
    page = answer.content.decode()
    assert not re.search(r"<(?:style|script)>| style=| on\w+=", page)
    assert "Traceback" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(("host", "status"), [("localhost", 301), ("evil.example", 400)])
def test_p6_what_comes_in_plain_http_is_answered_under_the_same_policy(
    settings: Any, host: str, status: int
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = Client().get("/contact/", headers={"host": host})
    assert answer.status_code == status
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert {name: answer.get(name) for name in HEADERS} == HEADERS


# ── P7: links in mails ───────────────────────────────────────────────────────
@pytest.mark.django_db
def test_p7_links_in_mails_lead_to_the_one_address(settings: Any, tmp_path: Path) -> None:
    """Whatever host a request names: a forged one must not reach somebody's mail."""
    settings.MAIL_URL, settings.ALLOWED_HOSTS = tmp_path.as_uri(), ["*"]
    settings.BASE_URL = "https://mentoring.example.org"
    vocabulary()
    cohort = factories.cohort()
    cohort.applications_close_at = cohort.applications_close_at.replace(year=2100)
    cohort.save()
    headers = {"host": "evil.example:1", "x-forwarded-host": "evil.example"}
    answer = Client().post(
        "/apply/", posted(), headers=headers | {"forwarded": "host=evil.example"}
    )
    assert answer["Location"] == "/apply/sent/"
    from django.utils import timezone

    delivery.deliver(timezone.now())
    [mail] = [parse(one.read_bytes()) for one in tmp_path.glob("*.eml")]
    for part in ("plain", "html"):
        text = mail.get_body((part,)).get_content()  # type: ignore[union-attr]
        assert "evil" not in text
        assert "https://mentoring.example.org/l/" in text
        links = re.findall(r"https?://[^/\s\"<]+", text)
        assert set(links) == {"https://mentoring.example.org"}


@pytest.mark.django_db
@pytest.mark.parametrize("target", REDIRECTS[:8], ids=ascii)
def test_p7_no_next_leaves_the_house_after_a_code_either(target: str) -> None:
    from tests.accounts.test_sign_in import code_of

    user, client = factories.person(), Client()
    client.post(f"/account/login/code/?next={target}", {"email": user.email, "next": target})
    answer = client.post(
        f"/account/login/code/confirm/?next={target}", {"code": code_of(user), "next": target}
    )
    assert answer.status_code == 302
    assert re.match(r"/(?![/\\])", answer["Location"]), answer["Location"]
