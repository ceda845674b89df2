"""Which verb locks what, in which order (promises C3, C4): also what it reads and does not write.

The order of the whole programme is that of ``ORDER``; a verb that locks two of them the other way round could
wait for one that holds the second and wants the first. Links and mails come in either order, since only who
holds the lock of what they are about locks them.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.dispatch import Signal

from accounts import actions as accounts
from accounts.models import User
from accounts.signals import account_closing
from core.links import actions as links
from core.links.models import ActionLink
from matching import actions as matching
from meetings import actions as meetings
from mentees import actions as mentees
from mentors import actions as mentors
from mentors.signals import mentor_retiring
from outbox import actions as outbox
from outbox.models import OutgoingMail
from tests import factories
from tests.conftest import NOW
from tests.locks import Watch
from tests.structure import parting
from workshops import actions as workshops

pytestmark = pytest.mark.django_db
COHORT, PERSON, PART = "programme_cohort", "accounts_user", "mentees_mentee"
MENTOR, TANDEM, MEETING = "mentors_mentor", "matching_tandem", "meetings_meeting"
WORKSHOP, PLACE = "workshops_workshop", "workshops_registration"
APPLICATION, MAIL, LINK = "mentees_application", "outbox_outgoingmail", "links_actionlink"
ORDER = (COHORT, PERSON, PART, MENTOR, TANDEM, MEETING, WORKSHOP, PLACE, APPLICATION)
Verb = Callable[[], object]


@pytest.fixture(autouse=True)
def full_world(settings: Any, tmp_path: Path) -> None:
    settings.MAIL_URL = tmp_path.as_uri()
    factories.organisation()


def office() -> Any:
    return factories.by(factories.coordinator())


def confirm_application() -> Verb:
    found = factories.application("unconfirmed", sent_at=NOW)
    return lambda: mentees.confirm(found, by=factories.SYSTEM, now=NOW)


def undo_withdrawal() -> Verb:
    found = factories.application("withdrawn", withdrawn_from="submitted", confirmed_at=NOW)
    return lambda: mentees.undo_withdrawal(found, by=factories.SYSTEM, now=NOW)


def accept() -> Verb:
    found, by = factories.application("in_review"), office()
    return lambda: mentees.accept(found, by=by, now=NOW)


def leave() -> Verb:
    found, by = factories.mentee(), office()
    return lambda: mentees.leave(found, by=by, now=NOW)


def change_mentor() -> Verb:
    found, by = factories.mentor(), office()
    return lambda: mentors.change_mentor(found, by=by, now=NOW, values={"capacity": 3})


def propose() -> Verb:
    one, other, by = factories.mentee(), factories.mentor(), office()
    return lambda: matching.propose_tandem(one, other, by=by, now=NOW)


def pin() -> Verb:
    one, other, by = factories.mentee(), factories.mentor(), office()
    return lambda: matching.pin_pair(one, other, by=by, now=NOW)


def decline() -> Verb:
    found = factories.tandem("mentor_asked")
    by = factories.by(found.mentor.user, "mentor")
    return lambda: matching.decline(found, by=by, now=NOW)


def undo_answer() -> Verb:
    found = factories.tandem("declined", answered_at=NOW)
    by = factories.by(found.mentor.user, "mentor")
    return lambda: matching.undo(found, by=by, now=NOW)


def _offer() -> Any:
    from tests.meetings.helpers import offered, pair

    two = pair()
    return two, offered(two)


def pick_date() -> Verb:
    two, meeting = _offer()
    chosen = meeting.proposals.first().pk
    return lambda: meetings.pick_date(meeting, by=two.by_mentor, now=NOW, proposal_id=chosen)


def refuse_dates() -> Verb:
    two, meeting = _offer()
    return lambda: meetings.refuse_dates(meeting, by=two.by_mentor, now=NOW)


def end_with_tandem() -> Verb:
    two, _meeting = _offer()
    return lambda: meetings.end_with_tandem(two.tandem, by=factories.SYSTEM, now=NOW)


def propose_dates() -> Verb:
    from tests.meetings.helpers import offered, pair

    two = pair()
    return lambda: offered(two)


def register() -> Verb:
    part, workshop = factories.mentee(), factories.workshop()
    by = factories.by(part.user, "mentee")
    return lambda: workshops.register(workshop, part.user, by=by, now=NOW)


def cancel_registration() -> Verb:
    part, workshop = factories.mentee(), factories.workshop()
    by = factories.by(part.user, "mentee")
    found = workshops.register(workshop, part.user, by=by, now=NOW)
    return lambda: workshops.cancel_registration(found, by=by, now=NOW)


def _close(person: User) -> Verb:
    by = office()
    return lambda: accounts.deactivate(person, by=by, now=NOW + timedelta(hours=1))


def close_an_applicant() -> Verb:
    return _close(parting.applicant("submitted").applicant)


def close_a_mentee() -> Verb:
    return _close(parting.full_mentee().user)


def close_a_mentor() -> Verb:
    return _close(parting.full_mentor(held_tandem=True).user)


def close_a_coordinator() -> Verb:
    return _close(factories.coordinator())


def close_who_is_all_of_it() -> Verb:
    """Mentee and mentor at once, with an application to another cohort."""
    mentor = parting.full_mentor(held_tandem=True)
    part = parting.full_mentee()
    person = User.objects.get(pk=mentor.user_id)
    type(part).objects.filter(pk=part.pk).update(user=person)
    other = parting.applicant("submitted")
    type(other).objects.filter(pk=other.pk).update(applicant=person)
    return _close(person)


def retire() -> Verb:
    found, by = parting.full_mentor(held_tandem=False), office()
    return lambda: mentors.retire(found, by=by, now=NOW + timedelta(hours=1))


def _new_address(person: User) -> Verb:
    by = factories.by(person, "person")
    accounts.ask_for_address(person, email="anderswo@example.org", by=by, now=NOW)
    link = ActionLink.objects.about(accounts.CONFIRM_ADDRESS, person).live().get()
    return lambda: accounts.confirm_address(link, now=NOW)


def confirm_address_of_a_mentee() -> Verb:
    return _new_address(parting.full_mentee().user)


def confirm_address_of_a_mentor() -> Verb:
    mentor = parting.full_mentor(held_tandem=True)
    type(mentor).objects.filter(pk=mentor.pk).update(confirmed_at=NOW)
    return _new_address(User.objects.get(pk=mentor.user_id))


def set_password_by_link() -> Verb:
    person = accounts.invite_staff("neu@example.org", by=factories.SYSTEM, now=NOW)
    link = ActionLink.objects.about(accounts.STAFF_INVITATION, person).live().get()
    return lambda: accounts.set_password_by_link(link, password="Ein langes Wort davor", now=NOW)


def _mail(status: str) -> OutgoingMail:
    return OutgoingMail.objects.create(
        dedupe_key=uuid.uuid4().hex, kind="application-rejected", recipient=factories.person(),
        object_type="mentees.Application", object_id=uuid.uuid4(), created_at=NOW, due_at=NOW,
        status=status,
    )  # fmt: skip


def send_again() -> Verb:
    mail, by = _mail("failed"), office()
    return lambda: outbox.send_again(mail, by=by, now=NOW)


def close_mail() -> Verb:
    mail, by = _mail("failed"), office()
    return lambda: outbox.close(mail, by=by, now=NOW)


def cancel_mails() -> Verb:
    about: User = factories.person()
    return lambda: outbox.cancel(about, now=NOW)


def issue_link() -> Verb:
    about, holder = factories.person(), factories.person()
    later = NOW + timedelta(days=1)
    return lambda: links.issue("probe", about, holder, now=NOW, expires_at=later)


# The order of what an ending part brings with it.
PARTS = (PART, MENTOR, TANDEM, MEETING, WORKSHOP, PLACE)
LOCKS: dict[Callable[[], Verb], tuple[str, ...]] = {
    confirm_application: (PERSON, APPLICATION),  # two forms of one person
    undo_withdrawal: (PERSON, APPLICATION),
    accept: (COHORT, PERSON, APPLICATION),  # two acceptances for the last place, or of one person
    leave: (COHORT, PART),  # nobody is proposed to somebody who is just leaving
    change_mentor: (MENTOR,),  # places against a yes
    propose: (COHORT, MENTOR),
    pin: (COHORT,),  # against a plan that is being computed
    decline: (MENTOR, TANDEM),
    undo_answer: (COHORT, MENTOR, TANDEM),
    propose_dates: (TANDEM, LINK),
    pick_date: (TANDEM, MEETING),
    refuse_dates: (TANDEM, MEETING),
    end_with_tandem: (TANDEM, MEETING),
    register: (PART, WORKSHOP),
    cancel_registration: (WORKSHOP, PLACE),
    close_an_applicant: (COHORT, PERSON, APPLICATION),
    close_a_mentee: (COHORT, PERSON, *PARTS),
    close_a_mentor: (COHORT, PERSON, *PARTS),
    close_a_coordinator: (COHORT, PERSON),  # and whoever dismisses them holds the cohort
    close_who_is_all_of_it: (COHORT, PERSON, *PARTS, APPLICATION),
    retire: (COHORT, MENTOR, TANDEM, WORKSHOP, PLACE),
    confirm_address_of_a_mentee: (PERSON, LINK, TANDEM, MEETING, WORKSHOP, PLACE),
    confirm_address_of_a_mentor: (PERSON, LINK, MENTOR, TANDEM, MEETING, WORKSHOP, PLACE),
    set_password_by_link: (PERSON, LINK),  # as closing the account does
    send_again: (MAIL,),
    close_mail: (MAIL,),
    cancel_mails: (MAIL,),
    issue_link: (LINK,),
}


def test_c4_the_table_itself_keeps_the_order() -> None:
    for names in LOCKS.values():
        ranked = [name for name in names if name in ORDER]
        assert ranked == sorted(ranked, key=ORDER.index)


@pytest.mark.parametrize("arranged", LOCKS, ids=lambda one: one.__name__)
def test_c3_a_verb_locks_what_it_decides_on_in_the_order_of_the_programme(
    watch: Watch, arranged: Callable[[], Verb]
) -> None:
    verb = arranged()
    watch.asked.clear()
    verb()
    first = list(dict.fromkeys(watch.asked))
    assert [name for name in first if name in LOCKS[arranged]] == list(LOCKS[arranged])
    ranked = [name for name in first if name in ORDER]
    assert ranked == sorted(ranked, key=ORDER.index)


@pytest.mark.parametrize(
    ("before", "arranged"),
    [(account_closing, close_who_is_all_of_it), (mentor_retiring, retire)],
)
def test_c4_control_without_the_locks_ahead_the_consequences_lock_across_the_order(
    before: Signal, arranged: Callable[[], Verb], watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    verb = arranged()
    monkeypatch.setattr(before, "send", lambda *_args, **_named: [])
    watch.asked.clear()
    verb()
    ranked = [name for name in dict.fromkeys(watch.asked) if name in ORDER]
    assert ranked != sorted(ranked, key=ORDER.index)
