"""Tandems and matching runs in the admin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backoffice.model_admin import BackofficeModelAdmin
from backoffice.object_actions import ObjectAction
from backoffice.related_panels import (
    Panel,
    PanelRow,
    about,
    column,
)
from backoffice.widgets import EMPTY_CELL
from core.http import now_of
from core.templatetags.ui import (
    moment,
    person,
    short_day,
    state,
)
from matching import (
    actions,
    timeline,
)
from matching import (
    explanation_text as sentences,
)
from matching import (
    todo as waiting,
)
from matching.forms import DissolveForm, QuestionAnsweredForm
from matching.models import MatchingRun, Tandem
from matching.states import LIVE, TandemState
from matching.workbench.panels import level, two
from matching.workbench.view import workbench
from mentees.states import MenteeState
from mentors.models import Mentor
from programme import reasons
from programme.models import Cohort


class WaitingFilter(admin.SimpleListFilter):
    """Filter by the groups that the desk counts, so that its figures and this list agree."""

    title = gettext_lazy("what is waiting")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The groups, with the desk's name for one item."""
        names = waiting.groups_at(now_of(request))
        return list(waiting.titles(dict.fromkeys(names, 1)).items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The tandems of the chosen group."""
        which = waiting.groups_at(now_of(request)).get(self.value() or "")
        return queryset if which is None else queryset.filter(which)


@admin.register(Tandem)
class TandemAdmin(BackofficeModelAdmin):
    """Tandems with their timeline; approved, dissolved and completed only by verbs."""

    may_change = False
    change_form_template = "matching/admin/tandem.html"
    list_display = ("mentee_name", "mentor_name", "cohort", "state_shown", "deadline_shown")
    list_filter = ("state", WaitingFilter, "cohort")
    list_select_related = ("mentee__user", "mentor", "cohort")
    search_fields = ("mentee__user__name", "mentor__name")
    search_help_text = gettext_lazy("Part of the mentee's or the mentor's name")
    ordering = ("-proposed_at",)
    fields = (
        "cohort",
        "mentee",
        "mentor",
        "fit",
        "why",
        "answer_by",
        "proposed_by",
        "approved_by",
        "mentee_word",
        "question",
        "word_to_office",
        "probation_until",
        "end_reason_shown",
    )
    readonly_fields = ("fit", "why", "end_reason_shown")
    object_actions: Mapping[str, ObjectAction] = {
        "approve": ObjectAction(
            actions.approve,
            primary=True,
            done=gettext_lazy("Approved. The request about the tandem %(object)s has been sent."),
        ),
        "answer_question": ObjectAction(
            actions.answer_question,
            gettext_lazy("The mentor receives your answer and a new deadline."),
            QuestionAnsweredForm,
            primary=True,
            initial=lambda obj, now: {"answer": ""},
            label=gettext_lazy("Answer the question"),
            possible=lambda obj: (
                obj.state == TandemState.MENTOR_ASKED and obj.question_at is not None
            ),
            done=gettext_lazy(
                "Question answered. There is a new deadline for the tandem %(object)s."
            ),
        ),
        "pass_probation": ObjectAction(
            actions.pass_probation,
            gettext_lazy("Both have said that they want to continue."),
            primary=True,
            done=gettext_lazy("Trial period completed. The tandem %(object)s continues."),
        ),
        "complete": ObjectAction(
            actions.complete,
            gettext_lazy("The year is over. The mentor’s place becomes free again."),
            done=gettext_lazy("The tandem %(object)s is completed."),
        ),
        "send_again": ObjectAction(
            actions.send_again,
            gettext_lazy("The mentor receives a new link; the previous one stops working."),
            label=gettext_lazy("Send the link again"),
            possible=lambda obj: obj.state == TandemState.MENTOR_ASKED and obj.question_at is None,
            done=gettext_lazy(
                "Link sent again. The previous one no longer opens the request about %(object)s."
            ),
        ),
        "dissolve": ObjectAction(
            actions.dissolve,
            gettext_lazy(
                "Both are told that it has ended, but not why. The mentee is "
                "free for another tandem."
            ),
            DissolveForm,
            initial=lambda obj, now: {"reason": reasons.in_words(obj.end_reason)},
            done=gettext_lazy("The tandem %(object)s has been dissolved."),
        ),
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With mentee and mentor, so that rows cause no queries of their own."""
        return (
            super().get_queryset(request).select_related("mentee__user", "mentor__user", "cohort")
        )

    @admin.display(description=gettext_lazy("reason for ending"))
    def end_reason_shown(self, obj: Tandem) -> str:
        """Why it ended, in the reader's language where the application set the reason."""
        return reasons.in_words(obj.end_reason)

    @admin.display(description=gettext_lazy("mentee"), ordering="mentee__user__name")
    def mentee_name(self, obj: Tandem) -> SafeString:
        """The mentee's name, linked to the tandem."""
        return person(obj.mentee)

    @admin.display(description=gettext_lazy("mentor"), ordering="mentor__name")
    def mentor_name(self, obj: Tandem) -> SafeString:
        """The mentor."""
        return person(obj.mentor.name)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_shown(self, obj: Tandem) -> SafeString:
        """The state as a word with its symbol."""
        return state(obj)

    @admin.display(description=gettext_lazy("deadline"), ordering="answer_by")
    def deadline_shown(self, obj: Tandem) -> str:
        """Until when somebody has to act."""
        return _until(obj, short_day) or EMPTY_CELL

    def object_title(self, obj: Tandem) -> SafeString:
        """Both names, as persons' names."""
        return format_html("{} – {}", person(obj.mentee), person(obj.mentor.name))

    @admin.display(description=gettext_lazy("fit"))
    def fit(self, obj: Tandem) -> str:
        """How well the two fit, in a word, with a link to the workbench."""
        url = reverse("admin:matching_workbench", args=[obj.cohort_id])
        told = "" if obj.score is None else f"{two(obj.score)}, {level(obj.score)[1]} · "
        return format_html(
            '{}<a href="{}?mentee={}">{}</a>', told, url, obj.mentee_id, _("Workbench")
        )

    @admin.display(description=gettext_lazy("why"))
    def why(self, obj: Tandem) -> str:
        """The reasons the pair was proposed for."""
        words = sentences.words()
        told = sentences.reasons(obj.reasons, words)
        weak = sentences.weakest(obj.reasons, words)
        if weak:
            told = f"{told} " + _("Weakest point: %(point)s.") % {"point": weak}
        return told.strip()

    def deadline_sentence(self, obj: Tandem) -> str:
        """Who has to act, and until when."""
        return _until(obj, moment)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Adds the timeline of the tandem."""
        obj = kwargs.get("obj")
        if obj is not None:
            now = now_of(request)
            context["steps"] = timeline.steps(obj, now, "office")
        return super().render_change_form(request, context, *args, **kwargs)

    def _verb_page(
        self,
        request: HttpRequest,
        obj: Any,
        verb: str,
        offered: ObjectAction,
        *args: Any,
        **kwargs: Any,
    ) -> HttpResponse:
        if verb == "approve":
            offered = replace(offered, sentence=approval_sentence(obj))
        elif verb == "dissolve" and obj.state in (TandemState.DRAFT, TandemState.MENTEE_AGREED):
            said = _(
                "The mentee is told that the proposal no longer stands. %(mentor)s has "
                "not been asked yet."
            )
            offered = replace(offered, sentence=said % {"mentor": obj.mentor.name})
        return super()._verb_page(request, obj, verb, offered, *args, **kwargs)


def _until(tandem: Tandem, told: Callable[[datetime | None], str]) -> str:
    """Who has to act, and until when, with the time formatted by ``told``; empty for nobody."""
    if tandem.state == TandemState.MENTOR_ASKED and tandem.question_at is not None:
        return _("a question is open; the deadline is paused")
    if tandem.state == TandemState.MENTOR_ASKED and tandem.mentor.free <= 0:
        return _("no free place left")
    if tandem.answer_by is not None and tandem.state in (
        TandemState.DRAFT,
        TandemState.MENTEE_AGREED,
        TandemState.MENTOR_ASKED,
    ):
        words: dict[str, str] = {
            TandemState.DRAFT: _("mentee to answer by %(moment)s"),
            TandemState.MENTEE_AGREED: _("to approve by %(moment)s"),
            TandemState.MENTOR_ASKED: _("mentor to answer by %(moment)s"),
        }
        return words[tandem.state] % {"moment": told(tandem.answer_by)}
    if tandem.state == TandemState.CONFIRMED:
        return _("can be changed until %(moment)s") % {"moment": told(tandem.undo_until())}
    if tandem.state == TandemState.PROBATION and tandem.probation_until:
        return _("trial period until %(day)s") % {"day": short_day(tandem.probation_until)}
    return ""


@about("mentees.Mentee", "mentors.Mentor")
def tandems_of(obj: Any, user: Any, now: datetime) -> Panel | None:
    """The tandems of a mentee or a mentor in the coordinator's cohorts, open ones first; for a mentor also
    the places, which count across cohorts."""
    mentor = isinstance(obj, Mentor)
    own = obj.tandems.filter(cohort__in=Cohort.objects.coordinated_by(user))
    found = list(own.select_related("mentee__user", "mentor", "cohort"))
    found.sort(key=lambda one: one.state not in LIVE)
    rows = tuple(
        PanelRow(
            person(one.mentee if mentor else one.mentor.name),
            reverse("admin:matching_tandem_change", args=[one.pk]),
            state(one),
            f"{one.cohort}",
        )
        for one in found
    )
    if not mentor:
        return Panel(_("Tandem"), "" if rows else _("No tandem yet."), rows)
    places = _("Places taken: %(held)d of %(number)d.") % {
        "held": obj.held,
        "number": obj.capacity,
    }
    return Panel(_("Tandems"), places, rows)


@column("mentees.Mentee", gettext_lazy("mentor"))
def mentor_of(rows: list[Any], now: datetime) -> dict[Any, Any]:
    """The present or proposed mentor of each mentee and the state; “nobody yet” for those who wait."""
    told = {
        one.pk: format_html('<span class="soft one-line">{}</span>', _("nobody yet"))
        for one in rows
        if one.state == MenteeState.TAKING_PART
    }
    found = Tandem.objects.filter(mentee__in=rows, state__in=(*LIVE, TandemState.COMPLETED))
    for one in found.select_related("mentor").order_by("proposed_at"):
        told[one.mentee_id] = format_html(
            '<a href="{}">{}</a> <span class="second">{}</span>',
            reverse("admin:matching_tandem_change", args=[one.pk]),
            person(one.mentor.name),
            one.state_word().label,
        )
    return told


def approval_sentence(tandem: Tandem) -> str:
    """What approving does, and a warning when more mentees are asked for than the mentor has places."""
    days = tandem.cohort.mentor_answer_days
    said = ngettext(
        "%(mentor)s is asked by email with a personal link and has %(days)d day to answer.",
        "%(mentor)s is asked by email with a personal link and has %(days)d days to answer.",
        days,
    ) % {"mentor": tandem.mentor.name, "days": days}
    asked = Tandem.objects.filter(mentor=tandem.mentor_id, state=TandemState.MENTOR_ASKED).count()
    if asked < tandem.mentor.free:
        return said
    free = ngettext("%(free)d place is free", "%(free)d places are free", tandem.mentor.free) % {
        "free": tandem.mentor.free
    }
    open_now = ngettext(
        "%(asked)d request is already open", "%(asked)d requests are already open", asked
    ) % {"asked": asked}
    return f"{said} " + _(
        "Please note: %(free)s and %(asked)s. Whoever is confirmed first gets the place."
    ) % {"free": free, "asked": open_now}


@admin.register(MatchingRun)
class MatchingRunAdmin(BackofficeModelAdmin):
    """The computed plans; each cohort's workbench is linked from here."""

    may_change = False
    change_list_template = "matching/admin/runs.html"
    list_display = ("number", "cohort", "objective", "matched", "created_at", "created_by")
    list_filter = ("cohort", "objective")
    list_select_related = ("cohort", "created_by")
    fields = ("cohort", "objective", "matched", "created_at", "created_by")
    has_history = False
    readonly_fields = ("matched",)

    def object_title(self, obj: MatchingRun) -> str:
        """“Run 2, 2026/27”."""
        return _("Run %(number)d, %(cohort)s") % {"number": obj.number, "cohort": obj.cohort}

    @admin.display(description=gettext_lazy("mentees with a suggestion"))
    def matched(self, obj: MatchingRun) -> str:
        """“23 of 25”."""
        return _("%(matched)d of %(of)d") % {
            "matched": obj.result.get("matched", 0),
            "of": obj.result.get("of", 0),
        }

    def get_urls(self) -> list[Any]:
        """Adds the workbench below the runs."""
        page = partial(workbench, site=self.admin_site)
        own = [
            path(
                "cohort/<uuid:cohort_id>/",
                self.admin_site.admin_view(page),
                name="matching_workbench",
            )
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The runs, with links to the workbenches above."""
        cohorts = Cohort.objects.coordinated_by(request.user).order_by("-starts_on")
        return super().changelist_view(request, {**(extra_context or {}), "cohorts": cohorts})
