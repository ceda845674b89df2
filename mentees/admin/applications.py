"""The pages of applications: the list, and the page where one is read and decided."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import Textarea
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from backoffice.history import readable
from backoffice.model_admin import BackofficeModelAdmin
from backoffice.object_actions import ObjectAction
from backoffice.widgets import EMPTY_CELL, StateFilter, two_lines
from core.audit.models import AuditEvent
from core.templatetags.ui import (
    clock,
    moment,
    person,
    short_day,
    state,
    until_when,
)
from mentees import actions, questions, rules
from mentees.actions.deciding import places_left
from mentees.admin.filters import WaitingFilter
from mentees.forms import (
    AcceptForm,
    MoveTalkForm,
    RejectForm,
    TalkForm,
    WaitForm,
    WishesForm,
)
from mentees.models import Application
from mentees.rules import RuleResult
from mentees.states import BEFORE_THE_TALK, NOBODY_READS, ApplicationState
from programme.models import Cohort

APPLICATION_VERBS = {
    "read": ObjectAction(
        actions.begin_reading,
        gettext_lazy("The applicant sees that somebody is reading; no email is sent."),
        done=gettext_lazy("Reading started. %(object)s sees that the application is being read."),
    ),
    "invite": ObjectAction(
        actions.invite,
        gettext_lazy("The applicant is invited to the selection interview by email."),
        TalkForm,
        primary=lambda application: application.state in BEFORE_THE_TALK,
        initial=TalkForm.initial_for,
        done=gettext_lazy("Invitation sent. %(object)s is invited to the selection interview."),
    ),
    "move_talk": ObjectAction(
        actions.move_talk,
        gettext_lazy(
            "The applicant receives a new invitation; the previous date no longer applies."
        ),
        MoveTalkForm,
        initial=MoveTalkForm.initial_for,
        done=gettext_lazy("New invitation sent. The interview with %(object)s has been moved."),
    ),
    "accept": ObjectAction(
        actions.accept,
        gettext_lazy(
            "The applicant becomes a mentee in the cohort and is told by email. This "
            "can’t be undone, but a mentee can leave."
        ),
        AcceptForm,
        primary=lambda application: application.state not in BEFORE_THE_TALK,
        done=gettext_lazy("Acceptance sent. %(object)s is now a mentee."),
    ),
    "waitlist": ObjectAction(
        actions.waitlist,
        gettext_lazy("The applicant is told how long a place may still become free."),
        WaitForm,
        initial=WaitForm.initial_for,
        done=gettext_lazy("Message sent. %(object)s is on the waiting list."),
    ),
    "reject": ObjectAction(
        actions.reject,
        gettext_lazy("The applicant is told by email that there is no place this time."),
        RejectForm,
        done=gettext_lazy("Message sent. %(object)s has not been offered a place this time."),
    ),
    "join_wishes": ObjectAction(
        actions.join_wishes,
        gettext_lazy(
            "The wish then counts for this mentor when a plan is computed. Nobody is "
            "told, and no email is sent."
        ),
        WishesForm,
        initial=WishesForm.initial_for,
        label=gettext_lazy("Link wishes to the network"),
        possible=lambda application: (
            application.state not in (ApplicationState.REJECTED, ApplicationState.WITHDRAWN)
            and application.wishes.by_name().exists()
        ),
        done=gettext_lazy(
            "Wishes linked. Those of %(object)s will count when the next plan is computed."
        ),
    ),
}


@admin.register(Application)
class ApplicationAdmin(BackofficeModelAdmin):
    """Answers, rules, wishes and history on one page; only the office's note can be edited."""

    object_actions = APPLICATION_VERBS
    change_form_template = "mentees/admin/application.html"
    fields = ("office_note",)
    hidden_states = NOBODY_READS
    list_display = (
        "who",
        "state_shown",
        "study",
        "rules_shown",
        "cohort",
        "sent_shown",
        "due_shown",
    )
    list_filter = (
        ("state", StateFilter),
        WaitingFilter,
        "cohort",
        "degree",
        "subject__group",
    )
    search_fields = ("name", "applicant__email")
    search_help_text = gettext_lazy("Part of the name or of the address")
    ordering = ("-sent_at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        """The applications coordinators may read: none before the address is confirmed."""
        found: Any = super().get_queryset(request)
        return found.readable().select_related("cohort", "subject", "degree", "applicant")

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """The note gets six lines: it is short and stands beside the answers."""
        if db_field.name == "office_note":
            kwargs["widget"] = Textarea(attrs={"rows": 6})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def object_title(self, obj: Application) -> Any:
        """The name and the cohort."""
        return format_html("{}, {}", person(obj.name), obj.cohort)

    def name_in_sentence(self, obj: Application) -> str:
        """The name alone."""
        return obj.name

    # ── the list ─────────────────────────────────────────────────────────────
    @admin.display(description=gettext_lazy("name"), ordering="name")
    def who(self, obj: Application) -> str:
        """The name, as a person's name."""
        return person(obj.name)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_shown(self, obj: Application) -> str:
        """The state with its symbol; below it the time of the talk."""
        if obj.state != ApplicationState.INVITED or obj.talk_at is None:
            return state(obj)
        return format_html(
            '{} <span class="second one-line">{}, {}</span>',
            state(obj),
            short_day(obj.talk_at),
            clock(obj.talk_at),
        )

    @admin.display(description=gettext_lazy("studies"), ordering="subject__name_de")
    def study(self, obj: Application) -> str:
        """Subject; below it degree and semester."""
        if obj.state == ApplicationState.WITHDRAWN:
            return EMPTY_CELL
        return two_lines(
            obj.subject,
            _("%(degree)s, semester %(semester)d")
            % {"degree": obj.degree, "semester": obj.semester},
        )

    @admin.display(description=gettext_lazy("rules"))
    def rules_shown(self, obj: Application) -> str:
        """The rules that are not met or have to be judged, of those that need no query."""
        if obj.state == ApplicationState.WITHDRAWN:
            return EMPTY_CELL
        open_ones: dict[str, list[str]] = {}
        for one in rules.findings(obj, rules.AT_HAND):
            if one.outcome != RuleResult.MET:
                open_ones.setdefault(str(rules.WORDS[one.outcome][0]), []).append(str(one.title))
        if not open_ones:
            return format_html('<span class="soft one-line">{}</span>', _("all met"))
        return "; ".join(f"{what}: {', '.join(titles)}" for what, titles in open_ones.items())

    @admin.display(description=pgettext_lazy("application", "sent"), ordering="sent_at")
    def sent_shown(self, obj: Application) -> str:
        """The day it was sent."""
        return _one_line(short_day(obj.sent_at))

    @admin.display(description=gettext_lazy("deadline"), ordering="decide_by")
    def due_shown(self, obj: Application) -> str:
        """Until when somebody has to act."""
        until = None if obj.state == ApplicationState.WITHDRAWN else obj.waits_until
        return _one_line(until_when(until, "short_day"))

    def response_change(self, request: HttpRequest, obj: Application) -> HttpResponse:
        """After saving a note: the same page again, with the next verbs."""
        messages.success(request, _("The note is saved."))
        return HttpResponseRedirect(request.get_full_path())

    # ── the reading desk ─────────────────────────────────────────────────────
    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj is not None:
            application = Application.objects.with_words().get(pk=obj.pk)
            context.update(
                application=application,
                # “Nobody reads it any further” is addressed to the applicant.
                application_data=None
                if application.state == ApplicationState.WITHDRAWN
                else questions.rows(application),
                findings=rules.findings(application),
                events=readable(AuditEvent.objects.of(application)[:20], Application),
                others=list(
                    Application.objects.coordinated_by(request.user)
                    .of(application.applicant)
                    .exclude(pk=application.pk)
                    .select_related("cohort")
                ),
                places=_places_sentence(application.cohort),
                following=_following(application),
            )
        return super().render_change_form(request, context, *args, **kwargs)

    def deadline_sentence(self, obj: Application) -> str:
        """The next step and its deadline."""
        if obj.state == ApplicationState.INVITED:
            return _("Interview: %(talk)s, %(place)s. Decision by %(due)s.") % {
                "talk": moment(obj.talk_at),
                "place": obj.talk_place,
                "due": until_when(obj.decide_by, "day"),
            }
        if obj.waits_until and obj.state != ApplicationState.WITHDRAWN:
            return _("Decision by %(due)s; the applicant can see this date.") % {
                "due": until_when(obj.waits_until, "day")
            }
        return ""


def _one_line(text: str) -> str:
    return format_html('<span class="num">{}</span>', text)


def _places_sentence(cohort: Cohort) -> str:
    left = max(places_left(cohort), 0)
    return _("Free places in %(cohort)s: %(left)d of %(places)d.") % {
        "left": left,
        "places": cohort.places,
        "cohort": cohort.name,
    }


def _following(application: Application) -> Application | None:
    """The application to the same cohort that has waited longest to be read."""
    return (
        Application.objects.filter(state=ApplicationState.SUBMITTED, cohort=application.cohort_id)
        .exclude(pk=application.pk)
        .order_by("sent_at")
        .first()
    )
