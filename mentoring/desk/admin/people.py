"""People on the desk."""

from __future__ import annotations

from datetime import datetime
from itertools import chain
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentees.models import Application, Mentee
from mentoring.accounts import actions as accounts
from mentoring.accounts.models import User
from mentoring.desk.admin.ways import NOTHING
from mentoring.programme.asides import Aside, Row, about
from mentoring.programme.forms import NameField
from mentoring.programme.house_admin import HouseAdmin
from mentoring.programme.house_verbs import actor
from mentoring.programme.models import Cohort, CohortRole
from mentoring.programme.templatetags.house import person, state
from mentors.models import Mentor
from workshops.models import Registration


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """How a person is addressed and reached; the address itself is theirs and stays."""

    name = NameField(
        max_length=150, required=False, label=gettext_lazy("name"), widget=AdminTextInputWidget
    )

    class Meta:
        model = User
        fields = ("name", "salutation", "language", "phone")

    def clean_name(self) -> str:
        """The name. Raises ValidationError when one that is known would be taken away: lists and mails
        would call the person by the address."""
        name: str = self.cleaned_data["name"]
        if self.initial.get("name") and not name:
            raise forms.ValidationError(_("Please give a name."), code="required")
        return name


@admin.register(User)
class PersonAdmin(HouseAdmin):
    """Everybody the coordinator has to do with: applicants and mentees of the own cohorts, the network,
    and the colleagues. Staff accounts are read, not written, by coordinators."""

    cohort_path = None
    form = PersonForm
    list_display = ("who", "email", "parts", "language")
    list_filter = ("language",)
    search_fields = ("name", "email__istartswith")
    search_help_text = gettext_lazy("Part of the name or beginning of the address")
    fields = ("name", "salutation", "language", "phone", "email", "parts")
    readonly_fields = ("email", "parts")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the parts each one takes, without a query per person."""
        own = Cohort.objects.coordinated_by(request.user)
        mine = OuterRef("pk")
        applied = Exists(Application.objects.readable().filter(applicant=mine, cohort__in=own))
        mentee = Exists(Mentee.objects.filter(user=mine, cohort__in=own))
        mentor = Exists(Mentor.objects.filter(user=mine))
        office = Exists(CohortRole.objects.filter(user=mine, cohort__in=own))
        guest = Exists(Registration.objects.filter(person=mine, workshop__cohort__in=own))
        found = User.objects.annotate(
            applied=applied, is_mentee=mentee, is_mentor=mentor, is_office=office
        )
        if not getattr(request.user, "is_superuser", False):
            found = found.filter(applied | mentee | mentor | office | guest)
        return found.order_by("name", "email")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and obj.is_staff and obj.pk != request.user.pk:
            return bool(request.user.is_active and request.user.is_superuser)
        return super().has_change_permission(request, obj)

    def save_action(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        accounts.change_person(
            obj,
            by=actor(request),
            now=request.now,  # type: ignore[attr-defined]
            values={name: form.cleaned_data[name] for name in form.changed_data},
        )

    def object_title(self, obj: User) -> Any:
        """The name, else the address."""
        return person(obj.name) if obj.name else obj.email

    @admin.display(description=gettext_lazy("name"), ordering="name")
    def who(self, obj: User) -> str:
        """The name in serif, or that none is known."""
        return person(obj.name) if obj.name else _("no name yet")

    @admin.display(description=gettext_lazy("takes part as"))
    def parts(self, obj: Any) -> str:
        """“Mentee, Mentor_in”."""
        words = [
            (getattr(obj, "is_office", False), _("coordination")),
            (getattr(obj, "is_mentor", False), _("mentor")),
            (getattr(obj, "is_mentee", False), _("mentee")),
            (
                getattr(obj, "applied", False) and not getattr(obj, "is_mentee", False),
                _("applicant"),
            ),
        ]
        return ", ".join(word for there, word in words if there) or NOTHING


@about("accounts.User")
def parts_of(obj: User, user: Any, now: datetime) -> Aside | None:
    """The way to what a person is in the programme: applications and parts in the coordinator's cohorts,
    and the place in the network."""
    own = Cohort.objects.coordinated_by(user)
    applied = Application.objects.coordinated_by(user).filter(applicant=obj)
    found = chain(
        applied.select_related("cohort").order_by("-sent_at"),
        Mentee.objects.filter(user=obj, cohort__in=own).select_related("cohort"),
        Mentor.objects.filter(user=obj),
    )
    rows = tuple(
        Row(
            capfirst(str(one._meta.verbose_name)),
            reverse(f"admin:{one._meta.app_label}_{one._meta.model_name}_change", args=[one.pk]),
            state(one),
            str(getattr(one, "cohort", "")),
        )
        for one in found
    )
    return Aside(_("In the programme"), rows=rows) if rows else None
