"""Wishes by name are joined to the network, and what the applicant reads of that."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.audit.models import AuditEvent
from core.errors import RuleViolation
from matching.profiles import problem_of
from mentees import actions, todo
from mentees.models import Application
from programme.models import Cohort
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def wishing(*names: str, state: str = "submitted") -> Application:
    application = factories.application(state)
    for rank, name in enumerate(names, 1):
        application.wishes.create(rank=rank, name=name)
    return application


def test_a_wish_by_name_is_joined_and_the_trail_names_the_mentor_by_key(now: datetime) -> None:
    application = wishing("Prof. Osterloh", "Noah Berg")
    mentor = factories.mentor(name="Henrike Osterloh")
    by = factories.by(factories.coordinator())
    actions.join_wishes(application, by=by, now=now, wish_1=mentor, wish_2=None)
    assert [one.mentor for one in application.wishes.order_by("rank")] == [mentor, None]
    event = AuditEvent.objects.of(application).get(verb="join_wishes")
    assert event.values == {"mentors": [str(mentor.pk)]}


def test_one_mentor_is_wished_for_once_by_an_application(now: datetime) -> None:
    mentor = factories.mentor(name="Henrike Osterloh")
    application = wishing("Osterloh", "H. Osterloh")
    by = factories.by(factories.coordinator())
    with pytest.raises(RuleViolation) as twice:
        actions.join_wishes(application, by=by, now=now, wish_1=mentor, wish_2=mentor)
    assert twice.value.field == "wish_2"
    actions.join_wishes(application, by=by, now=now)  # nobody chosen: nothing changes
    assert not AuditEvent.objects.of(application).exists()
    assert not application.wishes.exclude(mentor=None).exists()


def test_what_is_joined_already_stays(now: datetime) -> None:
    first, other = factories.mentor(name="Eins"), factories.mentor(name="Zwei")
    application = wishing("Eins")
    by = factories.by(factories.coordinator())
    actions.join_wishes(application, by=by, now=now, wish_1=first)
    actions.join_wishes(application, by=by, now=now, wish_1=other)
    assert application.wishes.get().mentor == first


def test_the_desk_tells_of_a_wish_whose_name_entered_the_network() -> None:
    boss = factories.coordinator()
    application = wishing("henrike osterloh", "Noah Berg")
    wishing("Henrike Osterloh", state="rejected")
    wishing("%")  # a sign of patterns is nobody's name
    factories.mentor("declined", name="Noah Berg")
    own = [*Cohort.objects.coordinated_by(boss)]
    assert len(todo.desk_items(own, factories.NOW)) == 1  # the applications to read
    factories.mentor("prospect", name="Henrike Osterloh")
    item = todo.desk_items(own, factories.NOW)[-1]
    assert item.count == 1
    assert item.url == reverse(
        "admin:mentees_application_verb", args=[application.pk, "join_wishes"]
    )


def test_the_page_of_the_verb_suggests_the_namesake(client: Client, staff_client: Any) -> None:
    application = wishing("Henrike Osterloh")
    mentor = factories.mentor("prospect", name="Henrike Osterloh")
    staff_client(factories.coordinator())
    url = reverse("admin:mentees_application_verb", args=[application.pk, "join_wishes"])
    page = client.get(url).content.decode()
    assert f'<option value="{mentor.pk}" selected>' in page
    assert "notice-error" not in page
    nobody = client.post(url, {"wish_1": ""})
    assert (nobody.status_code, application.wishes.get().mentor) == (400, None)
    assert client.post(url, {"wish_1": str(mentor.pk)}).status_code == 302
    assert application.wishes.get().mentor == mentor
    refused = client.post(url, {"wish_1": str(mentor.pk)})
    assert refused.status_code == 400


def test_the_applicant_does_not_learn_who_is_in_the_network(client: Client, now: datetime) -> None:
    application = wishing("Prof. Osterloh")
    mentor = factories.mentor(name="Henrike Osterloh", profession="Solocellistin")
    by = factories.by(factories.coordinator())
    actions.join_wishes(application, by=by, now=now, wish_1=mentor)
    client.force_login(application.applicant)
    for url in (
        reverse("my_application_detail", args=[application.pk]),
        reverse("revise_application", args=[application.pk]),
    ):
        page = client.get(url).content.decode()
        assert "Prof. Osterloh" in page
        assert "Solocellistin" not in page
        assert "Henrike" not in page


def test_the_plan_counts_a_wish_once_it_is_joined(now: datetime) -> None:
    mentee = factories.mentee()
    mentor = factories.mentor(name="Henrike Osterloh")
    mentee.application.wishes.create(rank=1, name="Osterloh")

    def ranked() -> Any:
        [profile] = problem_of(mentee.cohort).mentees
        return profile.wishes

    assert ranked() == (None,)
    by = factories.by(factories.coordinator())
    actions.join_wishes(mentee.application, by=by, now=now, wish_1=mentor)
    assert ranked() == (str(mentor.pk),)
