"""Promise C4: what the database takes back for no fault of anybody's is begun again."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib import import_module

import pytest
from django.db import IntegrityError, OperationalError, transaction

from core import retries
from mentoring import listeners

APPS = (
    "mentors",
    "mentees",
    "matching",
    "meetings",
    "workshops",
    "accounts",
    "programme",
    "outbox",
)
# Runs in the transaction of the verb that holds the lock.
INNER = {"confirm_person", "queue"}
# These only call another verb.
PASSED_ON = {"compute_plan", "record_attendance"}


class Deadlock(Exception):
    """As psycopg2 tells it."""

    pgcode = "40P01"


def fails(
    times: int, error: str = "deadlock detected", cause: Exception | None = None
) -> Callable[[], int]:
    """A function that fails so often and then returns how often it was begun."""
    begun = 0

    def action() -> int:
        nonlocal begun
        begun += 1
        if begun <= times:
            raise OperationalError(error) from cause
        return begun

    return action


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("error", "cause"),
    [
        ("deadlock detected", Deadlock()),
        ("database is locked", None),
        ("database table is locked", None),
    ],
)
def test_c4_an_action_is_begun_again_up_to_three_times(error: str, cause: Exception | None) -> None:
    assert retries.retry_on_conflict(fails(3, error, cause))() == 4
    with pytest.raises(OperationalError):
        retries.retry_on_conflict(fails(4, error, cause))()


@pytest.mark.django_db(transaction=True)
def test_c4_who_enters_the_same_in_the_same_moment_reads_what_the_other_wrote() -> None:
    begun = 0

    @retries.retry_on_conflict
    def enter() -> str:
        nonlocal begun
        begun += 1
        if begun == 1:
            raise IntegrityError("UNIQUE constraint failed: mentors_mentor.user_id")
        return "refused in a sentence"

    assert enter() == "refused in a sentence"

    @retries.retry_on_conflict
    def broken() -> None:
        raise IntegrityError("NOT NULL constraint failed")

    with pytest.raises(IntegrityError):
        broken()


@pytest.mark.django_db(transaction=True)
def test_c4_an_error_that_does_not_pass_is_told_at_once() -> None:
    action = fails(1, "server closed the connection")
    with pytest.raises(OperationalError):
        retries.retry_on_conflict(action)()
    assert action() == 2


@pytest.mark.django_db(transaction=True)
def test_c4_inside_another_transaction_nothing_is_begun_again() -> None:
    action = fails(1, "database is locked")
    with pytest.raises(OperationalError), transaction.atomic():
        retries.retry_on_conflict(action)()
    assert action() == 2


@pytest.mark.parametrize("app", APPS)
def test_c4_every_verb_of_the_programme_begins_again(app: str) -> None:
    actions = import_module(f"{app}.actions")
    # What follows from another verb runs in that verb's transaction.
    following = {one for called in listeners.listeners().values() for one in called}
    hasty = [
        name
        for name in getattr(actions, "__all__", vars(actions))
        if inspect.isfunction(found := getattr(actions, name))
        and found.__module__.startswith(actions.__name__)
        and not name.startswith("_")
        and (typed := {*inspect.signature(found).parameters}) & {"by", "link"}
        and "now" in typed
        and name not in PASSED_ON | INNER
        and found not in following
        and found.__code__.co_qualname != "retry_on_conflict.<locals>.run"
    ]
    assert hasty == []
