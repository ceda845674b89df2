"""The admin site with the coordinators' desk as its start page."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.model_admin import BackofficeModelAdmin, is_coordinator
from core.http import now_of
from mentoring.desk import page
from mentoring.desk.people import seen_by
from programme import models as programme

WORDS = tuple(
    model.__name__
    for model in vars(programme).values()
    if isinstance(model, type) and issubclass(model, programme.Vocabulary)
)
# The groups of the index, by subject; models that are not listed come last.
GROUPS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    (
        "people",
        gettext_lazy("Applicants, mentees and mentors"),
        ("Application", "Mentee", "Mentor", "User"),
    ),
    ("together", gettext_lazy("Tandems and meetings"), ("Tandem", "MatchingRun", "Meeting")),
    ("workshops", gettext_lazy("Workshops"), ("Workshop", "Registration")),
    (
        "programme",
        gettext_lazy("The programme"),
        ("Cohort", "Organisation", "PageText", "ConsentNotice"),
    ),
    ("happened", gettext_lazy("What happened"), ("OutgoingMail", "AuditEvent")),
    ("words", gettext_lazy("Word lists"), WORDS),
)


class DeskSite(AdminSite):
    """The coordinators' admin, entered only through the project's own sign-in and second factor (P2)."""

    site_title = gettext_lazy("Mentoring coordination")
    site_header = gettext_lazy("Mentoring coordination")
    index_title = gettext_lazy("To do today")
    enable_nav_sidebar = False
    final_catch_all_view = True
    seen_by = staticmethod(seen_by)  # for pages of apps that do not import the desk

    def has_permission(self, request: HttpRequest) -> bool:
        return is_coordinator(request.user)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Accepts only this project's admin classes: those of libraries ignore cohorts, states and the audit
        trail, and one of them shows the secrets of second factors."""
        if admin_class is not None and issubclass(admin_class, BackofficeModelAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list[Any]:
        """Removes Django's pages for passwords (set by a personal link instead) and for autocomplete
        searches."""
        closed = {"password_change", "password_change_done", "view_on_site", "autocomplete"}
        own = [path("workbench/", self.admin_view(self.workbench), name="workbench")]
        return own + [one for one in super().get_urls() if getattr(one, "name", None) not in closed]

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Redirects to the project's sign-in: the admin has no login form of its own, which would bypass the
        second factor."""
        return HttpResponseRedirect(
            f"/account/login/?{urlencode({'next': request.GET.get('next', '/admin/')})}"
        )

    # ── the desk ─────────────────────────────────────────────────────────────
    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Adds the navigation to the context of every admin page."""
        context = super().each_context(request)
        if context["has_permission"]:
            context["desk_nav"] = nav = page.desk_nav(request.path)
            context["desk_here"] = next((one["label"] for one in nav if one["current"]), "")
            # Every object page preserves the filters of the list one came from, as Django's own do.
            if filters := request.GET.get("_changelist_filters"):
                context["preserved_filters"] = urlencode({"_changelist_filters": filters})
        return context

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The start page: what coordinators have to do today, figures per cohort, links to all lists."""
        now = now_of(request)
        desk = page.desk_of(request.user, now)
        return super().index(request, {**(extra_context or {}), "desk": desk, "today": now})

    def workbench(self, request: HttpRequest) -> HttpResponse:
        """Redirects to the workbench of the cohort that is being matched. 404 without a cohort."""
        cohort = page.cohort_to_match(request.user, now_of(request))
        if cohort is None:
            raise Http404
        return HttpResponseRedirect(reverse("admin:matching_workbench", args=[cohort.pk]))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The lists, grouped by subject."""
        if app_label is not None:
            return super().get_app_list(request, app_label)
        # Django asks for them on every page, and twice on the index, which alone shows them. Working them out
        # checks the rights on every list.
        if not hasattr(request, "_app_groups"):
            request._app_groups = SimpleLazyObject(  # type: ignore[attr-defined]
                lambda: self._groups(request)
            )
        groups: list[Any] = request._app_groups  # type: ignore[attr-defined]
        return groups

    def _groups(self, request: HttpRequest) -> list[Any]:
        found = super().get_app_list(request)
        models = {one["object_name"]: one for app in found for one in app["models"]}
        groups = [
            {
                "app_label": label,
                "name": name,
                "models": [models.pop(one) for one in names if one in models],
            }
            for label, name, names in GROUPS
        ]
        groups.append({"app_label": "further", "name": _("More"), "models": [*models.values()]})
        return [group for group in groups if group["models"]]
