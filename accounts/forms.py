"""The sign-in forms that replace or extend allauth's."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.fields import EmailField
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import known_browsers
from core import limits
from core.addresses import clean_address


class AddressForm(forms.Form):
    """The address a code is sent to."""

    email = EmailField()

    def clean_email(self) -> str:
        """The normalised address. Raises ValidationError for an invalid one."""
        return clean_address(self.cleaned_data["email"])


def _code_input() -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "one-time-code", "class": "code-entry"})


class CodeForm(forms.Form):
    """The code from the mail; the form does not check whether it is right."""

    code = forms.CharField(
        label=_("Your code"),
        help_text=_("From the email; capital and small letters are treated the same."),
        max_length=40,
        widget=_code_input(),
    )


class _Counted(mfa.BaseAuthenticateForm):  # type: ignore[misc]
    """Counts wrong codes of the second factor like wrong passwords (promise P1); a right one uncounts only
    itself, while allauth would reset the counter."""

    code = forms.CharField(
        label=_("Code from the app"),
        help_text=_("A recovery code works here too."),
        widget=_code_input(),
    )

    def clean_code(self) -> Any:
        """The code. Raises ValidationError for a wrong one, and without checking it when the limit is
        reached."""
        guesses = known_browsers.limits_of_guesses(context.request, self.user.email)
        taken = limits.take("factor-failed", *guesses)
        if taken is None:
            raise get_adapter().validation_error("too_many_factors")
        code = super().clean_code()
        taken.rollback()
        return code


class FactorForm(_Counted, mfa.AuthenticateForm):
    """The second factor during sign-in."""


class FactorAgainForm(_Counted, mfa.ReauthenticateForm):
    """The second factor of a person who is signed in."""


class FactorSetUpForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a second factor, after the key of ``secret`` was entered in the app."""

    code = forms.CharField(label=_("2. Enter the six digits it shows"), widget=_code_input())
