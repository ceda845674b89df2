"""What the control of a form shows, sends and says: entries as text, to compare and to name them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from core.templatetags.ui import full_day, moment


def copied(data: Mapping[str, Any]) -> QueryDict:
    """Sent or shown values as a QueryDict that can be changed."""
    found = QueryDict(mutable=True)
    for name in data:
        value: Any = data.getlist(name) if isinstance(data, MultiValueDict) else data[name]
        found.setlist(name, value if isinstance(value, list) else [value])
    return found


def shown(bound: forms.BoundField) -> dict[str, list[str]]:
    """What a browser sends for an unchanged control that shows the stored value, by input name."""
    return _sent_of(bound.field.widget, bound.html_name, bound.field.prepare_value(bound.initial))


def _sent_of(widget: Any, name: str, value: Any) -> dict[str, list[str]]:
    if isinstance(widget, forms.MultiWidget):
        parts: Any = value if isinstance(value, list | tuple) else widget.decompress(value)
        names: Any = widget.widgets_names  # type: ignore[attr-defined]
        sent: dict[str, list[str]] = {}
        for suffix, part, one in zip(names, widget.widgets, parts, strict=True):
            sent |= _sent_of(part, f"{name}{suffix}", one)
        return sent
    if isinstance(widget, forms.CheckboxInput):
        return {name: ["on"] if widget.check_test(value) else []}
    shown = widget.format_value(value)
    many = shown if isinstance(shown, list | tuple | set) else [shown]
    return {name: ["" if one is None else str(one) for one in many]}


def read(bound: forms.BoundField, data: Mapping[str, Any], name: str) -> Any:
    """The entry under ``name`` as text (or lists of text), normalised so that two spellings of one value are
    equal."""
    widget = bound.field.widget
    found = _text(widget.value_from_datadict(data, bound.form.files, name))
    if getattr(widget, "allow_multiple_selected", False):
        return sorted(found or [])
    return found


def _text(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_text(one) for one in value]
    if value is None or value is False:
        return ""
    return str(value).replace("\r\n", "\n").strip()


def entered(field: forms.Field, sent: Any) -> str:
    """An entry in words; as typed where it is invalid."""
    if not hasattr(field, "choices") and not isinstance(field, forms.BooleanField):
        try:
            many = isinstance(field, forms.MultiValueField)
            return in_words(field, field.clean(sent) if many else field.to_python(sent))
        except ValidationError:
            return " ".join(sent) if isinstance(sent, list) else str(sent)
    return in_words(field, sent)


def in_words(field: forms.Field, value: Any) -> str:
    """A field's value in words."""
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    if hasattr(field, "choices"):
        value = field.prepare_value(value)
        wanted = {str(one) for one in (value if isinstance(value, list | tuple) else [value])}
        labels = [str(label) for key, label in _flat(field.choices) if str(key) in wanted]
        said = ", ".join(labels)
    elif isinstance(value, datetime):
        said = moment(value)
    elif isinstance(value, date):
        said = full_day(value)
    elif isinstance(value, time):
        said = f"{value:%H:%M}"
    else:
        said = "" if value is None else str(field.prepare_value(value))
    return said or _("nothing")


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    for key, label in choices:
        found += _flat(label) if isinstance(label, list | tuple) else [(key, label)]
    return found
