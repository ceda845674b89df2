"""The rows of the lists: as Django makes them, and counted to a limit."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.contrib.admin.templatetags.admin_list import results
from django.test import Client, RequestFactory
from django.urls import ResolverMatch
from django.utils.text import capfirst

from core import paging
from core.paging import CappedPaginator
from mentors.models import Mentor
from tests import factories
from tests.access import world
from tests.access.world import World
from tests.conftest import NOW
from tests.desk.test_lists import address

# What each cell has beside Django's attributes: its role, and the heading that its card shows.
ADDED = re.compile(r' role="(?:cell|rowheader)"(?: data-label="[^"]*")?')
pytestmark = pytest.mark.django_db


def do_nothing(page: Any, request: Any, chosen: Any) -> None:
    """An action on chosen rows, for which each row has a tick box."""


def test_every_cell_is_the_one_that_django_makes(
    settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Django's tag escapes and links; ours must neither forget the one nor lead elsewhere."""
    settings.MAIL_URL = tmp_path.as_uri()
    monkeypatch.setattr(admin.site._registry[Mentor], "actions", [do_nothing])
    compared = 0
    with time_machine.travel(NOW, tick=False):
        built = world.build()
        Mentor.objects.update(profession="<b>Solo & mehr</b>")
        for model, page in admin.site._registry.items():
            request: Any = RequestFactory().get(address(model))
            request.user, request.now = built.people["coordinator"], NOW
            name = f"{model._meta.app_label}_{model._meta.model_name}_changelist"
            request.resolver_match = ResolverMatch(
                None, (), {}, url_name=name, app_names=["admin"], namespaces=["admin"]
            )
            changelist = page.get_changelist_instance(request)
            changelist.formset = None
            theirs = ["".join(row) for row in results(changelist)]
            ours = re.findall(r'<tr role="row">(.*?)</tr>', changelist.rows(), re.DOTALL)
            assert [ADDED.sub("", row) for row in ours] == theirs, model._meta.label
            headings = [str(capfirst(one["text"])) for one in changelist.headings()]
            for row in ours:
                labels = [unescape(one) for one in re.findall(r'data-label="([^"]*)"', row)]
                assert labels == headings[len(headings) - len(labels) :]
                unlabelled = headings[: len(headings) - len(labels)]
                assert len(unlabelled) == (2 if model is Mentor else 1), "tick box and name"
            compared += len(ours)
    assert compared > 30


def test_a_long_list_is_counted_to_a_limit_and_links_lead_to_every_row(
    client: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    for number in range(45):
        factories.at(Mentor(name=f"Person {number:02}", profession="Cellist_in"), "prospect")
    monkeypatch.setattr(paging, "COUNTED", 8)
    monkeypatch.setattr(paging, "AHEAD", 2)
    monkeypatch.setattr(admin.site._registry[Mentor], "list_per_page", 4)
    with django_assert_num_queries(1) as asked:
        pages = CappedPaginator(Mentor.objects.order_by("name"), 4)
        assert (pages.count, pages.more_than, pages.num_pages) == (12, 12, 3)
    assert "LIMIT 13" in asked.captured_queries[0]["sql"]
    world.enter(client, World({"coordinator": factories.coordinator()}), "coordinator")
    seen: list[str] = []
    number = 1
    while True:
        page = client.get(address(Mentor), {"p": number} if number > 1 else {}).content.decode()
        seen += re.findall(r"Person \d\d", page)
        [counted] = re.findall(r'<p class="paginator">.*?</p>', page, re.DOTALL)
        last = f"?p={number + 1}" not in counted
        assert ("mehr als" in counted) == (number + 2 < 12)
        if last:
            break
        number += 1
    assert sorted(set(seen)) == [f"Person {one:02}" for one in range(45)]
    assert "45 " in counted  # on the last page there is nothing more to count
    found = client.get(address(Mentor), {"q": "Cellist_in"}).content.decode()
    assert "mehr als 12 Treffer" in found
