"""Workshops and registrations in the admin: participants, waiting list, attendance sheet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import DateTimeField, ExpressionWrapper, F, Min, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from accounts.models import User
from backoffice.inlines import BackofficeInline
from backoffice.model_admin import BackofficeModelAdmin
from backoffice.object_actions import ObjectAction, actor
from backoffice.widgets import EMPTY_CELL
from core.audit import Actor
from core.forms.edits import lock_row, saves_under_lock
from core.http import now_of, sent
from core.templatetags.ui import (
    person,
    short_day,
    state,
    until_when,
)
from outbox.actions import capturing, leaving
from workshops import actions, sheets
from workshops.forms import (
    CancelWorkshopForm,
    ExtraPlaceForm,
    SessionForm,
    SessionFormSet,
    WorkshopForm,
)
from workshops.models import Registration, Session, Workshop
from workshops.states import RegistrationState, WorkshopState
from workshops.todo import groups_at


class SessionInline(BackofficeInline):
    """The sessions of a workshop; saved by the workshop's own verb."""

    model = Session
    form = SessionForm
    formset = SessionFormSet
    fields = ("starts_at", "ends_at")
    extra = 1

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or obj.state != WorkshopState.CANCELLED

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or obj.state != WorkshopState.CANCELLED

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or obj.state != WorkshopState.CANCELLED


class LineFilter(admin.SimpleListFilter):
    """Filter by the groups that the desk counts, so that its figures and this list agree."""

    title = gettext_lazy("to do")
    parameter_name = "line"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("waiting", _("waiting list")),
            ("attendance", _("attendance missing")),
            ("empty", _("nobody registered yet")),
            ("drafts", _("not published yet")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        which = groups_at(now_of(request)).get(self.value() or "")
        return queryset if which is None else queryset.filter(pk__in=which.values("pk"))


def _give_extra_place(
    workshop: Workshop, /, *, by: Actor, now: datetime, person: User | None = None, **_shown: Any
) -> None:
    """Carries out the verb once a person is chosen; before that there is no preview."""
    if person is not None:
        actions.give_extra_place(workshop, person, by=by, now=now)


def _cancel_workshop(workshop: Workshop, *, by: Actor, now: datetime, reason: str = "") -> None:
    actions.cancel_workshop(workshop, by=by, now=now, reason=reason)


def _told_of(queued: list[Any], now: datetime) -> list[str]:
    """What saving caused: who moved up, and how many mails are sent at once."""
    kinds = list(leaving(queued).filter(due_at__lte=now).values_list("kind", flat=True))
    said = []
    if moved_up := kinds.count("workshop-promotion"):
        words = ngettext(
            "%(number)d person moves up from the waiting list.",
            "%(number)d people move up from the waiting list.",
            moved_up,
        )
        said.append(words % {"number": moved_up})
    if kinds:
        words = ngettext(
            "%(number)d email will be sent about it.",
            "%(number)d emails will be sent about it.",
            len(kinds),
        )
        said.append(words % {"number": len(kinds)})
    return said


@admin.register(Workshop)
class WorkshopAdmin(BackofficeModelAdmin):
    """A workshop with its sessions, participants, and waiting list."""

    form = WorkshopForm
    inlines = (SessionInline,)
    may_add = True
    change_form_template = "workshops/admin/workshop.html"
    object_actions = {
        "publish": ObjectAction(
            actions.publish_workshop,
            gettext_lazy("The workshop appears on the public page, and people can register."),
            primary=True,
            done=gettext_lazy("Published. “%(object)s” is open for registration."),
        ),
        "cancel": ObjectAction(
            _cancel_workshop,
            gettext_lazy(
                "The workshop and all registrations are cancelled. Everybody registered "
                "or on the waiting list is told, and the calendar entries are removed."
            ),
            CancelWorkshopForm,
            done=gettext_lazy(
                "“%(object)s” has been cancelled, and everybody affected has been told."
            ),
        ),
        "extra-place": ObjectAction(
            _give_extra_place,
            gettext_lazy(
                "A place in addition to those on offer, independent of the waiting list. "
                "The person is told by email as long as the workshop has not begun."
            ),
            ExtraPlaceForm,
            initial=lambda workshop, now: {"workshop": workshop},
            label=gettext_lazy("Give an additional place"),
            possible=lambda workshop: bool(workshop.state == WorkshopState.PUBLISHED),
            done=gettext_lazy("An additional place in “%(object)s” has been given."),
        ),
    }
    list_display = ("title", "state_shown", "next_shown", "places_shown", "line_shown", "cohort")
    list_filter = ("state", LineFilter, "cohort")
    search_fields = ("title",)
    # Coming workshops first; past ones follow, the latest first.
    ordering = (
        ExpressionWrapper(F("next_at"), DateTimeField()).asc(nulls_last=True),
        ExpressionWrapper(F("first_at"), DateTimeField()).desc(nulls_first=True),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Workshop]:
        """With the related data that the list shows."""
        now = now_of(request)
        return (
            super()
            .get_queryset(request)
            .select_related("cohort")
            .with_waiting()  # type: ignore[attr-defined]
            .annotate(
                next_at=Min("sessions__starts_at", filter=Q(sessions__starts_at__gt=now)),
                first_at=Min("sessions__starts_at"),
            )
        )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (
            obj is None or obj.state != WorkshopState.CANCELLED
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A workshop's cohort can't be changed."""
        return () if obj is None else ("cohort",)

    # ── saving goes through actions ──────────────────────────────────────────
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Does nothing: the workshop and its sessions are saved together."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Calls one verb for fields and sessions, so that everybody gets one mail."""
        now = now_of(request)
        by, sessions = actor(request), formsets[0].planned()
        if not change:
            made = actions.create_workshop(form.instance, by=by, now=now, sessions=sessions)
            vars(form.instance).update(vars(made))  # its page is the one that follows
            return
        values = {name: form.cleaned_data[name] for name in form.changed_data}
        with capturing() as queued:
            actions.change_workshop(
                Workshop(pk=form.instance.pk), by=by, now=now, values=values, sessions=sessions
            )
        request.set_in_motion = _told_of(queued, now)  # type: ignore[attr-defined]

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Empty: the audit trail replaces Django's log."""
        return []

    # ── the list ─────────────────────────────────────────────────────────────
    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_shown(self, obj: Workshop) -> str:
        """The state with its symbol."""
        return state(obj)

    @admin.display(description=gettext_lazy("next date"), ordering="next_at")
    def next_shown(self, obj: Any) -> str:
        """The next session, or that all are over."""
        if obj.next_at:
            return short_day(obj.next_at)
        return _("over") if obj.first_at else EMPTY_CELL

    @admin.display(description=gettext_lazy("places taken"), ordering="taken")
    def places_shown(self, obj: Workshop) -> str:
        """“7 of 16”; empty for a cancelled workshop."""
        if obj.state == WorkshopState.CANCELLED:
            return EMPTY_CELL
        return _("%(taken)d of %(all)d") % {"taken": obj.taken, "all": obj.capacity}

    @admin.display(description=gettext_lazy("waiting"), ordering="waiting")
    def line_shown(self, obj: Any) -> str:
        """The number of people who wait."""
        return str(obj.waiting) if obj.waiting else EMPTY_CELL

    # ── one workshop ─────────────────────────────────────────────────────────
    def deadline_sentence(self, obj: Any) -> str:
        """The places, with a link to the participants, and until when people can register."""
        if obj.state != WorkshopState.PUBLISHED:
            return ""
        places = _("places taken: %(taken)d of %(all)d") % {"taken": obj.taken, "all": obj.capacity}
        said: list[str] = [format_html('<a href="#participants">{}</a>', places)]
        if obj.waiting:
            waiting = ngettext("%(number)d waiting", "%(number)d waiting", obj.waiting)
            said.append(
                format_html('<a href="#waiting-list">{}</a>', waiting % {"number": obj.waiting})
            )
        if obj.registration_closes_at is not None:
            until = until_when(obj.registration_closes_at, "moment")
            said.append(_("register by %(until)s") % {"until": until})
        return format_html_join(", ", "{}", ((one,) for one in said))

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj is not None:
            now = now_of(request)
            registrations = Registration.objects.filter(workshop=obj).select_related("person")
            standing = list(registrations.standing().order_by("place_in_line"))
            context.update(
                participants=[one for one in standing if one.state == RegistrationState.CONFIRMED],
                waiting_list=[one for one in standing if one.state == RegistrationState.WAITLISTED],
                sheet_links=sheets.links(obj, now),
            )
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[Any]:
        own = [
            path(
                "<path:object_id>/sessions/<int:session_id>/attendance/",
                self.admin_site.admin_view(saves_under_lock(self.attendance_view)),
                name="workshops_attendance",
            )
        ]
        return own + super().get_urls()

    def attendance_view(
        self, request: HttpRequest, object_id: str, session_id: int
    ) -> HttpResponse:
        """The attendance sheet of one session: each participant present, excused or absent."""
        if request.method == "POST":
            lock_row(Workshop, object_id)
        workshop = self.get_object(request, object_id)
        session = Session.objects.filter(pk=session_id, workshop=workshop).first()
        if workshop is None or session is None:
            raise Http404
        now = now_of(request)
        sheet = sheets.Sheet(session, sent(request))
        problem = ""
        if request.method == "POST" and sheet.is_valid():
            saved, problem = sheet.save(by=actor(request), now=now)
            if not problem:
                said = ngettext(
                    "Attendance recorded for %(number)d person.",
                    "Attendance recorded for %(number)d people.",
                    saved,
                ) % {"number": saved}
                messages.success(request, said if saved else _("Nothing was changed."))
                return HttpResponseRedirect(request.get_full_path())
        context = {
            **self.admin_site.each_context(request),
            "title": _("Attendance"),
            "workshop": workshop,
            "session": session,
            "sheet": sheet,
            "open": session.starts_at <= now,
            "problem": problem,
            "opts": self.model._meta,
        }
        return sheets.render(request, context, failed=request.method == "POST")


@admin.register(Registration)
class RegistrationAdmin(BackofficeModelAdmin):
    """Registrations are made by participants and changed by verbs; read-only."""

    cohort_path = "workshop__cohort"
    may_change = False
    object_actions = {
        "confirm": ObjectAction(
            lambda registration, *, by, now: actions.give_extra_place(
                registration.workshop, registration.person, by=by, now=now
            ),
            gettext_lazy(
                "The person receives a place in addition to those on offer; nobody on the"
                " waiting list loses their position. They are told by email as long as "
                "the workshop has not begun."
            ),
            label=gettext_lazy("Give an additional place"),
            done=gettext_lazy("Additional place given: %(object)s."),
        ),
        "cancel": ObjectAction(
            actions.cancel_registration,
            gettext_lazy(
                "The person is told by email, the calendar entry is removed, and the "
                "first person on the waiting list moves up. This is final; to come back, "
                "the person has to register again."
            ),
            done=gettext_lazy("Registration cancelled: %(object)s."),
        ),
    }
    list_display = ("who", "workshop", "state_shown", "rank_shown", "joined_shown")
    list_filter = ("state", "extra", "workshop__cohort")
    search_fields = ("person__name", "person__email", "workshop__title")
    ordering = ("-joined_at",)
    fields = ("who", "workshop_shown", "joined_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Registration]:
        """With the related data that the pages show."""
        return (
            super().get_queryset(request).select_related("person", "workshop__cohort").with_rank()  # type: ignore[attr-defined]
        )

    def deadline_sentence(self, obj: Any) -> str:
        """The rank on the waiting list, or that the place is an extra one."""
        if obj.rank:
            return _("number %(rank)s") % {"rank": obj.rank}
        return (
            _("additional place") if obj.extra and obj.state == RegistrationState.CONFIRMED else ""
        )

    @admin.display(description=gettext_lazy("name"), ordering="person__name")
    def who(self, obj: Registration) -> str:
        """The name, as a person's name."""
        return person(obj.person)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_shown(self, obj: Registration) -> str:
        """The state with its symbol."""
        return state(obj)

    @admin.display(description=pgettext_lazy("rank", "Place"))
    def rank_shown(self, obj: Any) -> str:
        """The rank on the waiting list, or that the place is an extra one."""
        return str(obj.rank or "") or (_("additional place") if obj.extra else EMPTY_CELL)

    @admin.display(description=gettext_lazy("registered"), ordering="joined_at")
    def joined_shown(self, obj: Registration) -> str:
        """The day somebody registered."""
        return short_day(obj.joined_at)

    @admin.display(description=gettext_lazy("workshop"))
    def workshop_shown(self, obj: Registration) -> str:
        """A link to the workshop."""
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:workshops_workshop_change", args=[obj.workshop_id]),
            obj.workshop,
        )
