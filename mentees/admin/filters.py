"""The filters of the list of applications."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from core.http import now_of
from mentees import todo


class WaitingFilter(admin.SimpleListFilter):
    """Filter by the groups that the desk counts, so that its figures and this list agree."""

    title = gettext_lazy("what is waiting")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The groups, with the desk's name for one item."""
        names = todo.groups_at(now_of(request))
        return list(todo.titles(dict.fromkeys(names, 1)).items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The applications of the chosen group."""
        which = todo.groups_at(now_of(request)).get(self.value() or "")
        return queryset if which is None else queryset.filter(which)
