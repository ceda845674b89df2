"""Fields for a day and for a time of day, with native inputs and without script.

All entries are kept: a value the browser's own date input couldn't show again is shown in a plain text input.
German spellings (20.1.2027, 17.30 Uhr) are accepted for browsers without such an input.
"""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import dateparse
from django.utils.translation import gettext_lazy as _

_GERMAN_DAY = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?(?::00)?\s*(?:Uhr)?", re.ASCII | re.IGNORECASE)


class _NativeInput(forms.TextInput):
    """A native input that becomes a text input for a value it could not show."""

    native = "text"
    shown = re.compile("")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        if shown is None or self.shown.fullmatch(shown):
            context["widget"]["type"] = self.native
        return context


class DayInput(_NativeInput):
    """The browser's date input."""

    native = "date"
    shown = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

    def format_value(self, value: Any) -> str | None:
        text = value.isoformat() if isinstance(value, date) else super().format_value(value)
        # 2027-02-31 has the right format, but the browser would show an empty field
        if text and self.shown.fullmatch(text) and not _exists(text):
            return f"{text[8:]}.{text[5:7]}.{text[:4]}"
        return text


class ClockInput(_NativeInput):
    """The browser's time input."""

    native = "time"
    shown = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)

    def format_value(self, value: Any) -> str | None:
        return f"{value:%H:%M}" if isinstance(value, time) else super().format_value(value)


def _exists(text: str) -> bool:
    try:
        return dateparse.parse_date(text) is not None
    except ValueError:
        return False


class _TypedField(forms.Field):
    """The entry without surrounding blanks; at most 30 characters."""

    def typed(self, value: Any) -> str:
        return str(value or "").strip()[:30]


class DayField(_TypedField):
    """A day, in ISO or German format."""

    widget = DayInput

    def to_python(self, value: Any) -> Any:
        """A date between 2000 and 2100, or "". Raises ValidationError with a sentence."""
        text = self.typed(value)
        if not text:
            return ""
        if match := _GERMAN_DAY.fullmatch(text):
            text = f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"
        try:
            found = dateparse.parse_date(text) if text.isascii() else None
        except ValueError:
            raise ValidationError(_("This date does not exist."), code="day") from None
        if found is None:
            raise ValidationError(
                _("Please enter the date like this: 20.1.2027 (day, month, year)."), code="day"
            )
        if not 2000 <= found.year <= 2100:
            raise ValidationError(_("Please check the year."), code="year")
        return found


class ClockField(_TypedField):
    """A time of day, as 17:30, 17.30 Uhr or 17 Uhr."""

    widget = ClockInput

    def to_python(self, value: Any) -> Any:
        """A time without zone and seconds, or "". Raises ValidationError with a sentence."""
        text = self.typed(value)
        if not text:
            return ""
        match = _CLOCK.fullmatch(text)
        if match is None:
            raise ValidationError(_("Please enter the time like this: 17:30."), code="clock")
        hour, minute = int(match[1]), int(match[2] or 0)
        if hour == 24 and minute == 0:
            raise ValidationError(
                _("The day ends at 23:59. Midnight is 0:00 on the next day."), code="midnight"
            )
        if hour > 23 or minute > 59:
            raise ValidationError(_("This time does not exist."), code="clock")
        return time(hour, minute)
