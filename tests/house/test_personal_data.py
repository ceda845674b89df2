"""Every model field says what class of data it is; a field without an entry fails the suite (P13)."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db.models import Model

from mentoring.registries import DataClass, Erasure, personal_data

OURS = ("mentoring", "mentors", "mentees", "matching", "workshops", "meetings", "evaluation")


def models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.split(".")[0] in OURS]


@pytest.mark.parametrize("model", models(), ids=lambda model: model._meta.label)
def test_p13_every_field_has_an_entry_and_every_entry_a_field(model: type[Model]) -> None:
    declared = set(personal_data[model._meta.label])
    fields = {field.name for field in (*model._meta.fields, *model._meta.many_to_many)}
    assert declared == fields


def test_p13_no_entry_for_a_model_that_is_gone() -> None:
    assert set(personal_data) == {model._meta.label for model in models()}


def test_p13_what_is_kept_of_a_person_says_why() -> None:
    for label in personal_data:
        for name, datum in personal_data[label].items():
            if datum.erasure is Erasure.KEEP and datum.data_class is not DataClass.PROGRAMME:
                assert datum.why_kept, f"{label}.{name}"


def test_p13_a_missing_entry_would_be_found() -> None:
    declared = dict(personal_data["accounts.User"])
    declared.pop("phone")
    fields = {field.name for field in apps.get_model("accounts", "User")._meta.fields}
    assert fields - set(declared) == {"phone"}
