"""The admin's lists: the queries they accept, and the columns that other apps add
(``related_panels.column``)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import copy
from typing import Any
from urllib.parse import parse_qsl

from django import forms
from django.contrib import admin
from django.contrib.admin.options import (
    IS_FACETS_VAR,
    IS_POPUP_VAR,
    TO_FIELD_VAR,
    IncorrectLookupParameters,
)
from django.contrib.admin.templatetags.admin_list import result_headers
from django.contrib.admin.views.main import (
    ALL_VAR,
    ORDER_VAR,
    PAGE_VAR,
    SEARCH_VAR,
    ChangeList,
    ChangeListSearchForm,
)
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from backoffice.list_rows import table_rows
from backoffice.related_panels import Column, columns
from backoffice.widgets import EMPTY_CELL
from core.http import now_of

SEARCH_LENGTH = 100
SEARCH_WORDS = 8
# Query parameters of a list beside its filters and the search, with the values its own links and forms send.
OWN = {
    ALL_VAR: re.compile(r""),
    IS_FACETS_VAR: re.compile(r"True"),
    ORDER_VAR: re.compile(r"|-?\d{1,2}(\.-?\d{1,2})*", re.ASCII),
    PAGE_VAR: re.compile(r"[1-9]\d{0,5}", re.ASCII),
}


def search_problem(term: str) -> str:
    """Why these search words are refused, as a sentence; empty where they are accepted. Each word adds one
    condition on every row, so their number is limited."""
    if len(term) <= SEARCH_LENGTH and len(term.split()) <= SEARCH_WORDS:
        return ""
    return _(
        "That is too much to search for: please enter at most %(words)d words and "
        "%(length)d characters in all."
    ) % {"words": SEARCH_WORDS, "length": SEARCH_LENGTH}


def asks_for_a_window(request: HttpRequest) -> bool:
    """Whether a page is requested as one of Django's popups for choosing an object. The admin offers none;
    the popups would find objects by any unique field."""
    names = {IS_POPUP_VAR, TO_FIELD_VAR}
    return not names.isdisjoint(request.GET) or not names.isdisjoint(request.POST)


class SearchForm(ChangeListSearchForm):
    """Accepts search words of any length: ``BackofficeChangeList.search_problem`` refuses them with a message
    beside the field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {SEARCH_VAR: forms.CharField(required=False)}


class BackofficeChangeList(ChangeList):
    """A list that accepts only the queries its own links and forms send (promise A6): each filter with a
    value it offers, a search of bounded length, an order by visible columns. For everything else it raises
    IncorrectLookupParameters before the database is queried.

    The columns that other apps add are computed once for the whole page.
    """

    search_form_class = SearchForm

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        for name, values in request.GET.lists():
            value = values[0]
            well_formed = OWN[name].fullmatch(value) if name in OWN else True
            if len(values) != 1 or "\x00" in f"{name}{value}" or not well_formed:
                raise IncorrectLookupParameters
        self.search_problem = search_problem(request.GET.get(SEARCH_VAR, ""))
        super().__init__(request, *args, **kwargs)

    def get_filters(self, request: HttpRequest) -> Any:
        """Django's filters. Refuses parameters and values that no filter of the list offers: Django alone
        would look up any column."""
        found = super().get_filters(request)
        offered = {pair for spec in found[0] for pair in self._offered_by(spec)}
        own = {*OWN, SEARCH_VAR} if self.search_fields else {*OWN}
        if any(pair not in offered for pair in request.GET.items() if pair[0] not in own):
            raise IncorrectLookupParameters
        return found

    def _offered_by(self, spec: Any) -> Iterator[tuple[str, str]]:
        """The parameters of a filter with the values in its own links."""
        names = spec.expected_parameters()
        uncounted = copy(self)
        uncounted.add_facets = False
        for choice in spec.choices(uncounted):
            for pair in parse_qsl(choice["query_string"].removeprefix("?")):
                if pair[0] in names:
                    yield pair

    def get_ordering(self, request: HttpRequest, queryset: Any) -> Any:
        """Django's order. Refuses an order by something that is no column or can't be sorted by."""
        asked = self.params.get(ORDER_VAR, "")
        places = [int(one.lstrip("-")) for one in asked.split(".") if one]
        if len(set(places)) != len(places) or any(not self._sorts_by(one) for one in places):
            raise IncorrectLookupParameters
        return super().get_ordering(request, queryset)

    def _sorts_by(self, place: int) -> bool:
        if place >= len(self.list_display):
            return False
        name: Any = self.list_display[place]
        return name in (self.sortable_by or ()) and bool(self.get_ordering_field(name))

    def chosen(self) -> list[str]:
        """What the filters are set to, as words."""
        return [
            str(choice["display"])
            for spec in self.filter_specs
            for choice in list(spec.choices(self))[1:]
            if choice["selected"]
        ]

    def headings(self) -> list[dict[str, Any]]:
        """The headings of the columns, as Django's tag makes them."""
        return list(result_headers(self))

    def rows(self) -> SafeString:
        """The rows of the page as HTML."""
        return table_rows(self)

    def get_results(self, request: HttpRequest) -> None:
        if self.page_num > 1:  # rows may be deleted meanwhile: then the last page is shown
            pages = self.model_admin.get_paginator(request, self.queryset, self.list_per_page)
            self.page_num = min(self.page_num, pages.num_pages)
        super().get_results(request)
        now = now_of(request)
        for one in columns(self.model._meta.label):
            rows = self.result_list = list(self.result_list)
            told = one.fill(rows, now) if rows else {}
            for row in rows:
                setattr(row, _cell(one), told.get(row.pk))


class ScopedFilter(admin.RelatedFieldListFilter):
    """Filter by a related object, of those that the coordinator may see (A1)."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        page = model_admin.admin_site.get_model_admin(field.remote_field.model)
        shown = page.get_queryset(request).order_by().values("pk")
        return field.get_choices(
            include_blank=False,
            limit_choices_to={"pk__in": shown},
            ordering=self.field_admin_ordering(field, request, model_admin),
        )

    def has_output(self) -> bool:
        """Hidden where there is only one choice, unless it is selected."""
        return super().has_output() or bool(self.used_parameters)


admin.FieldListFilter.register(lambda field: field.remote_field, ScopedFilter, take_priority=True)


def _cell(one: Column) -> str:
    return f"told_{one.name}"


def added_columns(label: str) -> list[Callable[[Any], Any]]:
    """The columns other apps add to the list of a model, as callables for ``list_display``."""
    return [_shown(one) for one in columns(label)]


def _shown(one: Column) -> Callable[[Any], Any]:
    @admin.display(description=one.heading)
    def show(obj: Any) -> Any:
        return getattr(obj, _cell(one), None) or EMPTY_CELL

    show.__name__ = one.name
    return show
