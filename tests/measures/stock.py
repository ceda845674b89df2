"""``page_vs_stock.changelist``: requests per second of our list of mentors ÷ those of the list that Django's own
``ModelAdmin`` makes of the same table, with as many plain columns, filters and search fields, and Django's
usual middleware. Both over two sync workers on one database, in alternation."""

from __future__ import annotations

from typing import Any

from tests.races.harness import Ground

PATH = "/admin/stock/mentor/"
OURS = "/admin/mentors/mentor/"
SETTINGS = '''
"""A new Django project with its admin, on the same database."""

from mentoring.settings import DATABASES, SECRET_KEY

ALLOWED_HOSTS = ["*"]
AUTH_USER_MODEL = "stock.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "stock",
]
LANGUAGE_CODE = "de"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "stock.urls"
SESSION_COOKIE_NAME = "session"
STATIC_URL = "static/"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
TIME_ZONE = "Europe/Berlin"
USE_TZ = True
'''
MODELS = """
import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models


class User(AbstractBaseUser, PermissionsMixin):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    email = models.EmailField(max_length=254, unique=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    USERNAME_FIELD = "email"
    objects = BaseUserManager()

    class Meta:
        managed = False
        db_table = "accounts_user"

    def get_session_auth_hash(self):
        return "measured"


class Mentor(models.Model):
{columns}

    class Meta:
        managed = False
        db_table = "mentors_mentor"
        ordering = ["name"]

    def __str__(self):
        return self.name
"""
URLS = """
from django.contrib import admin
from django.http import HttpResponse
from django.urls import path

from stock.models import Mentor


@admin.register(Mentor)
class MentorAdmin(admin.ModelAdmin):
    list_display = ("name", "profession", "state", "held", "capacity", "state_since")
    list_filter = ("state", "public", "language", "meeting_format", "paused_because")
    list_per_page = 50
    search_fields = ("name", "profession")


urlpatterns = [path("admin/", admin.site.urls), path("", lambda request: HttpResponse())]
"""


def columns() -> list[str]:
    """Runs on the ground: the lines that declare the columns of ``mentors_mentor`` once more."""
    from mentors.models import Mentor

    lines = []
    for one in Mentor._meta.concrete_fields:
        arguments: dict[str, Any] = {"null": one.null, "blank": one.blank}
        if one.primary_key:
            arguments = {"primary_key": True}
        if one.max_length:
            arguments["max_length"] = one.max_length
        if one.choices:
            arguments["choices"] = [(str(key), str(label)) for key, label in one.flatchoices]
        kind = "UUIDField" if one.remote_field else one.get_internal_type()
        told = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
        lines.append(f"    {one.attname} = models.{kind}({told})")
    return lines


def superuser() -> str:
    """Runs on the ground: the session of a superuser in the stock project."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from accounts.models import User

    user = User.objects.create_superuser("stock@example.org", "unused")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = "measured"
    session.create()
    return str(session.session_key)


def write(ground: Ground) -> str:
    """Writes the stock project beside the database; returns the name of its settings."""
    folder = ground.var / "stock"
    folder.mkdir()
    lines = ground.call("tests.measures.stock:columns")
    (folder / "__init__.py").touch()
    (folder / "settings.py").write_text(SETTINGS)
    (folder / "models.py").write_text(MODELS.format(columns="\n".join(lines)))
    (folder / "urls.py").write_text(URLS)
    return "stock.settings"


def measured(ground: Ground, cookie: str) -> dict[str, Any]:
    """The entry of ``bench.json``; ``cookie`` is the session of a coordinator."""
    from tests import bench

    name = write(ground)
    theirs = ground.call("tests.measures.stock:superuser")
    with bench.serve(ground, name) as stock, bench.serve(ground, "mentoring.settings") as ours:
        pairs = [
            (bench.rate(ours, OURS, cookie), bench.rate(stock, PATH, theirs))
            for _pair in range(bench.PAIRS)
        ]
    entry = bench.compared(pairs)
    entry["detail"]["paths"] = [OURS, PATH]
    return {"page_vs_stock.changelist": {**entry, "bound": {"at_least": 0.9}}}
