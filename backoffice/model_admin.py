"""The base of every admin page.

It limits rows to the coordinator's cohorts, shows states read-only with the verbs that are possible now,
saves through actions, shows the audit history and never deletes. See ``BackofficeModelAdmin`` for what an app
sets.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import lookup_field, unquote
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.contrib.admin.widgets import AdminTextareaWidget, RelatedFieldWidgetWrapper
from django.core.exceptions import ObjectDoesNotExist, SuspiciousOperation
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from backoffice.changelist import (
    BackofficeChangeList,
    added_columns,
    asks_for_a_window,
    search_problem,
)
from backoffice.edit_formsets import edit_form
from backoffice.history import readable
from backoffice.object_actions import ObjectActionPages, actor, told_about
from backoffice.related_panels import related_panels
from backoffice.widgets import EMPTY_CELL, NATIVE
from core.audit.models import AuditEvent
from core.errors import RuleViolation
from core.forms import (
    EntriesField,
    LineField,
    ShareField,
    WordsField,
)
from core.forms.edits import lock_row
from core.http import now_of
from core.paging import CappedPaginator
from core.retries import retry_on_conflict
from core.states import StatefulModel
from programme.actions import save_entered
from programme.models import Cohort, Vocabulary

LONGEST_TEXT = 20_000


def is_coordinator(user: Any) -> bool:
    """Whether the person coordinates any cohort (or is technical staff with a superuser's session)."""
    if not (user.is_active and user.is_staff):
        return False
    return user.is_superuser or bool(cohorts_of(user))


def cohorts_of(user: Any) -> list[Cohort]:
    """The cohorts the person coordinates, read once per request: ``request.user`` keeps them."""
    if not hasattr(user, "_cohorts"):
        user._cohorts = list(Cohort.objects.coordinated_by(user))
    cohorts: list[Cohort] = user._cohorts
    return cohorts


class BackofficeModelAdmin(ObjectActionPages):
    """Base ModelAdmin. Subclasses set:

    - ``cohort_path``: the lookup from the model to its cohort ("cohort", "mentee__cohort", …); None for
      models without a cohort (vocabulary, mentors), which every coordinator may see
    - ``object_actions``: verb of the state table → ObjectAction; only those are offered
    - ``save_action(request, obj, form, change)``: saves what the form changed through an action
    - ``may_add`` / ``may_change``: False for what only actions create or change
    - ``counted``: the noun for the rows of the list where the model's name does not fit (“outbox”)
    - ``has_history``: False for models without audit events
    - ``object_title(obj)``: the object's name in headings and back links
    """

    cohort_path: str | None = "cohort"
    may_add = False
    may_change = True
    has_history = True
    counted: Any = ""
    list_per_page = 50
    show_full_result_count = False
    actions = None
    empty_value_display = EMPTY_CELL
    # All text input is tidied as in the public forms; a slug keeps its own rules.
    formfield_overrides: ClassVar[Any] = {
        **NATIVE,
        models.CharField: {"form_class": LineField},
        models.DecimalField: {"form_class": ShareField},  # every decimal in the models is a share
        models.SlugField: {"form_class": forms.SlugField},
        models.TextField: {"form_class": WordsField, "widget": AdminTextareaWidget},
    }

    def __init__(self, model: type[models.Model], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        self.form = edit_form(self.form)  # no save overwrites another one (C10)

    # ── who may see what (deny first) ────────────────────────────────────────
    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_coordinator(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_coordinator(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_change and is_coordinator(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_add and is_coordinator(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Only what belongs to the coordinator's cohorts (promise A1)."""
        found = super().get_queryset(request)
        if self.cohort_path is None:
            return found
        cohorts = Cohort.objects.coordinated_by(request.user)
        return found.filter(**{f"{self.cohort_path}__in": cohorts})

    # ── the list ─────────────────────────────────────────────────────────────
    def get_list_display(self, request: HttpRequest) -> Any:
        """The columns of the app itself, then those that other apps add (``related_panels.column``)."""
        return (*super().get_list_display(request), *added_columns(self.model._meta.label))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return BackofficeChangeList

    def get_paginator(
        self, request: HttpRequest, queryset: Any, per_page: int, *args: Any, **kwargs: Any
    ) -> CappedPaginator:
        shown = request.GET.get(PAGE_VAR)
        return CappedPaginator(queryset, per_page, *args, shown=shown, **kwargs)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        try:
            return super().get_changelist_instance(request)
        except IncorrectLookupParameters as error:  # Django would redirect to the unfiltered list
            raise DisallowedModelAdminLookup("no link of the list asks this") from error

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list; a plain 400 page for a query it does not accept (promise A6, see
        ``BackofficeChangeList``)."""
        try:
            response = super().changelist_view(request, extra_context)
        except SuspiciousOperation:
            return self.not_understood(request)
        context = getattr(response, "context_data", None) or {}
        if "cl" in context and context["cl"].search_problem:
            response.status_code = 400
        return response

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """Django's search, for a limited number of words; for more, no rows."""
        if search_problem(search_term):
            return queryset.none(), False
        return super().get_search_results(request, queryset, search_term)

    def not_understood(self, request: HttpRequest) -> HttpResponse:
        """400: no link in the admin leads to this address. The page links to the same address without a
        query."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("We do not recognise this request"),
            "opts": self.model._meta,
            "back_url": request.path,
        }
        return TemplateResponse(request, "admin/ui/not_understood.html", context, status=400)

    # ── forms ────────────────────────────────────────────────────────────────
    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Limits the length of a text field that has no limit of its own."""
        if isinstance(db_field, models.TextField):
            kwargs.setdefault("max_length", db_field.max_length or LONGEST_TEXT)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget  # no icons that open popups
        return field

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form, with the violations a rule has just raised for it, if any (``request.refused``)."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.refused = getattr(request, "refused", None)
        return form

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.remote_field.model is Cohort:
            kwargs.setdefault("queryset", Cohort.objects.coordinated_by(request.user))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Vocabularies are short: all entries are shown as checkboxes, without script."""
        if issubclass(db_field.remote_field.model, Vocabulary):
            kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
            kwargs.setdefault("form_class", EntriesField)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A read-only page leaves out empty fields."""
        found = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return found
        told = (
            (
                name,
                {**options, "fields": [one for one in options["fields"] if self._tells(one, obj)]},
            )
            for name, options in found
        )
        return [(name, options) for name, options in told if options["fields"]]

    def _tells(self, name: Any, obj: Any) -> bool:
        try:
            _field, _attribute, value = lookup_field(name, obj, self)
        except (AttributeError, ObjectDoesNotExist):
            return True
        return value not in (None, "", EMPTY_CELL)

    # ── saving goes through actions ──────────────────────────────────────────
    def save_action(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Saves a changed or new object. The default writes what changed, with an audit event."""
        now = now_of(request)
        save_entered(obj, by=actor(request), now=now, fields=form.changed_data)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        self.save_action(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        """An object with a state opens on its own page after it is added, where its verbs are offered."""
        if not isinstance(obj, StatefulModel) or "_addanother" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        said = _(
            "%(object)s has been added with the status “%(state)s”. The next steps are shown here."
        )
        messages.success(
            request,
            said
            % {
                "object": strip_tags(self.object_title(obj)),
                "state": obj.state_word().label,
            },
        )
        return HttpResponseRedirect(self.page_url(request, obj))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """One sentence that it was saved, and which mails that caused (``request.set_in_motion``)."""
        saved = told_about(_("Saved: %(object)s."), strip_tags(self.object_title(obj)))
        messages.success(request, " ".join([saved, *getattr(request, "set_in_motion", [])]))
        if "_continue" in request.POST:
            return HttpResponseRedirect(request.get_full_path())
        return self.response_post_save_change(request, obj)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Disabled: Django's own log would keep names for ever; the audit trail replaces it."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """See ``log_addition``."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        if asks_for_a_window(request):
            return self.not_understood(request)
        page = retry_on_conflict(
            super().changeform_view
        )  # Django opens its transaction around the action's
        try:
            return page(request, object_id, form_url, extra_context)
        except RuleViolation as violation:  # the same page again, with the error and all entries
            request.refused = violation  # type: ignore[attr-defined]
            return page(request, object_id, form_url, extra_context)

    def _changeform_view(
        self, request: HttpRequest, object_id: str | None, form_url: str, extra_context: Any
    ) -> Any:
        """Within Django's transaction: the entries are compared with the row read under its lock (C3)."""
        if request.method == "POST" and object_id is not None:
            lock_row(self.model, unquote(object_id))
        return super()._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        if asks_for_a_window(request):
            return self.not_understood(request)
        return super().delete_view(request, object_id, extra_context)

    def _delete_view(self, request: HttpRequest, object_id: str, extra_context: Any) -> Any:
        """Within Django's transaction: deletes only if the row is stored as the page showed it (C10)."""
        key = unquote(object_id)
        if request.method == "POST":
            lock_row(self.model, key)
        obj = self.get_object(request, key)
        if obj is not None:
            form = self.get_form(request, obj, change=True)(instance=obj)
            changed = form.changed_since_opened(request.POST) if request.method == "POST" else []
            request.changed_since_opened = changed  # type: ignore[attr-defined]
            shown = {"opened": form.opened, "changed": changed}
            extra_context = {**(extra_context or {}), **shown}
        return super()._delete_view(request, object_id, extra_context)  # type: ignore[misc]

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """A change made meanwhile stops Django from deleting; the page lists it."""
        *found, protected = super().get_deleted_objects(objs, request)
        return (*found, [*protected, *getattr(request, "changed_since_opened", [])])

    def render_delete_form(self, request: HttpRequest, context: Any) -> Any:
        if context.get("changed"):
            context = {**context, "protected": [], "title": _("Delete")}
        response = super().render_delete_form(request, context)
        response.status_code = 400 if context.get("changed") else 200
        return response

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Nothing: Django would prefill a new form from the query string."""
        return {}

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> Any:
        """Unknown and forbidden are the same 404 (promise A1)."""
        raise Http404

    # ── the page of an object ────────────────────────────────────────────────
    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        if (
            obj is not None and request.method == "POST"
        ):  # refused: the title shows the stored name, not the entered one
            obj = self.get_object(request, str(obj.pk)) or obj
            kwargs["obj"] = context["original"] = obj
        context["form_errors"] = self.error_summary(request, context)
        context["error_count"] = sum("field" in one for one in context["form_errors"]) or 1
        context["errors"] = None
        context["show_close"] = False  # the back link already stands above
        context["adminform"].form.label_suffix = ""
        if obj is not None:
            context["object_heading"] = self.object_title(obj)
            context["has_history"] = self.has_history
            context["related_panels"] = related_panels(obj, request.user, now_of(request))
            context["show_save_and_add_another"] = False
        if isinstance(obj, StatefulModel):
            word = obj.state_word()
            context["object_state"] = {"word": word.label, "head": word.look}
            if self.has_change_permission(request, obj) or self.object_actions:
                context["object_actions"] = self.possible_verbs(obj)
            context["object_deadline"] = self.deadline_sentence(obj)
        return super().render_change_form(request, context, *args, **kwargs)

    def forms_above(self, request: HttpRequest) -> Iterable[tuple[Any, forms.Form]]:
        """Forms that stand above the page's own form and are saved with it, each with its subject."""
        return ()

    def error_summary(self, request: HttpRequest, context: Any) -> list[dict[str, Any]]:
        """All errors of the page in their order: ``said``, and for a field ``field`` and its form's subject
        ``of``."""
        formsets = [one.formset for one in context["inline_admin_formsets"]]
        shown = [*self.forms_above(request), ("", context["adminform"].form)]
        rows = [
            (f"{rows.model._meta.verbose_name} {number}", form)
            for rows in formsets
            for number, form in enumerate(rows.forms, 1)
        ]
        told = [form.non_field_errors() for _of, form in [*shown, *rows]]
        told += [rows.non_form_errors() for rows in formsets]
        return [{"said": error} for errors in told for error in errors] + [
            {"of": of, "field": field, "said": error}
            for of, form in [*shown, *rows]
            for field in form
            for error in field.errors
        ]

    def deadline_sentence(self, obj: Any) -> str:
        """A sentence beside the state that says until when somebody has to act; empty for none."""
        return ""

    # ── history ──────────────────────────────────────────────────────────────
    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """The audited history of one object, in words."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": _("History"),
            "object": obj,
            "object_heading": self.object_title(obj),
            "opts": self.model._meta,
            "events": readable(AuditEvent.objects.of(obj)[:200], self.model),
        }
        return TemplateResponse(request, "admin/ui/history.html", context)
