"""Leases, attempts, and which of two reminders gives way (promises S2, S7, S10)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outbox import actions, claims, delivery
from outbox.delivery import _empty
from outbox.models import OutgoingMail
from outbox.planner import plan
from outbox.reminders import PlannedReminder
from outbox.transport import SendResult
from tests import factories

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def clock(monkeypatch):
    """The machine's time, to be put forward."""
    moments = [claims.clock()]
    monkeypatch.setattr(claims, "clock", lambda: moments[-1])
    return moments


def test_s2_a_renewed_lease_keeps_others_away_for_its_whole_length_again(queued, now, clock):
    queued(), queued()
    [row], [lost] = claims.claim(now, "at work", 1), claims.claim(now, "killed", 1)
    clock.append(clock[-1] + claims.LEASE - MINUTE)
    assert claims.renew("at work") == 1
    clock.append(clock[-1] + claims.LEASE - MINUTE)
    assert claims.claim(now, "next", 10) == [lost]
    assert claims.hand_over(row.pk, "at work", now)
    clock.append(clock[-1] + 2 * MINUTE)
    assert claims.claim(now, "last", 10) == [row]


def test_s2_a_long_run_renews_what_it_holds(mailbox, queued, now, monkeypatch):
    """Its lease would run out while a slow server is talked to."""
    monkeypatch.setattr(delivery, "RENEW_SECONDS", 0.0)
    renewed = []
    queued()
    held = claims.renew

    def renew(holder):
        renewed.append(OutgoingMail.objects.filter(claimed_by=holder).count())
        return held(holder)

    monkeypatch.setattr(claims, "renew", renew)
    delivery.deliver(now)
    assert renewed


@pytest.mark.parametrize(
    ("result", "attempts"), [("untried", 0), ("dropped", 0), ("later", 1), ("unreachable", 1)]
)
def test_s7_what_was_not_tried_uses_up_no_attempt(queued, now, result, attempts):
    row = queued()
    [held] = claims.claim(now, "worker", 10)
    assert claims.settle(held, SendResult(_empty(held), result, "why"), now) == "retry"
    row.refresh_from_db()
    assert row.attempt == attempts
    assert (row.claimed_by, row.claim_until) == ("", None)
    assert MINUTE <= row.due_at - now <= 1.2 * MINUTE


def test_s7_a_mail_that_is_never_tried_never_fails(queued, now):
    row = queued()
    moment = now
    for _ in range(len(claims.LADDER) + 3):
        [held] = claims.claim(moment, "worker", 10)
        claims.settle(held, SendResult(_empty(held), "untried"), moment)
        row.refresh_from_db()
        moment = row.due_at
    assert row.status == "retry"


def test_s10_a_reminder_gives_way_to_a_newer_one_of_the_same_date_alone(mailbox, now):
    """Two subjects of one object remind by versions of their own; neither pushes the other out."""
    obj, person = factories.person(), factories.person()
    begins = now + 3 * DAY
    told = {"at": begins.isoformat(), "version": "1"}
    plan(
        [
            PlannedReminder("probe-reminder", person.pk, obj, told, now - 2 * MINUTE, begins, 1, "7d"),
            PlannedReminder("probe-question", person.pk, obj, {"name": "A", "words": "B"}, now - MINUTE,
                   begins, 5, "2d"),
        ],
        now,
    )  # fmt: skip
    delivery.deliver(now)
    assert set(OutgoingMail.objects.values_list("status", flat=True)) == {"sent"}


def test_s10_a_newer_one_that_is_not_due_yet_pushes_nothing_out(mailbox, now):
    obj, person = factories.person(), factories.person()
    begins = now + 3 * DAY
    told = {"at": begins.isoformat(), "version": "1"}
    early = PlannedReminder("probe-reminder", person.pk, obj, told, now, begins, 1, "7d")
    late = PlannedReminder("probe-reminder", person.pk, obj, told, now + MINUTE, begins, 1, "24h")
    plan([early, late], now)
    assert delivery.deliver(now) == {"sent": 1}


def test_s7_sent_again_by_a_person_a_mail_has_all_its_attempts_before_it(queued, now):
    from core.audit import Actor

    row = queued()
    OutgoingMail.objects.filter(pk=row.pk).update(status="failed", attempt=7)
    actions.send_again(row, by=Actor.system(), now=now + MINUTE)
    [held] = claims.claim(now + MINUTE, "worker", 10)
    assert held.attempt == 1
    assert claims.settle(held, SendResult(_empty(held), "later", "450"), now) == "retry"


def test_s7_what_is_past_its_use_is_not_sent_again(queued, now):
    from core.audit import Actor
    from core.errors import RuleViolation

    row = queued(useful_until=now)
    OutgoingMail.objects.filter(pk=row.pk).update(status="failed")
    with pytest.raises(RuleViolation) as refused:
        actions.send_again(row, by=Actor.system(), now=now + timedelta(seconds=1))
    assert refused.value.code == "late"
    assert actions.send_again(row, by=Actor.system(), now=now).status == "planned"
