"""The answers of mentees and mentors, and the forms of the coordinators' verbs."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import LineField, WordsField
from core.forms.layout import Choices, PageHelper, Stack, Unmarked
from core.links.forms import AnswerForm
from matching.models import Objective, PairRule
from programme.choices import Choice

CONFIRM, DECLINE, QUESTION, UNDO = "confirm", "decline", "question", "undo"
AGREE = "agree"
_WORDS = 1500


def _word(label: Any, **options: Any) -> WordsField:
    return WordsField(label=label, rows=3, max_length=_WORDS, required=False, **options)


class TandemAnswerForm(AnswerForm):
    """The mentor's answer: yes, no, or a question first. A further answer needs a line in ``ANSWERS`` and a
    branch in ``links.carry_out``."""

    ANSWERS: ClassVar = [
        (
            CONFIRM,
            Choice(
                _("Yes, I accept"),
                _("You both receive each other’s contact details and advice on how to begin."),
            ),
        ),
        (
            DECLINE,
            Choice(
                _("No, not this time"),
                _(
                    "Thank you for letting us know. We keep looking, and you remain part of"
                    " the network."
                ),
            ),
        ),
        (
            QUESTION,
            Choice(
                _("I have a question first"),
                _("The coordinators will be in touch. The deadline is paused until then."),
            ),
        ),
    ]
    helper = PageHelper(
        Stack(
            Choices(
                "answer",
                {CONFIRM: ["word"], DECLINE: ["reason"], QUESTION: [Unmarked("question")]},
            )
        )
    )

    word = _word(_("A message for the coordinators"))
    reason = _word(_("Would you like to tell us why?"))
    question = _word(_("Your question"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("answers", self.ANSWERS)
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = _("What is your answer?")

    def clean(self) -> dict[str, Any]:
        """Requires the question where that answer is chosen."""
        data = super().clean() or {}
        if (
            data.get("answer") == QUESTION
            and not data.get("question")
            and not self.errors.get("question")
        ):
            self.add_error("question", _("Please say what you would like to know."))
        return data


class UndoForm(AnswerForm):
    """Undoing an answer: one choice that is not preselected, then the button (promise L1)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        choice = Choice(
            _("I withdraw my answer"), _("The request is open again, and you can decide afresh.")
        )
        kwargs.setdefault("answers", [(UNDO, choice)])
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = _("Have you changed your mind?")


class ProposalForm(AnswerForm):
    """The mentee's answer to a proposal."""

    ANSWERS: ClassVar = [
        (
            AGREE,
            Choice(
                _("Yes, please ask"),
                _("Once the coordinators approve, we ask the mentor."),
            ),
        ),
        (
            DECLINE,
            Choice(_("No, please keep looking"), _("Only the coordinators are told.")),
        ),
    ]

    word = _word(
        _("A message for the coordinators"),
        help_text=_(
            "For example, what matters to you in this tandem, or why you would rather not."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("answers", self.ANSWERS)
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = _("May we ask?")


class DissolveForm(forms.Form):
    """Why a tandem ends."""

    reason = LineField(
        label=_("Reason"),
        help_text=_(
            "Only the coordinators read this. The two mentoring partners are told"
            " that the tandem has ended, but not why."
        ),
        max_length=300,
        required=True,
    )


class QuestionAnsweredForm(forms.Form):
    """The coordinators' answer to a mentor's question."""

    answer = WordsField(
        label=_("Your answer"),
        help_text=_("It is included in the email. Leave it empty if you have already talked."),
        rows=5,
        max_length=_WORDS,
        required=False,
    )


class PairForm(forms.Form):
    """A pair of the workbench, and why it is excluded, if it is."""

    mentee = forms.UUIDField(widget=forms.HiddenInput)
    mentor = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("Why the pair is excluded"),
        choices=[one for one in PairRule.Kind.choices if one[0] != PairRule.Kind.PIN],
        initial=PairRule.Kind.FORBID,
        required=False,
    )
    note = LineField(label=_("Note"), max_length=200, required=False)

    def clean_kind(self) -> str:
        """The kind of the exclusion, without a special reason where none was sent."""
        return self.cleaned_data["kind"] or PairRule.Kind.FORBID


class PlanForm(forms.Form):
    """What a plan is to optimise."""

    objective = forms.ChoiceField(label=_("What the plan optimises"), choices=Objective.choices)
