"""The form base of personal links: nothing is preselected, a person has to choose (promises L1, L2)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class AnswerForm(forms.Form):
    """Base of forms with one radio named ``answer``; subclasses give its choices and further fields."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose an answer; nothing has been decided yet.")},
    )

    def __init__(
        self, *args: Any, answers: list[tuple[str, Any]] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if answers is not None:
            self.fields["answer"].choices = answers  # type: ignore[attr-defined]
        self.fields["answer"].initial = None
