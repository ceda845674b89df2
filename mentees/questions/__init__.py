"""The questions of the application, each described once, in the order of the form.

From here derive the form and its layout, what the verb is given, what is stored, the revision, the answers on
the person's and the coordinators' pages and on that of a mentor who decides, and the register of personal data.
A new question is a field of ``Application``, a migration and one entry in ``STEPS`` (``steps.py``).
"""

from __future__ import annotations

from typing import Any

from mentees.models import Application
from mentees.questions.kinds import FormStep, Question, Ranked, words_of
from mentees.questions.shown import AnswerRow, rows_of
from mentees.questions.steps import CHOOSING, MATCHING, STEPS, STUDIES, UNTIL

__all__ = [
    "CHOOSING",
    "MATCHING",
    "STEPS",
    "UNTIL",
    "FormStep",
    "Question",
    "Ranked",
    "every",
    "policies",
    "rows",
    "rows_for_mentor",
    "words_of",
]


def every() -> list[Question]:
    """All questions in the order of the form."""
    return [one for step in STEPS for one in step.questions]


def policies(model: str) -> dict[str, Any]:
    """The policies of the fields of ``model`` ("app.Model") that hold answers, by field."""
    return {
        name: policy
        for one in every()
        for (where, name), policy in one.policies.items()
        if where == model
    }


def rows(application: Application) -> list[AnswerRow]:
    """The answers for the applicant and the coordinators; of an application ``with_words``."""
    return rows_of(application, (one.shown for one in every()))


def rows_for_mentor(application: Application) -> list[AnswerRow]:
    """The answers for a mentor who decides about a tandem."""
    return rows_of(application, (one.for_mentor for one in every()))


def studies(application: Application) -> str:
    """“Violoncello, Master of Music, semester 3”: what a mentor reads under the heading of studies."""
    told = (one.for_mentor for one in every())
    return ", ".join(str(one.text(application)) for one in told if one and one.heading is STUDIES)
