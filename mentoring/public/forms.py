"""The contact form."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core import page_cache
from core.forms import AddressField, NameField, WordsField


class ContactForm(forms.Form):
    """A message to the office. ``form_id`` identifies a form that is sent twice."""

    name = NameField(label=_("Your name"))
    email = AddressField(label=_("Your email address"), help_text=_("So that we can answer you."))
    message = WordsField(label=_("Your message"), rows=8, max_length=5000)
    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=page_cache.form_id)
