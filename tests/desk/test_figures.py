"""Shares, decimals and days on the desk as people write them, in German and English."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.contrib import admin
from django.db.models import DecimalField, Field, FloatField
from django.test import Client
from django.urls import reverse

from mentoring.desk.admin.programme_forms import CohortForm
from programme.models import Cohort
from tests.access import world
from tests.access.world import World
from tests.corpus.pages import Page

pytestmark = pytest.mark.django_db
# A decimal with a point, or a day as computers write it, in what is read (not what is typed into).
RAW = {
    "de": re.compile(r"(?<![\d.])\d+\.\d{1,2}(?![\d.])(?! Uhr)(?!–)|\d{4}-\d{2}-\d{2}|\d+/\d+/\d{4}"),
    "en": re.compile(r"(?<![\d,])\d+,\d{1,2}(?!\d)|\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4}|[ap]\.m\."),
}  # fmt: skip


def words(page: str) -> str:
    """What is read on a page: no tags, no values of controls."""
    page = re.sub(r"<(script|style|pre|textarea)\b.*?</\1>", " ", page, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_page_of_the_desk_shows_a_figure_as_a_computer_does(
    client: Client, full_world: World, language: str
) -> None:
    world.enter(client, full_world, "admin")
    user = full_world.people["admin"]
    user.language = language
    user.save()
    wrong = []
    for model in admin.site._registry:
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}_"
        own = full_world.own[model._meta.label]
        for path in (reverse(f"{base}changelist"), reverse(f"{base}change", args=[own.pk]), reverse(f"{base}history", args=[own.pk])):  # fmt: skip
            text = words(client.get(path).content.decode())
            wrong += [f"{path}: …{text[max(hit.start() - 40, 0) : hit.end() + 10]}…" for hit in RAW[language].finditer(text)]  # fmt: skip
    assert wrong == []


def test_control_the_pattern_knows_a_raw_figure() -> None:
    for raw in ("0.50", "12.5", "2026-09-15", "9/15/2026"):
        assert RAW["de"].search(f" {raw} ")
    for fine in ("17.30 Uhr", "15. September 2026", "15.09.2026", "50 %", "0,5"):
        assert not RAW["de"].search(f" {fine} ")
    for raw in ("0,50", "2026-09-15", "9/15/2026", "noon p.m."):
        assert RAW["en"].search(f" {raw} ")


def test_every_decimal_is_asked_as_a_share_and_none_is_shown_by_the_default() -> None:
    """A float is computed and has words of its own; a decimal is a share, typed in per cent."""
    for model, page in admin.site._registry.items():
        shown = {one for one in (*page.list_display, *page.readonly_fields) if isinstance(one, str)}
        if not page.may_change:
            shown |= set(page.fields or ())
        for field in model._meta.get_fields():
            if isinstance(field, Field) and isinstance(field, DecimalField | FloatField):
                assert field.name not in shown, f"{model.__name__}.{field.name}"


def test_a_share_is_typed_in_per_cent(client: Client, full_world: World) -> None:
    world.enter(client, full_world, "coordinator")
    cohort = full_world.own["programme.Cohort"]
    path = reverse("admin:programme_cohort_change", args=[cohort.pk])
    page = Page(client.get(path).content.decode())
    form = next(one for one in page.forms if "credit_share" in one.controls)
    assert form.data()["credit_share"] == ["50"]
    for said in ("agreement_required", "credit_share", "note_de", "note_en"):
        assert f"id_{said}_helptext" in client.get(path).content.decode()
    help_text = str(CohortForm.base_fields["credit_share"].help_text)
    assert form.data()["credit_share"] == re.findall(
        r"\d[\d.,]*\b", help_text
    )  # what the help names is what is typed
    added = Page(client.get(reverse("admin:programme_cohort_add")).content.decode())
    assert [
        one.data()["credit_share"] for one in added.forms if "credit_share" in one.controls
    ] == [["50"]]
    for typed, kept in (("75", "0.75"), ("100", "1"), ("0", "0")):
        form = next(one for one in Page(client.get(path).content.decode()).forms if "credit_share" in one.controls)  # fmt: skip
        assert client.post(path, {**form.data(), "credit_share": typed}).status_code == 302
        assert Cohort.objects.get(pk=cohort.pk).credit_share == Decimal(kept)
    for typed in ("0.5", "101", "-1", "x", ""):
        form = next(one for one in Page(client.get(path).content.decode()).forms if "credit_share" in one.controls)  # fmt: skip
        refused = client.post(path, {**form.data(), "credit_share": typed})
        assert refused.status_code < 500
        assert Cohort.objects.get(pk=cohort.pk).credit_share == Decimal("0")
