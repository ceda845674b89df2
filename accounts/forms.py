"""The forms of the sign-in door that are ours."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.fields import EmailField
from allauth.core import context
from allauth.mfa.base import forms as mfa
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import known_browsers
from core import limits
from core.addresses import clean_address


class AddressForm(forms.Form):
    """To whom a code shall be sent."""

    email = EmailField()

    def clean_email(self) -> str:
        """The address in the spelling that is stored. Raises ValidationError for what is none."""
        return clean_address(self.cleaned_data["email"])


class CodeForm(forms.Form):
    """The code from the mail. Whether it is right, is not judged here."""

    code = forms.CharField(
        label=_("Your code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )


class _Counted(mfa.BaseAuthenticateForm):  # type: ignore[misc]
    """Wrong codes of the second factor are counted like wrong passwords (promise P1), and a right one
    takes back itself alone: allauth forgets all the wrong ones before it."""

    def clean_code(self) -> Any:
        """The code. Raises ValidationError for a wrong one, and unjudged when it is one too many."""
        guesses = known_browsers.limits_of_guesses(context.request, self.user.email)
        taken = limits.take("factor-failed", *guesses)
        if taken is None:
            raise get_adapter().validation_error("too_many_factors")
        code = super().clean_code()
        taken.rollback()
        return code


class FactorForm(_Counted, mfa.AuthenticateForm):
    """The second factor within signing in."""


class FactorAgainForm(_Counted, mfa.ReauthenticateForm):
    """The second factor of somebody signed in."""
