"""What stays of a question once it is answered, and what does not: reminders, deadlines, links, old words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.audit import Actor
from core.links.models import ActionLink
from matching import actions
from matching.models import Tandem
from mentors.models import Mentor
from outbox.models import OutgoingMail
from tests import factories
from tests.matching.people import a_mentee, a_mentor, as_mentee, as_mentor, office

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
REMINDERS = ("tandem-reminder-mentee", "tandem-reminder-mentor")


def asked(now: datetime, mentor: Mentor | None = None, mentee: str = "Leyla Arslan") -> Tandem:
    by = office()
    tandem = actions.propose_tandem(a_mentee(mentee), mentor or a_mentor(), by=by, now=now)
    actions.agree(tandem, by=as_mentee(tandem), now=now)
    return actions.approve(tandem, by=by, now=now)


def reminded(tandem: Tandem) -> list[tuple[str, Any]]:
    """(kind, person) of each reminder that waits."""
    mails = OutgoingMail.objects.about(tandem).filter(kind__in=REMINDERS, status="planned")
    return sorted(mails.values_list("kind", "recipient_id"))


def fresh(tandem: Tandem) -> Tandem:
    return Tandem.objects.get(pk=tandem.pk)


def link(tandem: Tandem) -> ActionLink:
    return ActionLink.objects.about(actions.INVITATION, tandem).live().get()


# ── reminders ────────────────────────────────────────────────────────────────
def test_s11_each_step_reminds_whose_turn_it_is_and_nobody_else(now: datetime) -> None:
    by = office()
    tandem = actions.propose_tandem(a_mentee(), a_mentor(), by=by, now=now)
    assert reminded(tandem) == [(REMINDERS[0], tandem.mentee.user_id)]
    mail = OutgoingMail.objects.get(kind=REMINDERS[0])
    assert (mail.due_at, mail.useful_until, mail.link) == (
        tandem.answer_by - 2 * DAY,
        tandem.answer_by,
        None,
    )
    actions.agree(tandem, by=as_mentee(tandem), now=now)
    assert reminded(tandem) == []
    tandem = actions.approve(tandem, by=by, now=now)
    assert reminded(tandem) == [(REMINDERS[1], tandem.mentor.user_id)]
    mail = OutgoingMail.objects.get(kind=REMINDERS[1])
    assert (mail.due_at, mail.link) == (tandem.answer_by - 3 * DAY, link(tandem))


ENDINGS: dict[str, Callable[[Tandem, datetime], object]] = {
    "confirm": lambda t, now: actions.confirm(t, by=as_mentor(t), now=now),
    "decline": lambda t, now: actions.decline(t, by=as_mentor(t), now=now),
    "ask_question": lambda t, now: actions.ask_question(
        t, by=as_mentor(t), now=now, question="Wie oft?"
    ),
    "dissolve": lambda t, now: actions.dissolve(t, by=office(), now=now),
    "expire": lambda t, now: actions.expire(t, by=Actor.system(), now=now + 11 * DAY),
}


@pytest.mark.parametrize("verb", ENDINGS)
def test_s11_no_answer_leaves_a_reminder_of_the_question_behind(now: datetime, verb: str) -> None:
    tandem, other = asked(now), asked(now, a_mentor("Tobias Wendland"), "Noah Bergmann")
    ENDINGS[verb](tandem, now + DAY)
    assert reminded(tandem) == []
    assert reminded(other) == [(REMINDERS[1], other.mentor.user_id)]


@pytest.mark.parametrize("verb", ["decline_proposal", "expire", "dissolve"])
def test_s11_nor_does_the_end_of_a_proposal(now: datetime, verb: str) -> None:
    tandem = actions.propose_tandem(a_mentee(), a_mentor(), by=office(), now=now)
    if verb == "decline_proposal":
        actions.decline_proposal(tandem, by=as_mentee(tandem), now=now)
    else:
        ENDINGS[verb](tandem, now)
    assert reminded(tandem) == []


def test_s11_asked_again_is_reminded_again_with_the_link_that_holds(now: datetime) -> None:
    tandem = asked(now)
    actions.ask_question(tandem, by=as_mentor(tandem), now=now, question="Wie oft?")
    actions.answer_question(tandem, by=office(), now=now + DAY, answer="Monatlich.")
    tandem = fresh(tandem)
    [mail] = OutgoingMail.objects.filter(kind=REMINDERS[1], status="planned")
    assert (mail.due_at, mail.link) == (tandem.answer_by - 3 * DAY, link(tandem))
    actions.send_again(tandem, by=office(), now=now + 2 * DAY)
    [mail] = OutgoingMail.objects.filter(kind=REMINDERS[1], status="planned")
    assert mail.link == link(tandem)
    actions.decline(tandem, by=as_mentor(tandem), now=now + 2 * DAY)
    actions.undo(tandem, by=as_mentor(tandem), now=now + 3 * DAY)
    assert reminded(tandem) == [(REMINDERS[1], tandem.mentor.user_id)]


# ── old values ───────────────────────────────────────────────────────────────
@pytest.mark.parametrize("verb", ["confirm", "decline"])
def test_an_answer_settles_question_missing_place_and_deadline(now: datetime, verb: str) -> None:
    tandem = asked(now)
    Mentor.objects.update(held=1)
    actions.confirm(tandem, by=as_mentor(tandem), now=now, word="Gern")
    actions.ask_question(tandem, by=as_mentor(tandem), now=now, question="Wann ist Platz?")
    before = fresh(tandem)
    assert None not in (before.question_at, before.no_place_at)
    Mentor.objects.update(held=0)
    ENDINGS[verb](tandem, now + DAY)
    after = fresh(tandem)
    assert (after.question_at, after.no_place_at, after.answer_by) == (None, None, None)
    assert after.answered_at == now + DAY
    assert after.word_to_office == ""
    assert after.confirmed_at == (now + DAY if verb == "confirm" else None)
    assert after.ended_at == (now + DAY if verb == "decline" else None)
    assert link(after).used_at == now + DAY


def test_taking_an_answer_back_leaves_nothing_of_it(now: datetime) -> None:
    for name, verb in (("Leyla Arslan", "confirm"), ("Noah Bergmann", "decline")):
        tandem = asked(now, a_mentor(f"Für {name}"), name)
        ENDINGS[verb](tandem, now + DAY)
        actions.undo(tandem, by=as_mentor(tandem), now=now + 2 * DAY)
        again = fresh(tandem)
        assert (again.answered_at, again.confirmed_at, again.ended_at) == (None, None, None)
        assert again.answer_by == now + 10 * DAY  # the first deadline: it is later than 72 hours
        assert (link(again).used_at, link(again).expires_at) == (None, again.answer_by)
        assert again.mentor.held == 0


def test_l2_who_takes_back_late_has_the_hours_of_the_cohort_to_decide(now: datetime) -> None:
    tandem = asked(now)
    late = now + 9 * DAY
    actions.decline(tandem, by=as_mentor(tandem), now=late)
    actions.undo(tandem, by=as_mentor(tandem), now=late + timedelta(hours=71))
    assert fresh(tandem).answer_by == late + timedelta(hours=71 + 72)


@pytest.mark.parametrize(("hours", "possible"), [(71.999, True), (72, False)])
def test_l2_the_time_to_take_back_ends_at_its_hour(
    now: datetime, hours: float, possible: bool
) -> None:
    tandem = asked(now)
    actions.confirm(tandem, by=as_mentor(tandem), now=now)
    assert fresh(tandem).may_undo(now + timedelta(hours=hours)) is possible


# ── links ────────────────────────────────────────────────────────────────────
def test_l5_however_long_the_deadline_the_link_is_open_for_sixty_days(now: datetime) -> None:
    factories.cohort(mentor_answer_days=90)
    tandem = asked(now)
    assert link(tandem).expires_at == now + 60 * DAY
    actions.ask_question(tandem, by=as_mentor(tandem), now=now + DAY, question="Wie oft?")
    assert link(tandem).expires_at == now + 61 * DAY  # the deadline rests meanwhile


def test_l5_a_dissolved_question_closes_its_link_and_no_other(now: datetime) -> None:
    tandem, other = asked(now), asked(now, a_mentor("Tobias Wendland"), "Noah Bergmann")
    actions.dissolve(tandem, by=office(), now=now)
    assert not ActionLink.objects.about(actions.INVITATION, tandem).live().exists()
    assert link(other)


# ── of the mentor's places ───────────────────────────────────────────────────
def test_the_last_place_rests_the_reminders_of_the_others_to_this_mentor_alone(
    now: datetime,
) -> None:
    mentor, elsewhere = a_mentor(capacity=1), a_mentor("Tobias Wendland")
    first, second = asked(now, mentor), asked(now, mentor, "Noah Bergmann")
    third = asked(now, elsewhere, "Sofia Conti")
    actions.confirm(first, by=as_mentor(first), now=now)
    assert reminded(second) == []
    assert reminded(third) == [(REMINDERS[1], third.mentor.user_id)]
    conflict = OutgoingMail.objects.filter(kind="tandem-conflict-office")
    assert {tuple(one.facts["waiting"]) for one in conflict} == {("Noah Bergmann",)}
