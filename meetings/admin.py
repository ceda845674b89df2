"""Coordinators see that and when tandems meet, never what about or where (design §5, promises §2)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from meetings.models import Meeting
from meetings.waiting import quiet_tandems
from mentoring.programme.house_admin import HouseAdmin
from mentoring.programme.models import Cohort
from mentoring.programme.templatetags.house import day, short_day


class CohortFilter(admin.SimpleListFilter):
    """By one of the coordinator's own cohorts."""

    title = _("cohort")
    parameter_name = "cohort"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        return [(str(one.pk), one.name) for one in Cohort.objects.coordinated_by(request.user)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        known = {key for key, _name in self.lookup_choices}
        return queryset.filter(tandem__cohort=chosen) if chosen in known else queryset


class WaitingFilter(admin.SimpleListFilter):
    """Offers of dates that found no answer."""

    title = _("answer")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        return [("unanswered", _("not answered in time"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.unanswered() if self.value() == "unanswered" else queryset


@admin.register(Meeting)
class MeetingAdmin(HouseAdmin):
    """A list to read. Agenda, place, words and reasons are no field of it."""

    cohort_path = "tandem__cohort"
    may_change = False
    list_display = ("tandem", "number", "state_shown", "starts_at", "answer_until", "differs")
    list_display_links = ("tandem",)
    list_filter = (WaitingFilter, "state", "disputed", CohortFilter)
    list_select_related = ("tandem__cohort", "tandem__mentee__user", "tandem__mentor")
    search_fields = ("tandem__mentee__user__name__istartswith", "tandem__mentor__name__istartswith")
    search_help_text = _("Beginning of a mentee's or mentor's name")
    ordering = ("-created_at",)
    fields = (
        "tandem",
        "number",
        "state_shown",
        "starts_at",
        "ends_at",
        "waits_for",
        "answer_by",
        "unanswered_since",
        "reported_by_mentee",
        "reported_by_mentor",
        "disputed",
    )
    readonly_fields = ("state_shown",)

    @admin.display(description=_("state"), ordering="state")
    def state_shown(self, obj: Meeting) -> Any:
        """The state as a word."""
        return obj.state_word().label

    @admin.display(description=_("answer until"), ordering="answer_by", empty_value="–")
    def answer_until(self, obj: Meeting) -> Any:
        """The day by which the dates have to be answered; what passed says so."""
        if obj.state != "proposed":
            return None
        if obj.unanswered_since:
            return _("not answered")
        return short_day(obj.answer_by) or None

    @admin.display(description=_("reports differ"), boolean=True)
    def differs(self, obj: Meeting) -> bool | None:
        """Marked where the two sides report differently."""
        return obj.disputed or None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        # what nobody reads here is not even fetched
        return (
            super()
            .get_queryset(request)
            .select_related(*self.list_select_related)
            .defer("agenda", "word", "place", "cancel_reason")
        )

    def deadline_sentence(self, obj: Any) -> str:
        """Until when the dates have to be answered."""
        if obj.state == "proposed" and obj.answer_by and not obj.unanswered_since:
            return str(_("Answer until %(day)s") % {"day": day(obj.answer_by)})
        return ""

    def get_urls(self) -> list[Any]:
        quiet = path(
            "quiet/", self.admin_site.admin_view(self.quiet_view), name="meetings_meeting_quiet"
        )
        return [quiet, *super().get_urls()]

    def quiet_view(self, request: HttpRequest) -> HttpResponse:
        """The tandems that have not met for six weeks and have no date ahead."""
        found = quiet_tandems(request.user, request.now)  # type: ignore[attr-defined]
        found = found.select_related("mentee__user", "mentor", "cohort")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Tandems without a meeting for six weeks"),
            "opts": self.model._meta,
            "page": Paginator(found, self.list_per_page).get_page(request.GET.get("page")),
        }
        return TemplateResponse(request, "meetings/admin/quiet.html", context)
