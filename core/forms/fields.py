"""Form fields that several apps share."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.addresses import clean_address

KEY_LENGTH = 18  # digits of a number that surely fits in 64 bits


class ShareField(forms.IntegerField):
    """A share, stored as a decimal from 0 to 1, asked and shown in whole per cent. Returns the decimal."""

    def __init__(self, *, max_digits: int, decimal_places: int, **kwargs: Any) -> None:
        kwargs["label"] = format_lazy("{} ({})", kwargs.get("label") or "", _("as a percentage"))
        super().__init__(min_value=0, max_value=100, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """“50” for 0.50; an entry that was sent is returned unchanged."""
        return int(value * 100) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Any:
        """The whole number of per cent; raises ValidationError for anything else."""
        return super().to_python(self.prepare_value(value))

    def clean(self, value: Any) -> Any:
        """The decimal; None where nothing was given."""
        per_cent = super().clean(value)
        return None if per_cent is None else Decimal(per_cent) / 100

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compares per cent with per cent."""
        return super().has_changed(self.prepare_value(initial), data)


class AddressField(forms.CharField):
    """An e-mail address, returned in the one spelling that is stored."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 254)
        kwargs.setdefault(
            "widget", forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"})
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        """The normalised address, or "" where it is optional. Raises ValidationError with a sentence."""
        value = super().clean(value)
        return clean_address(value) if value else ""


class LineField(forms.CharField):
    """A text of one line: NFC, single spaces, no control or zero-width characters."""

    def to_python(self, value: Any) -> str:
        """The tidied line; only invisible characters count as empty."""
        return tidy(super().to_python(value) or "")


class NameField(LineField):
    """A person's name as entered, tidied like every line."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 150)
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "name"}))
        super().__init__(**kwargs)


class WordsField(forms.CharField):
    """A text of several lines: NFC, without control characters other than line breaks."""

    def __init__(self, *, rows: int = 6, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 4000)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """The tidied text with its line breaks."""
        return tidy(super().to_python(value) or "", lines=True)


def in_our_time(value: date) -> None:
    """Raises ValidationError for a day or moment before 2000 or after 2100: a typing error, or one that would
    overflow in date arithmetic."""
    if not 2000 <= value.year <= 2100:
        raise forms.ValidationError(_("Please check the year."), code="year")


class NearDateField(forms.DateField):
    """A day between 2000 and 2100."""

    default_validators = [in_our_time]


class NearMomentField(forms.SplitDateTimeField):
    """A day and a time in Berlin between 2000 and 2100, asked for in two fields."""

    default_validators = [in_our_time]

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Django's attributes. Tells the widget what the two inputs ask for together."""
        cast(Any, widget).label = self.label
        return super().widget_attrs(widget)


class EntriesField(forms.ModelMultipleChoiceField):
    """Several entries of a vocabulary. A number too large for the key column is refused as an unknown entry
    instead of raising a database error."""

    def clean(self, value: Any) -> Any:
        """The entries. Raises ValidationError for what was not offered."""
        for key in value if isinstance(value, list | tuple) else ():
            if len(str(key)) > KEY_LENGTH:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": key},
                )
        return super().clean(value)


def tidy(value: str, *, lines: bool = False) -> str:
    """``value`` in NFC without invisible characters and characters that change the writing direction.

    Joiners between other characters stay (emoji, Persian); a value of invisible characters only becomes
    empty.
    """
    value = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(
        char
        for char in value
        if (char == "\n" and lines)
        or char in "\u200c\u200d"
        or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp", "Co"}
    )
    if not any(char.isprintable() and not char.isspace() for char in kept.strip("\u200c\u200d")):
        return ""
    return kept.strip() if lines else " ".join(kept.split())
