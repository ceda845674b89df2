"""The first page of the administration: what waits for whom, of the own cohorts alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql import compiler
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

import mentees.todo
import workshops.todo
from accounts.models import User
from core.templatetags.ui import day, until_when
from mentees.models import MentorWish
from mentoring.desk.page import cohort_to_match, desk_nav, desk_of
from outbox.models import MailStatus, OutgoingMail
from tests import factories as make
from workshops.models import Registration, Session

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], Client]


@pytest.fixture(autouse=True)
def _at_now(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """Pages look at the same clock as the factories."""
    monkeypatch.setattr(timezone, "now", lambda: now)


def other_cohort() -> Any:
    return make.cohort("2027/28", starts_on=date(2027, 10, 1), ends_on=date(2028, 7, 31))


def test_a_day_of_another_year_on_the_desk_says_its_year(now: datetime) -> None:
    this, next_year = date(now.year, 9, 12), datetime(now.year + 1, 9, 12, 10, tzinfo=UTC)
    with translation.override("de"):
        assert day(this, now) == day(this)
        assert day(next_year, now) == f"Sonntag, 12. September {now.year + 1}"
        assert until_when(next_year, "day", now) == day(next_year, now)
        # the end of this year is midnight of the next
        midnight = datetime(now.year, 12, 31, 23, tzinfo=UTC)
        assert (
            until_when(midnight, "day", now)
            == f"{day(date(now.year, 12, 31))}, 24\N{NO-BREAK SPACE}Uhr"
        )


def test_the_desk_says_the_year_of_a_cohort_that_begins_in_another(
    staff_client: SignIn,
) -> None:
    cohort = other_cohort()
    make.mentee(cohort=cohort)
    page = staff_client(make.coordinator(cohort)).get("/admin/").content.decode()
    assert "Vorschlag versprochen bis Freitag, 1. Oktober 2027" in page


def mail(status: str, of: Any = None, number: int = 0, **values: Any) -> OutgoingMail:
    """A mail about a cohort in the outbox."""
    recipient = values.pop("recipient", None) or make.mentor(name="Ruth Zander").user
    return OutgoingMail.objects.create(
        dedupe_key=f"{status}{number}{recipient.pk}"[:64],
        kind=values.pop("kind", "tandem-invitation"),
        recipient=recipient,
        object_type="matching.Tandem",
        object_id=recipient.pk,
        cohort_id=of.pk if of else None,
        created_at=make.NOW,
        due_at=make.NOW - timedelta(hours=2),
        status=status,
        message_id="<x@example.org>",
        sent_at=make.NOW if status == "sent" else None,
        **values,
    )


def fill(cohort: Any, number: int) -> None:
    """Some of everything that waits."""
    for one in range(number):
        make.application("submitted", cohort, decide_by=make.NOW + timedelta(days=9))
        make.tandem("mentee_agreed", mentee=make.mentee(of=cohort))
        make.workshop("draft", cohort, starts_at=make.NOW + timedelta(days=9))
        for status in (MailStatus.FAILED, MailStatus.IN_DOUBT, MailStatus.MISSED):
            mail(status, cohort, one)


def test_a_quiet_desk_says_so(staff_client: SignIn) -> None:
    page = staff_client(make.coordinator()).get("/admin/")
    text = page.content.decode()
    assert "Nichts wartet" in text
    assert 'class="next-action"' not in text


def test_what_waits_is_named_with_number_and_way_the_urgent_first(staff_client: SignIn) -> None:
    cohort = make.cohort()
    for _one in range(2):
        make.application("submitted", decide_by=make.NOW + timedelta(days=20))
    mail("in_doubt", cohort)
    text = staff_client(make.coordinator()).get("/admin/").content.decode()
    urgent, rest = text.index("E-Mail ungewiss zugestellt"), text.index("Bewerbungen zu lesen")
    assert urgent < rest
    assert text.index('class="next-action"') < urgent
    assert "Anfrage an Mentor_in, an Ruth Zander" in text
    assert "/admin/mentees/application/?waiting=to_read" in text
    assert "2 Aufgaben warten auf Sie, davon eine heute." in text


def test_the_oldest_stands_first(now: datetime) -> None:
    cohort = make.cohort()
    long_ago, lately = now - timedelta(days=9), now - timedelta(days=2)
    later = now + timedelta(days=20)
    make.at(make.application("in_review", decide_by=later), "in_review", since=lately)
    tandem = make.tandem("mentee_agreed", mentee=make.mentee(of=cohort), answer_by=later)
    make.at(tandem, "mentee_agreed", since=long_ago)
    desk = desk_of(make.coordinator(), now)
    ages = [item.since for item in desk.rest]
    assert ages[:2] == [long_ago, lately]
    known = [age for age in ages if age]
    assert known == sorted(known)
    assert ages[len(known) :] == [None] * (len(ages) - len(known))


def test_a_single_thing_is_opened_at_once_and_several_by_their_list(
    staff_client: SignIn, now: datetime
) -> None:
    client = staff_client(make.coordinator())
    soon = now + timedelta(days=1)
    for state, pages in (
        ("submitted", "mentees_application"),
        ("mentee_agreed", "matching_tandem"),
        ("under_review", "mentors_mentor"),
    ):

        def one_more(state: str = state) -> Any:
            if state == "submitted":
                return make.application(state, decide_by=soon)
            if state == "under_review":
                return make.mentor(state)
            return make.tandem(state, answer_by=soon)

        first = one_more()
        change = reverse(f"admin:{pages}_change", args=[first.pk])
        assert change in client.get("/admin/").content.decode()
        assert client.get(change).status_code == 200
        one_more()
        text = client.get("/admin/").content.decode()
        assert change not in text
        assert f"{reverse(f'admin:{pages}_changelist')}?" in text


def test_what_waits_for_others_stands_apart_with_whose_turn_it_is(
    staff_client: SignIn, now: datetime
) -> None:
    asked = make.tandem(
        "mentor_asked", approved_at=now - timedelta(days=3), answer_by=now + timedelta(days=7)
    )
    desk = desk_of(make.coordinator(name="Mira Falk"), now)
    assert [item.count for item in desk.others] == [1]
    assert desk.sentence == ""
    text = staff_client(make.coordinator()).get("/admin/").content.decode()
    others = text[text.index('id="others"') :]
    assert "Frist Dienstag, 22. September" in others
    assert "Mentor_in" in others
    assert reverse("admin:matching_tandem_change", args=[asked.pk]) in others


def test_figures_of_the_running_cohort_lead_to_what_they_count(staff_client: SignIn) -> None:
    cohort = make.cohort()
    make.tandem("active")
    make.application("rejected")
    make.application("draft")
    text = staff_client(make.coordinator()).get("/admin/").content.decode()
    assert f"/admin/matching/tandem/?cohort__id__exact={cohort.pk}&amp;state__exact=active" in text
    assert (
        f"/admin/mentees/application/?cohort__id__exact={cohort.pk}&amp;state__exact=rejected"
        in text
    )
    assert "state__exact=draft" not in text
    assert reverse("admin:matching_workbench", args=[cohort.pk]) in text


def test_every_figure_is_true_where_it_leads(staff_client: SignIn) -> None:
    client = staff_client(make.coordinator())
    fill(make.cohort(), 2)
    [card] = client.get("/admin/").context["desk"].cards
    shares = [share for figures in card.figures for share in figures.shares]
    assert [share.number for share in shares if share.number] == [2] * sum(
        share.number > 0 for share in shares
    )
    assert sum(share.number for share in shares) >= 8  # applications, mentees, tandems, workshops
    for share in shares:
        assert client.get(share.url).context["cl"].result_count == share.number


def test_every_number_of_what_waits_is_that_of_the_list_it_leads_to(
    staff_client: SignIn, now: datetime
) -> None:
    """Of each group there are two or more; beside them stands what a filter by state alone would add."""
    cohort, soon, later = make.cohort(), now + timedelta(days=3), now + timedelta(days=60)
    fill(cohort, 2)
    make.workshop("draft", cohort, starts_at=later)
    known = make.mentor(name="Bekannte Stimme")
    for _one in range(2):
        make.application("in_review", cohort, decide_by=later)
        make.application("invited", cohort, talk_at=now - timedelta(days=1), decide_by=later)
        make.application("waitlisted", cohort, decide_by=soon)
        naming = make.application("accepted", cohort)
        for position in (1, 2):
            MentorWish.objects.create(application=naming, name=known.name, rank=position)
        for state in ("draft", "probation", "mentor_asked"):
            make.tandem(state, mentee=make.mentee(of=cohort), answer_by=soon, probation_until=date(2026, 1, 1))  # fmt: skip
        make.workshop("published", cohort, starts_at=soon, published_at=now)
        full = make.workshop("published", cohort, starts_at=soon, capacity=1, published_at=now)
        over = make.workshop("published", cohort, starts_at=now - 3 * timedelta(days=1), published_at=now)  # fmt: skip
        Session.objects.create(
            workshop=over, starts_at=now - timedelta(hours=9), ends_at=now - timedelta(hours=8)
        )
        for where, state, place in ((over, "confirmed", 1), (full, "confirmed", 1), (full, "waitlisted", 2)):  # fmt: skip
            one = Registration(workshop=where, person=make.person(), joined_at=now, place_in_line=place)  # fmt: skip
            make.at(one, state)
        for state in ("prospect", "under_review"):
            make.mentor(state)
    for _one in range(3):
        make.application("invited", cohort, talk_at=soon, decide_by=later)
    make.application("waitlisted", cohort, decide_by=later)
    make.workshop("published", cohort, starts_at=later, published_at=now)
    client = staff_client(make.coordinator())
    desk = client.get("/admin/").context["desk"]
    lists = [item for item in (*desk.urgent, *desk.rest, *desk.others) if item.count > 1]
    led = {item.url.rsplit("?", 1)[-1] for item in lists}
    groups = {f"waiting={name}" for name in mentees.todo.groups_at(now)}
    groups |= {f"line={name}" for name in workshops.todo.groups_at(now)}
    assert groups <= led
    assert len(led) == len(lists) > len(groups) + 4
    for item in lists:
        assert client.get(item.url).context["cl"].result_count == item.count, item.title


def test_a1_a_coordinator_of_another_cohort_sees_nothing_of_it(staff_client: SignIn) -> None:
    fill(make.cohort(), 2)
    stranger = make.coordinator(other_cohort(), "Jonas Thiel")
    desk = desk_of(stranger, make.NOW)
    assert (desk.urgent, desk.rest, desk.others) == ([], [], [])
    assert [card.cohort.name for card in desk.cards] == ["2027/28"]
    assert desk.cards[0].figures == []
    text = staff_client(stranger).get("/admin/").content.decode()
    assert "2026/27" not in text
    assert "Ruth Zander" not in text


def test_a_past_cohort_is_only_named(staff_client: SignIn) -> None:
    past = make.cohort("2024/25", starts_on=date(2024, 10, 1), ends_on=date(2025, 7, 31))
    user = make.coordinator(past)
    desk = desk_of(user, make.NOW)
    assert (desk.cards, desk.past) == ([], [past])
    assert "2024/25" in staff_client(user).get("/admin/").content.decode()


@pytest.fixture
def rows_read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each query has returned."""
    read: list[int] = []
    fetch = compiler.cursor_iter

    def counted(*args: Any) -> Iterator[Any]:
        for rows in fetch(*args):
            read.append(len(rows))
            yield rows

    monkeypatch.setattr(compiler, "cursor_iter", counted)
    return read


def crowd(cohort: Any, number: int) -> None:
    """Mentees without a tandem, applications to read, proposals and mails that failed: ``number`` of each."""
    pattern, tandem = make.application("submitted", cohort), make.tandem("draft", mentee=make.mentee(of=cohort))  # fmt: skip
    about = mail("failed", cohort)
    users = User.objects.bulk_create(
        User(email=f"{uuid4()}@example.org", name=f"Person {index}") for index in range(2 * number)
    )
    waiting, accepted = users[:number], users[number:]

    def copies(model: Any, values: Iterable[dict[str, Any]], like: Any) -> Any:
        one = {field.attname: getattr(like, field.attname) for field in model._meta.concrete_fields}  # fmt: skip
        return QuerySet(model).bulk_create(
            model(**{**one, "id": uuid4(), **more}) for more in values
        )

    applications = [{"applicant_id": user.pk, "form_id": uuid4(), "state": "submitted"} for user in waiting]  # fmt: skip
    applications += [{"applicant_id": user.pk, "form_id": uuid4(), "state": "accepted"} for user in accepted]  # fmt: skip
    made = copies(type(pattern), applications, like=pattern)[number:]
    mentees = copies(
        type(tandem.mentee),
        [{"user_id": one.applicant_id, "application_id": one.pk} for one in made],
        like=tandem.mentee,
    )
    copies(type(tandem), [{"mentee_id": one.pk} for one in mentees[number // 2 :]], like=tandem)
    copies(OutgoingMail, [{"dedupe_key": str(one.pk), "recipient_id": one.pk} for one in users], like=about)  # fmt: skip


def test_the_desk_of_many_costs_fifteen_queries_and_reads_no_more_rows(
    staff_client: SignIn, rows_read: list[int]
) -> None:
    """Promise A5: with everything that can wait; the people are counted by the database."""
    make.organisation()
    cohort = make.cohort()
    known = make.mentor(name="Bekannte Stimme")
    naming = make.application("accepted", cohort)
    MentorWish.objects.create(application=naming, name=known.name, rank=1)
    for state in ("draft", "mentor_asked", "probation", "active"):
        make.tandem(state, mentee=make.mentee(of=cohort), answer_by=make.NOW)
    make.mentor("under_review")
    client = staff_client(make.coordinator())
    fill(cohort, 3)
    client.get("/admin/")  # what is remembered for the session
    found = []
    for number in (3, 1500):
        crowd(cohort, number)
        del rows_read[:]
        with CaptureQueriesContext(connection) as seen:
            desk = client.get("/admin/").context["desk"]
        shown = {item.count for item in (*desk.urgent, *desk.rest, *desk.others)}
        assert max(shown) >= number
        found.append((len(seen), sum(rows_read)))
    assert found[0] == found[1]
    queries, rows = found[0]
    assert queries <= 15
    assert 10 < rows < 60


def test_the_head_names_the_places_and_the_one_that_is_open() -> None:
    def current(path: str) -> list[str]:
        return [str(one["url"]) for one in desk_nav(path) if one["current"]]

    assert current("/admin/") == ["/admin/"]
    assert current("/admin/mentees/application/x/change/") == ["/admin/mentees/application/"]
    assert current("/admin/matching/workbench/x/") == ["/admin/workbench/"]
    assert current("/admin/matching/tandem/") == ["/admin/matching/tandem/"]
    assert current("/admin/programme/topic/") == []


def test_matching_leads_to_the_cohort_that_is_matched(staff_client: SignIn) -> None:
    coming = other_cohort()
    running = make.cohort()
    user = make.coordinator(coming)
    assert cohort_to_match(user, make.NOW) == coming
    make.coordinator(running)
    user.cohort_roles.create(cohort=running)
    make.mentee(of=running)
    assert cohort_to_match(user, make.NOW) == running
    page = staff_client(user).get("/admin/workbench/")
    assert page.status_code == 302
    assert str(running.pk) in page["Location"]
    assert cohort_to_match(make.person(), make.NOW) is None
