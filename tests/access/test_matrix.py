"""Promise A1: every address × role × {own, foreign, missing} is what the matrix says, and nothing else."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.access import matrix, world
from tests.access.matrix import BY_PEOPLE, GROUPS, MATRIX, MODELS, NAMELESS, SHARED, Page
from tests.access.urls import names
from tests.access.world import ROLES, World

pytestmark = pytest.mark.django_db
FACTOR = re.compile(r"/account/(2fa/)?(totp/activate|reauthenticate|authenticate)/")
CASES = [(role, group) for role in ROLES for group in GROUPS]


def letter(response: Any) -> str:
    """What happened, as the matrix writes it."""
    if response.status_code in (302, 303):
        target = response["Location"]
        if target.startswith("/account/login/"):
            return "S"
        if FACTOR.match(target):
            return "F"
        return ">" if re.match(r"/(?![/\\])", target) else f"away to {target}"
    return {200: "P", 400: "N", 403: "K", 404: "–", 405: "X"}.get(
        response.status_code, str(response.status_code)
    )


def address(name: str, page: Page, obj: Any, world: World) -> str:
    """The address of a row for an object; a missing one stands where the own one would."""
    if obj is not None or not page.about or page.about in ("token", "mail"):
        return reverse(name, args=page.args(obj)) + page.query
    if page.about == "app":
        return "/admin/gibt-es-nicht/"
    args = page.args(world.own[page.about])
    nobody = {uuid.UUID: uuid.UUID(int=7), int: 2**40, str: "gibt-es-nicht"}
    return reverse(name, args=[nobody[type(args[0])], *args[1:]]) + page.query


def is_kept_nowhere(response: Any) -> bool:
    """Whether neither a proxy nor a browser may keep the answer."""
    return {"private", "no-store"} <= set(response.get("Cache-Control", "").split(", "))


def plain(response: Any, path: str) -> str:
    """A page without its address and what differs each time."""
    fleeting = r'((?:csrfmiddlewaretoken|form-seal)" value=|next=)"?[^"]+'
    return re.sub(fleeting, "", response.content.decode().replace(path, ""))


def visits(group: str, world: World) -> Iterator[tuple[str, str, str, Page]]:
    """(what, address, which, row) for every row of a group and every object of it."""
    assert GROUPS[group]
    for name, page in GROUPS[group].items():
        for which, obj in matrix.objects(world, page).items():
            yield f"{name} {which}", address(name, page, obj, world), which, page


def strangers_to(role: str) -> tuple[str, ...]:
    """The names nobody in this role has any business reading."""
    first, second = world.PEOPLE["2026/27"], world.PEOPLE["2027/28"]
    known = {"admin": (), "stranger": first, "anonymous": first + second}
    return known.get(role, first + second if role == "factorless" else second)


# ── the table is whole ───────────────────────────────────────────────────────
def test_a1_every_address_has_a_row_and_every_row_an_address() -> None:
    there = set(names())
    assert there - set(MATRIX) - NAMELESS == set(), (
        "addresses without a row in tests/access/matrix.py"
    )
    assert (set(MATRIX) | NAMELESS) - there == set(), "rows without an address"


def test_a1_every_model_of_the_desk_is_scoped_as_written_down() -> None:
    registered = {model._meta.label: found for model, found in admin.site._registry.items()}
    assert {label: found.cohort_path for label, found in registered.items()} == {
        label: None if desk.cohort in (SHARED, BY_PEOPLE) else desk.cohort
        for label, desk in MODELS.items()
    }


# ── opening ──────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("role", "group"), CASES)
def test_a1_pages_open_for_whom_the_matrix_names(
    client: Client, full_world: World, role: str, group: str
) -> None:
    """… and name nobody of a cohort the visitor has nothing to do with. What is foreign and what is missing is
    the same page, byte for byte but for the address: nobody can tell that an object exists. And neither a
    proxy nor the next person at the same browser keeps a page of somebody signed in (promise P5)."""
    world.enter(client, full_world, role)
    before = world.everything()
    wrong, refused = [], {}
    unknown = strangers_to(role)
    for what, path, which, page in visits(group, full_world):
        expected = getattr(page, which)[role]
        response = client.get(path)
        found = letter(response)
        if page.acts:
            expected = "S" if expected == "S" and found == "S" else "X"
        if found != expected:
            wrong.append(f"{what} ({path}): {found} instead of {expected}")
        text = b"" if response.streaming or group == "dev" else response.content
        wrong += [f"{what} ({path}) names {name}" for name in unknown if name.encode() in text]
        if role != "anonymous" and not is_kept_nowhere(response):
            wrong.append(f"{what} ({path}) may be kept: {response.get('Cache-Control')!r}")
        if found == "–":
            refused[what] = plain(response, path)
    for what, text in refused.items():
        if text != refused.get(f"{what.rpartition(' ')[0]} missing", text):
            wrong.append(f"{what}: the page tells that the object exists")
    assert not wrong, "\n".join(wrong)
    assert world.changed(before, world.everything()) == "", "opening a page wrote something"


@pytest.mark.parametrize("group", GROUPS)
def test_l1_head_and_options_change_nothing(client: Client, full_world: World, group: str) -> None:
    """For whom the most pages open, since a page that opens could act."""
    role = {"desk": "admin", "account": "coordinator"}.get(group, "mentee")
    world.enter(client, full_world, role)
    before = world.everything()
    for what, path, which, _page in visits(group, full_world):
        if which == "own":
            for method in (client.head, client.options):
                assert method(path).status_code in (200, 302, 400, 403, 404, 405), what
    assert world.changed(before, world.everything()) == ""


# ── sending ──────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("role", "group"), CASES)
def test_a1_what_is_not_theirs_takes_nothing_that_is_sent(
    client: Client, full_world: World, role: str, group: str
) -> None:
    """A POST where the matrix shows no page gets the same answer as opening it (or a 405 or 403, the
    same for what is foreign and what is missing), and writes nothing."""
    world.enter(client, full_world, role)
    before = world.everything()
    wrong, answers = [], {}
    for what, path, which, page in visits(group, full_world):
        expected = getattr(page, which)[role]
        if expected not in "S–FKN":
            continue
        found = letter(client.post(path, {"answer": "confirm", "post": "yes", "reason": "weg"}))
        answers[what] = found
        if found not in (expected, "X", "K"):
            wrong.append(f"{what} ({path}): {found} instead of {expected}")
        alike = which != "missing" or page.foreign[role] != expected
        if not alike and answers[what.replace("missing", "foreign")] != found:
            wrong.append(f"{what} ({path}): the answer tells that the other exists")
    assert not wrong, "\n".join(wrong)
    assert world.changed(before, world.everything()) == "", "a refused POST wrote something"


@pytest.mark.parametrize("role", ROLES)
def test_a1_who_may_act_does(client: Client, full_world: World, role: str) -> None:
    """The addresses that only take what is sent."""
    world.enter(client, full_world, role)
    count = 0
    for group in GROUPS:
        for what, path, which, page in visits(group, full_world):
            if page.acts:
                count += 1
                with transaction.atomic():
                    assert letter(client.post(path)) == getattr(page, which)[role], what
                    transaction.set_rollback(True)
    assert count > 5


# ── the desk ─────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("role", ["stranger", "coordinator"])
def test_a1_no_verb_reaches_into_another_cohort(
    client: Client, full_world: World, role: str
) -> None:
    """Every verb every admin offers, opened and sent for an object of the other cohort."""
    world.enter(client, full_world, role)
    theirs = full_world.own if role == "stranger" else full_world.foreign
    before = world.everything()
    count = 0
    for model, found in admin.site._registry.items():
        label = model._meta.label
        if MODELS[label].cohort is SHARED:
            continue
        for verb in found.object_actions:
            path = reverse(
                f"admin:{label.replace('.', '_').lower()}_verb", args=[theirs[label].pk, verb]
            )
            assert client.get(path).status_code == 404, path
            assert client.post(path, {"reason": "weg"}).status_code == 404, path
            count += 1
    assert count > 10
    assert world.changed(before, world.everything()) == ""


@pytest.mark.parametrize("role", ["coordinator", "stranger"])
def test_a1_lists_and_searches_show_ones_own_cohort_alone(
    client: Client, full_world: World, role: str
) -> None:
    """No list, search or filter of the desk names what belongs to the other cohort."""
    world.enter(client, full_world, role)
    theirs = full_world.own if role == "stranger" else full_world.foreign
    for label, desk in MODELS.items():
        if desk.cohort is SHARED:
            continue
        base = reverse(f"admin:{label.replace('.', '_').lower()}_changelist")
        cohort = theirs["programme.Cohort"].pk
        for query in ("", "?q=Person", "?q=Honorare", f"?{desk.cohort}__id__exact={cohort}"):
            if "people" in query:
                continue
            page = client.get(base + query, follow=True).content.decode()
            assert f"/{theirs[label].pk}/" not in page, f"{base}{query}"


def test_a1_only_the_houses_own_pages_are_registered() -> None:
    """Users, codes, links and mails have no admin page: a list of everybody is nobody's business."""
    assert {model._meta.label for model in admin.site._registry} == set(MODELS)
