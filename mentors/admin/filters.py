"""The filters of the list of mentors."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mentors.states import PARTED
from mentors.todo import KINDS, LABELS, waiting
from programme.models import CareerField


class ConsentFilter(admin.SimpleListFilter):
    """With or without a recorded consent."""

    title = _("consent")
    parameter_name = "consent"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("recorded")), ("no", _("missing or withdrawn"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "yes":
            return queryset.with_valid_consent()
        if self.value() == "no":
            return queryset.without_valid_consent().exclude(state__in=PARTED)
        return queryset


class PlacesFilter(admin.SimpleListFilter):
    """With or without a free place."""

    title = _("places")
    parameter_name = "places"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("free", _("free place")), ("full", _("none free"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "free":
            return queryset.filter(held__lt=F("capacity"))
        if self.value() == "full":
            return queryset.filter(held__gte=F("capacity"))
        return queryset


class WaitingFilter(admin.SimpleListFilter):
    """Filter by what somebody has to do, in the groups that the desk counts."""

    title = _("what is waiting")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(LABELS.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        which = KINDS.get(self.value() or "")
        return queryset if which is None else waiting(queryset).filter(which)


class FieldFilter(admin.SimpleListFilter):
    """By career field."""

    title = _("career field")
    parameter_name = "field"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(one.code, str(one)) for one in CareerField.objects.offered()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(career_fields__code=self.value()) if self.value() else queryset
