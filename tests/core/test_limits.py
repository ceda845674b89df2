"""Promise P1: what strangers may ask is counted alike in every cache the site may have."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from core.limits import HOUR, Limit, take
from mentoring import settings as project
from tests import factories
from tests.accounts.test_sign_in import sign_in_with_password, staff
from tests.conftest import NOW, REDIS_URL
from tests.mentees.helpers import posted, vocabulary
from tests.public.test_contact import _form as message

pytestmark = pytest.mark.django_db
REDIS = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
DATABASE = {
    "BACKEND": "core.limits.CountingCache",
    "LOCATION": "cache",
    "OPTIONS": {"MAX_ENTRIES": project.CACHE_ENTRIES},
}


@pytest.fixture(params=["database", pytest.param("redis", marks=pytest.mark.redis)])
def shared(request: pytest.FixtureRequest, settings: Any) -> str:
    """A cache that processes share: which."""
    settings.CACHES = settings.CACHES | {
        "default": DATABASE if request.param == "database" else REDIS
    }
    return str(request.param)


def asked(times: int, whom: str) -> list[bool]:
    return [take("try", Limit(whom, 3, HOUR)) is not None for _time in range(times)]


def test_p1_after_the_limit_nothing_is_allowed(shared: str) -> None:
    whom = str(uuid.uuid4())
    assert asked(5, whom) == [True] * 3 + [False] * 2
    assert asked(1, str(uuid.uuid4())) == [True]


def test_p1_the_limit_lasts_as_long_as_it_says_and_no_longer(settings: Any) -> None:
    """The cache in the database alone: the clock of Redis is not ours to move."""
    settings.CACHES = settings.CACHES | {"default": DATABASE}
    whom = str(uuid.uuid4())
    with time_machine.travel(NOW, tick=False) as clock:
        assert asked(4, whom) == [True] * 3 + [False]
        clock.shift(HOUR - 1)
        assert asked(1, whom) == [False]
        clock.shift(2)
        assert asked(4, whom) == [True] * 3 + [False]


def test_p1_nobody_clears_a_limit_by_filling_the_cache(settings: Any) -> None:
    settings.CACHES = settings.CACHES | {"default": DATABASE}
    whom = str(uuid.uuid4())
    asked(3, whom)
    for number in range(400):  # Django's own cache in a database forgets a third above 300
        cache.set(f"{number}", number)
    assert asked(1, whom) == [False]


def test_s4_a_form_is_taken_though_nobody_counts(client: Client, settings: Any) -> None:
    """In production the broker's Redis counts, too; it may be gone."""
    settings.CACHES = settings.CACHES | {"default": REDIS | {"LOCATION": "redis://127.0.0.1:9/0"}}
    factories.organisation()
    assert client.post("/contact/", message()).status_code == 302
    vocabulary()
    factories.cohort()
    with time_machine.travel(NOW, tick=False):
        assert client.post("/apply/", posted())["Location"] == "/apply/sent/"


def test_p1_without_counting_nobody_signs_in(settings: Any) -> None:
    settings.CACHES = settings.CACHES | {"default": REDIS | {"LOCATION": "redis://127.0.0.1:9/0"}}
    user = staff()
    browser = Client(raise_request_exception=False)
    answer = sign_in_with_password(browser, user.email)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "in ein paar Minuten" in answer.content.decode()
    assert "_auth_user_id" not in browser.session
