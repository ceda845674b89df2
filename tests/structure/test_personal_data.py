"""Every model field says what class of data it is; a field without an entry fails the suite (P13)."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db.models import CharField, ManyToManyField, Model
from django.test.utils import isolate_apps

from core.privacy import DataClass, Erasure, personal_data
from mentoring import PACKAGES


def models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.split(".")[0] in PACKAGES]


def fields_of(model: type[Model]) -> set[str]:
    return {field.name for field in (*model._meta.fields, *model._meta.many_to_many)}


def undeclared(model: type[Model]) -> set[str]:
    """The fields nobody has said anything about."""
    return fields_of(model) - set(personal_data[model._meta.label])


@pytest.mark.parametrize("model", models(), ids=lambda model: model._meta.label)
def test_p13_every_field_has_an_entry_and_every_entry_a_field(model: type[Model]) -> None:
    assert undeclared(model) == set()
    assert set(personal_data[model._meta.label]) <= fields_of(model)


def test_p13_no_entry_for_a_model_that_is_gone() -> None:
    assert set(personal_data) == {model._meta.label for model in models()}


def test_p13_what_is_kept_of_a_person_says_why() -> None:
    for label in personal_data:
        for name, datum in personal_data[label].items():
            if datum.erasure is Erasure.KEEP and datum.data_class is not DataClass.PROGRAMME:
                assert datum.why_kept, f"{label}.{name}"


@isolate_apps("accounts")
def test_p13_control_a_field_without_an_entry_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A field that is added to a model, with nothing said about it."""

    class Probe(Model):
        known = CharField(max_length=9)
        forgotten = CharField(max_length=9)
        several = ManyToManyField("self")

        class Meta:
            app_label = "accounts"

        def __str__(self) -> str:
            return self.known

    entry = next(iter(personal_data["accounts.User"].values()))
    monkeypatch.setitem(personal_data._items, Probe._meta.label, {"id": entry, "known": entry})
    assert undeclared(Probe) == {"forgotten", "several"}
