"""The rows of an admin list as HTML: Django's own, which works out anew for each row what is the same for the
whole column. Beside Django's attributes each cell has the heading of its column (``data-label``), which a card
on a phone shows, and its role, which a table loses where it is not displayed as one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.admin.utils import (
    display_for_field,
    display_for_value,
    label_for_field,
    quote,
)
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db import models
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst


def table_rows(changelist: ChangeList) -> SafeString:
    """The rows of the page as Django's tag ``result_list`` writes them, for a list without editable cells."""
    columns = _columns(changelist)
    address = _address(changelist)
    lines = []
    for obj in changelist.result_list:
        link = address(obj) if address else ""
        lines.append('<tr role="row">')
        for opening, shown, links, closing in columns:
            if links:
                lines.append(f'{opening}<a href="{link}">{shown(obj)}</a>{closing}')
            else:
                lines.append(f"{opening}{shown(obj)}{closing}")
        lines.append("</tr>\n")
    return mark_safe("".join(lines))  # noqa: S308 - every cell was escaped


def _columns(changelist: ChangeList) -> list[tuple[str, Callable[[Any], str], bool, str]]:
    """Of each column: what stands before the cell, the cell of a row as HTML, whether it is a link to the
    object, and what stands behind."""
    found = []
    links = changelist.list_display_links
    first = True
    for name in changelist.list_display:
        named = getattr(name, "__name__", name)
        linked = links is not None and (name in links if links else first)
        shown, narrow = _cell(changelist, name, linked)
        classes = f"field-{named}" + (" nowrap" if narrow else "")
        if named == "action_checkbox":  # its heading is a tick box
            found.append(('<td class="action-checkbox" role="cell">', shown, False, "</td>"))
        elif linked and first:
            found.append((f'<th class="{classes}" role="rowheader">', shown, linked, "</th>"))
        else:
            label: Any = label_for_field(name, changelist.model, changelist.model_admin)
            heading = conditional_escape(capfirst(label))
            opening = f'<td class="{classes}" role="cell" data-label="{heading}">'
            found.append((opening, shown, linked, "</td>"))
        first = first and not linked
    return found


def _cell(changelist: ChangeList, name: Any, linked: bool) -> tuple[Callable[[Any], str], bool]:
    """How a column shows a row, and whether its lines are not broken."""
    admin = changelist.model_admin
    field = None if callable(name) else _field(changelist.model, name)
    if field is not None:
        empty = admin.get_empty_value_display()
        narrow = isinstance(field, models.DateField | models.TimeField | models.ForeignKey)
        if isinstance(field, models.ForeignKey):
            return lambda obj: _html(getattr(obj, name), empty), narrow

        def of_field(obj: Any) -> str:
            value = getattr(obj, name)
            return conditional_escape(display_for_field(value, field, empty, avoid_link=linked))

        return of_field, narrow
    method = name if callable(name) else getattr(admin, name, None)
    if method is None or name == "__str__":  # an attribute of the object
        attribute = getattr(changelist.model, name)
        value_of: Callable[[Any], Any] = lambda obj: (  # noqa: E731
            found() if callable(found := getattr(obj, name)) else found
        )
        method, told = value_of, getattr(attribute, "fget", attribute)
    else:
        told = method
    empty = getattr(told, "empty_value_display", admin.get_empty_value_display())
    boolean = getattr(told, "boolean", False)

    def computed(obj: Any) -> str:
        try:
            value = method(obj)
        except ObjectDoesNotExist:
            return conditional_escape(empty)
        return _html(value, empty, boolean)

    return computed, False


def _field(model: type[models.Model], name: str) -> Any:
    try:
        field: Any = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return field if field.concrete and not field.many_to_many else None


def _html(value: Any, empty: Any, boolean: bool = False) -> str:
    if isinstance(value, SafeString) and value:
        return value
    if isinstance(value, str) and not value.strip():
        value = ""
    if value is None:
        return conditional_escape(empty)
    return conditional_escape(display_for_value(value, empty, boolean))


def _address(changelist: ChangeList) -> Callable[[Any], str] | None:
    """The address of an object's page, escaped; None where no column links to it."""
    if changelist.list_display_links is None:
        return None
    names = changelist.opts
    key, pattern = "0", f"admin:{names.app_label}_{names.model_name}_change"
    before, _key, after = reverse(
        pattern, args=(key,), current_app=changelist.model_admin.admin_site.name
    ).rpartition(key)
    filters = changelist.preserved_filters
    after = conditional_escape(after + (f"?{filters}" if filters else ""))
    return lambda obj: f"{before}{conditional_escape(quote(obj.pk))}{after}"
