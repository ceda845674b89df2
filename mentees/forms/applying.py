"""The application form."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import page_cache
from core.forms.layout import Group, PageHelper
from mentees import questions
from mentees.application_data import ApplicationData
from mentees.vocabulary import Offer
from programme.models import Cohort, ConsentNotice


class StepLayout(Group):
    """One step: its heading in the margin, what it begins with, its fields, the ways to the steps before and
    after, and on the last one the end of the form."""

    template = "mentees/includes/step.html"


NO_ID = uuid.UUID(int=0)  # without an id, repeated posts are recognised by the answers alone


class FormIdField(forms.UUIDField):
    """The form's id. An invalid one is replaced: it only serves to recognise repeated posts (promise C8)."""

    def clean(self, value: Any) -> uuid.UUID:
        """The id, or ``NO_ID`` for an invalid one."""
        try:
            return super().clean(value) or NO_ID
        except forms.ValidationError:
            return NO_ID


class ApplicationForm(forms.Form):
    """The whole application form, its fields made of ``mentees/questions``.

    ``offer`` holds the possible choices, read once; ``notice`` is the one shown beside the consent.
    """

    form_id: Any = FormIdField(required=False, widget=forms.HiddenInput)
    cohort: Any = forms.CharField(required=False, widget=forms.HiddenInput)
    notice: Any = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, offer: Offer, cohort: Cohort, notice: ConsentNotice, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer, self.current_notice = offer, notice
        self.initial.setdefault("form_id", page_cache.form_id())
        self.initial.update(cohort=cohort.pk, notice=notice.pk)
        for one in questions.every():
            if self.asks(one):
                self.fields.update(one.form_fields(offer, cohort))

    @staticmethod
    def asks(question: questions.Question) -> bool:
        """Whether this form asks the question."""
        return True

    @property
    def steps(self) -> list[questions.FormStep]:
        """The steps with questions that this form asks."""
        return [step for step in questions.STEPS if any(map(self.asks, step.questions))]

    @property
    def helper(self) -> PageHelper:
        """The layout: a step after the other."""
        steps = self.steps
        around = zip(steps, [None, *steps[:-1]], [*steps[1:], None], strict=True)
        return PageHelper(
            *(
                StepLayout(
                    *(name for one in step.questions if self.asks(one) for name in one.names),
                    step=step,
                    number=number,
                    number_of_steps=len(steps),
                    before=before,
                    after=after,
                )
                for number, (step, before, after) in enumerate(around, start=1)
            )
        )

    # ── cleaning ─────────────────────────────────────────────────────────────
    def clean_notice(self) -> ConsentNotice:
        """The notice that was shown. Raises ValidationError when a newer one is valid by now."""
        if self.cleaned_data["notice"] not in ("", str(self.current_notice.pk)):
            # The form is shown again with the new notice and can be sent after a new consent.
            fresh: Any = self.data
            self.data = fresh = fresh.copy()
            fresh["notice"] = str(self.current_notice.pk)
            fresh.pop("agree", None)
            raise forms.ValidationError(
                _(
                    "The notice has changed in the meantime. Please read it again before "
                    "you send your application."
                ),
                code="notice",
            )
        return self.current_notice

    def clean(self) -> dict[str, Any]:
        """Refuses answers that contradict each other."""
        data = super().clean() or {}
        for one in questions.every():
            one.check(self)
        return data

    def application_data(self) -> ApplicationData:
        """What was filled in, for the verbs; only of a valid form."""
        return ApplicationData(**{one.name: one.value(self) for one in questions.every()})
