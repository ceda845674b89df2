"""The forms of the coordinators' admin pages of this app."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxLengthValidator
from django.forms import BaseInlineFormSet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.forms import AddressField, add_violation
from programme.actions import refused_inks
from programme.facts import NAMES
from programme.look import BUILT_IN, Inks
from programme.models import (
    Cohort,
    ConsentNotice,
    Organisation,
    PageText,
)
from programme.texts import PAGES, ours, placeholders

PAGE_NAMES = {
    "start": _("Start page: introduction"),
    "start-tandem": _("Start page: what happens in a tandem"),
    "start-mentors": _("Start page: for mentors"),
    "about-mentees": _("About mentees"),
    "about-mentors": _("About mentors"),
    "about-matching": _("About matching"),
    "contact": _("Contact"),
    "imprint": _("Legal notice"),
    "privacy": _("Privacy"),
    "accessibility": _("Accessibility"),
}

LONGEST_PIECE = 200_000  # characters of JSON; the built-in piece has 9,000


class ColourField(forms.CharField):
    """A colour as ``#rrggbb``; the sign may be left out, and letters may be capitals."""

    def to_python(self, value: Any) -> str:
        """The colour as it is stored."""
        digits = str(super().to_python(value)).lower().removeprefix("#")
        return f"#{digits}" if digits else ""


class JSONDecoder(json.JSONDecoder):
    """Python's, for which JSON nested too deeply is wrong like any other."""

    def decode(self, text: str) -> Any:  # type: ignore[override]
        """The decoded value. Raises JSONDecodeError."""
        try:
            return super().decode(text)
        except RecursionError:
            raise json.JSONDecodeError("nested too deeply", text, 0) from None


class PieceField(forms.JSONField):
    """A piece as JSON; empty where there is none, for which Django writes ``null``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "decoder": JSONDecoder})

    def prepare_value(self, value: Any) -> Any:
        """What the control shows."""
        return "" if value is None else super().prepare_value(value)

    def to_python(self, value: Any) -> Any:
        """The decoded JSON. Raises ValidationError, for what is too long as well."""
        if isinstance(value, str):
            MaxLengthValidator(LONGEST_PIECE)(value)
        return super().to_python(value)


class OrganisationForm(forms.ModelForm):
    """The organisation; the office is entered by its address."""

    office_email = AddressField(
        label=_("office mailbox"), help_text=_("Messages to the programme are sent here.")
    )

    class Meta:
        model = Organisation
        fields = (
            "name_de",
            "name_en",
            "office_phone",
            "signed_by",
            "address",
            "represented_by",
            "supervised_by",
            "programme_name",
            "ink",
            "second_ink",
            "highlight",
            "drawn",
            "piece",
        )
        field_classes: ClassVar[dict[str, Any]] = {
            **dict.fromkeys(BUILT_IN._fields, ColourField),
            "piece": PieceField,
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "programme_name": _("Shown at the top of every page; “Mentoring” if left empty."),
            "ink": _(
                "The dark colour: behind the heading of every page, in buttons and links. The "
                "built-in one if left empty."
            ),
            "second_ink": _("The second voice: drawn on the ink and on white."),
            "highlight": _("Marks what is somebody’s next step, and nothing else."),
            "piece": _(
                "For a piece of your own: JSON with “bars”, “title” and “voices”, two lists of notes, each as"
                " [begin, length, pitch] in sixteenths and MIDI numbers."
            ),
        }

    def clean(self) -> None:
        """Puts the built-in colour for one left empty, and tells of every colour that lacks contrast at once,
        where the verb would tell of the first."""
        super().clean()
        given = {
            name: self.cleaned_data.get(name) or usual for name, usual in BUILT_IN._asdict().items()
        }
        self.cleaned_data.update(given)
        for refusal in refused_inks(Inks(**given)):
            add_violation(self, refusal)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["office_email"]
        field.label = capfirst(str(field.label))
        for name in BUILT_IN._fields:
            self.fields[name].required = False
        if self.instance.office_id is not None:
            self.initial.setdefault("office_email", self.instance.office.email)


_NOTE_HELP = _("Shown on the start page and above the application form. May be left empty.")


class CohortForm(forms.ModelForm):
    """A cohort with its dates, places and rules."""

    class Meta:
        model = Cohort
        fields = (
            "name",
            "starts_on",
            "ends_on",
            "applications_open_at",
            "applications_close_at",
            "talks_from",
            "talks_until",
            "kickoff_on",
            "closing_on",
            "probation_until",
            "places",
            "meetings_a_month",
            "agreement_required",
            "semesters_left",
            "languages",
            "workshop_hours",
            "credit_points",
            "credit_share",
            "workload_hours",
            "decision_days",
            "mentee_answer_days",
            "approval_days",
            "mentor_answer_days",
            "date_answer_days",
            "undo_hours",
            "note_de",
            "note_en",
        )
        help_texts: ClassVar[dict[str, Any]] = {
            "credit_share": _(
                "Mentees who attend at least this share of the workshop hours, and take "
                "an active part otherwise, receive the credit points. For half of the "
                "hours enter 50."
            ),
            "agreement_required": _(
                "A tandem then begins only when both have accepted the written agreement;"
                " otherwise it begins as soon as the mentor’s answer can no longer be "
                "withdrawn. Agreements cannot be accepted here yet: until they can, no "
                "tandem of this cohort begins."
            ),
            "note_de": _NOTE_HELP,
            "note_en": _NOTE_HELP,
        }

    def clean(self) -> dict[str, Any]:
        """Refuses dates in a wrong order, each beside the later one."""
        data: dict[str, Any] = super().clean() or {}
        self._after("ends_on", "starts_on", _("The last day has to be after the first."))
        self._after(
            "applications_close_at",
            "applications_open_at",
            _("Applications have to close after they open."),
        )
        self._after(
            "talks_until", "talks_from", _("Interviews have to end after they begin."), True
        )
        self._within("kickoff_on")
        self._within("closing_on")
        self._within("probation_until")
        return data

    def _after(self, later: str, earlier: str, sentence: Any, same: bool = False) -> None:
        first, second = self.cleaned_data.get(earlier), self.cleaned_data.get(later)
        if first and second and (second < first or (second == first and not same)):
            self.add_error(later, sentence)

    def _within(self, name: str) -> None:
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        value = self.cleaned_data.get(name)
        if first and last and value and not first <= value <= last:
            self.add_error(name, _("This day is not within the cohort."))


class RoleFormSet(BaseInlineFormSet):
    """The coordinators of a cohort; at least one must stay."""

    def clean(self) -> None:
        """Refuses to remove the last coordinator."""
        super().clean()
        before = sum(1 for form in self.initial_forms if form.instance.pk)
        left = [
            form
            for form in self.forms
            if form.cleaned_data.get("user") and not form.cleaned_data.get("DELETE")
        ]
        if before and not left:
            raise forms.ValidationError(
                _("A cohort needs at least one coordinator. Assign somebody else first."),
                code="last_coordinator",
            )


class PageTextForm(forms.ModelForm):
    """The coordinators' text of a page, initially the built-in one."""

    page = forms.ChoiceField(label=_("page"))

    class Meta:
        model = PageText
        fields = ("page", "title_de", "body_de", "title_en", "body_en")
        widgets = {
            "body_de": forms.Textarea(attrs={"rows": 22, "cols": 80}),
            "body_en": forms.Textarea(attrs={"rows": 22, "cols": 80}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            # the page of a text can't be changed; fields the page does not show are removed
            del self.fields["page"]
            return
        field: Any = self.fields["page"]
        taken = set(PageText.objects.values_list("page", flat=True))
        field.choices = [(slug, PAGE_NAMES[slug]) for slug in PAGES if slug not in taken]

    def clean_body_de(self) -> str:
        """The German text. Raises ValidationError for unknown placeholders."""
        return _checked(self.cleaned_data["body_de"])

    def clean_body_en(self) -> str:
        """The English text. Raises ValidationError for unknown placeholders."""
        return _checked(self.cleaned_data["body_en"])


def _checked(body: str) -> str:
    if unknown := placeholders(body) - set(NAMES):
        raise forms.ValidationError(
            _("There is no fact called %(names)s.")
            % {"names": ", ".join(f"{{{name}}}" for name in sorted(unknown))},
            code="fact",
        )
    return body.replace("\r\n", "\n")


def our_words(page: str) -> dict[str, str]:
    """The built-in text of a page as initial values; empty for an unknown page."""
    if page not in PAGES:
        return {}
    title_de, body_de = ours(page, "de")
    title_en, body_en = ours(page, "en")
    return {
        "page": page,
        "title_de": title_de,
        "title_en": title_en,
        "body_de": body_de,
        "body_en": body_en,
    }


class NoticeForm(forms.ModelForm):
    """A version of a notice."""

    class Meta:
        model = ConsentNotice
        fields = ("purpose", "version", "valid_from", "text_de", "text_en")
        widgets = {
            "text_de": forms.Textarea(attrs={"rows": 18, "cols": 80}),
            "text_en": forms.Textarea(attrs={"rows": 18, "cols": 80}),
        }


def page_name(slug: str) -> str:
    """The name of a page in the admin."""
    return str(PAGE_NAMES.get(slug, slug))
