"""The life of a tandem: every verb, every rule, every mail."""

from __future__ import annotations

import ast
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from core.audit import Actor
from core.audit.models import AuditEvent
from core.errors import RuleViolation
from core.links.actions import issue
from core.links.models import ActionLink
from core.verbs import decided_on
from matching import actions
from matching.actions import AnswerResult, lifecycle
from matching.admin import approval_sentence
from matching.models import PairRule, Tandem
from matching.reminders import refresh, refresh_requests
from matching.signals import tandem_ended
from matching.states import HELD, LIVE, TANDEM
from mentees import actions as mentees
from mentees.models import Mentee
from mentees.signals import mentee_left
from mentoring import PACKAGES, listeners
from mentoring.reminder_sources import REMINDER_SOURCES
from mentors import actions as mentors
from mentors.models import Mentor
from outbox.models import OutgoingMail
from programme.models import Consent
from tests import factories
from tests.matching.people import a_mentee, a_mentor, as_mentee, as_mentor, office
from tests.signals import heard

pytestmark = pytest.mark.django_db


def kinds(to: Any = None) -> list[str]:
    """The kinds of the mails that wait or left, to one person."""
    mails = OutgoingMail.objects.filter(status="planned").exclude(kind__contains="-reminder-")
    if to is not None:
        mails = mails.filter(recipient=to)
    return sorted(mails.values_list("kind", flat=True))


def asked(now: datetime, **mentor: Any) -> Tandem:
    """A tandem whose mentor was asked ``now``, by all the verbs before."""
    by = office()
    tandem = actions.propose_tandem(a_mentee(), a_mentor(**mentor), by=by, now=now)
    actions.agree(tandem, by=as_mentee(tandem), now=now)
    return actions.approve(tandem, by=by, now=now)


def fresh(tandem: Tandem) -> Tandem:
    return Tandem.objects.get(pk=tandem.pk)


# ── the way to yes ───────────────────────────────────────────────────────────
def test_from_proposal_to_active(now: datetime) -> None:
    by = office()
    tandem = actions.propose_tandem(a_mentee(), a_mentor(), by=by, now=now)
    assert (tandem.state, tandem.proposed_by_id) == ("draft", by.user_id)
    assert tandem.answer_by == now + timedelta(days=7)
    assert kinds() == ["tandem-proposal"]

    actions.agree(tandem, by=as_mentee(tandem), now=now, word="Sehr gern.")
    tandem = fresh(tandem)
    assert (tandem.state, tandem.mentee_word) == ("mentee_agreed", "Sehr gern.")
    assert tandem.answer_by == now + timedelta(days=7)
    assert kinds() == ["tandem-to-approve"]

    actions.approve(tandem, by=by, now=now)
    tandem = fresh(tandem)
    assert (tandem.state, tandem.version) == ("mentor_asked", 3)
    assert tandem.answer_by == now + timedelta(days=10)
    assert kinds(tandem.mentor.user) == ["tandem-invitation"]
    link = ActionLink.objects.get(purpose=actions.INVITATION)
    assert (link.object_id, link.expires_at) == (tandem.pk, tandem.answer_by)

    assert actions.confirm(tandem, by=as_mentor(tandem), now=now, word="Gern.") is AnswerResult.DONE
    tandem = fresh(tandem)
    assert (tandem.state, tandem.word_to_office) == ("confirmed", "Gern.")
    assert Mentor.objects.get().held == 1
    assert kinds(tandem.mentor.user) == ["tandem-confirmed-mentor"]
    assert kinds(tandem.mentee.user) == ["tandem-confirmed-mentee"]
    mail = OutgoingMail.objects.get(kind="tandem-confirmed-mentee")
    assert mail.facts["partner_email"] == tandem.mentor.user.email

    assert actions.pass_deadlines(now + timedelta(hours=71)) == 0
    assert actions.pass_deadlines(now + timedelta(hours=72)) == 1
    assert fresh(tandem).state == "active"
    verbs = AuditEvent.objects.of(tandem).values_list("verb", flat=True)
    assert set(verbs) == {"propose", "agree", "approve", "ask_mentor", "confirm", "begin"}


def test_the_office_is_told_of_a_yes_in_the_mentors_words(now: datetime) -> None:
    coordinator = factories.coordinator()
    tandem = factories.tandem("mentor_asked", mentor=a_mentor())
    actions.confirm(tandem, by=as_mentor(tandem), now=now, word="Gern.")
    told = OutgoingMail.objects.get(kind="tandem-confirmed-office", recipient=coordinator)
    assert told.facts["word"] == "Gern."


def test_begin_leads_to_probation_where_the_cohort_agreed_on_one(now: datetime) -> None:
    factories.cohort(probation_until=date(2026, 12, 15))
    tandem = factories.tandem("confirmed", answered_at=now, confirmed_at=now)
    actions.pass_deadlines(now + timedelta(days=4))
    assert (fresh(tandem).state, fresh(tandem).probation_until) == ("probation", date(2026, 12, 15))
    assert actions.pass_probation(tandem, by=office(), now=now).state == "active"


def test_nothing_begins_while_the_answer_can_be_taken_back(now: datetime) -> None:
    tandem = factories.tandem("confirmed", answered_at=now, confirmed_at=now)
    with pytest.raises(RuleViolation) as refused:
        lifecycle.begin(tandem, by=office(), now=now + timedelta(hours=72, seconds=-1))
    assert refused.value.code == "early"
    Tandem.objects.update(answered_at=None)  # nobody answered: there is nothing to begin
    with pytest.raises(RuleViolation):
        lifecycle.begin(fresh(tandem), by=office(), now=now + timedelta(days=90))


def test_with_an_agreement_nothing_begins_by_time(now: datetime) -> None:
    factories.cohort(agreement_required=True)
    tandem = factories.tandem("confirmed", answered_at=now)
    assert actions.pass_deadlines(now + timedelta(days=4)) == 0
    assert fresh(tandem).state == "confirmed"


def test_mails_of_one_tandem_hang_together(now: datetime) -> None:
    tandem = asked(now)
    assert set(OutgoingMail.objects.values_list("thread", flat=True)) == {f"tandem:{tandem.pk}"}


# ── who may, and when ────────────────────────────────────────────────────────
def test_gdpr22_no_tandem_without_a_person(now: datetime) -> None:
    for by in (Actor.system(), Actor(None, "coordinator"), as_nobody()):
        with pytest.raises(RuleViolation) as refused:
            actions.propose_tandem(a_mentee(), a_mentor(), by=by, now=now)
        assert refused.value.code == "human"
    tandem = factories.tandem("mentee_agreed")
    with pytest.raises(RuleViolation):
        actions.approve(tandem, by=Actor.system(), now=now)
    assert Tandem.objects.count() == 1


def as_nobody() -> Actor:
    return Actor.person(factories.person(), "mentee")


def test_gdpr22_one_place_alone_makes_tandems() -> None:
    """No other code of the product calls ``Tandem(…)`` or creates one by its manager."""
    root = Path(__file__).parent.parent.parent
    makers = []
    for folder in PACKAGES:
        for path in sorted((root / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and _makes_a_tandem(node):
                    makers.append(path.relative_to(root).as_posix())
    assert makers == ["matching/actions/proposals.py"]


def _makes_a_tandem(call: ast.Call) -> bool:
    text = ast.unparse(call.func)
    return text in ("Tandem", "models.Tandem") or text.startswith(
        ("Tandem.objects.create", "Tandem.objects.bulk_create", "Tandem.objects.get_or_create")
    )


def test_a_coordinator_decides_nothing_about_their_own_tandem(now: datetime) -> None:
    user = factories.coordinator()
    mentor = a_mentor(user=user)
    with pytest.raises(RuleViolation) as refused:
        actions.propose_tandem(a_mentee(), mentor, by=office(user), now=now)
    assert refused.value.code == "own_case"
    tandem = factories.tandem("mentee_agreed", mentor=mentor)
    with pytest.raises(RuleViolation) as refused:
        actions.approve(tandem, by=office(user), now=now)
    assert refused.value.code == "own_case"


@pytest.mark.parametrize("kind", [kind for kind in PairRule.Kind.values if kind != "pin"])
def test_an_excluded_pair_is_not_proposed(now: datetime, kind: str) -> None:
    mentee, mentor, by = a_mentee(), a_mentor(), office()
    actions.forbid_pair(mentee, mentor, by=by, now=now, kind=kind)
    with pytest.raises(RuleViolation):
        actions.propose_tandem(mentee, mentor, by=by, now=now)


def test_a_mentee_has_one_proposal_at_a_time(now: datetime) -> None:
    mentee, by = a_mentee(), office()
    actions.propose_tandem(mentee, a_mentor(), by=by, now=now)
    with pytest.raises(RuleViolation) as refused:
        actions.propose_tandem(mentee, a_mentor("Tobias Wendland"), by=by, now=now)
    assert refused.value.code == "decided"


@pytest.mark.parametrize("values", [{"state": "paused"}, {"capacity": 1, "held": 1}])
def test_who_gets_no_new_tandem_is_not_proposed(now: datetime, values: dict[str, Any]) -> None:
    with pytest.raises(RuleViolation):
        actions.propose_tandem(a_mentee(), a_mentor(**values), by=office(), now=now)


def test_without_consent_nobody_is_asked_and_no_yes_counts(now: datetime) -> None:
    tandem = asked(now)
    Consent.objects.filter(person=tandem.mentor.user).update(withdrawn_at=now)
    with pytest.raises(RuleViolation) as refused:
        actions.confirm(tandem, by=as_mentor(tandem), now=now)
    assert refused.value.code == "no_consent"
    assert Mentor.objects.get().held == 0
    with pytest.raises(RuleViolation):
        actions.propose_tandem(a_mentee("Noah Bergmann"), tandem.mentor, by=office(), now=now)


def test_after_the_deadline_nobody_answers(now: datetime) -> None:
    late = now + timedelta(days=20)
    draft = factories.tandem("draft")
    with pytest.raises(RuleViolation):
        actions.agree(draft, by=as_mentee(draft), now=late)
    tandem = factories.tandem("mentor_asked")
    for verb in (actions.confirm, actions.decline):
        with pytest.raises(RuleViolation):
            verb(tandem, by=as_mentor(tandem), now=late)
    assert Mentor.objects.get(pk=tandem.mentor_id).held == 0


# ── every forbidden move, from the table ─────────────────────────────────────
VERBS: dict[str, Any] = {
    "agree": lambda t, now: actions.agree(t, by=as_mentee(t), now=now),
    "decline_proposal": lambda t, now: actions.decline_proposal(t, by=as_mentee(t), now=now),
    "approve": lambda t, now: actions.approve(t, by=office(), now=now),
    "confirm": lambda t, now: actions.confirm(t, by=as_mentor(t), now=now),
    "decline": lambda t, now: actions.decline(t, by=as_mentor(t), now=now),
    "undo": lambda t, now: actions.undo(t, by=as_mentor(t), now=now),
    "begin": lambda t, now: actions.begin(t, by=Actor.system(), now=now + timedelta(days=9)),
    "pass_probation": lambda t, now: actions.pass_probation(t, by=office(), now=now),
    "complete": lambda t, now: actions.complete(t, by=office(), now=now),
    "expire": lambda t, now: actions.expire(t, by=Actor.system(), now=now + timedelta(days=90)),
    "dissolve": lambda t, now: actions.dissolve(t, by=office(), now=now, reason="…"),
}
# Said a second time, an answer changes nothing and is no error (promise L3).
SAID_AGAIN = {
    "agree": {"mentee_agreed"},
    "decline_proposal": {"declined"},
    "confirm": {"confirmed", "declined", "probation", "active"},
    "decline": {"confirmed", "declined", "probation", "active"},
    "undo": {"mentor_asked"},
}


def test_every_verb_of_the_table_is_tried() -> None:
    assert set(TANDEM.moves) == set(VERBS) | {"ask_mentor"}  # part of approve


@pytest.mark.parametrize("verb", sorted(VERBS))
@pytest.mark.parametrize("state", sorted(TANDEM.states))
def test_every_move_of_the_table_and_no_other(now: datetime, state: str, verb: str) -> None:
    tandem = factories.tandem(state, mentor=a_mentor(), answered_at=now, approved_at=now)
    before = Mentor.objects.get(pk=tandem.mentor_id).held
    if TANDEM.allows(state, verb):
        VERBS[verb](tandem, now)
        moved = fresh(tandem)
        ways = {*TANDEM.moves[verb].targets, *(["mentor_asked"] if verb == "approve" else [])}
        assert moved.state in ways
        assert AuditEvent.objects.of(tandem).filter(values__state=moved.state).exists()
    elif state in SAID_AGAIN.get(verb, set()):
        VERBS[verb](tandem, now)
        assert fresh(tandem).state == state
        assert not OutgoingMail.objects.exists()
    else:
        with pytest.raises(RuleViolation):
            VERBS[verb](tandem, now)
        assert fresh(tandem).state == state
        assert not OutgoingMail.objects.exists()
    # promise C7: held is the number of held tandems, whatever was tried
    held = Tandem.objects.held().filter(mentor=tandem.mentor_id).count()
    assert Mentor.objects.get(pk=tandem.mentor_id).held == held
    assert before in (0, 1)


@pytest.mark.parametrize("state", sorted(TANDEM.states))
def test_a_state_is_never_written_past_the_verbs(now: datetime, state: str) -> None:
    tandem = factories.tandem("draft")
    if state != "draft":
        tandem.state = state
        with pytest.raises(RuleViolation):
            tandem.save()
        with pytest.raises(RuleViolation):
            Tandem.objects.filter(pk=tandem.pk).update(state=state)
    assert fresh(tandem).state == "draft"


# ── places (C7) ──────────────────────────────────────────────────────────────
def test_c7_without_a_place_the_yes_is_kept_and_the_office_told(now: datetime) -> None:
    tandem = asked(now)
    Mentor.objects.update(held=1)
    actions.decline_proposal(factories.tandem("draft"), by=as_nobody(), now=now)
    assert (
        actions.confirm(tandem, by=as_mentor(tandem), now=now, word="Gern.")
        is AnswerResult.NO_PLACE
    )
    tandem = fresh(tandem)
    assert (tandem.state, tandem.no_place_at) == ("mentor_asked", now)
    assert Mentor.objects.get(pk=tandem.mentor_id).held == 1
    assert OutgoingMail.objects.filter(kind="tandem-no-place-office").count() >= 1
    mails = OutgoingMail.objects.count()
    assert actions.confirm(tandem, by=as_mentor(tandem), now=now) is AnswerResult.NO_PLACE
    assert OutgoingMail.objects.count() == mails
    Mentor.objects.filter(pk=tandem.mentor_id).update(capacity=2)
    assert actions.confirm(tandem, by=as_mentor(tandem), now=now) is AnswerResult.DONE


def test_c7_more_mentors_asked_than_places_and_the_last_one_taken(now: datetime) -> None:
    mentor, by = a_mentor(capacity=2), office()
    tandems = []
    for name in ("Leyla Arslan", "Noah Bergmann", "Sofia Conti"):
        tandem = factories.tandem("mentee_agreed", mentee=a_mentee(name), mentor=mentor)
        tandems.append(actions.approve(tandem, by=by, now=now))
    results = [actions.confirm(one, by=as_mentor(one), now=now) for one in tandems]
    assert results == [AnswerResult.DONE, AnswerResult.DONE, AnswerResult.NO_PLACE]
    conflict = OutgoingMail.objects.get(kind="tandem-conflict-office")
    assert conflict.facts["waiting"] == ["Sofia Conti"]
    assert list(Tandem.objects.without_place()) == [fresh(tandems[2])]


def test_c7_the_database_keeps_one_open_tandem_and_the_capacity(now: datetime) -> None:
    mentee = a_mentee()
    factories.tandem("mentor_asked", mentee=mentee)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.tandem("mentee_agreed", mentee=mentee)
    mentor = a_mentor("Tobias Wendland")
    with pytest.raises(IntegrityError), transaction.atomic():
        Mentor.objects.filter(pk=mentor.pk).update(held=2)


def test_c7_agreeing_while_another_is_open_is_a_sentence_not_an_error(now: datetime) -> None:
    mentee = a_mentee()
    factories.tandem("mentor_asked", mentee=mentee)
    draft = factories.tandem("draft", mentee=mentee)
    with pytest.raises(RuleViolation) as refused:
        actions.agree(draft, by=as_mentee(draft), now=now)
    assert refused.value.code == "one_open"


def test_approving_without_any_place_is_refused(now: datetime) -> None:
    tandem = factories.tandem("mentee_agreed", mentor=a_mentor(held=1))
    with pytest.raises(RuleViolation) as refused:
        actions.approve(tandem, by=office(), now=now)
    assert refused.value.code == "no_capacity"


# ── taking it back (L2) ──────────────────────────────────────────────────────
@pytest.mark.parametrize("answer", ["confirm", "decline"])
def test_l2_an_answer_is_taken_back_within_the_hours(now: datetime, answer: str) -> None:
    tandem = asked(now)
    getattr(actions, answer)(tandem, by=as_mentor(tandem), now=now)
    link = ActionLink.objects.get(purpose=actions.INVITATION)
    assert link.state_at(now) == "used"
    later = now + timedelta(hours=71)
    actions.undo(tandem, by=as_mentor(tandem), now=later)
    tandem = fresh(tandem)
    assert (tandem.state, tandem.answered_at, tandem.confirmed_at) == ("mentor_asked", None, None)
    assert tandem.answer_by == now + timedelta(days=10)
    assert Mentor.objects.get().held == 0
    link.refresh_from_db()
    assert link.state_at(later) == "open"
    undone = OutgoingMail.objects.get(kind="tandem-undone-mentee")
    assert undone.facts["was_confirmed"] is (answer == "confirm")
    assert not OutgoingMail.objects.filter(kind__contains="-confirmed-", status="planned").exists()
    assert actions.confirm(tandem, by=as_mentor(tandem), now=later) is AnswerResult.DONE


def test_l2_taking_back_after_a_question_gives_a_usual_deadline(now: datetime) -> None:
    tandem = asked(now)
    actions.ask_question(tandem, by=as_mentor(tandem), now=now, question="Wie oft?")
    actions.decline(tandem, by=as_mentor(tandem), now=now)
    later = now + timedelta(hours=5)
    actions.undo(tandem, by=as_mentor(tandem), now=later)
    assert fresh(tandem).answer_by == later + timedelta(days=10)


def test_l2_taking_back_late_gives_time_to_decide_anew(now: datetime) -> None:
    tandem = asked(now)
    last = tandem.answer_by - timedelta(hours=1)
    actions.confirm(tandem, by=as_mentor(tandem), now=last)
    again = last + timedelta(hours=70)
    actions.undo(tandem, by=as_mentor(tandem), now=again)
    assert fresh(tandem).answer_by == again + timedelta(hours=72)


def test_l2_after_the_hours_or_when_somebody_else_was_proposed_it_stands(now: datetime) -> None:
    tandem = asked(now)
    actions.decline(tandem, by=as_mentor(tandem), now=now)
    with pytest.raises(RuleViolation):
        actions.undo(tandem, by=as_mentor(tandem), now=now + timedelta(hours=72))
    other = a_mentor("Tobias Wendland")
    actions.propose_tandem(tandem.mentee, other, by=office(), now=now)
    with pytest.raises(RuleViolation) as refused:
        actions.undo(tandem, by=as_mentor(tandem), now=now)
    assert refused.value.code == "decided"


def test_l2_a_no_stands_once_the_mentee_has_left(now: datetime) -> None:
    tandem = asked(now)
    actions.decline(tandem, by=as_mentor(tandem), now=now)
    mentees.leave(tandem.mentee, by=office(), now=now)
    with pytest.raises(RuleViolation) as refused:
        actions.undo(tandem, by=as_mentor(tandem), now=now)
    assert refused.value.code == "mentee_inactive"
    assert fresh(tandem).state == "declined"


def test_l2_a_no_stands_once_the_mentor_has_left(now: datetime) -> None:
    tandem = asked(now)
    actions.decline(tandem, by=as_mentor(tandem), now=now)
    mentors.retire(tandem.mentor, by=office(), now=now)
    with pytest.raises(RuleViolation) as refused:
        actions.undo(fresh(tandem), by=as_mentor(tandem), now=now)
    assert refused.value.code == "parted"


def test_a_proposal_the_mentee_declined_is_nothing_the_mentor_takes_back(now: datetime) -> None:
    tandem = actions.propose_tandem(a_mentee(), a_mentor(), by=office(), now=now)
    actions.decline_proposal(tandem, by=as_mentee(tandem), now=now)
    with pytest.raises(RuleViolation):
        actions.undo(tandem, by=as_mentor(tandem), now=now)


# ── a question first ─────────────────────────────────────────────────────────
def test_a_question_rests_the_deadline_and_the_answer_sets_a_new_one(now: datetime) -> None:
    tandem = asked(now)
    later = now + timedelta(days=8)
    actions.ask_question(tandem, by=as_mentor(tandem), now=later, question="Auch online?")
    tandem = fresh(tandem)
    assert (tandem.state, tandem.answer_by, tandem.question_at) == ("mentor_asked", None, later)
    assert kinds(factories.User.objects.get(is_staff=True)) == ["tandem-question-office"]
    assert actions.pass_deadlines(now + timedelta(days=50)) == 0
    assert not OutgoingMail.objects.filter(kind__contains="-reminder-", status="planned").exists()
    link = ActionLink.objects.get(purpose=actions.INVITATION)
    assert link.state_at(now + timedelta(days=50)) == "open"

    answered = now + timedelta(days=20)
    actions.answer_question(tandem, by=office(), now=answered, answer="Ja.")
    tandem = fresh(tandem)
    assert (tandem.answer_by, tandem.question_at) == (answered + timedelta(days=10), None)
    assert "tandem-question-answered" in kinds(tandem.mentor.user)
    with pytest.raises(RuleViolation):
        actions.answer_question(tandem, by=office(), now=answered)
    with pytest.raises(RuleViolation):
        actions.ask_question(tandem, by=as_mentor(tandem), now=answered, question=" ")


def test_who_approves_is_warned_of_requests_for_the_same_place_alone(now: datetime) -> None:
    tandem = factories.tandem("mentee_agreed", mentor=a_mentor(capacity=1))
    factories.tandem("mentor_asked")  # of another mentor
    with override("en"):
        assert "Please note" not in approval_sentence(tandem)
        factories.tandem("mentor_asked", mentor=tandem.mentor)
        assert "1 place is free and 1 request is already open" in approval_sentence(tandem)


# ── time ─────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("state", "mentee", "mentor"),
    [
        ("draft", ["tandem-expired-proposal"], []),
        ("mentor_asked", ["tandem-expired-mentee"], ["tandem-expired-mentor"]),
    ],
)
def test_without_an_answer_it_expires(
    now: datetime, state: str, mentee: list[str], mentor: list[str]
) -> None:
    coordinator = factories.coordinator()
    tandem = factories.tandem(state)
    assert actions.pass_deadlines(now + timedelta(days=7, seconds=-1)) == 0
    assert actions.pass_deadlines(now + timedelta(days=7)) == 1
    assert fresh(tandem).state == "expired"
    assert kinds(tandem.mentee.user) == mentee
    assert kinds(tandem.mentor.user) == mentor
    assert kinds(coordinator) == ["tandem-expired-office"]
    actions.propose_tandem(tandem.mentee, a_mentor(), by=office(), now=now)


def test_nothing_expires_before_its_deadline_whoever_asks_for_it(now: datetime) -> None:
    tandem = factories.tandem("mentor_asked", answer_by=now + timedelta(days=7))
    with pytest.raises(RuleViolation) as refused:
        actions.expire(tandem, by=office(), now=now + timedelta(days=7, seconds=-1))
    assert refused.value.code == "early"
    assert fresh(tandem).state == "mentor_asked"


def test_what_was_answered_long_ago_does_not_hold_up_what_is_overdue(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifecycle, "BATCH", 1)
    factories.tandem("active", answer_by=now - timedelta(days=90))
    overdue = factories.tandem("mentor_asked", answer_by=now - timedelta(days=1))
    assert actions.pass_deadlines(now) == 1
    assert fresh(overdue).state == "expired"


def test_a_proposal_the_mentee_left_unanswered_is_not_told_as_a_full_mentors(now: datetime) -> None:
    tandem = factories.tandem("draft", mentor=a_mentor(capacity=1, held=1))
    assert actions.pass_deadlines(now + timedelta(days=7)) == 1
    assert kinds(tandem.mentee.user) == ["tandem-expired-proposal"]


def test_a_mentors_places_are_looked_at_for_their_own_questions_alone(
    now: datetime, django_assert_num_queries: Any
) -> None:
    tandem = asked(now)
    with CaptureQueriesContext(connection) as alone:
        refresh_requests(tandem.mentor_id, now=now)
    factories.tandem("mentor_asked", answer_by=now + timedelta(days=7))
    with django_assert_num_queries(len(alone)):
        refresh_requests(tandem.mentor_id, now=now)


def test_a_late_approval_costs_the_mentee_nothing(now: datetime) -> None:
    tandem = factories.tandem("mentee_agreed", mentor=a_mentor())
    assert actions.pass_deadlines(now + timedelta(days=30)) == 0
    assert actions.approve(tandem, by=office(), now=now + timedelta(days=30)).state == (
        "mentor_asked"
    )


def test_reminders_before_the_deadline_and_none_after_the_answer(now: datetime) -> None:
    by = office()
    tandem = actions.propose_tandem(a_mentee(), a_mentor(), by=by, now=now)
    reminder = OutgoingMail.objects.get(kind__contains="-reminder-")
    assert (reminder.kind, reminder.due_at) == ("tandem-reminder-mentee", now + timedelta(days=5))
    actions.agree(tandem, by=as_mentee(tandem), now=now)
    reminder.refresh_from_db()
    assert reminder.status == "cancelled"
    actions.approve(tandem, by=by, now=now)
    reminder = OutgoingMail.objects.get(kind__contains="-reminder-", status="planned")
    assert (reminder.kind, reminder.due_at) == ("tandem-reminder-mentor", now + timedelta(days=7))
    assert reminder.link == ActionLink.objects.get(purpose=actions.INVITATION)
    actions.send_again(tandem, by=by, now=now + timedelta(days=1))
    reminder = OutgoingMail.objects.get(kind__contains="-reminder-", status="planned")
    assert reminder.link == actions.live_link(tandem)
    wanted = REMINDER_SOURCES["matching"].wanted
    assert wanted is not None
    assert next(iter(wanted(now))).link_id == reminder.link_id
    actions.confirm(tandem, by=as_mentor(tandem), now=now + timedelta(days=2))
    assert not OutgoingMail.objects.filter(kind__contains="-reminder-", status="planned").exists()


def test_l5_a_reminder_leads_to_the_mentors_own_link_whoever_else_holds_one(now: datetime) -> None:
    """While a record is led on to another person, the former one's link is still open. A link for something
    else is no invitation, whoever holds it."""
    tandem = asked(now)
    own = actions.live_link(tandem)
    issue(actions.INVITATION, tandem, factories.person(), now=now)
    issue("something-else", tandem, tandem.mentor.user, now=now)
    refresh(tandem, now=now)
    reminder = OutgoingMail.objects.get(kind="tandem-reminder-mentor", status="planned")
    assert reminder.link == own


def test_a_mentor_whose_last_place_is_taken_is_neither_pressed_nor_called_silent(
    now: datetime,
) -> None:
    taken = asked(now, capacity=1)
    other = actions.propose_tandem(a_mentee(), taken.mentor, by=office(), now=now)
    actions.agree(other, by=as_mentee(other), now=now)
    actions.approve(other, by=office(), now=now)
    pressing = OutgoingMail.objects.about(other).filter(kind="tandem-reminder-mentor")
    assert pressing.get().status == "planned"
    actions.confirm(taken, by=as_mentor(taken), now=now)
    assert pressing.get().status == "cancelled"
    wanted = REMINDER_SOURCES["matching"].wanted
    assert wanted is not None
    assert [one for one in wanted(now) if one.obj.pk == other.pk] == []
    actions.expire(fresh(other), by=office(), now=now + timedelta(days=11))
    told_of_no_silence(other)


@pytest.mark.parametrize("end", ["dissolve", "complete"])
def test_s16_a_place_that_becomes_free_plans_the_reminders_of_who_was_asked_for_it(
    now: datetime, end: str
) -> None:
    held = factories.tandem("active", mentor=a_mentor(capacity=1), answered_at=now)
    asked = factories.tandem(
        "mentor_asked", mentor=held.mentor, answer_by=now + timedelta(days=9), state_since=now
    )
    issue(actions.INVITATION, asked, asked.mentor.user, now=now)
    planned = OutgoingMail.objects.about(asked).filter(status="planned")
    refresh(asked, now=now)
    assert not planned.exists()
    getattr(actions, end)(held, by=office(), now=now)
    assert planned.get().kind == "tandem-reminder-mentor"


def told_of_no_silence(tandem: Tandem) -> None:
    assert kinds(tandem.mentee.user) == ["tandem-declined-mentee"]
    assert "tandem-expired-mentor" not in kinds(tandem.mentor.user)
    office_mails = OutgoingMail.objects.filter(kind="tandem-expired-office")
    told = [one.facts for one in office_mails]
    assert told
    assert all(one["no_place"] and not one["silent_mentor"] for one in told)


def test_a_mentor_who_said_yes_without_a_place_is_not_called_silent(now: datetime) -> None:
    coordinator, mentor = factories.coordinator(), a_mentor(capacity=1, held=1)
    tandem = factories.tandem("mentor_asked", mentor=mentor)
    assert actions.confirm(tandem, by=as_mentor(tandem), now=now) is AnswerResult.NO_PLACE
    mentors.free_place(mentor.pk)  # too late for this one, unless the office acts
    assert actions.pass_deadlines(now + timedelta(days=7)) == 1
    told_of_no_silence(tandem)
    assert "tandem-expired-office" in kinds(coordinator)


# ── ends, and what others bring about ────────────────────────────────────────
@pytest.mark.parametrize("state", LIVE)
def test_completing_takes_back_what_was_asked_and_leaves_what_is_held(
    now: datetime, state: str
) -> None:
    tandem = factories.tandem(state, answered_at=now)
    mentees.complete(tandem.mentee, by=office(), now=now)
    assert fresh(tandem).state == (state if state in HELD else "dissolved")


@pytest.mark.parametrize("state", LIVE)
def test_leaving_dissolves_and_frees_the_place(now: datetime, state: str) -> None:
    tandem = factories.tandem(state, answered_at=now)
    by = office()
    mentee_left.send(Mentee, obj=tandem.mentee, by=by, now=now)
    assert fresh(tandem).state == "dissolved"
    assert Mentor.objects.get().held == 0
    told = kinds(tandem.mentor.user)
    if state in HELD:
        assert told == ["tandem-dissolved"]
    else:
        assert told == (["tandem-withdrawn"] if state == "mentor_asked" else [])


def test_leaving_dissolves_before_anything_else(now: datetime) -> None:
    assert listeners.listeners()[mentee_left][0] is actions.dissolve_for_leaving


def test_a_dissolved_question_withdraws_the_link(now: datetime) -> None:
    tandem = asked(now)
    actions.dissolve(tandem, by=office(), now=now, reason="Doppelt gefragt")
    assert ActionLink.objects.get(purpose=actions.INVITATION).state_at(now) == "withdrawn"
    assert "tandem-invitation" not in kinds()


def test_a_place_given_back_is_told_once(now: datetime) -> None:
    tandem = asked(now)
    with heard(tandem_ended) as ended:
        actions.confirm(tandem, by=as_mentor(tandem), now=now)
        actions.undo(tandem, by=as_mentor(tandem), now=now)
        actions.confirm(tandem, by=as_mentor(tandem), now=now)
        actions.dissolve(tandem, by=office(), now=now, reason="…")
    assert [one.state for one in ended] == ["mentor_asked", "dissolved"]


def test_c3_a_verb_decides_on_what_it_reads_after_the_lock(now: datetime) -> None:
    tandem = asked(now)
    stale = Tandem.objects.get(pk=tandem.pk)
    actions.decline(tandem, by=as_mentor(tandem), now=now)
    assert stale.state == "mentor_asked"
    assert actions.confirm(stale, by=as_mentor(tandem), now=now) is AnswerResult.ALREADY
    assert fresh(tandem).state == "declined"
    assert Mentor.objects.get().held == 0


def test_s1_nothing_stays_when_the_transaction_fails(now: datetime) -> None:
    tandem = asked(now)
    before = OutgoingMail.objects.count()

    def confirm_and_fail() -> None:
        with transaction.atomic():
            actions.confirm(tandem, by=as_mentor(tandem), now=now)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        confirm_and_fail()
    assert fresh(tandem).state == "mentor_asked"
    assert (OutgoingMail.objects.count(), Mentor.objects.get().held) == (before, 0)


def test_c3_a_verb_that_moves_nothing_is_compared_with_what_was_seen_too(
    now: datetime,
) -> None:
    tandem = factories.tandem("mentor_asked", question="Wann?", question_at=now)
    with decided_on(tandem, tandem.version + 1), pytest.raises(RuleViolation) as refused:
        actions.answer_question(tandem, by=office(), now=now)
    assert refused.value.code == "moved"
    with decided_on(tandem, tandem.version):
        assert actions.answer_question(tandem, by=office(), now=now).question_at is None
