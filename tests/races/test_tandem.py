"""Mentors answer at the same moment, over real HTTP (promises C7, C2, L3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle, islice
from typing import Any

import pytest

from tests.races.harness import PROVE, Ground, Post, Server, Visitor, rounds
from tests.races.tandem_data import ANSWERS

DATABASES = [
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgres", marks=pytest.mark.postgres, id="postgres"),
]
DATA = "tests.races.tandem_data"
PEOPLE, PLACES = 50, 2


@pytest.fixture(scope="module", params=DATABASES)
def ground(request: pytest.FixtureRequest) -> Iterator[Ground]:
    with Ground(request.param) as ready:
        yield ready


@pytest.fixture(scope="module")
def server(ground: Ground) -> Iterator[Server]:
    with ground.serving() as running:
        yield running


def confirm_all(ground: Ground, server: Server) -> tuple[dict[str, Any], list[Any]]:
    """Fifty mentors' links say yes at one moment; what became of it, and the answers."""
    made = ground.call(f"{DATA}:prepare", people=PEOPLE, capacity=PLACES)
    posts = [Post(f"/l/{token}/", {"answer": "confirm"}) for token in made["tokens"]]
    answers = server.together(posts)
    found = ground.call(f"{DATA}:outcome", mentor=made["mentor"])
    return {**found, "tokens": made["tokens"]}, answers


def test_c7_fifty_confirmations_at_once_fill_two_places(
    ground: Ground, server: Server, record_property: Callable[[str, object], None]
) -> None:
    number = rounds(suite=1, prove=20)
    record_property("rounds", number)
    for _round in range(number):
        found, answers = confirm_all(ground, server)
        assert {one.status for one in answers} == {302}
        assert found["held"] == PLACES
        assert found["states"] == {"confirmed": PLACES, "mentor_asked": PEOPLE - PLACES}
        assert found["events"]["confirm"] == PLACES
        # both winners and nobody else got contact data; the coordinators know of each yes without place
        assert found["mails"]["tandem-confirmed-mentee"] == PLACES
        assert found["mails"]["tandem-no-place-office"] == PEOPLE - PLACES
        pages = [server.get(f"/l/{token}/") for token in found["tokens"][:6]]
        assert {page.status for page in pages} <= {200, 410}
        assert any("nicht mehr frei" in page.body for page in pages)
    assert ground.call(f"{DATA}:breaches") == []


def test_c2_without_the_guard_there_are_more_than_two(ground: Ground) -> None:
    if ground.database == "sqlite":
        pytest.skip("not run: IMMEDIATE transactions stand in a row and can't oversell")
    oversold, number = 0, rounds(suite=3, prove=20)
    with ground.serving(saboteur=f"{DATA}:without_guard") as server:
        for _round in range(number):
            found, _answers = confirm_all(ground, server)
            oversold += found["states"].get("confirmed", 0) > PLACES
            if oversold and not PROVE:
                return  # once is enough to show that it can fail
    assert oversold >= max(1, number - number // 20)


def test_c2_without_the_locks_alone_two_answers_win(ground: Ground) -> None:
    """The place is taken by a conditional update; that yes and no exclude each other is the locks' work."""
    if ground.database == "sqlite":
        pytest.skip("not run: IMMEDIATE transactions stand in a row")
    twice, number = 0, rounds(suite=5, prove=20)
    with ground.serving(saboteur=f"{DATA}:without_locks") as server:
        for _round in range(number):
            made = ground.call(f"{DATA}:prepare", people=1, capacity=1)
            posts = [
                Post(f"/l/{made['tokens'][0]}/", {"answer": answer}, Visitor())
                for answer in islice(cycle(ANSWERS), 8)
            ]
            server.together(posts)
            twice += (
                sum(ground.call(f"{DATA}:outcome", mentor=made["mentor"])["events"].values()) > 1
            )
            if twice and not PROVE:
                return
    assert twice >= max(1, number // 2)


def test_l3_twenty_mixed_answers_have_one_winner_and_one_notification(
    ground: Ground, server: Server, record_property: Callable[[str, object], None]
) -> None:
    count = rounds(suite=2, prove=50)
    record_property("rounds", count)
    for number in range(count):
        made = ground.call(f"{DATA}:prepare", people=1, capacity=1)
        order = ANSWERS if number % 2 else ANSWERS[::-1]
        posts = [
            Post(f"/l/{made['tokens'][0]}/", {"answer": answer}, Visitor())
            for answer in islice(cycle(order), 20)
        ]
        answers = server.together(posts)
        assert {one.status for one in answers} == {302}
        found = ground.call(f"{DATA}:outcome", mentor=made["mentor"])
        [(state, one)] = found["states"].items()
        assert one == 1
        verb, to_mentee = {
            "confirmed": ("confirm", "tandem-confirmed-mentee"),
            "declined": ("decline", "tandem-declined-mentee"),
        }[state]
        assert found["held"] == (1 if state == "confirmed" else 0)
        assert found["events"] == {verb: 1}
        assert found["mails"][to_mentee] == 1
        assert not {"tandem-confirmed-mentee", "tandem-declined-mentee"} - {to_mentee} & set(
            found["mails"]
        )
        pages = {server.get(f"/l/{made['tokens'][0]}/").body.count("<h1") for _ in range(2)}
        assert pages == {1}
