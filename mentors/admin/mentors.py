"""The pages of mentors: the list, the profile, the criteria sheet, the consent."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from backoffice.changelist import BackofficeChangeList
from backoffice.model_admin import BackofficeModelAdmin
from backoffice.object_actions import ObjectAction, actor
from backoffice.widgets import EMPTY_CELL, two_lines
from core.errors import RuleViolation
from core.http import UNSENT, Sent, now_of, sent
from core.links.models import ActionLink
from core.templatetags.ui import dated, person, state
from mentors import actions
from mentors.admin.filters import ConsentFilter, FieldFilter, PlacesFilter, WaitingFilter
from mentors.forms import CriterionForm, MentorForm, PauseForm, RecordConsentForm
from mentors.models import FOR_LACK, Criterion, CriterionCheck, Mentor, PauseReason, Verdict
from mentors.states import PARTED, UNDER_CONDITIONS, MentorState
from programme import consents
from programme.models import CareerField, Consent, ConsentPurpose


def _may_ask(mentor: Any) -> bool:
    return (
        mentor.user is not None
        and mentor.state not in PARTED
        and not consents.has_consent(mentor.user, ConsentPurpose.MENTOR)
    )


def _may_withdraw(mentor: Any) -> bool:
    return consents.has_consent(mentor.user, ConsentPurpose.MENTOR)


def _may_ask_to_confirm(mentor: Any) -> bool:
    return mentor.confirmed_at is None and mentor.state not in PARTED and _may_withdraw(mentor)


def _told_of(mentor: Mentor, changed: list[str]) -> list[str]:
    """Adds a message about what saving caused: a new address of an account waits until its person confirms
    it."""
    if "email" not in changed or mentor.user_id is None or mentor.confirmed_at is None:
        return []
    if not User.objects.filter(pk=mentor.user_id).exclude(new_email="").exists():
        return []
    said = _(
        "The new address takes effect once it is confirmed; until then, emails go to the current one."
    )
    return [str(said)]


class MentorList(BackofficeChangeList):
    """The list, which reads the columns it shows."""

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        found: Any = super().get_queryset(request, *args, **kwargs)
        shown = ("name", "profession", "state", "state_since", "held", "capacity")
        return found.select_related(None).only(*shown)


@admin.register(Mentor)
class MentorAdmin(BackofficeModelAdmin):
    """A mentor: the criteria side by side, the consent, the profile, and the possible verbs."""

    cohort_path = None
    may_add = True
    form = MentorForm
    change_form_template = "mentors/admin/change_form.html"
    list_display = ("shown_name", "state_shown", "criteria", "places", "shown_fields", "since")
    list_display_links = ("shown_name",)
    list_filter = (WaitingFilter, "state", PlacesFilter, ConsentFilter, FieldFilter)
    search_fields = ("name", "profession")
    search_help_text = _("Name or profession")
    fieldsets = (
        (
            _("The person"),
            {"fields": ("name", "email", "salutation", "language", "phone", "source")},
        ),
        (
            _("The work"),
            {"fields": ("profession", "about", "website", "public")},
        ),
        (
            _("For the matching"),
            {
                "fields": (
                    "capacity",
                    "meetings_a_month",
                    "meeting_format",
                    "region",
                    "career_fields",
                    "topics",
                    "instruments",
                    "subject_groups",
                    "languages",
                )
            },
        ),
    )
    object_actions = {
        "contact": ObjectAction(
            actions.contact,
            _("Records that you have been in touch. No email is sent."),
            done=_("Recorded: you have been in touch with %(object)s."),
        ),
        "note_interest": ObjectAction(
            actions.note_interest,
            _("Records that the person would like to take part."),
            done=_("Recorded: %(object)s would like to take part."),
        ),
        "review": ObjectAction(
            actions.review,
            _("Starts the review against the five criteria."),
            primary=True,
            done=_("The review of %(object)s has started."),
        ),
        "activate": ObjectAction(
            actions.activate,
            _("The mentor can now be proposed to mentees."),
            primary=lambda mentor: not actions.missing(mentor),
            done=_("%(object)s is active and can be proposed to mentees."),
        ),
        "pause": ObjectAction(
            actions.pause,
            _("No new proposals until further notice. Current tandems continue."),
            form=PauseForm,
            initial=lambda mentor, now: {"reason": PauseReason.WISH.value},
            done=_("%(object)s is paused and will not be proposed to mentees."),
        ),
        "resume": ObjectAction(
            actions.resume,
            _("The mentor can be proposed to mentees again."),
            primary=lambda mentor: not actions.missing(mentor),
            done=_("%(object)s is active again and can be proposed to mentees."),
        ),
        "retire": ObjectAction(
            actions.retire,
            _("The mentor leaves the network. Possible once no tandem is running."),
            done=_("%(object)s is no longer part of the network."),
        ),
        "decline": ObjectAction(
            actions.decline,
            _("Records that the person does not want to take part."),
            done=_("Recorded: %(object)s does not want to take part."),
        ),
        "reject": ObjectAction(
            actions.reject,
            _("Ends the review without accepting the person. Please tell them yourself."),
            done=_("Review ended. %(object)s has not been accepted."),
        ),
        "ask-for-consent": ObjectAction(
            actions.ask_for_consent,
            _("The person receives a personal link to read the notice and answer."),
            label=_("Ask for consent"),
            possible=_may_ask,
            done=_("Request sent. %(object)s can answer with a personal link."),
        ),
        "ask-to-confirm": ObjectAction(
            actions.ask_to_confirm,
            _("The person receives a personal link to say whether the address is theirs."),
            label=_("Ask to confirm the address"),
            possible=_may_ask_to_confirm,
            done=_("Request sent to the address entered for %(object)s."),
        ),
        "record-consent": ObjectAction(
            actions.record_consent,
            _("For consent given to you in another way."),
            form=RecordConsentForm,
            label=_("Record consent"),
            possible=_may_ask,
            done=_("Consent from %(object)s has been recorded."),
        ),
        "withdraw-consent": ObjectAction(
            actions.withdraw_consent,
            _("For somebody who withdrew in another way. An active mentor is paused at once."),
            label=_("Record the withdrawal"),
            possible=_may_withdraw,
            done=_("The withdrawal by %(object)s has been recorded."),
        ),
    }

    # ── the list ─────────────────────────────────────────────────────────────
    def get_queryset(self, request: HttpRequest) -> QuerySet[Mentor]:
        found: Any = super().get_queryset(request)
        return found.select_related("user")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[MentorList]:
        return MentorList

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Adds counts and career fields to the rows of one page only."""
        changelist = super().get_changelist_instance(request)
        rows = list(changelist.result_list)
        keys = [one.pk for one in rows]
        met = CriterionCheck.objects.filter(mentor__in=keys, verdict=Verdict.MET).values("mentor")
        criteria = dict(met.order_by().annotate(number=Count("pk")).values_list("mentor", "number"))
        fields = defaultdict(list)
        chosen = Mentor.career_fields.through.objects.filter(mentor__in=keys)
        words = {one.pk: str(one) for one in CareerField.objects.all()}
        for mentor, field in chosen.values_list("mentor_id", "careerfield_id"):
            fields[mentor].append(field)
        for one in rows:
            one.criteria_met = criteria.get(one.pk, 0)
            one.shown_fields = [words[key] for key in words if key in fields[one.pk]]
        changelist.result_list = rows
        return changelist

    @admin.display(description=_("name"), ordering="name")
    def shown_name(self, obj: Any) -> SafeString:
        """The name in the serif typeface, the profession below."""
        return two_lines(person(obj.name), obj.profession)

    @admin.display(description=_("state"), ordering="state")
    def state_shown(self, obj: Any) -> SafeString:
        """The state with its symbol."""
        return state(obj)

    @admin.display(description=_("criteria met"))
    def criteria(self, obj: Any) -> SafeString:
        """How many of the five criteria are met."""
        return format_html('<span class="num">{} / {}</span>', obj.criteria_met, len(Criterion))

    @admin.display(description=_("free places"))
    def places(self, obj: Any) -> SafeString:
        """Free places of all places."""
        return format_html('<span class="num">{} / {}</span>', obj.free, obj.capacity)

    @admin.display(description=_("career fields"))
    def shown_fields(self, obj: Any) -> str:
        """The career fields in a row."""
        return ", ".join(obj.shown_fields) or EMPTY_CELL

    @admin.display(description=_("since"), ordering="state_since")
    def since(self, obj: Any) -> Any:
        """When the present state began."""
        return format_html('<span class="num">{}</span>', dated(obj.state_since))

    def object_title(self, obj: Any) -> SafeString:
        """The name, as a person's name."""
        return person(obj.name)

    # ── the profile ──────────────────────────────────────────────────────────
    def save_action(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Enters or changes through the verbs, so that their rules apply here too."""
        now = now_of(request)
        if change:
            if form.changed_data:
                saved = actions.change_mentor(obj, by=actor(request), now=now, values=form.values())
                request.set_in_motion = _told_of(saved, form.changed_data)  # type: ignore[attr-defined]
            sheet = request.criteria["criteria_forms"]  # type: ignore[attr-defined]
            changed = (bool(form.changed_data), self._save_sheet(request, obj, sheet))
            request.changed = changed  # type: ignore[attr-defined]
        else:
            entered = actions.enter_mentor(**form.cleaned_data, by=actor(request), now=now)
            obj.pk, obj._state.adding = entered.pk, False

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.by = actor(request)
        return form

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Does nothing: the verbs have saved the vocabularies already."""

    def deadline_sentence(self, obj: Any) -> str:
        """Why a mentor is paused; that nothing is missing any more, where the reason is gone."""
        if obj.state != MentorState.PAUSED:
            return ""
        if obj.paused_because in FOR_LACK and not actions.missing(obj):
            return str(_("Nothing is missing any more; the pause can be ended."))
        return str(obj.get_paused_because_display())

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj is not None:
            context.update(getattr(request, "criteria", None) or self.sheet(obj))
            context["consent_events"] = self.consent_context(obj)
        return super().render_change_form(request, context, *args, **kwargs)

    def forms_above(self, request: HttpRequest) -> list[tuple[Any, Any]]:
        sheet = getattr(request, "criteria", None) or {"criteria_forms": []}
        return [(capfirst(one.criterion.label), one) for one in sheet["criteria_forms"]]

    def consent_context(self, obj: Any) -> dict[str, Any]:
        """The data on the consent: the latest record, and when it was asked for and answered."""
        if obj.user_id is None:
            return {"latest": None, "link": None}
        latest = (
            Consent.objects.filter(person=obj.user_id, notice__purpose=ConsentPurpose.MENTOR)
            .select_related("notice")
            .order_by("-given_at")
            .first()
        )
        link = ActionLink.objects.about(actions.CONSENT_LINK, obj).order_by("-created_at").first()
        return {"latest": latest, "link": link}

    # ── the criteria sheet ───────────────────────────────────────────────────
    def sheet(self, obj: Any, bound: Sent = UNSENT) -> dict[str, Any]:
        """The context of the criteria sheet: one form per criterion, in their order, and what is missing."""
        known = {check.criterion: check for check in obj.checks.select_related("checked_by").all()}
        forms = [
            CriterionForm(
                *bound, check=known.get(number) or CriterionCheck(mentor=obj, criterion=number)
            )
            for number in Criterion.values
        ]
        return {
            "criteria_forms": forms,
            "criteria_met": sum(one.check_row.verdict == "met" for one in forms),
            "missing": actions.missing(obj) if obj.state in UNDER_CONDITIONS else [],
        }

    def _changeform_view(
        self, request: HttpRequest, object_id: str | None, form_url: str, extra_context: Any
    ) -> Any:
        """The sheet is part of the page's form and saved with it, all or nothing: with either button, all
        entries are kept."""
        if request.method == "POST" and object_id is not None:
            obj = self.get_object(request, unquote(object_id))
            if obj is not None:
                actions.lock_person_and_mentor(obj)
                obj = self.get_object(request, unquote(object_id))
            if obj is not None:
                criteria = self.sheet(obj, sent(request))
                request.criteria = criteria  # type: ignore[attr-defined]
                # each form shows its errors
                valid = [one.is_valid() for one in criteria["criteria_forms"]]
                if not all(valid):
                    request.refused = RuleViolation(  # type: ignore[attr-defined]
                        _("Nothing has been saved yet. Please check the marked criteria again."),
                        code="criteria",
                    )
        return super()._changeform_view(request, object_id, form_url, extra_context)

    def _save_sheet(self, request: HttpRequest, obj: Any, forms: list[CriterionForm]) -> int:
        changed = [one for one in forms if one.has_changed()]
        for one in changed:
            actions.check_criterion(
                obj,
                criterion=one.check_row.criterion,
                verdict=one.cleaned_data["verdict"],
                evidence=one.cleaned_data["evidence"],
                by=actor(request),
                now=now_of(request),
            )
        return len(changed)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Says what was saved; after the sheet's button, returns to the sheet."""
        profile, criteria = request.changed  # type: ignore[attr-defined]
        if criteria:
            self._say_what_changed(request, obj)
        if "save-criteria" not in request.POST:
            return super().response_change(request, obj)
        if profile:
            super().response_change(request, obj)
        elif not criteria:
            messages.info(request, _("Nothing was changed."))
        return HttpResponseRedirect(f"{self.page_url(request, obj)}#criteria")

    def _say_what_changed(self, request: HttpRequest, obj: Any) -> None:
        messages.success(request, _("The criteria have been saved."))
        was_active = obj.state == MentorState.ACTIVE
        obj.refresh_from_db()
        if was_active and obj.state == MentorState.PAUSED:
            messages.warning(
                request,
                _(
                    "One criterion is no longer met: the mentor has been paused and the "
                    "coordinators told."
                ),
            )
