"""What forms share: their fields here, ``rendering`` turns them into HTML, ``layout`` places them."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import RuleViolation
from core.forms.fields import (
    AddressField,
    EntriesField,
    LineField,
    NameField,
    NearDateField,
    NearMomentField,
    ShareField,
    WordsField,
)

__all__ = [
    "AddressField",
    "EntriesField",
    "LineField",
    "NameField",
    "NearDateField",
    "NearMomentField",
    "NewAddressForm",
    "ShareField",
    "WordsField",
    "add_violation",
]


class NewAddressForm(forms.Form):
    """A new e-mail address of a person; it takes effect once it is confirmed."""

    email = AddressField(
        label=_("New email address"),
        help_text=_("We will send a link there. Nothing changes until you confirm it."),
    )


def add_violation(form: forms.BaseForm, violation: RuleViolation) -> None:
    """Shows the violation's sentence beside its field, or above the form where the form has no such field."""
    form.add_error(violation.field if violation.field in form.fields else None, str(violation))
