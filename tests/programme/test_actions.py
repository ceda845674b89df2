"""Cohorts and their coordinators, texts, notices: the rules."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from core.audit import Actor
from core.audit.models import AuditEvent
from core.errors import RuleViolation
from programme import actions, consents
from programme.models import (
    Cohort,
    CohortRole,
    ConsentNotice,
    PageText,
)
from programme.roles import coordinators_of, coordinators_on_duty, office
from tests import factories as make
from tests.accounts.helpers import move

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Actor:
    return make.by(make.person(is_staff=True, is_superuser=True), "admin")


def test_a_coordinator_is_assigned_once_and_audited(admin: Actor, now: datetime) -> None:
    cohort, colleague = make.cohort(), make.person(is_staff=True)
    for _time in range(2):
        role = actions.assign_coordinator(cohort, colleague, by=admin, now=now)
    assert coordinators_of(cohort.pk) == [colleague]
    event = AuditEvent.objects.get()
    assert (event.verb, event.object_id, event.cohort_id) == ("assign", str(role.pk), cohort.pk)


def test_nobody_changes_their_own_role(now: datetime) -> None:
    cohort = make.cohort()
    own, other = make.coordinator(cohort), make.coordinator(cohort)
    for verb in (actions.assign_coordinator, actions.dismiss_coordinator):
        with pytest.raises(RuleViolation) as refused:
            verb(cohort, own, by=make.by(own), now=now)
        assert refused.value.code == "own_role"
    assert set(coordinators_of(cohort.pk)) == {own, other}


def test_the_last_coordinator_of_a_cohort_stays(admin: Actor, now: datetime) -> None:
    cohort = make.cohort()
    first, second = make.coordinator(cohort), make.coordinator(cohort)
    actions.dismiss_coordinator(cohort, first, by=admin, now=now)
    with pytest.raises(RuleViolation) as refused:
        actions.dismiss_coordinator(cohort, second, by=admin, now=now)
    assert refused.value.code == "last_coordinator"
    assert CohortRole.objects.get().user == second


def test_only_staff_coordinates(admin: Actor, now: datetime) -> None:
    with pytest.raises(RuleViolation) as refused:
        actions.assign_coordinator(make.cohort(), make.person(), by=admin, now=now)
    assert refused.value.code == "no_staff"


def test_mails_about_mentors_go_to_those_on_duty_or_to_the_office(now: datetime) -> None:
    organisation = make.organisation()
    assert coordinators_on_duty(now) == [organisation.office] == [office()]
    past = make.cohort(
        "2024/25",
        starts_on=(now - timedelta(days=700)).date(),
        ends_on=now.date() - timedelta(days=1),
    )
    make.coordinator(past)
    assert coordinators_on_duty(now) == [organisation.office]
    own, closed = make.coordinator(), make.coordinator()
    User.objects.filter(pk=closed.pk).update(is_active=False)
    assert coordinators_on_duty(now) == [own]


def test_a_persons_new_address_does_not_become_the_offices(now: datetime) -> None:
    organisation = make.organisation()
    person, former = organisation.office, organisation.office_email
    move(person, "privat@example.org", now)
    organisation.refresh_from_db()
    assert organisation.office != person
    assert organisation.office_email == former


def test_before_there_is_an_office_nobody_is_written_to(now: datetime) -> None:
    assert office() is None
    assert coordinators_on_duty(now) == []


def test_a_text_replaces_ours_and_gives_it_back(admin: Actor, now: datetime) -> None:
    text = PageText(page="imprint", title_de="A", title_en="B", body_de="C", body_en="D")
    actions.replace_text(text, by=admin, now=now, fields=["title_de"])
    actions.restore_text(text, by=admin, now=now)
    assert not PageText.objects.exists()
    assert [event.verb for event in AuditEvent.objects.order_by("pk")] == ["create", "restore"]


def test_a_notice_people_may_have_agreed_to_is_never_changed(admin: Actor, now: datetime) -> None:
    notice = make.notice("mentor")
    notice.text_de = "heimlich anders"
    with pytest.raises(RuleViolation) as refused:
        actions.enter_notice(notice, by=admin, now=now)
    assert refused.value.code == "in_use"
    notice.refresh_from_db()
    assert notice.text_de == "Hinweis"


def test_a_new_version_is_shown_from_its_day_on(admin: Actor, now: datetime) -> None:
    old = make.notice("mentor")
    new = ConsentNotice(
        purpose="mentor",
        version="2027-1",
        valid_from=now + timedelta(days=1),
        text_de="neu",
        text_en="new",
    )
    actions.enter_notice(new, by=admin, now=now)
    new.text_de = "neuer"
    actions.enter_notice(new, by=admin, now=now)
    assert consents.current_notice("mentor", now) == old
    assert consents.current_notice("mentor", now + timedelta(days=2)) == new


def test_consent_is_given_and_withdrawn_with_its_time(now: datetime) -> None:
    person, notice = make.person(), make.notice("application")
    by = make.by(person, "person")
    first = consents.give(person, notice, by=by, now=now)
    assert consents.give(person, notice, by=by, now=now) == first
    assert consents.has_consent(person, "application")
    assert not consents.has_consent(person, "mentor")
    assert not consents.has_consent(None, "application")
    assert consents.withdraw(person, "application", by=by, now=now) == 1
    assert consents.withdraw(person, "application", by=by, now=now) == 0
    assert not consents.has_consent(person, "application")


def test_c3_two_coordinators_who_change_a_cohort_keep_each_others_words(now: datetime) -> None:
    one = make.cohort()
    other = Cohort.objects.get(pk=one.pk)
    by = make.by(make.coordinator())
    one.places = 12
    actions.change_cohort(one, by=by, now=now, fields=["places"])
    other.workload_hours = 100
    actions.change_cohort(other, by=by, now=now, fields=["workload_hours"])
    stored = Cohort.objects.get(pk=one.pk)
    assert (stored.places, stored.workload_hours) == (12, 100)
