"""The criteria for applicants: named rules that return a finding and never decide.

Every figure comes from the cohort or the vocabulary. No rule rejects anybody; the coordinators read the
findings beside the answers (GDPR Art. 22). No rule uses the personal situation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from core.states import Look
from mentees.models import Application, GermanLevel
from mentees.past_participation import took_part
from mentees.states import ApplicationState


class RuleResult(StrEnum):
    """The possible results of a rule."""

    MET = "met"
    NOT_MET = "not_met"
    JUDGE = "judge"


WORDS: dict[RuleResult, tuple[Any, Look]] = {
    RuleResult.MET: (pgettext_lazy("rule", "met"), "done"),
    RuleResult.NOT_MET: (pgettext_lazy("rule", "not met"), "alert"),
    RuleResult.JUDGE: (_("your decision"), "open"),
}


@dataclass(frozen=True)
class Finding:
    """What one rule found: its code, its title, the outcome and a sentence with the figures."""

    rule: str
    title: Any
    outcome: RuleResult
    sentence: Any

    @property
    def word(self) -> Any:
        """The outcome as a word on screen."""
        return WORDS[self.outcome][0]

    @property
    def look(self) -> Look:
        """The symbol before the word."""
        return WORDS[self.outcome][1]


def subject(application: Application) -> Finding:
    """All subjects except those with a mentoring offer of their own (``StudySubject.may_apply``)."""
    found = application.subject
    if found.may_apply:
        return _found("subject", RuleResult.MET, _("%(subject)s is eligible."), subject=found)
    return _found(
        "subject",
        RuleResult.NOT_MET,
        _("%(subject)s is not an eligible subject."),
        subject=found,
    )


def degree(application: Application) -> Finding:
    """All degrees except those without ``Degree.may_apply``."""
    found = application.degree
    if found.may_apply:
        return _found("degree", RuleResult.MET, _("%(degree)s is eligible."), degree=found)
    return _found(
        "degree",
        RuleResult.NOT_MET,
        _("%(degree)s is not an eligible degree."),
        degree=found,
    )


def semester(application: Application) -> Finding:
    """Recommended from a certain semester of the degree: below it, coordinators judge. A leave semester does
    not matter."""
    wanted = application.degree.recommended_from
    reached = application.semester >= wanted
    sentence = (
        _("Semester %(semester)d; recommended from semester %(wanted)d.")
        if reached
        else _(
            "Semester %(semester)d; recommended from semester %(wanted)d, but this is not"
            " a condition. A leave of absence is not a problem."
        )
    )
    return _found(
        "semester",
        RuleResult.MET if reached else RuleResult.JUDGE,
        sentence,
        semester=application.semester,
        wanted=wanted,
    )


def semesters_left(application: Application) -> Finding:
    """Enrolled long enough to take part to the end (``Cohort.semesters_left``)."""
    wanted = application.cohort.semesters_left
    left = application.semesters_left
    sentence = ngettext_lazy(
        "Enrolled for %(left)d more semester; at least %(wanted)d needed.",
        "Enrolled for %(left)d more semesters; at least %(wanted)d needed.",
        "left",
    )
    outcome = RuleResult.MET if left >= wanted else RuleResult.NOT_MET
    return _found("semesters_left", outcome, sentence, left=left, wanted=wanted)


def german(application: Application) -> Finding:
    """German good to very good, in the applicant's own assessment: lower levels are judged in the talk."""
    level = GermanLevel(application.german)
    if level == GermanLevel.BASIC:
        return _found(
            "german",
            RuleResult.JUDGE,
            _("By their own judgement: %(level)s. Good to very good German is needed."),
            level=level.label,
        )
    return _found(
        "german", RuleResult.MET, _("By their own judgement: %(level)s."), level=level.label
    )


def first_time(application: Application) -> Finding:
    """Nobody takes part twice. The participation that came from this application does not count."""
    if application.state == ApplicationState.ACCEPTED or not took_part(application.applicant):
        return _found("first_time", RuleResult.MET, _("Has not taken part before."))
    return _found(
        "first_time",
        RuleResult.NOT_MET,
        _("Has taken part before; nobody can take part twice."),
    )


TITLES: dict[str, Any] = {
    "subject": _("Study subject"),
    "degree": _("Degree"),
    "semester": _("Recommended semester"),
    "semesters_left": _("Semesters still enrolled"),
    "german": _("German"),
    "first_time": _("First participation"),
}
# Rules that need no query of their own and can be used in a list.
AT_HAND: tuple[Callable[[Application], Finding], ...] = (
    subject,
    degree,
    semester,
    semesters_left,
    german,
)
RULES: tuple[Callable[[Application], Finding], ...] = (*AT_HAND, first_time)


def findings(
    application: Application, rules: tuple[Callable[[Application], Finding], ...] = RULES
) -> list[Finding]:
    """The findings of all rules, in the order of the form; two queries for the last one."""
    return [rule(application) for rule in rules]


def _found(rule: str, outcome: RuleResult, sentence: Any, **figures: Any) -> Finding:
    return Finding(rule, TITLES[rule], outcome, sentence % figures if figures else sentence)
