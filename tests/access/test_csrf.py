"""Promise P7: no form is taken without the token the page gave with it, wherever it is sent to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.access import matrix, world
from tests.access.matrix import GROUPS
from tests.access.test_matrix import address
from tests.access.world import World

pytestmark = pytest.mark.django_db
VISITORS = ("mentee", "admin")


def callbacks(patterns: list[URLPattern | URLResolver]) -> Iterator[Any]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from callbacks(pattern.url_patterns)
        else:
            yield pattern.callback


def test_p7_no_page_is_exempt() -> None:
    found = list(callbacks(get_resolver().url_patterns))
    assert len(found) > 100
    assert [view for view in found if getattr(view, "csrf_exempt", False)] == []


@pytest.mark.parametrize("role", VISITORS)
def test_p7_nothing_is_taken_without_the_forms_token(full_world: World, role: str) -> None:
    """Every address of the site, own objects: a page of somebody else's site could send the same."""
    client = world.enter(Client(enforce_csrf_checks=True), full_world, role)
    before = world.everything()
    taken, count = [], 0
    for group, pages in GROUPS.items():
        for name, page in pages.items():
            path = address(name, page, matrix.objects(full_world, page)["own"], full_world)
            answer = client.post(path, {"answer": "confirm", "reason": "weg", "post": "yes"})
            count += 1
            # a redirect: sign-in or second factor is asked for before the page is reached
            if answer.status_code not in (302, 403, 404):
                taken.append(f"{group} {path}: {answer.status_code}")
    assert taken == []
    assert count > 100
    assert world.changed(before, world.everything()) == ""


def test_p7_control_with_the_token_the_same_is_taken(full_world: World) -> None:
    client = world.enter(Client(enforce_csrf_checks=True), full_world, "mentee")
    workshop = full_world.own["workshops.Workshop"]
    path = f"/workshops/{workshop.slug}/cancel/"
    assert client.post(path).status_code == 403
    client.get(path)
    token = client.cookies["csrf"].value
    before = world.everything()
    for sent in ({}, {"csrfmiddlewaretoken": "x" * 64}):
        assert client.post(path, sent).status_code == 403
    assert world.changed(before, world.everything()) == ""
    assert client.post(path, {"csrfmiddlewaretoken": token}).status_code == 302
    assert "workshops.Registration" in world.changed(before, world.everything())
