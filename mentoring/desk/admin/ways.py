"""Links from an event or a mail to its object."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Model
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html


def page_of(label: str, key: Any, words: Any) -> str:
    """``words`` as a link to the object's admin page, where there is one."""
    try:
        url = reverse(f"admin:{label.replace('.', '_').lower()}_change", args=[key])
    except NoReverseMatch:
        return str(words)
    return format_html('<a href="{}">{}</a>', url, words)


def model_of(label: str) -> type[Model] | None:
    """The model of “matching.Tandem”; None where it no longer exists."""
    return next((one for one in apps.get_models() if one._meta.label == label), None)


def noun_of(label: str) -> str:
    """“Tandem” for “matching.Tandem”; the label where the model no longer exists."""
    model = model_of(label)
    return str(model._meta.verbose_name) if model else label
