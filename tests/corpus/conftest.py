"""One house for all forms of a module; each test meets it as it was built."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client, override_settings

from tests.access import world
from tests.access.world import World
from tests.conftest import NOW
from tests.corpus.sending import Desk

_FAST = {
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
}


@pytest.fixture(scope="module")
def built(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The world at NOW, taken back after the module. Building it for every form would cost minutes."""
    mails = tmp_path_factory.mktemp("mails").as_uri()
    with (
        django_db_blocker.unblock(),
        override_settings(**_FAST, MAIL_URL=mails),
        time_machine.travel(NOW, tick=False),
        transaction.atomic(),
    ):
        yield world.build()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def desk(request: Any, built: World) -> Iterator[Desk]:
    """The form of the line a test is parametrised with; the tests of one form follow each other."""
    with transaction.atomic():
        yield Desk(request.param, Client(), copy.deepcopy(built))
        transaction.set_rollback(True)
