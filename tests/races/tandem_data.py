"""What the races of tandems run on, and the sabotage that shows they can fail (promise C2)."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

ANSWERS = ("confirm", "decline")


def prepare(people: int, capacity: int) -> dict[str, Any]:
    """A mentor with ``capacity`` places and ``people`` tandems that ask for one: mentor key, tokens."""
    from django.utils import timezone

    from core.links.actions import issue, token_of
    from matching.reminders import INVITATION
    from tests import factories

    now = timezone.now()
    mentor = factories.mentor(capacity=capacity, name="Henrike Osterloh")
    if not factories.cohort().roles.exists():
        factories.coordinator()
    until = now + timedelta(days=7)
    tokens = []
    for _number in range(people):
        tandem = factories.tandem("mentor_asked", mentor=mentor, answer_by=until, approved_at=now)
        link = issue(INVITATION, tandem, mentor.user, now=now, expires_at=until)
        tokens.append(token_of(link))
    return {"mentor": str(mentor.pk), "tokens": tokens}


def outcome(mentor: str) -> dict[str, Any]:
    """What became of them: places taken, states, mails and events by kind."""
    from collections import Counter

    from core.audit.models import AuditEvent
    from matching.models import Tandem
    from mentors.models import Mentor
    from outbox.models import OutgoingMail

    tandems = Tandem.objects.filter(mentor=mentor)
    keys = list(tandems.values_list("pk", flat=True))
    mails = OutgoingMail.objects.filter(object_id__in=keys)
    events = AuditEvent.objects.filter(object_id__in=[str(key) for key in keys])
    return {
        "held": Mentor.objects.get(pk=mentor).held,
        "states": Counter(tandems.values_list("state", flat=True)),
        "mails": Counter(mails.values_list("kind", flat=True)),
        "events": Counter(events.values_list("verb", flat=True)),
    }


def breaches() -> list[str]:
    """What ``manage.py verify`` finds about places and open tandems."""
    from django.utils import timezone

    from mentoring.operations import verify

    now = timezone.now()
    return [*verify.mentor_places(now), *verify.one_tandem(now)]


def without_locks() -> None:
    """Takes the locks alone away in this process: the conditional update of the places stays."""
    from django.db.models import QuerySet

    from matching.actions import mentor_response

    in_time = mentor_response.in_time

    def slowly(*args: Any) -> None:
        time.sleep(0.1)
        in_time(*args)

    QuerySet.select_for_update = lambda self, *_args, **_options: self
    mentor_response.in_time = slowly


def without_guard() -> None:
    """Takes both guards of promise C7 away in this process, the mentor's lock and the conditional update: looks,
    waits, then writes."""
    from django.db.models import QuerySet

    from mentors import actions
    from mentors.models import Mentor

    def take_place(mentor_id: Any) -> bool:
        mentor = Mentor.objects.get(pk=mentor_id)
        if mentor.held >= mentor.capacity:
            return False
        time.sleep(0.1)
        Mentor.objects.filter(pk=mentor_id).update(held=mentor.held + 1)
        return True

    QuerySet.select_for_update = lambda self, *_args, **_options: self
    actions.take_place = take_place
