"""Promise A1 on the desk: another cohort might as well not be there.

Every page of a coordinator is read before and after another cohort fills with people and work of every
kind, entangled with the own ones wherever a person or a mentor can be: nothing on them may change.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from core import audit
from core.audit import Actor
from matching.models import MatchingRun, PairRule
from meetings.models import DateProposal, Meeting
from mentees.models import MentorWish
from mentees.states import APPLICATION
from outbox.models import OutgoingMail
from programme.models import Cohort
from tests import factories as make
from tests.access import matrix, world
from tests.access.matrix import DESK
from tests.access.test_matrix import address
from tests.access.world import World
from tests.conftest import NOW
from workshops.models import Attendance, Registration, Workshop

pytestmark = pytest.mark.django_db
LONG_AGO, SOON = NOW - timedelta(days=60), NOW + timedelta(days=3)
# What differs from one answer to the next whatever is in the database.
FLEETING = re.compile(
    r'name="(?:csrfmiddlewaretoken|form-seal)" value="[^"]+"|name="seen" value="\d+"'
)


@pytest.fixture
def full_world(full_world: World) -> World:
    """The programme has begun, so that all its pages are there."""
    Cohort.objects.update(starts_on=LONG_AGO.date())
    return full_world


def pages(full_world: World) -> Iterator[str]:
    """Every address of the desk that a coordinator opens for what is theirs, with the questions that its
    lists are asked, and the pages of every verb."""
    for name, page in DESK.items():
        if page.own["coordinator"] == "P" and not page.acts:
            yield address(name, page, matrix.objects(full_world, page)["own"], full_world)
    cohort = full_world.own["programme.Cohort"].pk
    for model, found in admin.site._registry.items():
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}_"
        if found.search_fields:
            yield f"{reverse(f'{base}changelist')}?q=Fremd"
        if found.cohort_path not in (None, "pk"):
            yield f"{reverse(f'{base}changelist')}?{found.cohort_path}__id__exact={cohort}"
        for verb in getattr(found, "object_actions", {}):
            yield reverse(f"{base}verb", args=[full_world.own[model._meta.label].pk, verb])


def told(client: Client, full_world: World, only: str = "") -> dict[str, str]:
    """What the coordinator reads, by address; ``only``: a pattern of the addresses to open."""
    return {
        path: FLEETING.sub("", client.get(path).content.decode())
        for path in dict.fromkeys(pages(full_world))
        if re.search(only, path)
    }


def network(number: int) -> list[Any]:
    """Mentors, who belong to no cohort: they are there before."""
    return [make.mentor(capacity=9, name=f"Netz {one}") for one in range(number)]


def fill(full_world: World, mentors: list[Any]) -> None:
    """Work of every kind in the other cohort; nobody there is called anything but “Fremd”."""
    other = full_world.foreign["programme.Cohort"]
    stranger = Actor.person(full_world.people["stranger"], "coordinator")
    numbers = iter(range(1000))

    def somebody(**values: Any) -> Any:
        return make.person(f"Fremd {next(numbers)}", **values)

    for state in APPLICATION.states:
        one = make.application(
            state, other, applicant=somebody(), sent_at=LONG_AGO, decide_by=SOON, talk_at=NOW
        )
        MentorWish.objects.create(application=one, rank=1, name=mentors[0].name)
        audit.record(one, "send", by=Actor.person(one.applicant, "applicant"), now=NOW)
    # the own applicant, the own mentee and the own mentor are there, too
    make.application("submitted", other, applicant=full_world.people["applicant"], sent_at=LONG_AGO)
    twice = make.application("accepted", other, applicant=full_world.people["mentee"], name="Fremd")
    audit.record(twice, "accept", by=stranger, now=NOW)
    own_mentor = full_world.own["mentors.Mentor"]
    shared = make.tandem(
        "draft", mentor=own_mentor, mentee=make.mentee(of=other, applicant=somebody())
    )
    for state, mentor in zip(
        ("draft", "mentee_agreed", "approved", "mentor_asked"), mentors, strict=False
    ):
        one = make.tandem(state, mentor=mentor, mentee=make.mentee(of=other, applicant=somebody()), answer_by=SOON)  # fmt: skip
        one.question_at, one.question = NOW, "Fremd?"
        one.save()
    make.mentee(of=other, applicant=somebody())
    make.mentee("left", of=other, applicant=somebody())
    tandem = full_world.foreign["matching.Tandem"]
    make.at(tandem, "active", confirmed_at=LONG_AGO)
    make.at(
        full_world.foreign["meetings.Meeting"], "cancelled"
    )  # so that they have not met for long
    for number, (state, values) in enumerate(
        (
            ("held", {"disputed": True, "starts_at": LONG_AGO, "ends_at": LONG_AGO + timedelta(hours=1)}),
            ("proposed", {"answer_by": LONG_AGO, "unanswered_since": LONG_AGO}),
        ),
        2,
    ):  # fmt: skip
        meeting = make.at(
            Meeting(tandem=tandem, number=number, created_at=NOW, changed_at=NOW, **values), state
        )
        DateProposal.objects.create(
            meeting=meeting, round=1, starts_at=SOON, ends_at=SOON + timedelta(hours=1)
        )
    # to be published, nobody there, attendance missing, a waiting list
    make.workshop("draft", other, title="Fremd", starts_at=SOON)
    make.workshop("published", other, title="Fremd", starts_at=SOON, published_at=NOW)
    over = make.workshop("published", other, title="Fremd", starts_at=LONG_AGO, published_at=NOW)
    missing = make.workshop("published", other, title="Fremd", starts_at=LONG_AGO, published_at=NOW)
    full = make.workshop(
        "published", other, title="Fremd", starts_at=SOON, capacity=1, published_at=NOW
    )
    for where, state, place, person in (
        (over, "confirmed", 1, full_world.people["mentee"]),
        (missing, "confirmed", 1, somebody()),
        (full, "confirmed", 1, somebody()),
        (full, "waitlisted", 2, somebody()),
    ):
        make.at(
            Registration(workshop=where, person=person, joined_at=NOW, place_in_line=place), state
        )
    Workshop.objects.filter(pk=full.pk).update(taken=1, line_length=2)
    Attendance.objects.create(
        registration=over.registrations.get(), session=over.sessions.get(), presence="present",
        minutes=90
    )  # fmt: skip
    # The network's mails go to every coordinator who is at work: this one is not any more.
    colleague = make.coordinator(other, "Fremd Koordination")
    colleague.is_active = False
    colleague.save()
    another = make.cohort("Fremd 2028/29", starts_on=LONG_AGO.date())
    MatchingRun.objects.create(cohort=another, number=1, fingerprint="-", created_at=NOW)
    audit.record(another, "create", by=stranger, now=NOW, cohort_id=another.pk)
    MatchingRun.objects.create(cohort=other, number=2, fingerprint="-", created_at=NOW)
    PairRule.objects.create(
        cohort=other,
        mentee=shared.mentee,
        mentor=own_mentor,
        kind="forbid",
        made_at=NOW,
        note="Fremd",
    )
    for status in ("failed", "in_doubt", "missed"):
        for kind, cohort_id, recipient in (
            ("dates-offered", other.pk, somebody()),
            ("sign-in-code", None, somebody()),
        ):
            OutgoingMail.objects.create(
                dedupe_key=str(uuid.uuid4()), kind=kind, recipient=recipient, object_type="matching.Tandem",
                object_id=shared.pk, cohort_id=cohort_id, facts={}, created_at=NOW, due_at=LONG_AGO,
                status=status,
            )  # fmt: skip
    consent = make.consent(somebody(), "application")
    for about in (
        somebody(),
        consent,
        OutgoingMail.objects.filter(kind="sign-in-code").first(),
        shared,
        other,
    ):
        cohort_id = other.pk if about is other else None
        audit.record(
            about, "change", by=Actor.person(somebody(), "person"), now=NOW, cohort_id=cohort_id
        )


def unread(full_world: World) -> None:
    """What nobody may read yet in the own cohort: not confirmed, denied, lapsed, never sent; forgotten."""
    own = full_world.own["programme.Cohort"]
    for state in ("draft", "unconfirmed", "withdrawn"):
        one = make.application(
            state, own, applicant=make.person(f"Fremd {state}"), confirmed_at=None, sent_at=LONG_AGO
        )
        MentorWish.objects.create(
            application=one, rank=1, name="Netz 0", mentor=full_world.own["mentors.Mentor"]
        )
        audit.record(one, "send", by=Actor.person(one.applicant, "applicant"), now=NOW)
    audit.record(one, "forget", by=Actor.person(one.applicant, "applicant"), now=NOW)
    one.delete()


def differing(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """The addresses whose page says more or less, each with some of it; the order of mails is nobody's."""
    lines = {
        path: (Counter(page.splitlines()), Counter(after[path].splitlines()))
        for path, page in before.items()
    }
    return [
        f"{path}: {next(iter((new - old) or (old - new))).strip()[:300]}"
        for path, (old, new) in lines.items()
        if old != new
    ]


def test_a1_no_page_of_the_desk_changes_with(client: Client, full_world: World) -> None:
    """… another cohort, nor with what nobody may read in the own one."""
    world.enter(client, full_world, "coordinator")
    mentors = network(5)
    # Whose account a coordinator may change depends on whether the person is elsewhere, too (A7).
    elsewhere = make.workshop(
        "published", full_world.foreign["programme.Cohort"], title="Fremd", starts_at=LONG_AGO
    )
    make.at(
        Registration(
            workshop=elsewhere, person=full_world.people["mentee"], joined_at=NOW, place_in_line=1
        ),
        "confirmed",
    )
    before = told(client, full_world)
    assert len(before) > 100
    assert [path for path, page in before.items() if ">Fremd" in page] == []
    fill(full_world, mentors)
    unread(full_world)
    assert differing(before, told(client, full_world)) == []


def test_a1_control_whoever_may_see_all_cohorts_sees_the_difference(
    client: Client, full_world: World
) -> None:
    """Otherwise the other cohort would show nothing to anybody."""
    world.enter(client, full_world, "admin")
    mentors = network(5)
    lists = (
        "", "mentees/application/", "mentees/mentee/", "matching/tandem/", "meetings/meeting/",
        "meetings/meeting/quiet/", "workshops/workshop/", "workshops/registration/", "accounts/user/",
        "outbox/outgoingmail/", "audit/auditevent/", "matching/matchingrun/",
    )  # fmt: skip
    only = rf"^/admin/({'|'.join(lists)})$"
    before = told(client, full_world, only)
    fill(full_world, mentors)
    changed = {one.partition(":")[0] for one in differing(before, told(client, full_world, only))}
    assert changed == {f"/admin/{one}" for one in lists}


@pytest.mark.parametrize(("label", "shared"), [("mentors.Mentor", True), ("programme.PageText", True), ("accounts.User", False), ("programme.Cohort", False), ("mentees.Application", False)])  # fmt: skip
def test_a1_events_of_no_cohort_are_read_where_what_they_are_about_is_everybodys(
    client: Client, full_world: World, label: str, shared: bool
) -> None:
    """What belongs to no cohort is for technical administrators, but for the network and the programme."""
    event = audit.record(full_world.foreign[label], "change", by=Actor.system(), now=NOW)
    page = f"/admin/audit/auditevent/{event.pk}/change/"
    world.enter(client, full_world, "coordinator")
    assert client.get(page).status_code == (200 if shared else 404)
    client.logout()
    world.enter(client, full_world, "admin")
    assert client.get(page).status_code == 200


def test_a1_the_page_of_a_person_is_silent_about_another_cohort(
    client: Client, full_world: World
) -> None:
    """Who applies here and takes part elsewhere: nobody's list of theirs, but one's own page of them."""
    other = full_world.foreign["programme.Cohort"]
    applicant = full_world.people["applicant"]
    elsewhere = make.application("accepted", other, applicant=applicant)
    make.mentee(application=elsewhere)
    page = f"/admin/accounts/user/{applicant.pk}/change/"
    for role, named in (("coordinator", False), ("admin", True)):
        world.enter(client, full_world, role)
        assert (other.name in client.get(page).content.decode()) is named
        client.logout()
