"""The lists of the desk, with the columns that other apps add (``asides.column``)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest

from mentoring.programme.asides import Column, columns
from mentoring.programme.desk_widgets import QUIET


class HouseList(ChangeList):
    """A list whose rows know what other apps tell of them, asked once for the whole page."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        now: datetime = request.now  # type: ignore[attr-defined]
        for one in columns(self.model._meta.label):
            rows = self.result_list = list(self.result_list)
            told = one.fill(rows, now) if rows else {}
            for row in rows:
                setattr(row, _cell(one), told.get(row.pk))


def _cell(one: Column) -> str:
    return f"told_{one.name}"


def added_columns(label: str) -> list[Callable[[Any], Any]]:
    """The columns other apps add to the list of a model, as the admin wants them."""
    return [_shown(one) for one in columns(label)]


def _shown(one: Column) -> Callable[[Any], Any]:
    @admin.display(description=one.heading)
    def show(obj: Any) -> Any:
        return getattr(obj, _cell(one), None) or QUIET

    show.__name__ = one.name
    return show
