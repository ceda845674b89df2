"""What opening a page leaves behind, at every address and for everybody signed in: no copy, and no change."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.access import world
from tests.access.matrix import GROUPS
from tests.access.test_matrix import is_kept_nowhere, visits
from tests.access.world import World

pytestmark = pytest.mark.django_db
CASES = [(role, group) for role in ("mentee", "coordinator", "admin") for group in GROUPS]


@pytest.mark.parametrize(("role", "group"), CASES)
def test_p5_nobody_keeps_a_copy_of_a_page_of_somebody_signed_in(
    client: Client,
    full_world: World,
    role: str,
    group: str,
) -> None:
    """Neither a proxy nor the next person at the same browser, whatever the answer is to what is sent; that
    opening leaves no copy either holds ``test_a1_pages_open_for_whom_the_matrix_names``."""
    world.enter(client, full_world, role)
    for what, path, _which, _page in visits(group, full_world):
        assert is_kept_nowhere(client.post(path)), f"{what} ({path})"
        if settings.SESSION_COOKIE_NAME not in client.cookies:
            world.enter(client, full_world, role)  # it signed out


@pytest.mark.parametrize(("role", "group"), CASES)
def test_l1_choosing_a_language_by_a_link_writes_nothing(
    client: Client,
    full_world: World,
    role: str,
    group: str,
) -> None:
    """A link somebody else wrote may change what this browser shows, and nothing that is kept."""
    world.enter(client, full_world, role)
    before = world.everything()
    for what, path, which, _page in visits(group, full_world):
        if which != "own":
            continue
        answer: Any = client.get(path + ("&" if "?" in path else "?") + "lang=en")
        assert answer.status_code == 302, what
        assert answer.cookies["django_language"].value == "en"
        client.get(answer["Location"])
    assert world.changed(before, world.everything()) == ""
