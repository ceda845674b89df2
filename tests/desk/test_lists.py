"""Promise A6: the lists of the desk tell what they show and nothing else, whatever they are asked."""

from __future__ import annotations

import time
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError, transaction
from django.db.models import Field, Model
from django.test import Client, RequestFactory
from django.urls import ResolverMatch, reverse

from backoffice.changelist import SEARCH_LENGTH, SEARCH_WORDS, BackofficeChangeList
from tests.access import world
from tests.access.world import World
from tests.conftest import NOW
from tests.desk.test_page import mail
from tests.races.harness import PROVE

pytestmark = pytest.mark.django_db
LOOKUPS = ("", "startswith", "regex", "year", "isnull")
if PROVE:
    LOOKUPS += ("exact", "contains", "gt", "in")
HOPS = ("startswith",)  # one relation further, where the fields are many
LISTS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def address(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def answer(full_world: World, model: type[Model], query: list[tuple[str, Any]]) -> int:
    """The status a coordinator's list answers a question with, without making the page around it (see
    ``test_a6_what_no_page_asks_gets_a_calm_page_with_the_way_back``)."""
    request: Any = RequestFactory().get(f"{address(model)}?{urlencode(query)}")
    request.user, request.now = full_world.people["coordinator"], NOW
    name = f"{model._meta.app_label}_{model._meta.model_name}_changelist"
    request.resolver_match = ResolverMatch(
        None, (), {}, url_name=name, app_names=["admin"], namespaces=["admin"]
    )
    try:
        changelist = admin.site._registry[model].get_changelist_instance(request)
    except SuspiciousOperation:
        return 400
    return 400 if getattr(changelist, "search_problem", "") else 200


class Links(HTMLParser):
    """What the links and the search form of a list ask of the list itself."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.questions: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href") or ""
        if tag == "a" and href.startswith("?") and not href.startswith("?lang="):
            self.questions.add(href.removeprefix("?"))


def offered(client: Client, model: type[Model]) -> set[tuple[str, str]]:
    """The filters of the list with their values, as its own links have them."""
    page = client.get(address(model)).content.decode()
    return {pair for one in Links(page).questions for pair in parse_qsl(one)}


def columns(model: type[Model], value: Any, hop: bool = True) -> Iterator[tuple[str, Any, bool]]:
    """Each field by its name, with a value that the object has, and one relation further."""
    for field in model._meta.get_fields():
        if not isinstance(field, Field):  # a relation from elsewhere
            if hop and (far := field.related_model) and field.name != "+":
                name = field.name
                yield from ((f"{name}__{one}", v, True) for one, v, _ in columns(far, None, False))
            continue
        own = getattr(value, field.attname, None) if value and not field.many_to_many else None
        yield field.name, own if own is not None else "a", not hop
        if hop and field.is_relation:
            target = getattr(value, field.name, None) if not field.many_to_many else None
            found = columns(field.related_model, target, False)
            yield from ((f"{field.name}__{one}", v, True) for one, v, _ in found)


def admitted(
    full_world: World,
    model: type[Model],
    known: set[tuple[str, str]],
    own: Any = LOOKUPS,
    hops: Any = HOPS,
) -> list[str]:
    """Questions by a field of the model, or of one a relation away, that the list answers although no link
    of its own asks them; in front of those that end in a failure stands its number."""
    found, asked = [], 0
    for name, value, far in columns(model, full_world.own[model._meta.label]):
        for lookup in hops if far else own:
            asked += 1
            parameter = f"{name}__{lookup}" if lookup else name
            sent = {"regex": "(", "year": 99999, "isnull": "0"}.get(lookup, value)
            if (parameter, str(sent)) in known:
                continue
            try:
                with transaction.atomic():
                    status = answer(full_world, model, [(parameter, sent)])
            except (DatabaseError, ValueError):
                status = 500
            if status != 400:
                found.append(f"{status} {model._meta.label} {parameter}={sent}")
    assert asked > 20
    return found


def test_a6_no_field_filters_but_by_the_links_of_the_list(
    client: Client, full_world: World
) -> None:
    world.enter(client, full_world, "coordinator")
    assert [
        one for model in LISTS for one in admitted(full_world, model, offered(client, model))
    ] == []


def test_a6_without_the_rule_hidden_columns_filter(
    client: Client, full_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: Django alone answers by an agenda, by a password's hash, and fails at a regex."""
    world.enter(client, full_world, "coordinator")
    monkeypatch.setattr(BackofficeChangeList, "get_filters", ChangeList.get_filters)
    for label, parameter in (
        ("meetings.Meeting", "agenda__startswith"),
        ("accounts.User", "password__startswith"),
        ("outbox.OutgoingMail", "text__startswith"),
    ):
        model = type(full_world.own[label])
        found = admitted(full_world, model, offered(client, model), ("startswith", "regex"), ())
        assert any(one.startswith(f"200 {label} {parameter}=") for one in found)
        assert any(one.startswith("500") for one in found)


def test_a6_every_link_of_a_list_is_answered(client: Client, full_world: World) -> None:
    """Each filter, each order and the counts, by the very links that ask them."""
    world.enter(client, full_world, "coordinator")
    followed = 0
    for model in LISTS:
        page = client.get(address(model)).content.decode()
        for one in Links(page).questions:
            assert answer(full_world, model, parse_qsl(one, keep_blank_values=True)) == 200, one
            followed += 1
    assert followed > 5 * len(LISTS)


BAD = [
    [("e", "1")],
    [("_popup", "1")],
    [("_to_field", "id")],
    [("_to_field", "password")],
    [("_facets", "x")],
    [("p", "0")],
    [("p", "-1")],
    [("p", "x")],
    [("p", "1" * 5000)],
    [("o", "99")],
    [("o", "x")],
    [("o", "-pk")],
    [("o", "password")],
    [("o", "0.0")],
    [("o", "٣")],
    [("all", "1")],
    [("unknown", "1")],
    [("", "")],
    [("pk", "1"), ("pk", "2")],
    [("state__exact", "x" * 10_000)],
    [("state__exact", "nul\x00l")],
    [("state__exact", "(")],
    [("cohort__id__exact", "no-uuid")],
    [("cohort__id__exact", "6F9619FF-8B86-D011-B42D-00CF4FC964FF")],
    [("language__exact", "fr")],
    [("offered__exact", "2")],
    [("created_at__year", "99999")],
    [("q", "a"), ("q", "b")],
    [("q", "nul\x00l")],
]


@pytest.mark.parametrize("language", ["de", "en"])
def test_a6_what_no_page_asks_gets_a_calm_page_with_the_way_back(
    client: Client, full_world: World, language: str
) -> None:
    """400 in the look of the desk and the person's language, on every list, never led on elsewhere."""
    world.enter(client, full_world, "coordinator")
    user = full_world.people["coordinator"]
    user.language = language
    user.save()
    heading = {
        "de": "Diese Seite lässt sich so nicht anzeigen",
        "en": "We do not recognise this request",
    }
    for model in LISTS:
        for query in BAD:
            if model._meta.label == "mentees.Application":
                shown = client.get(f"{address(model)}?{urlencode(query)}")
                page = shown.content.decode()
                assert shown.status_code == 400, (model, query)
                assert f"<h1>{heading[language]}</h1>" in page
                assert 'class="backoffice-nav"' in page
                assert f'href="{address(model)}" data-action="go-back"' in page
            else:
                assert answer(full_world, model, query) == 400, (model, query)


def test_a6_nobody_sorts_by_what_is_no_sortable_column(client: Client, full_world: World) -> None:
    world.enter(client, full_world, "coordinator")
    answered = 0
    for model in LISTS:
        page = client.get(address(model))
        changelist = page.context["cl"]
        links = Links(page.content.decode()).questions
        linked = [value for one in links for name, value in parse_qsl(one) if name == "o"]
        sortable = {int(one.lstrip("-")) for value in linked for one in value.split(".")}
        for place in range(len(changelist.list_display) + 1):
            expected = 200 if place in sortable else 400
            assert answer(full_world, model, [("o", place)]) == expected, (model, place)
            answered += expected == 200
    assert answered > len(LISTS)


def test_a6_a_search_is_as_long_as_a_person_writes(client: Client, full_world: World) -> None:
    """Longer ones are told so beside the field, with what was typed, and cost the database nothing."""
    world.enter(client, full_world, "coordinator")
    searched = [one for one in LISTS if admin.site._registry[one].search_fields]
    assert len(searched) > 10
    for model in set(LISTS) - set(searched):
        assert answer(full_world, model, [("q", "Person")]) == 400
    for model in searched:
        assert answer(full_world, model, [("q", "wort " * SEARCH_WORDS)]) == 200
        assert answer(full_world, model, [("q", "w" * SEARCH_LENGTH)]) == 200
        for long in ("wort " * (SEARCH_WORDS + 1), "w" * (SEARCH_LENGTH + 1), "a " * 1900):
            assert answer(full_world, model, [("q", long)]) == 400
        began = time.perf_counter()
        shown = client.get(address(model), {"q": "a " * 1900})
        assert time.perf_counter() - began < 2
        page = shown.content.decode()
        assert f"höchstens {SEARCH_WORDS} Wörter, zusammen höchstens {SEARCH_LENGTH}" in page
        assert f'value="{"a " * 1899}a" id="searchbar" aria-invalid="true"' in page
        assert shown.context["cl"].result_count == 0


def test_a6_no_page_opens_as_a_window_for_choosing(client: Client, full_world: World) -> None:
    """Neither the pages of objects, nor the search for choices as one types."""
    world.enter(client, full_world, "admin")
    assert client.get("/admin/autocomplete/?app_label=mentors&model_name=mentor&field_name=user&term=a").status_code == 404  # fmt: skip
    for model in LISTS:
        base, own = address(model), full_world.own[model._meta.label]
        for page in (f"{base}add/", f"{base}{own.pk}/change/", f"{base}{own.pk}/delete/"):
            for asked in ("_popup=1", "_to_field=id", "_to_field=password"):
                assert client.get(f"{page}?{asked}").status_code == 400, page


def test_a6_a_page_that_is_gone_is_the_last_one(client: Client, full_world: World) -> None:
    """Rows vanish while one works on them; the way back to page 9 still leads to what is left."""
    world.enter(client, full_world, "coordinator")
    shown = client.get("/admin/mentees/application/?p=9")
    assert shown.status_code == 200
    assert shown.context["cl"].result_count


def test_a6_the_address_fills_no_form_in(client: Client, full_world: World) -> None:
    world.enter(client, full_world, "coordinator")
    for model, page in admin.site._registry.items():
        if page.may_add:
            names = [field.name for field in model._meta.get_fields()]
            shown = client.get(f"{address(model)}add/", dict.fromkeys(names, "Untergeschoben"))
            assert shown.status_code == 200
            assert "Untergeschoben" not in shown.content.decode()


def test_every_filter_of_a_list_leaves_something_out(full_world: World) -> None:
    """Of the choices of a filter not every one shows everything, and none shows what the list does not."""
    mail("sent", full_world.own["programme.Cohort"])
    asked = []
    for model in LISTS:
        whole = shown(full_world, model, "?")
        for spec in whole.filter_specs:
            rows = set(whole.queryset.values_list("pk", flat=True))
            found = [
                set(
                    shown(full_world, model, one["query_string"]).queryset.values_list(
                        "pk", flat=True
                    )
                )
                for one in spec.choices(whole)
            ]
            assert rows, model
            assert all(one <= rows for one in found), (model, spec.title)
            assert any(one < rows for one in found), (model, spec.title)
            asked.append((model, spec.title))
    assert len(asked) > 15


def shown(full_world: World, model: type[Model], question: str) -> Any:
    """The list as a technical administrator, who sees every cohort, asks for it."""
    request: Any = RequestFactory().get(address(model) + question)
    request.user, request.now = full_world.people["admin"], NOW
    request.resolver_match = ResolverMatch(None, (), {}, url_name="list", namespaces=["admin"])
    return admin.site._registry[model].get_changelist_instance(request)
