"""Forms of the coordinators: workshop, cancelling, extra places, attendance sheet."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.errors import RuleViolation
from core.forms import WordsField
from core.forms.edits import EditForm
from core.forms.layout import Group, PageHelper
from mentees.states import MenteeState
from mentors.states import TAKING_PART
from workshops import rules
from workshops.actions import PlannedSession
from workshops.models import Attendance, Registration, Session, Workshop
from workshops.states import WorkshopState

MOST_PLACES = 500


class WorkshopForm(forms.ModelForm):  # type: ignore[type-arg]
    """A workshop in the admin. The slug may be left empty; it is made from the title."""

    slug = forms.SlugField(
        label=_("web address"),
        max_length=80,
        required=False,
        help_text=_(
            "The last part of the page’s address. If you leave it empty, it is made from the title."
        ),
    )

    class Meta:
        model = Workshop
        fields = (
            "cohort",
            "title",
            "slug",
            "summary",
            "description",
            "led_by",
            "place",
            "online",
            "access",
            "language",
            "capacity",
            "registration_closes_at",
        )
        error_messages: ClassVar[dict[str, dict[str, Any]]] = {
            "title": {"required": _("Please enter a title.")}
        }

    def clean_slug(self) -> str:
        """A unique slug; a published workshop keeps its own when the field is emptied."""
        slug = str(self.cleaned_data["slug"] or self.instance.slug)
        if slug and Workshop.objects.filter(slug=slug).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another workshop already has this address."))
        return slug

    def clean_capacity(self) -> int:
        """Not fewer than are taken, and no obvious typing error; the verb checks again under the lock."""
        capacity: int = self.cleaned_data["capacity"]
        if capacity > MOST_PLACES:  # extra digits would move up a whole waiting list at once
            raise forms.ValidationError(
                _("A workshop can have at most %(most)d places."), params={"most": MOST_PLACES}
            )
        if capacity < self.instance.taken:
            raise forms.ValidationError(
                _("Places already taken: %(taken)d. There can’t be fewer."),
                params={"taken": self.instance.taken},
            )
        return capacity


class SessionForm(EditForm, forms.ModelForm):  # type: ignore[type-arg]
    """One session of a workshop; an invalid end is reported beside the end."""

    recorded_as = {"starts_at": "sessions", "ends_at": "sessions"}

    class Meta:
        model = Session
        fields = ("starts_at", "ends_at")

    def clean(self) -> dict[str, Any]:
        """Reports in words what the table's constraint would refuse by its name."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("starts_at") and data.get("ends_at"):
            try:
                rules.check_sessions([(data["starts_at"], data["ends_at"])])
            except RuleViolation as violation:
                self.add_error("ends_at", str(violation))
        return data


class SessionFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """The sessions of a workshop; ``planned`` is the whole wanted list."""

    def clean(self) -> None:
        """Reports what the verb would refuse beside the sessions, so that all entries are kept."""
        super().clean()
        if any(self.errors):
            return
        planned = self.planned()
        try:
            rules.check_sessions([(one.starts_at, one.ends_at) for one in planned])
        except RuleViolation as violation:
            raise forms.ValidationError(str(violation)) from violation
        for form in self.deleted_forms:
            if form.instance.pk and form.instance.attendances.exists():
                raise forms.ValidationError(
                    _(
                        "Attendance has been recorded for the session of %(session)s, so it"
                        " has to stay."
                    ),
                    params={"session": str(form.instance)},
                )
        if self.instance.state == WorkshopState.PUBLISHED:
            begins = min((one.starts_at for one in planned), default=None)
            try:
                rules.check_publishable(self.instance, begins)
            except RuleViolation as violation:
                raise forms.ValidationError(str(violation)) from violation

    def planned(self) -> list[PlannedSession]:
        """The wanted sessions, without deleted ones."""
        return [
            PlannedSession(
                form.cleaned_data["starts_at"], form.cleaned_data["ends_at"], form.instance.pk
            )
            for form in self.forms
            if form not in self.deleted_forms and form.cleaned_data.get("starts_at")
        ]


class CancelWorkshopForm(forms.Form):
    """Why a workshop is cancelled; shown to everybody registered and to the coordinators."""

    reason = WordsField(
        label=_("Why is it cancelled?"),
        help_text=_(
            "Only the people registered, those on the waiting list included, and the "
            "coordinators read this sentence."
        ),
        max_length=300,
        rows=2,
        required=False,
    )


class ExtraPlaceForm(forms.Form):
    """The person for an extra place: one who may register and has no place yet."""

    person = forms.ModelChoiceField(
        User.objects.none(), label=_("Who is to have the place?"), empty_label=_("Please choose")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """``initial`` contains the ``workshop``."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.queryset = self.candidates(self.initial["workshop"])

    @staticmethod
    def candidates(workshop: Workshop) -> QuerySet[User]:
        """Mentees of the cohort and mentors without a place in the workshop, by name."""
        placed = Registration.objects.places().filter(workshop=workshop).values("person")
        return (
            User.objects.filter(
                Q(mentee__cohort=workshop.cohort_id, mentee__state=MenteeState.TAKING_PART)
                | Q(mentor__state__in=TAKING_PART, mentor__confirmed_at__isnull=False),
                is_active=True,
            )
            .exclude(pk__in=placed)
            .order_by("name", "email")
        )


class RestForm(forms.Form):
    """What to record for people without a choice on the sheet: nothing by default."""

    present = forms.BooleanField(
        label=_("Everybody still open was present for the whole session"), required=False
    )


class SheetLine(Group):
    """Presence and minutes side by side."""

    template = "workshops/forms/line.html"


class AttendanceForm(EditForm, forms.Form):
    """One line of the attendance sheet. Nothing is preselected where nothing is recorded yet."""

    helper = PageHelper(SheetLine())
    presence = forms.ChoiceField(
        label=_("presence"),
        choices=Attendance.Presence.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    minutes = forms.IntegerField(
        label=_("minutes"), min_value=1, required=False, widget=forms.NumberInput(attrs={"size": 4})
    )

    def __init__(
        self,
        *args: Any,
        registration: Registration,
        session: Session,
        recorded: Attendance | None,
        **kwargs: Any,
    ) -> None:
        initial: dict[str, Any] = {"minutes": session.minutes}
        if recorded is not None:
            initial["presence"] = recorded.presence
            initial["minutes"] = recorded.minutes or None  # an absent person has no minutes
        kwargs |= {"initial": initial, "prefix": str(registration.pk)}
        super().__init__(*args, **kwargs)
        self.registration, self.session, self.recorded = registration, session, recorded
        self.audited = recorded
        self.fields["presence"].label = str(registration.person)
        minutes = self.fields["minutes"]
        minutes.max_value = session.minutes  # type: ignore[attr-defined]
        minutes.widget.attrs.update(min=1, max=session.minutes)

    def clean_minutes(self) -> int | None:
        """Minutes within the session."""
        minutes: int | None = self.cleaned_data["minutes"]
        if minutes is not None and minutes > self.session.minutes:
            raise forms.ValidationError(
                _("The session has %(minutes)d minutes."), params={"minutes": self.session.minutes}
            )
        return minutes
