"""Forms for people who would like to be mentors, for mentors (by link), and for coordinators."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.authority import NOT_YOURS, may_ask
from accounts.models import User
from core import page_cache
from core.audit import Actor
from core.audit.models import AuditEvent
from core.forms import (
    AddressField,
    LineField,
    NameField,
    WordsField,
)
from core.forms.edits import EditForm
from core.forms.layout import Group, PageHelper, Segments, Unmarked
from core.links.forms import AnswerForm
from mentors.models import Criterion, CriterionCheck, Mentor, PauseReason, Verdict
from mentors.states import TAKING_PART
from programme.choices import Choice
from programme.models import ConsentNotice


# ── the public form ──────────────────────────────────────────────────────────
class JoinForm(forms.Form):
    """Five questions to somebody who would like to be a mentor. ``form_id`` identifies a form that is sent
    twice."""

    name = NameField(label=_("What is your name?"))
    email = AddressField(
        label=_("Where can we write to you?"),
        help_text=_("Your email address. We will only use this address to contact you."),
    )
    profession = NameField(
        label=_("What is your profession?"),
        max_length=160,
        help_text=_(
            "In a few words, for example: horn player in an opera orchestra, or artist manager."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    motivation = WordsField(
        label=_("What would you like to pass on, and why?"),
        rows=5,
        max_length=2000,
        help_text=_("A few sentences are enough. Only the coordinators read them."),
    )
    website = forms.URLField(
        label=_("Is there a web page about you?"),
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text=_("Your own website or a page of your ensemble or employer."),
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
        error_messages={
            "invalid": _("This is not a web address. Please give one like www.example.org.")
        },
    )
    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=page_cache.form_id)

    def clean_website(self) -> str:
        """The address; only http and https, since the office will open it."""
        website: str = self.cleaned_data["website"]
        if website and not website.startswith(("http://", "https://")):
            raise forms.ValidationError(
                _("This is not a web address. Please give one like www.example.org."),
                code="invalid",
            )
        return website


# ── the consent by link ──────────────────────────────────────────────────────
class ConsentForm(AnswerForm):
    """The answer to the notice that was shown; a notice changed meanwhile has to be read first."""

    notice = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, shown: ConsentNotice, **kwargs: Any) -> None:
        super().__init__(*args, initial={"notice": shown.pk}, **kwargs)
        self.shown = shown

    def clean_notice(self) -> int:
        """The key of the notice. Raises ValidationError when it is not the one shown now."""
        number: int = self.cleaned_data["notice"]
        if number != self.shown.pk:
            # The form is shown again with the new notice; the next answer refers to that.
            fresh: Any = self.data
            self.data = fresh = fresh.copy()
            fresh["notice"] = str(self.shown.pk)
            fresh.pop("answer", None)
            raise forms.ValidationError(
                _(
                    "The text has been updated in the meantime. Please read it again before"
                    " you answer."
                ),
                code="renewed",
            )
        return number


ASKED: list[tuple[str, Any]] = [
    (
        "agree",
        Choice(
            _("I agree"),
            _("My details may be used to find suitable tandems, as described above."),
        ),
    ),
    (
        "not_now",
        Choice(
            _("Not now"),
            _("We will not use your details. The link stays open in case you change your mind."),
        ),
    ),
]
GIVEN: list[tuple[str, Any]] = [
    ("keep", Choice(_("I keep my consent"), _("Everything stays as it is."))),
    (
        "withdraw",
        Choice(
            _("I withdraw my consent"),
            _(
                "You will not be proposed to anyone else, and your name will be removed "
                "from the public directory at once."
            ),
        ),
    ),
]
# While nobody has confirmed the address, which may be a stranger's.
UNCONFIRMED: list[tuple[str, Any]] = [
    (
        "mine",
        Choice(
            _("Yes, this is my address"),
            _(
                "From then on the coordinators can see the name, address and telephone "
                "number we have for you."
            ),
        ),
    ),
    (
        "withdraw",
        Choice(
            _("That isn’t me, or I withdraw the consent"),
            _("Nobody will be proposed to you, and the coordinators will be told."),
        ),
    ),
]


# ── the coordinators' forms ──────────────────────────────────────────────────
class MentorForm(forms.ModelForm):
    """A mentor's data, with the address and contact data of the account's person."""

    email = AddressField(
        label=_("email address"),
        required=False,
        help_text=_("We send emails and personal links to this address. It can be added later."),
    )
    salutation = LineField(
        label=_("form of address"),
        required=False,
        max_length=80,
        help_text=_("As the person wishes, for example “Ms Osterloh”."),
    )
    language = forms.ChoiceField(
        label=_("language of emails"),
        choices=[("de", _("German")), ("en", _("English"))],
        initial="de",
    )
    phone = LineField(label=_("telephone"), required=False, max_length=40)

    class Meta:
        model = Mentor
        fields = (
            "name",
            "profession",
            "about",
            "website",
            "career_fields",
            "topics",
            "instruments",
            "subject_groups",
            "languages",
            "meeting_format",
            "region",
            "meetings_a_month",
            "capacity",
            "public",
            "source",
        )
        widgets = {"about": forms.Textarea(attrs={"rows": 5, "cols": 60})}

    by: Actor | None = None  # the person filling in the form; the verb checks again

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("email", "salutation", "language", "phone"):
            self.fields[name].label = capfirst(str(self.fields[name].label))
        known = self.instance.contact
        if not self.instance._state.adding:
            for name in ("email", "salutation", "language", "phone"):
                self.initial[name] = getattr(known, name)
        if isinstance(known, User):
            self._tell_whose_it_is(known)

    def _tell_whose_it_is(self, person: User) -> None:
        """Adds the remark that a new address has to be confirmed, and makes fields that the coordinator may
        not change read-only (promise A7)."""
        self.fields["email"].help_text = _(
            "We send emails and personal links to this address. A new address takes "
            "effect once it is confirmed with a link we send there."
        )
        if self.by is not None and not may_ask(person, self.by):
            for name in ("email", "salutation", "language", "phone"):
                self.fields[name].disabled = True
            self.fields["email"].help_text = NOT_YOURS

    def clean_capacity(self) -> int:
        """The places. Raises ValidationError below the number held by tandems, so that the entries are kept;
        the verb checks again under the lock (promise C7)."""
        capacity: int = self.cleaned_data["capacity"]
        if capacity < self.instance.held:
            raise forms.ValidationError(
                _(
                    "Places taken: %(held)d. The number of places can’t be lower. "
                    "Complete or dissolve a tandem first."
                )
                % {"held": self.instance.held},
                code="capacity",
            )
        return capacity

    def clean_email(self) -> str:
        """The address. Raises ValidationError when another mentor has it, or when a mentor who takes part
        would lose it. Whether other people are known by it is not revealed (promise P3)."""
        email: str = self.cleaned_data["email"]
        others = Mentor.objects.exclude(pk=self.instance.pk)
        if email and others.filter(user__email=email).exists():
            raise forms.ValidationError(
                _("Another mentor already has this address."), code="address_taken"
            )
        if not email and self.instance.state in TAKING_PART:
            raise forms.ValidationError(
                _("Everybody who takes part needs an address we can write to."),
                code="address_needed",
            )
        return email

    def clean(self) -> dict[str, Any]:
        """Refuses data of a person while the record has none; otherwise it would be lost."""
        data: dict[str, Any] = super().clean() or {}
        if "email" in data and not data["email"]:
            for name in ("salutation", "phone"):
                if data.get(name) and name in self.changed_data:
                    self.add_error(
                        name,
                        _("This is kept with the email address. Please enter the address too."),
                    )
        return data

    def values(self) -> dict[str, Any]:
        """The changed values by field, for ``actions.change_mentor``."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


class PauseForm(forms.Form):
    """Why a mentor is paused."""

    reason = forms.ChoiceField(
        label=_("Why?"),
        choices=[
            (PauseReason.WISH.value, PauseReason.WISH.label),
            (PauseReason.OFFICE.value, PauseReason.OFFICE.label),
        ],
        widget=forms.RadioSelect,
        initial=PauseReason.WISH.value,
    )


class RecordConsentForm(forms.Form):
    """How a consent reached the office."""

    how = LineField(
        label=_("How was the consent given?"),
        max_length=160,
        help_text=_("For example: signed form of 12 September, in the file."),
    )


class Evidence(Group):
    """What a verdict is based on, beside the verdict."""

    template = "mentors/forms/evidence.html"


class CriterionForm(EditForm, forms.Form):
    """The verdict on one criterion with its evidence."""

    verdict = forms.ChoiceField(
        label=_("assessment"), choices=Verdict.choices, widget=forms.RadioSelect
    )
    evidence = WordsField(label=_("What it is based on"), required=False, rows=3, max_length=2000)
    helper = PageHelper(Segments("verdict"), Evidence(Unmarked("evidence")))

    def __init__(self, *args: Any, check: CriterionCheck, **kwargs: Any) -> None:
        self.check_row, self.audited = check, check.mentor
        kwargs.setdefault("prefix", f"criterion-{check.criterion}")
        kwargs["initial"] = {"verdict": check.verdict, "evidence": check.evidence}
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # told apart where they are read without their headings
            field.label = format_html(
                '{}<span class="unseen">: {}</span>', field.label, self.criterion.label
            )

    @property
    def criterion(self) -> Criterion:
        """The criterion of this form."""
        return Criterion(self.check_row.criterion)

    def last_change(self, name: str) -> AuditEvent | None:
        """The latest event about this criterion in which the field changed."""
        events = AuditEvent.objects.of(self.check_row.mentor).filter(verb="check_criterion")[:50]
        number = self.check_row.criterion
        return next(
            (one for one in events if one.values.get("criterion") == number and name in one.fields),
            None,
        )

    def clean(self) -> dict[str, Any]:
        """Refuses a verdict without evidence."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("verdict", Verdict.OPEN) != Verdict.OPEN and not data.get("evidence"):
            self.add_error("evidence", _("Please say what your assessment is based on."))
        return data
