"""People in the admin."""

from __future__ import annotations

from datetime import datetime
from itertools import chain
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import actions as accounts
from accounts.authority import may_ask
from accounts.models import User
from backoffice.model_admin import BackofficeModelAdmin
from backoffice.object_actions import ObjectAction, actor
from backoffice.related_panels import Panel, PanelRow, about
from backoffice.widgets import EMPTY_CELL
from core.audit import Actor
from core.forms import NameField, NewAddressForm
from core.http import now_of
from core.templatetags.ui import moment, person, state
from mentees.models import Application, Mentee
from mentoring.desk.people import seen_by
from mentors.models import Mentor
from programme.models import Cohort

FROM_MENTOR = "from=mentor"  # query of a verb's page opened from the page of a mentor


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """A person's name, form of address and contact data; the e-mail address is changed by its own verb."""

    name = NameField(
        max_length=150, required=False, label=gettext_lazy("name"), widget=AdminTextInputWidget
    )

    class Meta:
        model = User
        fields = ("name", "salutation", "language", "phone")

    def clean_name(self) -> str:
        """The name. Raises ValidationError when a known name would be removed: lists and mails would show the
        address instead."""
        name: str = self.cleaned_data["name"]
        if self.initial.get("name") and not name:
            raise forms.ValidationError(_("Please enter a name."), code="required")
        return name


def _ask_for_address(person: User, *, by: Actor, now: datetime, email: str = "") -> None:
    """Calls ``accounts.ask_for_address``; does nothing without an address."""
    if email:
        accounts.ask_for_address(person, email=email, by=by, now=now)


@admin.register(User)
class PersonAdmin(BackofficeModelAdmin):
    """The people a coordinator works with: applicants and mentees of the own cohorts, the mentor network, and
    colleagues, each once they have confirmed it themselves: a typed address alone opens nobody's page
    (promise A7). ``accounts.authority`` says who may change a person."""

    cohort_path = None
    form = PersonForm
    list_display = ("who", "email", "parts", "language")
    list_filter = ("language",)
    search_fields = ("name", "email__istartswith")
    search_help_text = gettext_lazy("Part of the name or beginning of the address")
    fields = ("name", "salutation", "language", "phone", "email", "parts")
    readonly_fields = ("email", "parts")
    object_actions = {
        "change-address": ObjectAction(
            _ask_for_address,
            gettext_lazy(
                "A link goes to the new address and a notice to the current one. The new address takes "
                "effect once it is confirmed."
            ),
            form=NewAddressForm,
            label=gettext_lazy("Change the address"),
            possible=lambda person: person.is_active,
            done=gettext_lazy("Asked at the new address: %(object)s."),
        ),
        "ask-again": ObjectAction(
            accounts.ask_again,
            gettext_lazy("A new link is sent to the new address; the previous one stops working."),
            label=gettext_lazy("Send the link to the new address again"),
            possible=lambda person: bool(person.new_email),
            done=gettext_lazy("A new link is on its way: %(object)s."),
        ),
        "drop-address": ObjectAction(
            accounts.drop_address,
            gettext_lazy("The address stays as it is; links for the new one stop working."),
            label=gettext_lazy("Withdraw the new address"),
            possible=lambda person: bool(person.new_email),
            done=gettext_lazy("The address stays as it is: %(object)s."),
        ),
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Adds each person's roles, without a query per person."""
        return seen_by(request.user).order_by("name", "email")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_ask(obj, actor(request)))

    def page_url(self, request: HttpRequest, obj: Any) -> str:
        """The mentor's page where the verb was opened from there (``FROM_MENTOR``), else the person's."""
        mentor = Mentor.objects.filter(user=obj, confirmed_at__isnull=False).first()
        if mentor is not None and request.GET.urlencode() == FROM_MENTOR:
            return reverse("admin:mentors_mentor_change", args=[mentor.pk])
        return super().page_url(request, obj)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj is not None and self.has_change_permission(request, obj):
            context["object_actions"] = self.possible_verbs(obj)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_action(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        accounts.change_person(
            obj,
            by=actor(request),
            now=now_of(request),
            values={name: form.cleaned_data[name] for name in form.changed_data},
        )

    def object_title(self, obj: User) -> Any:
        """The name, else the address."""
        return person(obj.name) if obj.name else obj.email

    @admin.display(description=gettext_lazy("name"), ordering="name")
    def who(self, obj: User) -> str:
        """The name, or a remark that none is known."""
        return person(obj.name) if obj.name else _("no name yet")

    @admin.display(description=gettext_lazy("takes part as"))
    def parts(self, obj: Any) -> str:
        """“Mentee, Mentor_in”."""
        words = [
            (getattr(obj, "is_office", False), _("coordinators")),
            (getattr(obj, "is_mentor", False), _("mentor")),
            (getattr(obj, "is_mentee", False), _("mentee")),
            (
                getattr(obj, "applied", False) and not getattr(obj, "is_mentee", False),
                _("applicant"),
            ),
        ]
        return ", ".join(word for there, word in words if there) or EMPTY_CELL


@about("accounts.User")
def parts_of(obj: User, user: Any, now: datetime) -> Panel | None:
    """Links to a person's records in the programme: applications and participations in the coordinator's
    cohorts, and the mentor record."""
    own = Cohort.objects.coordinated_by(user)
    applied = Application.objects.coordinated_by(user).filter(applicant=obj)
    found = chain(
        applied.select_related("cohort").order_by("-sent_at"),
        Mentee.objects.filter(user=obj, cohort__in=own).select_related("cohort"),
        Mentor.objects.filter(user=obj, confirmed_at__isnull=False),
    )
    rows = tuple(
        PanelRow(
            capfirst(str(one._meta.verbose_name)),
            reverse(f"admin:{one._meta.app_label}_{one._meta.model_name}_change", args=[one.pk]),
            state(one),
            str(getattr(one, "cohort", "")),
        )
        for one in found
    )
    return Panel(_("In the programme"), rows=rows) if rows else None


@about("accounts.User", "mentors.Mentor")
def new_address_of(obj: User | Mentor, user: Any, now: datetime) -> Panel | None:
    """The address that waits for confirmation, with its verbs, for those who may change it."""
    found = obj if isinstance(obj, User) else obj.contact
    if not isinstance(found, User) or not found.new_email or found.new_email_at is None:
        return None
    if not may_ask(found, Actor.person(user, "coordinator")):
        return None
    sentence = _(
        "%(new)s is not confirmed yet. Until it is, emails go to %(held)s. If it is not "
        "confirmed, it expires on %(until)s."
    ) % {
        "new": found.new_email,
        "held": found.email,
        "until": moment(found.new_email_at + accounts.ADDRESS_LIFETIME),
    }
    ways = ("ask-again", "drop-address") if isinstance(obj, Mentor) else ()
    rows = tuple(
        PanelRow(
            PersonAdmin.object_actions[verb].label,
            f"{reverse('admin:accounts_user_verb', args=[found.pk, verb])}?{FROM_MENTOR}",
        )
        for verb in ways
    )
    return Panel(_("New address"), sentence, rows)
