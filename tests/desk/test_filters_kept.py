"""Whoever works through a filtered list comes back to it, by whatever way."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser
from itertools import cycle
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.access import world
from tests.access.world import World
from tests.conftest import NOW
from tests.corpus.pages import Page

pytestmark = pytest.mark.django_db
BUTTONS = {"read-application", "_continue", "_save", "record-attendance"}
LISTS = sorted(admin.site._registry, key=lambda model: model._meta.label)


class Ways(HTMLParser):
    """Where the links and forms of a page lead, those in its head apart."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.apart = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.apart = self.apart or tag == "header"
        target = dict(attrs).get("href") or dict(attrs).get("action")
        if tag in ("a", "form") and target and not self.apart:
            self.found.append(target)

    def handle_endtag(self, tag: str) -> None:
        self.apart = self.apart and tag != "header"


def forgetful(page: str, base: str, query: str) -> list[str]:
    """The ways of a page to the list it belongs to and to pages of its objects that forget the filters."""
    kept = {"_changelist_filters": [query]}
    found = []
    for target in Ways(page).found:
        parts = urlsplit(target)
        if not parts.path.startswith(base):
            continue
        asked = parse_qs(parts.query)
        expected = parse_qs(query) if parts.path == base else kept
        if asked != expected:
            found.append(target)
    return found


def test_every_way_from_an_object_leads_back_to_the_list_as_it_was(
    client: Client, full_world: World
) -> None:
    """Breadcrumbs, verbs, history, what is next to read, own pages, back from each of them; every second list
    is sorted the other way round."""
    world.enter(client, full_world, "coordinator")
    make.application("submitted", name="Die nächste Bewerbung")
    wrong, ways = [], 0
    for start, model in zip(cycle(["o=0", "o=-0"]), LISTS, strict=False):
        base = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        shown = client.get(f"{base}?{start}")
        if shown.status_code != 200:
            continue  # its first column can't be sorted by
        own = full_world.own[model._meta.label]
        opened = [
            one for one in Ways(shown.content.decode()).found if f"{base}{own.pk}/change/" in one
        ]
        assert opened, base
        todo, seen = opened[:1], set()
        while todo:
            path = todo.pop()
            if path in seen:
                continue
            seen.add(path)
            shown = client.get(path)
            if shown.status_code != 200:
                continue
            page = shown.content.decode()
            wrong += [f"{path}: {one}" for one in forgetful(page, base, start)]
            ways += 1
            todo += [one for one in Ways(page).found if one.startswith(f"{base}{own.pk}/")]
    assert wrong == [], "\n".join(wrong)
    assert ways > 40


@pytest.mark.parametrize(
    ("path", "data", "back"),
    [
        ("mentees/application/{mentees.Application}/do/read/", {"read-application": "1"}, "change/"),
        ("mentees/application/{mentees.Application}/change/", {"office_note": "x", "_continue": "1"}, "change/"),
        ("mentors/mentor/{mentors.Mentor}/change/", {"save-criteria": ""}, "change/"),
        ("workshops/workshop/{workshops.Workshop}/sessions/1/attendance/", {}, "attendance/"),
        ("programme/topic/{programme.Topic}/change/", {"name_de": "Neu", "name_en": "New", "position": "1", "_save": "1"}, ""),
    ],
)  # fmt: skip
def test_what_is_sent_leads_back_to_the_list_as_it_was(
    client: Client, full_world: World, path: str, data: dict[str, str], back: str
) -> None:
    world.enter(client, full_world, "coordinator")
    label = path[path.index("{") + 1 : path.index("}")]
    own = full_world.own[label]
    session = 1
    if label == "workshops.Workshop":
        own.sessions.update(starts_at=NOW - timedelta(hours=3), ends_at=NOW)
        session = own.sessions.get().pk
    path = path.replace("{" + label + "}", str(own.pk)).replace("/1/", f"/{session}/")
    query = "o=-0&p=1"
    page = f"/admin/{path}?{urlencode({'_changelist_filters': query})}"
    shown = client.get(page)
    forms = [one for one in Page(shown.content.decode()).forms if one.method == "post"]
    form = next(one for one in forms if set(data) <= {*one.controls, *dict(one.buttons), *BUTTONS})
    sent = client.post(page, {**form.data(), **data})
    assert sent.status_code == 302
    target = urlsplit(sent["Location"])
    if back:
        assert target.path.endswith(back)
        assert parse_qs(target.query) == {"_changelist_filters": [query]}
    else:
        assert parse_qs(target.query) == parse_qs(query)
