"""The verbs of the network: what each does, and what each refuses."""

from __future__ import annotations

import importlib
from datetime import datetime, timedelta

import pytest
from django.apps import apps

from core.audit import Actor
from core.audit.models import AuditEvent
from core.errors import RuleViolation
from core.links.models import ActionLink
from mentors import actions
from mentors.models import Criterion, CriterionCheck, Mentor
from mentors.states import MENTOR
from outbox.models import OutgoingMail
from programme import consents
from programme.models import Consent
from tests import factories as make
from tests.accounts.helpers import confirm_new_address

pytestmark = pytest.mark.django_db
MOVES = (
    "contact",
    "note_interest",
    "review",
    "activate",
    "pause",
    "resume",
    "retire",
    "decline",
    "reject",
)


@pytest.fixture
def office() -> Actor:
    return make.by(make.coordinator())


def _kinds() -> list[str]:
    return sorted(OutgoingMail.objects.values_list("kind", flat=True))


def _complete(mentor: Mentor) -> None:
    mentor.checks.update(verdict="met")
    make.consent(mentor.user)


def test_enter_mentor_makes_a_prospect_with_five_open_criteria(
    office: Actor, now: datetime
) -> None:
    mentor = actions.enter_mentor(
        name="Henrike Osterloh",
        profession="Solocellistin",
        email="osterloh@example.org",
        career_fields=[make.career_field("orchestra")],
        salutation="Frau Osterloh",
        by=office,
        now=now,
    )
    assert mentor.state == "prospect"
    assert [check.verdict for check in mentor.checks.all()] == ["open"] * 5
    assert mentor.user.email == "osterloh@example.org"
    assert mentor.user.greeting == "Frau Osterloh"
    assert [one.code for one in mentor.career_fields.all()] == ["orchestra"]
    assert AuditEvent.objects.of(mentor).get().verb == "enter"


def test_enter_mentor_takes_a_person_who_is_known_in_another_part(
    office: Actor, now: datetime
) -> None:
    person = make.person("Noah Bergmann", email="noah@example.org")
    mentor = actions.enter_mentor(
        name="Noah Bergmann", profession="Pianist", email="noah@example.org", by=office, now=now
    )
    assert mentor.user == person


def test_a7_who_is_known_already_keeps_everything_and_the_record_keeps_what_was_entered(
    office: Actor, now: datetime
) -> None:
    person = make.person("Noah Bergmann", email="noah@example.org")
    person.language, person.salutation = "en", "Mr Bergmann"
    person.save()
    mentor = actions.enter_mentor(
        name="N. Bergmann", profession="Pianist", email="NOAH@example.org", by=office, now=now,
        language="de", salutation="Herr B.", phone="0341 1",
    )  # fmt: skip
    assert mentor.user == person  # an address in capitals is no other person
    person.refresh_from_db()
    known = (person.name, person.language, person.salutation, person.phone)
    assert known == ("Noah Bergmann", "en", "Mr Bergmann", "")
    entered = (mentor.email, mentor.language, mentor.salutation, mentor.phone)
    assert entered == ("noah@example.org", "de", "Herr B.", "0341 1")
    assert mentor.contact == mentor


def test_what_is_entered_later_still_fills_the_account_that_was_made_for_the_record(
    office: Actor, now: datetime
) -> None:
    mentor = actions.enter_mentor(
        name="Ada", profession="Hornistin", email="ada@example.org", by=office, now=now
    )
    values = {"salutation": "Frau A.", "phone": "0341 1", "language": "en", "name": "Ada Horn"}
    actions.change_mentor(mentor, by=office, now=now, values=values)
    mentor.refresh_from_db()
    person = mentor.user
    assert (person.name, person.greeting, person.phone) == ("Ada Horn", "Frau A.", "0341 1")
    person.last_login = now  # from now on it is somebody's
    person.save()
    actions.change_mentor(mentor, by=office, now=now, values={"phone": "0341 2", "name": "X"})
    person.refresh_from_db()
    assert (person.name, person.phone) == ("Ada Horn", "0341 1")


def test_enter_mentor_refuses_the_address_of_another_mentor(office: Actor, now: datetime) -> None:
    other = make.mentor()
    with pytest.raises(RuleViolation) as refused:
        actions.enter_mentor(name="X", profession="Y", email=other.user.email, by=office, now=now)
    assert (refused.value.code, refused.value.field) == ("address_taken", "email")
    assert Mentor.objects.count() == 1


@pytest.mark.parametrize(
    ("state", "verb"),
    [(state, verb) for state in MENTOR.states for verb in MOVES if not MENTOR.allows(state, verb)],
)
def test_a_forbidden_move_is_refused_and_writes_nothing(
    state: str, verb: str, office: Actor, now: datetime
) -> None:
    mentor = make.mentor(state)
    with pytest.raises(RuleViolation) as refused:
        getattr(actions, verb)(mentor, by=office, now=now)
    assert refused.value.code == "state"
    mentor.refresh_from_db()
    assert mentor.state == state
    assert not AuditEvent.objects.exists()
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("state", "verb", "after"),
    [
        ("prospect", "contact", "contacted"),
        ("prospect", "note_interest", "interested"),
        ("contacted", "note_interest", "interested"),
        ("interested", "review", "under_review"),
        ("active", "pause", "paused"),
        ("active", "retire", "former"),
        ("contacted", "decline", "declined"),
        ("under_review", "reject", "rejected"),
    ],
)
def test_a_move_sets_state_and_moment_and_is_audited(
    state: str, verb: str, after: str, office: Actor, now: datetime
) -> None:
    mentor = make.mentor(state)
    later = now + timedelta(hours=1)
    moved = getattr(actions, verb)(mentor, by=office, now=later)
    assert (moved.state, moved.state_since, moved.version) == (after, later, 1)
    event = AuditEvent.objects.of(mentor).get()
    assert (event.verb, event.values["state"]) == (verb, after)


def test_activate_names_everything_that_is_missing(office: Actor, now: datetime) -> None:
    mentor = make.mentor("under_review")
    mentor.checks.exclude(criterion=3).update(verdict="met")
    mentor.user = None
    mentor.save()
    with pytest.raises(RuleViolation) as refused:
        actions.activate(mentor, by=office, now=now)
    assert refused.value.code == "incomplete"
    sentence = str(refused.value)
    assert str(Criterion.RENOWN.label) in sentence
    assert str(Criterion.INCOME.label) not in sentence
    assert len(actions.missing(mentor)) == 3


def test_activate_needs_the_consent(office: Actor, now: datetime) -> None:
    mentor = make.mentor("under_review")
    mentor.checks.update(verdict="met")
    with pytest.raises(RuleViolation):
        actions.activate(mentor, by=office, now=now)
    make.consent(mentor.user)
    assert actions.activate(mentor, by=office, now=now).state == "active"
    assert _kinds() == ["mentor-welcome"]
    assert OutgoingMail.objects.get().link.purpose == "mentor-consent"


def test_a7_an_address_nobody_confirmed_is_asked_and_its_person_welcomed_after_the_answer(
    office: Actor, now: datetime
) -> None:
    mentor = make.mentor("under_review", confirmed_at=None)
    mentor.checks.update(verdict="met")
    make.notice("mentor")
    actions.record_consent(mentor, by=office, now=now, how="Brief")
    actions.activate(mentor, by=office, now=now)
    assert _kinds() == ["mentor-address-request"]
    actions.confirm_address(mentor, by=office, now=now)  # nobody answers for the person
    mentor.refresh_from_db()
    assert (mentor.confirmed_at, _kinds()) == (None, ["mentor-address-request"])
    for _ in range(2):
        actions.confirm_address(mentor, by=make.by(mentor.user, "mentor"), now=now)
    mentor.refresh_from_db()
    assert mentor.confirmed_at == now
    assert _kinds() == ["mentor-address-request", "mentor-welcome"]
    with pytest.raises(RuleViolation) as refused:
        actions.ask_to_confirm(mentor, by=office, now=now)
    assert refused.value.code == "confirmed"


def test_activate_counts_only_a_standing_consent_of_the_right_purpose(
    office: Actor, now: datetime
) -> None:
    mentor = make.mentor("under_review")
    mentor.checks.update(verdict="met")
    make.consent(mentor.user, "application")
    gone = make.consent(mentor.user)
    gone.withdrawn_at = now
    gone.save()
    with pytest.raises(RuleViolation):
        actions.activate(mentor, by=office, now=now)


def test_nobody_judges_or_activates_themselves(now: datetime) -> None:
    own = make.coordinator()
    mentor = make.mentor("under_review", user=own)
    _complete(mentor)
    with pytest.raises(RuleViolation) as refused:
        actions.activate(mentor, by=make.by(own), now=now)
    assert refused.value.code == "own_case"
    with pytest.raises(RuleViolation) as refused:
        actions.check_criterion(
            mentor, criterion=1, verdict="open", evidence="", by=make.by(own), now=now
        )
    assert refused.value.code == "own_case"


def test_resume_is_held_to_the_conditions_of_activate(office: Actor, now: datetime) -> None:
    mentor = make.mentor("paused")
    with pytest.raises(RuleViolation) as refused:
        actions.resume(mentor, by=office, now=now)
    assert refused.value.code == "incomplete"
    _complete(mentor)
    resumed = actions.resume(mentor, by=office, now=now)
    assert (resumed.state, resumed.paused_because) == ("active", "")


def test_retire_waits_for_running_tandems(office: Actor, now: datetime) -> None:
    mentor = make.mentor()
    actions.take_place(mentor.pk)
    with pytest.raises(RuleViolation) as refused:
        actions.retire(mentor, by=office, now=now)
    assert refused.value.code == "held"
    actions.free_place(mentor.pk)
    assert actions.retire(mentor, by=office, now=now).state == "former"


# ── criteria ─────────────────────────────────────────────────────────────────
def test_check_criterion_records_who_when_and_on_what(office: Actor, now: datetime) -> None:
    mentor = make.mentor("under_review")
    check = actions.check_criterion(
        mentor,
        criterion=2,
        verdict="met",
        evidence="Stelle im Orchester seit 2009",
        by=office,
        now=now,
    )
    assert (check.verdict, check.evidence) == ("met", "Stelle im Orchester seit 2009")
    assert (check.checked_by_id, check.checked_at) == (office.user_id, now)
    event = AuditEvent.objects.of(mentor).get()
    assert event.values == {"criterion": 2, "verdict": "met"}
    assert "2009" not in str(event.values)


def test_check_criterion_the_same_again_changes_nothing(office: Actor, now: datetime) -> None:
    mentor = make.mentor("under_review")
    for _time in range(2):
        actions.check_criterion(
            mentor, criterion=2, verdict="met", evidence="Stelle", by=office, now=now
        )
    assert AuditEvent.objects.of(mentor).count() == 1


def test_check_criterion_needs_evidence_for_a_verdict(office: Actor, now: datetime) -> None:
    mentor = make.mentor("under_review")
    with pytest.raises(RuleViolation) as refused:
        actions.check_criterion(
            mentor, criterion=2, verdict="met", evidence="  ", by=office, now=now
        )
    assert refused.value.field == "evidence"
    assert mentor.checks.get(criterion=2).verdict == "open"


@pytest.mark.parametrize("verdict", ["open", "not_met"])
def test_a_criterion_set_back_pauses_new_matches_and_tells_the_coordinators(
    verdict: str, office: Actor, now: datetime
) -> None:
    mentor = make.mentor()
    assert Mentor.objects.matchable().count() == 1
    actions.check_criterion(
        mentor, criterion=5, verdict=verdict, evidence="ein Jahr auf Tournee", by=office, now=now
    )
    mentor.refresh_from_db()
    assert (mentor.state, mentor.paused_because) == ("paused", "criterion")
    assert Mentor.objects.matchable().count() == 0
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.recipient_id) == ("criterion-reopened", office.user_id)


def test_a_criterion_set_back_before_activation_pauses_nothing(
    office: Actor, now: datetime
) -> None:
    mentor = make.mentor("under_review")
    mentor.checks.update(verdict="met")
    actions.check_criterion(mentor, criterion=5, verdict="open", evidence="", by=office, now=now)
    mentor.refresh_from_db()
    assert mentor.state == "under_review"
    assert not OutgoingMail.objects.exists()


def test_check_criterion_is_closed_once_the_person_has_parted(office: Actor, now: datetime) -> None:
    with pytest.raises(RuleViolation):
        actions.check_criterion(
            make.mentor("former"), criterion=1, verdict="met", evidence="x", by=office, now=now
        )


# ── consent ──────────────────────────────────────────────────────────────────
def test_ask_for_consent_sends_a_fresh_standing_link(office: Actor, now: datetime) -> None:
    mentor = make.mentor("under_review")
    make.notice("mentor")
    first = actions.ask_for_consent(mentor, by=office, now=now)
    assert actions.ask_for_consent(mentor, by=office, now=now) == first  # a button pressed twice
    again = actions.ask_for_consent(mentor, by=office, now=now + timedelta(minutes=1))
    assert first.expires_at is None
    assert ActionLink.objects.live().get() == again
    assert _kinds() == ["mentor-consent-request"] * 2


@pytest.mark.parametrize("state", ["former", "declined", "rejected"])
def test_ask_for_consent_is_closed_once_the_person_has_parted(
    state: str, office: Actor, now: datetime
) -> None:
    make.notice("mentor")
    with pytest.raises(RuleViolation):
        actions.ask_for_consent(make.mentor(state), by=office, now=now)


def test_ask_for_consent_needs_an_address_and_a_notice(office: Actor, now: datetime) -> None:
    mentor = make.mentor("under_review")
    with pytest.raises(RuleViolation) as refused:
        actions.ask_for_consent(mentor, by=office, now=now)
    assert refused.value.code == "notice"
    mentor.user = None
    mentor.save()
    with pytest.raises(RuleViolation) as refused:
        actions.ask_for_consent(mentor, by=office, now=now)
    assert refused.value.code == "address_needed"


def test_record_consent_twice_stands_once(office: Actor, now: datetime) -> None:
    mentor = make.mentor("under_review")
    make.notice("mentor")
    for hour in range(2):
        actions.record_consent(
            mentor, by=office, now=now + timedelta(hours=hour), how="unterschriebenes Formular"
        )
    assert Consent.objects.get().how == "unterschriebenes Formular"
    assert AuditEvent.objects.of(mentor).filter(verb="record_consent").count() == 1


def test_a_withdrawn_consent_pauses_and_tells_the_coordinators(
    office: Actor, now: datetime
) -> None:
    mentor = make.mentor(public=True)
    assert Mentor.objects.listed().count() == 1
    withdrawn = actions.withdraw_consent(mentor, by=make.by(mentor.user, "mentor"), now=now)
    assert withdrawn == 1
    mentor.refresh_from_db()
    assert (mentor.state, mentor.paused_because) == ("paused", "consent")
    assert Mentor.objects.listed().count() == Mentor.objects.matchable().count() == 0
    assert _kinds() == ["mentor-consent-withdrawn"]
    assert actions.withdraw_consent(mentor, by=office, now=now) == 0
    assert _kinds() == ["mentor-consent-withdrawn"]


def test_a_withdrawal_from_anywhere_has_the_same_consequence(now: datetime) -> None:
    mentor = make.mentor()
    consents.withdraw(mentor.user, "mentor", by=make.by(mentor.user, "person"), now=now)
    mentor.refresh_from_db()
    assert mentor.state == "paused"


# ── places ───────────────────────────────────────────────────────────────────
def test_c7_take_place_never_goes_above_the_capacity() -> None:
    mentor = make.mentor(capacity=2)
    assert [actions.take_place(mentor.pk) for _try in range(4)] == [True, True, False, False]
    mentor.refresh_from_db()
    assert (mentor.held, mentor.free) == (2, 0)


def test_c7_places_of_one_mentor_are_taken_and_freed_without_another_s() -> None:
    mentor, other = make.mentor(), make.mentor()
    assert actions.free_place(mentor.pk) is False
    assert actions.take_place(other.pk) is True
    assert actions.free_place(mentor.pk) is False
    assert actions.take_place(mentor.pk) is True
    assert actions.free_place(mentor.pk) is True
    for one, held in ((mentor, 0), (other, 1)):
        one.refresh_from_db()
        assert one.held == held


def test_c7_capacity_never_falls_below_what_is_held(office: Actor, now: datetime) -> None:
    mentor = make.mentor(capacity=2)
    actions.take_place(mentor.pk)
    actions.take_place(mentor.pk)
    with pytest.raises(RuleViolation) as refused:
        actions.change_mentor(mentor, by=office, now=now, values={"capacity": 1, "name": "Neu"})
    assert (refused.value.code, refused.value.field) == ("capacity", "capacity")
    mentor.refresh_from_db()
    assert mentor.capacity == 2
    assert mentor.name != "Neu"


# ── changing ─────────────────────────────────────────────────────────────────
def test_p9_the_history_of_an_account_made_for_a_record_names_who_changed_it(
    office: Actor, now: datetime
) -> None:
    mentor = actions.enter_mentor(
        name="Wiebke Roth", profession="Solohornistin", email="r@example.org", by=office, now=now
    )
    actions.change_mentor(mentor, by=office, now=now, values={"phone": "0341 2"})
    person = Mentor.objects.get(pk=mentor.pk).user
    [event] = AuditEvent.objects.of(person)
    assert person.phone == "0341 2"
    assert (event.verb, event.actor_id, event.actor_role) == ("change", office.user_id, office.role)


def test_change_mentor_writes_only_what_is_named(office: Actor, now: datetime) -> None:
    mentor = make.mentor(region="Leipzig")
    actions.change_mentor(
        mentor,
        by=office,
        now=now,
        values={"profession": "Dirigentin", "topics": [make.topic("fees")], "phone": "0341 1"},
    )
    mentor.refresh_from_db()
    assert (mentor.profession, mentor.region) == ("Dirigentin", "Leipzig")
    assert mentor.user.phone == "0341 1"
    assert AuditEvent.objects.of(mentor).get().fields == ["phone", "profession", "topics"]


def test_who_has_a_new_name_is_greeted_by_it(office: Actor, now: datetime) -> None:
    mentor = make.mentor(name="Wiebke Quandt")
    assert mentor.user.name == "Wiebke Quandt"
    actions.change_mentor(mentor, by=office, now=now, values={"name": "Wiebke Ahlers"})
    mentor.refresh_from_db()
    assert mentor.user.name == "Wiebke Ahlers"
    mentor.user.name = "W. Ahlers-Roth"  # what was chosen for the person stands
    mentor.user.save()
    actions.change_mentor(mentor, by=office, now=now, values={"name": "Wiebke Roth"})
    mentor.user.refresh_from_db()
    assert mentor.user.name == "W. Ahlers-Roth"


def test_a_new_address_of_an_active_mentor_waits_and_then_is_the_same_person_s(
    office: Actor, now: datetime
) -> None:
    mentor = make.mentor()
    person, held = mentor.user_id, mentor.user.email
    link = actions.standing_link(mentor, now=now)
    actions.change_mentor(mentor, by=office, now=now, values={"email": "neu@example.org"})
    mentor.refresh_from_db()
    link.refresh_from_db()
    assert (mentor.user.email, mentor.user.new_email) == (held, "neu@example.org")
    assert link.closed_as == ""
    confirm_new_address(mentor.user)
    mentor.refresh_from_db()
    link.refresh_from_db()
    assert (mentor.user_id, mentor.user.email) == (person, "neu@example.org")
    assert link.state_at(now) == "replaced"
    # withdrawing the consent stays as easy as giving it
    assert _kinds()[-1] == "mentor-consent-link"
    assert ActionLink.objects.about(actions.CONSENT_LINK, mentor).live().count() == 1


def test_an_address_is_not_taken_away_from_who_takes_part(office: Actor, now: datetime) -> None:
    mentor, other = make.mentor(), make.mentor()
    with pytest.raises(RuleViolation) as refused:
        actions.change_mentor(mentor, by=office, now=now, values={"email": ""})
    assert refused.value.code == "address_needed"
    prospect = make.mentor("prospect", confirmed_at=None)
    with pytest.raises(RuleViolation) as refused:
        actions.change_mentor(prospect, by=office, now=now, values={"email": other.user.email})
    assert (refused.value.code, refused.value.field) == ("address_taken", "email")


def test_l5_a_consent_link_dies_with_the_address_it_went_to(office: Actor, now: datetime) -> None:
    """The record of somebody who has not confirmed leads to another person: the first mailbox decides nothing
    any more."""
    make.notice("mentor")
    mentor = actions.enter_mentor(
        name="Ada", profession="Hornistin", email="ada@example.org", by=office, now=now
    )
    link = actions.ask_for_consent(mentor, by=office, now=now)
    actions.change_mentor(mentor, by=office, now=now, values={"email": "ADA@example.org"})
    link.refresh_from_db()
    assert link.state_at(now) == "open"  # the same address in capitals is no change
    actions.change_mentor(mentor, by=office, now=now, values={"email": "horn@example.org"})
    link.refresh_from_db()
    assert link.state_at(now) == "withdrawn"


def test_what_the_office_recorded_goes_along_with_an_address_nobody_confirmed(
    office: Actor, now: datetime
) -> None:
    make.notice("mentor")
    mentor = make.mentor("paused", confirmed_at=None, email="falsch@example.org")
    former = mentor.user
    actions.record_consent(mentor, by=office, now=now, how="Brief")
    link = actions.ask_for_consent(make.mentor("prospect"), by=office, now=now)
    asked = actions.standing_link(mentor, now=now)
    actions.change_mentor(mentor, by=office, now=now, values={"email": "richtig@example.org"})
    mentor.refresh_from_db()
    assert (mentor.user.email, mentor.user == former) == ("richtig@example.org", False)
    assert consents.has_consent(mentor.user, "mentor")
    asked.refresh_from_db()
    link.refresh_from_db()
    assert (asked.state_at(now), link.state_at(now)) == ("withdrawn", "open")
    [mail] = OutgoingMail.objects.filter(kind="mentor-address-request")
    assert (mail.recipient, mail.link.state_at(now)) == (mentor.user, "open")


@pytest.mark.parametrize("verb", ["retire", "resume"])
def test_the_reason_of_a_pause_ends_with_it(verb: str, office: Actor, now: datetime) -> None:
    mentor = make.mentor()
    mentor = actions.pause(mentor, by=office, now=now, reason="office")
    mentor = getattr(actions, verb)(mentor, by=office, now=now)
    mentor.refresh_from_db()
    assert (mentor.state != "paused", mentor.paused_because) == (True, "")


def test_an_address_with_a_consent_of_its_own_keeps_that_one(office: Actor, now: datetime) -> None:
    make.notice("mentor")
    enter = {"name": "Eine", "profession": "Hornistin", "email": "eine@example.org"}
    first = actions.enter_mentor(**enter, by=office, now=now)
    actions.record_consent(first, by=office, now=now, how="Brief")
    actions.change_mentor(first, by=office, now=now, values={"email": "andere@example.org"})
    mentor = make.mentor(confirmed_at=None, email="falsch@example.org")
    actions.change_mentor(mentor, by=office, now=now, values={"email": "eine@example.org"})
    mentor.refresh_from_db()
    assert mentor.user is not None
    assert mentor.user.email == "eine@example.org"
    assert consents.has_consent(mentor.user, "mentor")


def test_a7_a_consent_the_office_records_opens_no_closed_account(
    office: Actor, now: datetime
) -> None:
    make.notice("mentor")
    closed = make.person(is_active=False)
    enter = {"name": "Eine", "profession": "Hornistin", "email": closed.email}
    mentor = actions.enter_mentor(**enter, by=office, now=now)
    with pytest.raises(RuleViolation) as refused:
        actions.record_consent(mentor, by=office, now=now, how="Brief")
    assert refused.value.code == "closed"
    closed.refresh_from_db()
    assert not closed.is_active
    assert not Consent.objects.exists()
    actions.ask_for_consent(mentor, by=office, now=now)  # it is the person who begins anew
    actions.record_consent(mentor, by=make.by(closed, "mentor"), now=now)
    closed.refresh_from_db()
    assert closed.is_active


def test_a7_the_migration_takes_no_word_of_the_office_for_the_person_s(
    office: Actor, now: datetime
) -> None:
    migration = importlib.import_module("mentors.migrations.0002_confirmed_by_the_person")
    make.notice("mentor")
    typed, theirs = (make.mentor("under_review", confirmed_at=None) for _ in range(2))
    assert theirs.user is not None
    actions.record_consent(typed, by=office, now=now, how="Brief")
    actions.record_consent(theirs, by=make.by(theirs.user, "mentor"), now=now)
    Mentor.objects.update(confirmed_at=None)
    migration.whoever_answered_has_confirmed(apps, None)
    typed.refresh_from_db()
    theirs.refresh_from_db()
    assert (typed.confirmed_at, theirs.confirmed_at) == (None, now)
    assert typed.user is not None
    assert (typed.email, theirs.email) == (typed.user.email, "")


def test_a_prospect_may_lose_or_get_an_address(office: Actor, now: datetime) -> None:
    mentor = make.mentor("prospect")
    actions.change_mentor(mentor, by=office, now=now, values={"email": ""})
    mentor.refresh_from_db()
    assert mentor.user is None
    actions.change_mentor(mentor, by=office, now=now, values={"email": "da@example.org"})
    mentor.refresh_from_db()
    assert (mentor.user.email, mentor.confirmed_at) == ("da@example.org", None)


def test_a_state_cannot_be_written_past_the_verbs() -> None:
    mentor = make.mentor("prospect")
    mentor.state = "active"
    with pytest.raises(RuleViolation):
        mentor.save()
    with pytest.raises(RuleViolation):
        Mentor.objects.filter(pk=mentor.pk).update(state="active")


def test_the_database_keeps_one_check_per_criterion() -> None:
    mentor = make.mentor()
    assert CriterionCheck.objects.filter(mentor=mentor).count() == 5
