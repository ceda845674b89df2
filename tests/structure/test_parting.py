"""Who has parted gets nothing and holds nothing (promise P17): every kind of parting × all that is held."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.dispatch import Signal
from django.utils import translation

from accounts import actions as accounts
from accounts.models import User
from accounts.signals import account_closed
from core.errors import RuleViolation
from matching import actions as matching
from matching.models import Tandem
from mentees import actions as mentees
from mentees.signals import mentee_left
from mentoring.operations import verify
from mentoring.operations.sweep import sweep
from mentors import actions as mentors
from mentors.signals import mentor_retired
from outbox import actions as outbox
from outbox import delivery
from outbox.kinds import MailKind
from outbox.models import OutgoingMail
from programme import actions as programme
from programme import consents
from programme.models import CohortRole
from tests import factories
from tests.conftest import NOW
from tests.matching.people import a_mentee, a_mentor, as_mentee, as_mentor
from tests.structure import parting
from tests.structure.parting import (
    DAY,
    HELD,
    HISTORY,
    held,
)
from workshops import actions as workshops
from workshops.models import Registration

pytestmark = pytest.mark.django_db
SYSTEM = factories.SYSTEM
PARTED_AT = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def full_world(settings: Any, tmp_path: Path) -> None:
    settings.MAIL_URL = tmp_path.as_uri()
    factories.organisation()


Parting = tuple[User, Callable[[], Any]]


def close(person: User) -> Parting:
    return person, lambda: accounts.deactivate(person, by=SYSTEM, now=PARTED_AT)


def closing_a_mentee() -> Parting:
    return close(parting.full_mentee().user)


def closing_a_mentor() -> Parting:
    person = parting.full_mentor(held_tandem=True).user
    assert person is not None
    return close(person)


def closing_a_coordinator() -> Parting:
    person = factories.coordinator()
    User.objects.filter(pk=person.pk).update(is_superuser=True)
    accounts.invite_staff(person.email, by=SYSTEM, now=NOW)
    return close(person)


def closing_an_applicant() -> Parting:
    return close(parting.applicant("submitted").applicant)


def closing_who_has_not_confirmed() -> Parting:
    return close(parting.applicant("unconfirmed").applicant)


def closing_a_candidate() -> Parting:
    mentor = factories.mentor("contacted")
    factories.notice("mentor")
    mentors.ask_for_consent(mentor, by=SYSTEM, now=NOW)
    return close(mentor.user)


def leaving() -> Parting:
    mentee = parting.full_mentee()
    return mentee.user, lambda: mentees.leave(mentee, by=SYSTEM, now=PARTED_AT)


def completing() -> Parting:
    mentee = parting.full_mentee()
    return mentee.user, lambda: mentees.complete(mentee, by=SYSTEM, now=PARTED_AT)


def completing_without_a_tandem() -> Parting:
    mentee = parting.full_mentee(tandem=False)
    return mentee.user, lambda: mentees.complete(mentee, by=SYSTEM, now=PARTED_AT)


def retiring() -> Parting:
    mentor = parting.full_mentor(held_tandem=False)
    assert mentor.user is not None
    return mentor.user, lambda: mentors.retire(mentor, by=SYSTEM, now=PARTED_AT)


def candidate(state: str, verb: Any) -> Parting:
    mentor = factories.mentor(state)
    factories.notice("mentor")
    mentors.ask_for_consent(mentor, by=SYSTEM, now=NOW)
    return mentor.user, lambda: verb(mentor, by=SYSTEM, now=PARTED_AT)


def rejecting_an_application() -> Parting:
    made = parting.applicant("submitted")
    return made.applicant, lambda: mentees.reject(made, by=SYSTEM, now=PARTED_AT)


def withdrawing_an_application() -> Parting:
    made = parting.applicant("submitted")
    by = factories.by(made.applicant, "applicant")
    return made.applicant, lambda: mentees.withdraw(made, by=by, now=PARTED_AT)


def dismissing() -> Parting:
    person = factories.coordinator()
    factories.coordinator(name="Noch jemand")
    tandem = matching.propose_tandem(a_mentee(), a_mentor(), by=factories.by(person), now=NOW)
    matching.agree(tandem, by=as_mentee(tandem), now=NOW)  # the coordinators are told of it
    return person, lambda: programme.dismiss_coordinator(
        factories.cohort(), person, by=SYSTEM, now=PARTED_AT
    )


# name → (who parts how, what stays by right, what may still be sent)
ENDS = {
    "workshop-registration-cancelled",
    "tandem-dissolved",
    "tandem-withdrawn",
    "meeting-cancelled",
}
TANDEM = {
    "meeting-reminder-week",
    "meeting-reminder-day",
    "dates-unanswered",
    "date-answer-reminder",
}
PARTINGS: dict[str, tuple[Callable[[], Parting], set[str], set[str]]] = {
    "closing a mentee": (closing_a_mentee, set(), ENDS),
    "closing a mentor": (closing_a_mentor, set(), ENDS),
    "closing a coordinator": (closing_a_coordinator, set(), set()),
    "closing an applicant": (closing_an_applicant, set(), set()),
    "closing who has not confirmed": (closing_who_has_not_confirmed, set(), set()),
    "closing a candidate": (closing_a_candidate, set(), set()),
    "leaving": (leaving, set(), ENDS),
    # A tandem that is held goes on until it is completed itself.
    "completing": (completing, {"tandems", "meetings", "reminders"}, ENDS | TANDEM),
    "completing without a tandem": (completing_without_a_tandem, set(), ENDS),
    # A consent that stands can be withdrawn for ever.
    "retiring": (retiring, {"consent link"}, ENDS),
    "declining": (lambda: candidate("contacted", mentors.decline), set(), set()),
    "not taking on": (lambda: candidate("under_review", mentors.reject), set(), set()),
    "rejecting": (rejecting_an_application, set(), {"application-rejected"}),
    "withdrawing": (withdrawing_an_application, set(), {"application-withdrawn"}),
    # The person stays of the staff and may be given another cohort.
    "dismissing": (dismissing, {"rights"}, set()),
}


def sent_to(person: User, since: Any) -> set[str]:
    rows = OutgoingMail.objects.filter(recipient=person, sent_at__gte=since)
    return set(rows.values_list("kind", flat=True))


@pytest.mark.parametrize("name", PARTINGS)
def test_p17_who_has_parted_holds_nothing_and_gets_nothing(name: str) -> None:
    make, stays, may_get = PARTINGS[name]
    person, part = make()
    if name not in ("dismissing", "declining", "not taking on", "closing a candidate"):
        sweep(NOW)  # what was told before has been told
    assert held(person, NOW)
    part()
    assert set(held(person, PARTED_AT)) == stays
    for number in (0, 3, 10, 20, 24, 26, 27, 28, 29, 40, 58, 60, 90, 300):
        sweep(PARTED_AT + number * DAY)
    assert sent_to(person, PARTED_AT) <= may_get
    assert list(verify.parted(PARTED_AT)) == []


def test_p17_everything_that_can_belong_to_a_person_is_in_the_table() -> None:
    related = {
        one.related_model._meta.label
        for one in User._meta.get_fields(include_hidden=True)
        if one.is_relation and one.auto_created
    }
    told = {label for models, _count in HELD.values() for label in models}
    assert related == told | set(HISTORY)


def test_p17_every_kind_of_parting_lets_go_of_something_and_all_are_let_go() -> None:
    """The people of the table hold each of the things, so that none is only said to be let go."""
    seen: set[str] = set()
    for make, _stays, _may_get in PARTINGS.values():
        with transaction.atomic():
            person, _part = make()
            seen |= set(held(person, NOW))
            transaction.set_rollback(True)
    assert seen == set(HELD)


@pytest.mark.parametrize(
    ("name", "signal"),
    [("closing a mentee", account_closed), ("retiring", mentor_retired), ("leaving", mentee_left)],
)
def test_p17_control_without_listeners_places_are_kept(
    name: str, signal: Signal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signal, "send", lambda *_args, **_named: [])
    person, part = PARTINGS[name][0]()
    part()
    assert {"places", "tandems"} <= set(held(person, PARTED_AT))
    assert list(verify.parted(PARTED_AT)) != []


# ── two parts ────────────────────────────────────────────────────────────────
def test_p17_a_retired_mentor_who_is_a_mentee_keeps_what_that_part_gives() -> None:
    person = a_mentee().user
    mentor = a_mentor(user=person, name=person.name)
    mine = parting.places(person, "mentee")
    other = factories.cohort("2027/28")
    elsewhere = workshops.register(
        factories.workshop(of=other, published_at=NOW), person, by=factories.by(person), now=NOW
    )
    mentors.retire(mentor, by=SYSTEM, now=PARTED_AT)
    states = [Registration.objects.get(pk=one.pk).state for one in [*mine, elsewhere]]
    assert states == ["confirmed", "confirmed", "waitlisted", "cancelled"]


def test_p17_a_mentee_who_leaves_and_is_a_mentor_keeps_what_that_part_gives() -> None:
    mentee = a_mentee()
    a_mentor(user=mentee.user, name=str(mentee))
    mine = parting.places(mentee.user, "mentee")
    mentees.leave(mentee, by=SYSTEM, now=PARTED_AT)
    assert [Registration.objects.get(pk=one.pk).state for one in mine] == [
        "confirmed", "confirmed", "waitlisted",
    ]  # fmt: skip


# ── asked again: at promotion, at delivery, when a row is planned ────────────
def test_p17_who_may_not_register_any_more_is_not_moved_up_and_told() -> None:
    where = parting.workshop(1)
    holder, next_one = factories.mentee().user, factories.mentee().user
    former = factories.mentor()
    people = (holder, former.user, next_one)
    mine = [workshops.register(where, one, by=factories.by(one), now=NOW) for one in people]
    factories.at(former, "former")  # past the verb
    workshops.cancel_registration(mine[0], by=SYSTEM, now=PARTED_AT)
    states = [Registration.objects.get(pk=one.pk).state for one in mine]
    assert states == ["cancelled", "cancelled", "confirmed"]
    told = OutgoingMail.objects.filter(
        recipient=former.user, kind="workshop-registration-cancelled"
    )
    assert told.count() == 1
    assert list(verify.waiting_lists(PARTED_AT)) == []


def test_p17_delivery_asks_once_more_whether_somebody_may_be_written_to() -> None:
    person = factories.mentee().user
    where = parting.workshop()
    mine = workshops.register(where, person, by=factories.by(person), now=NOW)
    workshops.cancel_registration(mine, by=SYSTEM, now=NOW)
    OutgoingMail.objects.filter(kind="workshop-registered").update(status="planned")
    User.objects.filter(pk=person.pk).update(is_active=False)  # past the verb
    delivery.deliver(NOW)
    status = dict(OutgoingMail.objects.filter(recipient=person).values_list("kind", "status"))
    assert status["workshop-registered"] == "cancelled"
    # The word about the end takes the entry out of the calendar.
    assert status["workshop-registration-cancelled"] == "sent"


def test_p17_control_delivery_that_does_not_ask_writes_to_a_closed_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(MailKind, "may_reach", lambda self, person: True)
    person = factories.mentee().user
    workshops.register(parting.workshop(), person, by=factories.by(person), now=NOW)
    User.objects.filter(pk=person.pk).update(is_active=False)
    delivery.deliver(NOW)
    assert OutgoingMail.objects.get(kind="workshop-registered").status == "sent"


def test_p17_nothing_is_queued_or_announced_for_a_closed_account() -> None:
    person = factories.person(is_active=False)
    with transaction.atomic(), outbox.capturing() as keys:
        row, queued = outbox.queue("staff-invitation", person, person, {"until": ""}, now=NOW)
    assert (row, queued, keys) == (None, False, [])


def test_p17_a_failed_mail_is_not_sent_again_to_a_closed_account() -> None:
    person = factories.mentee().user
    workshops.register(parting.workshop(), person, by=factories.by(person), now=NOW)
    row = OutgoingMail.objects.get(kind="workshop-registered")
    OutgoingMail.objects.filter(pk=row.pk).update(status="failed")
    User.objects.filter(pk=person.pk).update(is_active=False)
    with pytest.raises(RuleViolation) as refused:
        outbox.send_again(row, by=SYSTEM, now=NOW)
    assert refused.value.code == "closed"


# ── around closing ───────────────────────────────────────────────────────────
def test_p17_closing_twice_is_closing_once_and_the_offices_postbox_stays() -> None:
    person = factories.coordinator()
    for _ in range(2):
        accounts.deactivate(person, by=SYSTEM, now=NOW)
    office = factories.organisation().office
    with pytest.raises(RuleViolation):
        accounts.deactivate(office, by=SYSTEM, now=NOW)
    with pytest.raises(CommandError):
        call_command("close_account", office.email)
    assert User.objects.get(pk=office.pk).is_active
    assert not CohortRole.objects.filter(user=person).exists()


def test_p17_who_agrees_anew_has_an_open_account_without_the_rights_of_before() -> None:
    person = factories.coordinator()
    accounts.deactivate(person, by=SYSTEM, now=NOW)
    person.refresh_from_db()
    agrees = factories.by(person, "applicant")
    consents.give(person, factories.notice("application"), by=agrees, now=NOW)
    found = User.objects.get(pk=person.pk)
    assert (found.is_active, found.is_staff, found.is_superuser) == (True, False, False)


def test_p17_a_closed_account_gets_no_extra_place() -> None:
    person = factories.person(is_active=False)
    with pytest.raises(RuleViolation) as refused:
        workshops.give_extra_place(parting.workshop(), person, by=SYSTEM, now=NOW)
    assert refused.value.code == "closed"


def test_p17_a_retired_mentor_takes_no_answer_back() -> None:
    mentor = a_mentor(capacity=2)
    declined = parting.asked(a_mentee(), mentor)
    matching.decline(declined, by=as_mentor(declined), now=NOW)
    mentors.retire(mentor, by=SYSTEM, now=NOW)
    with pytest.raises(RuleViolation) as refused:
        matching.undo(Tandem.objects.get(pk=declined.pk), by=as_mentor(declined), now=PARTED_AT)
    assert refused.value.code == "parted"


# ── why ──────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("closed_in", ["de", "en"])
def test_why_a_closed_account_ended_it_is_read_in_the_language_of_the_reader(
    closed_in: str, staff_client: Any, settings: Any
) -> None:
    part = parting.full_mentee()
    mentor = parting.full_mentor(held_tandem=True)
    assert mentor.user is not None
    with translation.override(closed_in):
        for person in (part.user, mentor.user):
            accounts.deactivate(person, by=SYSTEM, now=PARTED_AT)
    of_mentor = Tandem.objects.filter(mentor=mentor, state="dissolved").last()
    of_mentee = Tandem.objects.get(mentee=part)
    desk = staff_client(factories.coordinator())
    read = {
        f"mentees/mentee/{part.pk}": (
            "Das Konto wurde geschlossen.",
            "The account has been closed.",
        ),
        f"matching/tandem/{of_mentor.pk}": (
            "Das Konto wurde geschlossen.",
            "The account has been closed.",
        ),
        f"matching/tandem/{of_mentee.pk}": (
            "Mentee hat das Programm verlassen.",
            "The mentee has left the programme.",
        ),
    }
    for place, sentences in read.items():
        for language, sentence in zip(("de", "en"), sentences, strict=True):
            desk.cookies[settings.LANGUAGE_COOKIE_NAME] = language
            assert sentence in desk.get(f"/admin/{place}/change/").content.decode(), place
