"""Every waiting step has a deadline that both sides see: the one it waits for, and the one who waits."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from core.templatetags.ui import full_day
from meetings.models import Side
from mentoring.home.page import compose
from tests import factories as make
from tests.factories import NOW
from tests.meetings.helpers import offered, pair

pytestmark = pytest.mark.django_db
UNTIL = NOW + timedelta(days=6)


@pytest.fixture(autouse=True)
def _german() -> Any:
    with translation.override("de"):
        yield


def waits(user: Any) -> list[tuple[str, datetime | None]]:
    """What the person's page says others have to do."""
    return [(str(wait.sentence), wait.deadline) for wait in compose(user, NOW)["waiting_on"]]


def next_action_deadline(user: Any) -> datetime | None:
    """Until when the person's own next step is to be done."""
    deadline: datetime | None = compose(user, NOW)["next_action"].deadline
    return deadline


@pytest.mark.parametrize("state", ["submitted", "in_review", "invited", "waitlisted"])
def test_an_applicant_sees_until_when_there_is_an_answer(state: str) -> None:
    application = make.application(state, decide_by=UNTIL)
    ((sentence, deadline),) = waits(application.applicant)
    assert full_day(UNTIL) in sentence
    assert deadline == UNTIL


@pytest.mark.parametrize("state", ["accepted", "rejected", "withdrawn"])
def test_a_settled_application_waits_for_nobody(state: str) -> None:
    application = make.application(state, decide_by=UNTIL)
    assert waits(application.applicant) == []


@pytest.mark.parametrize("state", ["mentee_agreed", "mentor_asked"])
def test_a_mentee_sees_until_when_the_tandem_waits(state: str) -> None:
    tandem = make.tandem(state, answer_by=UNTIL)
    ((sentence, deadline),) = waits(tandem.mentee.user)
    assert full_day(UNTIL) in sentence
    assert deadline == UNTIL
    if state == "mentor_asked":
        assert next_action_deadline(tandem.mentor.user) == UNTIL


def test_a_question_rests_the_deadline_and_both_are_told() -> None:
    tandem = make.tandem("mentor_asked", answer_by=None, question="Online?", question_at=NOW)
    for user in (tandem.mentee.user, tandem.mentor.user):
        ((sentence, deadline),) = waits(user)
        assert "Frist" in sentence
        assert deadline is None


def test_a_mentee_without_a_tandem_is_promised_a_proposal_by_the_beginning() -> None:
    begins = NOW.date() + timedelta(days=40)
    mentee = make.mentee(of=make.cohort(starts_on=begins, ends_on=begins + timedelta(days=300)))
    ((sentence, _deadline),) = waits(mentee.user)
    assert full_day(begins) in sentence


def test_a_running_cohort_promises_no_day_that_is_past() -> None:
    begun = NOW.date() - timedelta(days=20)
    mentee = make.mentee(of=make.cohort(starts_on=begun, ends_on=begun + timedelta(days=300)))
    ((_sentence, deadline),) = waits(mentee.user)
    assert deadline is None


def test_dates_wait_for_the_mentor_and_both_see_until_when() -> None:
    two = pair()
    meeting = offered(two)
    assert meeting.waits_for == Side.MENTOR
    ((sentence, deadline),) = waits(two.mentee)
    assert full_day(meeting.answer_by) in sentence
    assert deadline == meeting.answer_by == next_action_deadline(two.mentor)


def test_the_mentor_sees_until_when_dates_are_to_be_proposed() -> None:
    two = pair()
    ((sentence, deadline),) = waits(two.mentor)
    assert full_day(date(2026, 10, 31)) in sentence
    assert deadline == next_action_deadline(two.mentee)
