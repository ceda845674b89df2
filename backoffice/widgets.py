"""Widgets for days and times in the admin, cells of lists, and the filter by state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.forms import NearDateField, NearMomentField

# An empty cell: a column full of dashes would carry no information.
EMPTY_CELL = mark_safe("<span></span>")


def two_lines(first: Any, second: Any) -> SafeString:
    """A cell of two lines: what matters, and below it what explains it."""
    return format_html('{} <span class="second">{}</span>', first, second)


class MomentInput(AdminSplitDateTime):
    """Day and time by the browser's own inputs: no script, and no remark about the server's time."""

    # Django's admin has no fieldset around the two inputs, so each of them refers to the error.
    use_fieldset = False
    label = ""  # set by ``NearMomentField``

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        forms.MultiWidget.__init__(self, [_day(), _clock()], attrs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Django's context, and the label of the question, which names the group of the two inputs."""
        context = super().get_context(name, value, attrs)
        context["widget"]["label"] = self.label
        return context


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _clock() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


# ``formfield_overrides`` of every admin page that asks for a day or a time, also of inlines.
NATIVE: Mapping[Any, Any] = {
    models.DateField: {"form_class": NearDateField, "widget": _day()},
    models.DateTimeField: {"form_class": NearMomentField, "widget": MomentInput},
    models.TimeField: {"widget": _clock()},
}


class StateFilter(admin.ChoicesFieldListFilter):
    """Filter by state, without the states that the model's admin hides (``hidden_states``)."""

    def __init__(
        self, field: Any, request: Any, params: Any, model: Any, model_admin: Any, field_path: Any
    ) -> None:
        super().__init__(field, request, params, model, model_admin, field_path)
        hidden = getattr(model_admin, "hidden_states", ())
        self._hidden = {str(label) for value, label in field.flatchoices if value in hidden}

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Django's choices without the hidden ones."""
        return (
            one for one in super().choices(changelist) if str(one["display"]) not in self._hidden
        )
