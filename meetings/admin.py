"""Meetings in the admin: coordinators see that and when tandems meet, never the subject or place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Count, Max, Min, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backoffice.model_admin import BackofficeModelAdmin
from backoffice.related_panels import (
    Panel,
    PanelRow,
    about,
    column,
)
from backoffice.widgets import EMPTY_CELL
from core.http import now_of
from core.templatetags.ui import (
    clock,
    dated,
    moment,
    person,
    short_day,
    state,
    until_when,
)
from matching.states import HELD
from meetings.actions.common import offers_of
from meetings.models import Meeting
from meetings.states import MeetingState
from meetings.todo import quiet_tandems
from programme.models import Cohort


class WaitingFilter(admin.SimpleListFilter):
    """Filter for offers of dates that nobody answered."""

    title = _("answer")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        return [("unanswered", _("not answered in time"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.unanswered() if self.value() == "unanswered" else queryset


@admin.register(Meeting)
class MeetingAdmin(BackofficeModelAdmin):
    """A read-only list. Agenda, place, texts and reasons are not shown."""

    cohort_path = "tandem__cohort"
    may_change = False
    list_display = ("pair", "state_shown", "when", "open_point")
    list_display_links = ("pair",)
    list_filter = (WaitingFilter, "state", "disputed", "tandem__cohort")
    list_select_related = ("tandem__cohort", "tandem__mentee__user", "tandem__mentor")
    search_fields = ("tandem__mentee__user__name__istartswith", "tandem__mentor__name__istartswith")
    search_help_text = _("Beginning of a mentee's or mentor's name")
    ordering = ("-created_at",)
    fields = (
        "tandem",
        "starts_at",
        "ends_at",
        "offered",
        "waits_for",
        "answer_by",
        "unanswered_since",
        "reported_by_mentee",
        "reported_by_mentor",
        "differs",
    )
    readonly_fields = ("offered", "differs")

    @admin.display(description=_("state"), ordering="state")
    def state_shown(self, obj: Meeting) -> Any:
        """The state as a word with its symbol."""
        return state(obj)

    def object_title(self, obj: Meeting) -> Any:
        """The tandem, and the number of the meeting."""
        return format_html(
            "{} – {} · {}",
            person(obj.tandem.mentee),
            person(obj.tandem.mentor.name),
            _("meeting %(number)d") % {"number": obj.number},
        )

    @admin.display(description=_("tandem"), ordering="tandem__mentee__user__name")
    def pair(self, obj: Meeting) -> Any:
        """Both names, as persons' names; below them the number of the meeting."""
        return format_html(
            '{} – {} <span class="second">{}</span>',
            person(obj.tandem.mentee),
            person(obj.tandem.mentor.name),
            _("meeting %(number)d") % {"number": obj.number},
        )

    @admin.display(description=_("when"), ordering="starts_at")
    def when(self, obj: Meeting) -> Any:
        """Day and time, once they are fixed."""
        if obj.starts_at is None:
            return EMPTY_CELL
        return format_html(
            '<span class="one-line">{}</span> <span class="second">{}</span>',
            dated(obj.starts_at),
            clock(obj.starts_at),
        )

    @admin.display(description=_("what is open"), ordering="answer_by")
    def open_point(self, obj: Meeting) -> Any:
        """The deadline for answering offered dates, that nobody answered, or that the reports differ."""
        if obj.disputed:
            return self.differs(obj)
        if obj.state != MeetingState.PROPOSED:
            return EMPTY_CELL
        if obj.unanswered_since:
            return format_html('<span class="state state-alert">{}</span>', _("not answered"))
        if not obj.answer_by:
            return EMPTY_CELL
        return _("answer by %(day)s") % {"day": until_when(obj.answer_by, "short_day")}

    @admin.display(description=_("reports"))
    def differs(self, obj: Meeting) -> Any:
        """A mark where the two sides report differently."""
        if not obj.disputed:
            return ""
        return format_html('<span class="state state-alert">{}</span>', _("reports differ"))

    @admin.display(description=_("dates to choose from"))
    def offered(self, obj: Meeting) -> Any:
        """The dates that wait for an answer: times, no places."""
        if obj.state != MeetingState.PROPOSED:
            return ""
        dates = ((moment(one.starts_at),) for one in offers_of(obj))
        return format_html_join(mark_safe("<br>"), "{}", dates)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        # columns that are not shown are not fetched
        return (
            super()
            .get_queryset(request)
            .select_related(*self.list_select_related)
            .defer("agenda", "word", "place", "cancel_reason")
        )

    def deadline_sentence(self, obj: Any) -> str:
        """Until when the dates have to be answered."""
        if obj.state == MeetingState.PROPOSED and obj.answer_by and not obj.unanswered_since:
            return str(_("Answer by %(day)s") % {"day": until_when(obj.answer_by, "day")})
        return ""

    def get_urls(self) -> list[Any]:
        quiet = path(
            "quiet/", self.admin_site.admin_view(self.quiet_view), name="meetings_meeting_quiet"
        )
        return [quiet, *super().get_urls()]

    def quiet_view(self, request: HttpRequest) -> HttpResponse:
        """The tandems that have not met for six weeks and have no date ahead, the longest confirmed first, each
        with its last meeting."""
        own = Cohort.objects.coordinated_by(request.user)
        last_met = Max("meetings__starts_at", filter=Q(meetings__state=MeetingState.HELD))
        found = quiet_tandems(own, now_of(request))
        found = (
            found.select_related("mentee__user", "mentor__user", "cohort")
            .annotate(last_met=last_met)
            .order_by("confirmed_at")
        )
        context = {
            **self.admin_site.each_context(request),
            "title": _("Tandems with no meeting for six weeks"),
            "opts": self.model._meta,
            "page": Paginator(found, self.list_per_page).get_page(request.GET.get("page")),
        }
        return TemplateResponse(request, "meetings/admin/quiet.html", context)


@about("matching.Tandem")
def meetings_of(obj: Any, user: Any, now: datetime) -> Panel | None:
    """A tandem's meetings, the latest first, and how many took place; None while there can be none."""
    found = list(obj.meetings.order_by("-number").defer("agenda", "word", "place", "cancel_reason"))
    if not found and obj.state not in HELD:
        return None
    held = sum(1 for one in found if one.state == MeetingState.HELD)
    rows = tuple(
        PanelRow(
            gettext("meeting %(number)d") % {"number": one.number},
            reverse("admin:meetings_meeting_change", args=[one.pk]),
            state(one),
            _when_of(one),
        )
        for one in found
    )
    took_place = ngettext(
        "%(number)d meeting took place.", "%(number)d meetings took place.", held
    ) % {"number": held}
    return Panel(
        gettext("Meetings"),
        took_place if held else gettext("No meeting has taken place yet."),
        rows,
    )


def _when_of(meeting: Meeting) -> str:
    if meeting.starts_at is not None:
        return f"{short_day(meeting.starts_at)}, {clock(meeting.starts_at)}"
    if meeting.state != MeetingState.PROPOSED or not meeting.answer_by:
        return ""
    return gettext("answer by %(day)s") % {"day": until_when(meeting.answer_by, "short_day")}


@column("matching.Tandem", _("meetings"))
def times_met(rows: list[Any], now: datetime) -> dict[Any, Any]:
    """How often a tandem has met, and the next date, else the last."""
    ahead = Q(state=MeetingState.SCHEDULED, starts_at__gt=now)
    found = (
        Meeting.objects.filter(tandem__in=rows)
        .order_by()
        .values("tandem")
        .annotate(
            held=Count("pk", filter=Q(state=MeetingState.HELD)),
            last=Max("starts_at", filter=Q(state=MeetingState.HELD)),
            next=Min("starts_at", filter=ahead),
        )
    )
    met = {one.pk: str(0) for one in rows if one.state in HELD}
    for one in found:
        if one["next"]:
            word = gettext("next %(day)s") % {"day": short_day(one["next"])}
        elif one["last"]:
            word = gettext("last %(day)s") % {"day": short_day(one["last"])}
        else:
            word = ""
        met[one["tandem"]] = format_html(
            '{} <span class="second one-line">{}</span>', one["held"], word
        )
    return met
