"""The base of the rows that are edited on the page of another object."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from backoffice.edit_formsets import edit_form, edit_formset
from backoffice.model_admin import BackofficeModelAdmin
from core import kept_input


class BackofficeInline(admin.TabularInline):  # type: ignore[type-arg]
    """Base of the rows edited on the page of another object. However many rows a request claims to send, at
    most one page of them is processed."""

    formfield_overrides: ClassVar[Any] = BackofficeModelAdmin.formfield_overrides
    max_num = 60

    def __init__(self, parent_model: type[models.Model], admin_site: admin.AdminSite) -> None:
        super().__init__(parent_model, admin_site)
        self.form, self.formset = edit_form(self.form), edit_formset(self.formset)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The formset, limited to one page of rows. Without permission to add, ``max_num`` is 0. Rows that
        had been added when the session ended are restored (C11)."""
        kwargs.setdefault("absolute_max", max(self.max_num, BackofficeInline.max_num))
        formset: Any = super().get_formset(request, obj, **kwargs)
        if kept := kept_input.current():
            formset.extra = max(formset.extra, kept.added_rows(formset.get_default_prefix()))
        return formset
