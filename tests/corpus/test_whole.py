"""No form is forgotten: whatever takes what is sent stands in ``tests.corpus.form_list``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.contrib import admin
from django.forms import FileField
from django.forms.forms import BaseForm
from django.test import Client
from django.urls import resolve, reverse

from backoffice.model_admin import BackofficeModelAdmin
from mentees import questions
from mentoring import PACKAGES
from tests.access import matrix, world
from tests.access.matrix import MATRIX
from tests.access.world import ROLES, World
from tests.conftest import NOW
from tests.corpus.form_list import LINES
from tests.corpus.pages import Form, Page

pytestmark = pytest.mark.django_db
TESTED = {line.url for line in LINES}
# Forms without a word to write, whose address is tested elsewhere: deleting a page's words
# (tests/programme/test_admin.py), leaving the desk.
# "language" in tests/operations/test_headers.py: one of two words, and a target that leads nowhere else
ELSEWHERE = {"admin:programme_pagetext_delete", "admin:logout", "language"}


@pytest.fixture
def full_world(settings: Any, tmp_path: Path) -> Iterator[World]:
    """The world at NOW."""
    settings.MAIL_URL = tmp_path.as_uri()
    with time_machine.travel(NOW, tick=False):
        yield world.build()


def of_one_kind(name: str) -> set[str]:
    """The names of the pages that are made by the same class of the desk, this one among them."""
    app, _, page = name.removeprefix("admin:").partition("_")
    for model, found in admin.site._registry.items():
        label = f"{model._meta.app_label}_{model._meta.model_name}_"
        if f"{app}_{page}".startswith(label):
            kind = f"{app}_{page}".removeprefix(label)
            return {
                f"admin:{one._meta.app_label}_{one._meta.model_name}_{kind}"
                for one, other in admin.site._registry.items()
                if type(other) is type(found)
            }
    return {name}


def asks(form: Form) -> bool:
    """Whether there is anything to fill in or to press; the desk wraps what is only read in a form too."""
    own = {
        name
        for name in form.controls
        if name not in ("csrfmiddlewaretoken", "form-seal")
        and not name.startswith("initial-")
        and not name.endswith("_FORMS")
    }
    return bool(own or form.buttons)


def is_tested(name: str) -> bool:
    """Whether a line posts to this address, or to that of a page of the same class."""
    return name in ELSEWHERE or bool(of_one_kind(name) & TESTED)


@pytest.mark.parametrize("role", [one for one in ROLES if one != "stranger"])
def test_every_form_of_every_page_is_a_line(client: Client, full_world: World, role: str) -> None:
    """Each page is opened, and where its forms lead is looked up."""
    world.enter(client, full_world, role)
    missing = set()
    for name, page in MATRIX.items():
        own = matrix.objects(full_world, page)["own"]
        if page.own[role] != "P" or page.acts or name.startswith("dev_"):
            continue
        path = _address(name, page, own)
        shown = client.get(path)
        if not shown.get("Content-Type", "").startswith("text/html"):
            continue
        for form in Page(shown.content.decode()).forms:
            target = urlsplit(form.action).path or urlsplit(path).path
            if form.method == "post" and asks(form) and not is_tested(_name(target)):
                missing.add(f"{_name(target)} (on {name})")
    assert not missing, "forms without a line in tests/corpus/form_list.py: " + ", ".join(missing)


@pytest.mark.parametrize("role", ["mentee", "coordinator"])
def test_what_is_no_line_takes_nothing(client: Client, full_world: World, role: str) -> None:
    """A page that shows no form may still listen: whatever is sent to it changes nothing."""
    world.enter(client, full_world, role)
    before = world.everything()
    data = {"answer": "confirm", "post": "yes", "name": "Ada", "reason": "weg", "text": "Wort"}
    for name, page in MATRIX.items():
        own = matrix.objects(full_world, page)["own"]
        if page.own[role] in "P>" and not is_tested(name):
            assert client.post(_address(name, page, own), data).status_code < 500, name
    assert world.changed(before, world.everything()) == ""


def test_every_address_that_only_takes_what_is_sent_is_a_line() -> None:
    assert {name for name, page in MATRIX.items() if page.acts} <= TESTED | ELSEWHERE


def test_every_verb_that_asks_something_is_a_line() -> None:
    tested = {line.name for line in LINES}
    asks = {
        f"{model.__name__}: {verb}"
        for model, found in admin.site._registry.items()
        if isinstance(found, BackofficeModelAdmin)
        for verb, one in found.object_actions.items()
        if one.form is not None
    }
    assert asks <= tested


def test_no_form_takes_files() -> None:
    """Groups 10 and 11 (tables and files) begin with the first upload: it needs their corpus."""

    def below(kind: type[Any]) -> Iterator[type[Any]]:
        for one in kind.__subclasses__():
            yield one
            yield from below(one)

    ours = PACKAGES
    assert not [
        f"{form.__module__}.{form.__name__}.{name}"
        for form in below(BaseForm)
        if form.__module__.startswith(ours)
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, FileField)
    ]
    assert not [one.name for one in questions.every() if isinstance(one.field, FileField)]


def _address(name: str, page: Any, own: Any) -> str:
    if page.about == "app":
        return f"/admin/{own}/"
    return reverse(name, args=page.args(own)) + page.query


def _name(path: str) -> str:
    return resolve(path).view_name
