"""The admin site with the coordinators' desk as its first page."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
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
# The ways to everything, by what somebody looks for; what stands nowhere here comes last.
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
    """Coordinators' admin: entered through the house's own sign-in and second factor alone (P2)."""

    site_title = gettext_lazy("Mentoring coordination")
    site_header = gettext_lazy("Mentoring coordination")
    index_title = gettext_lazy("To do today")
    enable_nav_sidebar = False
    final_catch_all_view = True
    seen_by = staticmethod(seen_by)  # for the pages of apps that do not know the desk

    def has_permission(self, request: HttpRequest) -> bool:
        return is_coordinator(request.user)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Takes the house's own pages alone: those that libraries bring know nothing of cohorts, states
        and the audit trail, and one of them shows second factors."""
        if admin_class is not None and issubclass(admin_class, BackofficeModelAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list[Any]:
        """Without the pages that would be side doors: a password is set by a personal link, and no page
        searches for choices as one types."""
        closed = {"password_change", "password_change_done", "view_on_site", "autocomplete"}
        own = [path("workbench/", self.admin_view(self.workbench), name="workbench")]
        return own + [one for one in super().get_urls() if getattr(one, "name", None) not in closed]

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is no login form of the admin's own, a side door around the second factor."""
        return HttpResponseRedirect(
            f"/account/login/?{urlencode({'next': request.GET.get('next', '/admin/')})}"
        )

    # ── the desk ─────────────────────────────────────────────────────────────
    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page of the administration gets: also the places in its head."""
        context = super().each_context(request)
        if context["has_permission"]:
            context["desk_nav"] = page.desk_nav(request.path)
            # Every page of an object hands the filters of the list one came from on, as Django's own do.
            if filters := request.GET.get("_changelist_filters"):
                context["preserved_filters"] = urlencode({"_changelist_filters": filters})
        return context

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """What waits for whom today, the cohorts in figures, and the ways to everything."""
        now = now_of(request)
        desk = page.desk_of(request.user, now)
        return super().index(request, {**(extra_context or {}), "desk": desk, "today": now})

    def workbench(self, request: HttpRequest) -> HttpResponse:
        """To the workbench of the cohort that is being matched. 404 for who has no cohort."""
        cohort = page.cohort_to_match(request.user, now_of(request))
        if cohort is None:
            raise Http404
        return HttpResponseRedirect(reverse("admin:matching_workbench", args=[cohort.pk]))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The lists in groups of what belongs together for whoever looks for something."""
        if app_label is not None:
            return super().get_app_list(request, app_label)
        # The index asks twice, and every answer looks at the rights on every list.
        if not hasattr(request, "_app_groups"):
            request._app_groups = self._groups(request)  # type: ignore[attr-defined]
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
