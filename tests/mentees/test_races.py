"""Promise C8 under parallel posts, on the database the suite runs on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from core.audit.models import AuditEvent
from mentees.models import Application
from outbox.models import OutgoingMail
from programme.models import Consent
from tests import factories
from tests.mentees.helpers import kinds, link_of, path_of, posted, vocabulary

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clock"),
]
PARALLEL = 20


def together(act: Callable[[int], Any], number: int = PARALLEL) -> list[Any]:
    """Runs ``act`` in many threads at one moment, each with a connection of its own."""
    barrier = Barrier(number)

    def one(index: int) -> Any:
        barrier.wait()
        try:
            return act(index)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def test_c8_twenty_parallel_posts_are_one_row_one_mail_and_twenty_equal_answers() -> None:
    vocabulary()
    given = posted()

    def post(_index: int) -> tuple[int, str]:
        response = Client().post("/apply/", given)
        return response.status_code, response.get("Location", "")

    assert set(together(post)) == {(302, "/apply/sent/")}
    assert Application.objects.count() == 1
    assert Application.objects.get().wishes.count() == 1
    assert kinds() == ["application-confirm"]
    assert AuditEvent.objects.count() == 1


def test_l3_twenty_parallel_answers_have_one_winner() -> None:
    vocabulary()
    boss = factories.coordinator()
    Client().post("/apply/", posted())
    path = path_of(link_of(Application.objects.get()))

    def answer(_index: int) -> int:
        return Client().post(path, {"answer": "confirm"}).status_code

    assert set(together(answer)) == {302}
    assert Application.objects.get().state == "submitted"
    assert kinds(recipient=boss) == ["application-arrived"]
    assert OutgoingMail.objects.filter(kind="application-received").count() == 1
    assert Consent.objects.count() == 1


def test_c8_two_forms_of_one_person_confirmed_at_once_leave_one() -> None:
    vocabulary()
    for number in range(2):
        Client().post("/apply/", posted(motivation=f"Fassung {number}"))
    paths = [path_of(link_of(one)) for one in Application.objects.all()]
    together(lambda index: Client().post(paths[index], {"answer": "confirm"}).status_code, 2)
    assert sorted(Application.objects.values_list("state", flat=True)) == [
        "submitted",
        "unconfirmed",
    ]
