"""How the desk asks for days and times, and the filter by state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.db import models
from django.utils.safestring import mark_safe

from core.forms import NearDateField, NearMomentField

# An empty cell, where a column of dashes would say nothing.
QUIET = mark_safe("<span></span>")


class MomentInput(AdminSplitDateTime):
    """Day and time as the browser asks for them: no script, and no remark on the server's clock."""

    # The desk has no fieldset around the two that could name the error; so each of them names it.
    use_fieldset = False

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        forms.MultiWidget.__init__(self, [_day(), _clock()], attrs)


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _clock() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


# ``formfield_overrides`` of every page of the desk that asks for a day or a time, also of inlines.
NATIVE: Mapping[Any, Any] = {
    models.DateField: {"form_class": NearDateField, "widget": _day()},
    models.DateTimeField: {"form_class": NearMomentField, "widget": MomentInput},
    models.TimeField: {"widget": _clock()},
}


class StateFilter(admin.ChoicesFieldListFilter):
    """By state, without those that the page of the model leaves out (``hidden_states``)."""

    def __init__(
        self, field: Any, request: Any, params: Any, model: Any, model_admin: Any, field_path: Any
    ) -> None:
        super().__init__(field, request, params, model, model_admin, field_path)
        hidden = getattr(model_admin, "hidden_states", ())
        self._hidden = {str(label) for value, label in field.flatchoices if value in hidden}

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Django's choices but the hidden ones."""
        return (
            one for one in super().choices(changelist) if str(one["display"]) not in self._hidden
        )
