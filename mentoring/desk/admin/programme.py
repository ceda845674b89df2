"""The programme in the admin: organisation, cohorts, vocabulary, texts and notices."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from backoffice.inlines import BackofficeInline
from backoffice.model_admin import (
    BackofficeModelAdmin,
    is_coordinator,
)
from backoffice.object_actions import actor
from core.http import now_of
from mentoring.desk.admin.programme_forms import (
    CohortForm,
    NoticeForm,
    OrganisationForm,
    PageTextForm,
    RoleFormSet,
    our_words,
    page_name,
)
from programme import actions
from programme.facts import NAMES
from programme.models import (
    CareerField,
    Cohort,
    CohortRole,
    ConsentNotice,
    Degree,
    Instrument,
    Organisation,
    PageText,
    StudySubject,
    SubjectGroup,
    Topic,
    WorkingLanguage,
)
from programme.texts import PAGES


@admin.register(Organisation)
class OrganisationAdmin(BackofficeModelAdmin):
    """The one organisation."""

    cohort_path = None
    form = OrganisationForm
    list_display = ("name_de", "office_phone", "signed_by")
    fieldsets = (
        (_("Names"), {"fields": ("name_de", "name_en", "programme_name")}),
        (_("The mentoring office"), {"fields": ("office_email", "office_phone", "signed_by")}),
        (_("For the imprint"), {"fields": ("address", "represented_by", "supervised_by")}),
        (
            _("Look"),
            {
                "fields": ("ink", "second_ink", "highlight", "drawn", "piece"),
                "description": _(
                    "All other colours of the pages, for light and for dark screens, are made from these three."
                ),
            },
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_coordinator(request.user) and not Organisation.objects.exists()

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("office")

    def save_action(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        actions.save_organisation(
            obj,
            office_email=form.cleaned_data["office_email"],
            by=actor(request),
            now=now_of(request),
            fields=form.changed_data,
        )


class RoleInline(BackofficeInline):
    """The coordinators of a cohort. Coordinators read them; technical administrators change them, but never
    their own role."""

    model = CohortRole
    formset = RoleFormSet
    extra = 1
    fields = ("user",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_coordinator(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("user", "cohort")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            own: Any = request.user.pk
            kwargs["queryset"] = User.objects.filter(is_staff=True, is_active=True).exclude(pk=own)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Cohort)
class CohortAdmin(BackofficeModelAdmin):
    """A cohort with its dates, places, rules and coordinators."""

    cohort_path = "pk"
    may_add = True
    form = CohortForm
    inlines = (RoleInline,)
    list_display = ("name", "starts_on", "ends_on", "applications_close_at", "places")
    date_hierarchy = None
    fieldsets = (
        (None, {"fields": ("name", "starts_on", "ends_on", "places")}),
        (
            _("Application"),
            {
                "fields": (
                    "applications_open_at",
                    "applications_close_at",
                    "talks_from",
                    "talks_until",
                    "semesters_left",
                    "decision_days",
                )
            },
        ),
        (
            _("Tandem"),
            {
                "fields": (
                    "kickoff_on",
                    "probation_until",
                    "closing_on",
                    "meetings_a_month",
                    "agreement_required",
                    "languages",
                )
            },
        ),
        (
            _("Workshops and credit points"),
            {"fields": ("workshop_hours", "credit_points", "credit_share", "workload_hours")},
        ),
        (
            _("Deadlines"),
            {
                "fields": (
                    "mentee_answer_days",
                    "approval_days",
                    "mentor_answer_days",
                    "date_answer_days",
                    "undo_hours",
                ),
                "description": _("Requests already made keep the deadline they were given."),
            },
        ),
        (_("Notes about this cohort"), {"fields": ("note_de", "note_en")}),
    )

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Whoever enters a cohort coordinates it; others are assigned once it is saved."""
        return () if obj is None else self.inlines

    def save_action(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        now = now_of(request)
        if change:
            actions.change_cohort(obj, by=actor(request), now=now, fields=form.changed_data)
        else:
            actions.enter_cohort(obj, by=actor(request), now=now)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Assigns and dismisses coordinators by their verbs; assigns first."""
        formset.save(commit=False)
        by, now = actor(request), now_of(request)
        for role in formset.new_objects:
            actions.assign_coordinator(form.instance, role.user, by=by, now=now)
        for role in formset.deleted_objects:
            actions.dismiss_coordinator(form.instance, role.user, by=by, now=now)


# ── vocabulary ───────────────────────────────────────────────────────────────
class WordAdmin(BackofficeModelAdmin):
    """A vocabulary: every coordinator may add and change entries; nobody deletes one in use, and its code can't
    be changed once entered."""

    cohort_path = None
    may_add = True
    list_display: Any = ("name_de", "name_en", "position", "offered")
    list_filter: ClassVar[Any] = ("offered",)
    search_fields = ("name_de", "name_en", "code")
    fields: ClassVar[Any] = ("name_de", "name_en", "code", "position", "offered")
    search_help_text = _("Name or code")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj is not None else ()


for _model in (SubjectGroup, CareerField, Topic, Instrument, WorkingLanguage):
    admin.site.register(_model, WordAdmin)


@admin.register(StudySubject)
class StudySubjectAdmin(WordAdmin):
    """What can be studied, and who may apply."""

    list_display = ("name_de", "name_en", "group", "may_apply", "offered")
    list_filter = ("group", "may_apply", "offered")
    list_select_related = ("group",)
    fields = ("name_de", "name_en", "group", "may_apply", "code", "position", "offered")


@admin.register(Degree)
class DegreeAdmin(WordAdmin):
    """Degrees, their length, and from when an application is recommended."""

    list_display = ("name_de", "name_en", "semesters", "recommended_from", "may_apply", "offered")
    list_filter = ("may_apply", "offered")
    fields = (
        "name_de",
        "name_en",
        "semesters",
        "recommended_from",
        "may_apply",
        "code",
        "position",
        "offered",
    )


# ── texts ────────────────────────────────────────────────────────────────────
@admin.register(PageText)
class PageTextAdmin(BackofficeModelAdmin):
    """The texts of the public pages: a coordinators' text replaces the built-in one until it is deleted."""

    cohort_path = None
    may_add = True
    form = PageTextForm
    change_list_template = "programme/admin/pagetext_list.html"
    change_form_template = "programme/admin/pagetext_form.html"
    list_display = ("shown_page", "title_de", "changed_at", "seen_at")
    list_display_links = ("shown_page",)

    @admin.display(description=_("page"), ordering="page")
    def shown_page(self, obj: Any) -> str:
        """The name of the page."""
        return page_name(obj.page)

    @admin.display(description=_("appears at"))
    def seen_at(self, obj: Any) -> SafeString:
        """A link to the page."""
        return format_html('<a href="{0}">{0}</a>', PAGES.get(obj.page, "/"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("shown_page",) if obj is not None else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        first = "shown_page" if obj is not None else "page"
        return (first, "title_de", "body_de", "title_en", "body_en")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """``?page=`` fills the form with the built-in text of that page."""
        return dict(our_words(request.GET.get("page", "")))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_coordinator(request.user)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        actions.restore_text(obj, by=actor(request), now=now_of(request))

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """The audit trail replaces Django's own log."""

    def save_action(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        actions.replace_text(
            obj,
            by=actor(request),
            now=now_of(request),
            fields=form.changed_data,
        )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        replaced = set(PageText.objects.values_list("page", flat=True))
        pages = [
            {"slug": slug, "name": page_name(slug), "url": url}
            for slug, url in PAGES.items()
            if slug not in replaced
        ]
        return super().changelist_view(request, {**(extra_context or {}), "our_pages": pages})

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> TemplateResponse:
        context["fact_names"] = NAMES
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[return-value]


@admin.register(ConsentNotice)
class ConsentNoticeAdmin(BackofficeModelAdmin):
    """Notices by version; one that people may have agreed to is read-only."""

    cohort_path = None
    may_add = True
    form = NoticeForm
    list_display = ("purpose", "version", "valid_from")
    list_filter = ("purpose",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and obj.valid_from <= now_of(request):
            return False
        return super().has_change_permission(request, obj)

    def save_action(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        actions.enter_notice(
            obj,
            by=actor(request),
            now=now_of(request),
            fields=form.changed_data,
        )
