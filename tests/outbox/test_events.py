"""No event is swallowed by a key (promise S16): what happens three times is told three times, what is sent
twice is told once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from outbox import actions
from outbox.kinds import mail_kinds
from outbox.models import OutgoingMail, dedupe_key
from tests.outbox import events, kinds

pytestmark = pytest.mark.django_db
ONCE = {
    "application-accepted",
    "mentor-welcome",
}  # once in a life: the state table knows no way back
# Planned by time, not by a verb; that they come back is proven in test_restored.py.
REMINDERS = {
    "date-answer-reminder", "meeting-reminder-day", "meeting-reminder-week", "tandem-reminder-mentee",
    "tandem-reminder-mentor", "workshop-reminder",
}  # fmt: skip
THREE = [pytest.param(*one, id=one[1].__name__) for one in events.SCENARIOS]


def counted(names: frozenset[str], scenario: Callable[[], None]) -> Counter[tuple[str, Any]]:
    """How many mails of each kind each recipient gets."""
    with transaction.atomic():
        scenario()
    rows = OutgoingMail.objects.filter(kind__in=names)
    return Counter(rows.values_list("kind", "recipient"))


@pytest.mark.parametrize(("names", "scenario"), THREE)
def test_s16_three_events_are_three_mails_to_everybody_concerned(
    names: frozenset[str], scenario: Callable[[], None]
) -> None:
    found = counted(names, scenario)
    assert {kind for kind, _recipient in found} == names
    assert set(found.values()) == {3}, found


def test_s16_every_kind_of_mail_that_a_verb_sends_stands_in_the_table() -> None:
    told = {kind for names, _scenario in events.SCENARIOS for kind in names}
    probes = {one.kind for one in kinds.KINDS}
    assert told | ONCE | REMINDERS == set(mail_kinds) - probes
    assert not told & (ONCE | REMINDERS)


def test_s16_what_happens_once_in_a_life_is_told_once() -> None:
    with transaction.atomic():
        application, mentor = events.accepted_once()
    assert OutgoingMail.objects.filter(recipient=application.applicant).count() == 1
    assert OutgoingMail.objects.filter(recipient=mentor.user, kind="mentor-welcome").count() == 1


def test_s16_the_calendar_follows_each_change() -> None:
    """SEQUENCE rises with each, so that no calendar takes a later file for an older one."""
    events.a_workshop_is_moved_and_moved_back()
    rows = OutgoingMail.objects.filter(kind="workshop-changed").order_by("created_at")
    sequences = [row.facts["sequence"] for row in rows]
    assert sequences == sorted(set(sequences))
    [first, second, third] = [row.facts["starts_at"] for row in rows]
    assert first == third != second


@pytest.mark.parametrize(
    ("scenario", "names"),
    [
        (events.a_workshop_is_moved_and_moved_back, {"workshop-changed"}),
        (events.a_title_is_corrected_then_the_date_moved, {"workshop-changed"}),
    ],
)
def test_s16_control_a_key_without_the_facts_swallows_the_second_change(
    monkeypatch: pytest.MonkeyPatch, scenario: Callable[[], None], names: set[str]
) -> None:
    monkeypatch.setattr(actions, "dedupe_key", lambda *parts: dedupe_key(*parts[:5]))
    assert set(counted(frozenset(names), scenario).values()) == {1}


def test_s16_control_a_key_by_kind_and_object_alone_swallows_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        actions,
        "dedupe_key",
        lambda kind, obj, recipient, *rest: dedupe_key(kind, obj, recipient, 0, ""),
    )
    for scenario in (
        events.a_talk_is_moved_and_moved_back,
        events.a_mentor_asks_and_asks,
        events.a_meeting_is_moved_and_moved_back,
        events.a_consent_is_asked_for_again,
    ):
        names = next(names for names, one in events.SCENARIOS if one is scenario)
        assert set(counted(names, scenario).values()) == {1}
        OutgoingMail.objects.all().delete()
