"""The rules of eligibility, by name."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentees import past_participation, rules
from mentees.models import Application
from mentees.rules import RuleResult
from programme.models import Cohort, Degree, StudySubject
from tests import factories


def unsaved(**values: Any) -> Application:
    """An application with its cohort and vocabulary, without a database."""
    return Application(
        cohort=Cohort(name="2026/27", semesters_left=values.pop("wanted", 2)),
        subject=StudySubject(name_de="Violoncello", may_apply=values.pop("subject_may", True)),
        degree=Degree(
            name_de="Master",
            may_apply=values.pop("degree_may", True),
            recommended_from=values.pop("recommended", 1),
        ),
        **{"semester": 1, "semesters_left": 3, "german": "native", **values},
    )


@pytest.mark.parametrize(
    ("rule", "values", "outcome"),
    [
        (rules.subject, {}, RuleResult.MET),
        (rules.subject, {"subject_may": False}, RuleResult.NOT_MET),
        (rules.degree, {}, RuleResult.MET),
        (rules.degree, {"degree_may": False}, RuleResult.NOT_MET),
        (rules.semester, {"semester": 5, "recommended": 5}, RuleResult.MET),
        (rules.semester, {"semester": 4, "recommended": 5}, RuleResult.JUDGE),
        (rules.semesters_left, {"semesters_left": 2}, RuleResult.MET),
        (rules.semesters_left, {"semesters_left": 1}, RuleResult.NOT_MET),
        (rules.semesters_left, {"semesters_left": 0, "wanted": 0}, RuleResult.MET),
        (rules.german, {"german": "native"}, RuleResult.MET),
        (rules.german, {"german": "good"}, RuleResult.MET),
        (rules.german, {"german": "basic"}, RuleResult.JUDGE),
    ],
)
def test_rule_says_outcome(rule: Any, values: dict[str, Any], outcome: RuleResult) -> None:
    found = rule(unsaved(**values))
    assert found.outcome == outcome
    assert found.rule == rule.__name__


@given(semester=st.integers(1, 30), recommended=st.integers(1, 30))
def test_semester_never_says_not_met(semester: int, recommended: int) -> None:
    found = rules.semester(unsaved(semester=semester, recommended=recommended))
    assert found.outcome == (RuleResult.MET if semester >= recommended else RuleResult.JUDGE)
    assert str(recommended) in str(found.sentence)


@given(left=st.integers(0, 20), wanted=st.integers(0, 20))
def test_semesters_left_names_the_cohorts_figure(left: int, wanted: int) -> None:
    found = rules.semesters_left(unsaved(semesters_left=left, wanted=wanted))
    assert (found.outcome == RuleResult.MET) == (left >= wanted)
    assert str(wanted) in str(found.sentence)


def test_no_rule_reads_the_personal_situation() -> None:
    assert ".situation" not in inspect.getsource(rules)


@pytest.mark.django_db
def test_first_time_is_met_for_somebody_new() -> None:
    assert rules.first_time(factories.application()).outcome == RuleResult.MET


@pytest.mark.django_db
def test_first_time_is_not_met_by_a_mentee_of_another_cohort() -> None:
    before = factories.mentee("completed", factories.cohort("2025/26"))
    again = factories.application(applicant=before.user)
    assert rules.first_time(again).outcome == RuleResult.NOT_MET


@pytest.mark.django_db
def test_first_time_is_not_met_by_a_trace_alone(now: Any) -> None:
    application = factories.application()
    past_participation.remember(application.applicant, now)
    assert rules.first_time(application).outcome == RuleResult.NOT_MET


@pytest.mark.django_db
def test_trace_is_keyed_and_the_same_twice(settings: Any, now: Any) -> None:
    person = factories.person()
    past_participation.remember(person, now)
    past_participation.remember(person, now)
    before = past_participation.address_hash(person.email)
    settings.SECRET_KEY = "another key of the sessions that has nothing to do with this"
    assert past_participation.address_hash(person.email) == before
    settings.LINK_KEY = "another key"
    assert past_participation.address_hash(person.email) != before
    assert person.email not in before


@pytest.mark.django_db
def test_findings_stand_in_the_order_of_the_form(django_assert_num_queries: Any) -> None:
    application = Application.objects.with_words().get(pk=factories.application().pk)
    with django_assert_num_queries(2):
        found = rules.findings(application)
    assert [one.rule for one in found] == [
        "subject", "degree", "semester", "semesters_left", "german", "first_time",
    ]  # fmt: skip
