"""Reminders before the deadlines of mentees and mentors, and what happens when these pass."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from core.audit import Actor
from core.links.models import ActionLink
from matching import mails
from matching.models import Tandem
from matching.states import TandemState
from mentors.models import Mentor
from outbox import actions as outbox
from outbox.planner import plan
from outbox.reminders import PlannedReminder

MENTEE, MENTOR = "tandem-reminder-mentee", "tandem-reminder-mentor"
BEFORE: dict[str, timedelta] = {
    TandemState.DRAFT: timedelta(days=2),
    TandemState.MENTOR_ASKED: timedelta(days=3),
}
INVITATION = "tandem-invitation"


def wanted(now: datetime) -> Iterator[PlannedReminder]:
    """The reminders of every open step of a mentee or mentor whose deadline lies ahead. None for a mentor who
    is paused or has no free place and so can't accept."""
    yield from _of(Tandem.objects.awaiting_answer(now).with_people().order_by("answer_by", "pk"))


def refresh(tandem: Tandem, *, now: datetime) -> None:
    """Plans the tandem's reminders and cancels outdated ones, in the caller's transaction (promise S11)."""
    outbox.cancel(tandem, now=now, kinds=(MENTEE, MENTOR))
    if Tandem.objects.awaiting_answer(now).filter(pk=tandem.pk).exists():
        plan(_of([tandem]), now)


def refresh_requests(mentor_id: uuid.UUID, *, now: datetime) -> None:
    """Does the same for all open questions to a mentor, after a change in whether they can accept; the mentor
    is locked. So a reminder is withdrawn while every place is taken and planned again with a free place
    (promise S16)."""
    asked = Tandem.objects.filter(mentor=mentor_id, state=TandemState.MENTOR_ASKED).with_people()
    for tandem in asked.order_by("pk"):
        refresh(tandem, now=now)


def follow_mentor(mentor: Mentor, *, by: Actor, now: datetime) -> None:
    """Receiver of ``mentor_availability_changed``."""
    refresh_requests(mentor.pk, now=now)


def _of(tandems: Iterable[Tandem]) -> Iterator[PlannedReminder]:
    tandems = list(tandems)
    links = _links([one for one in tandems if one.state == TandemState.MENTOR_ASKED])
    for tandem in tandems:
        deadline = tandem.answer_by
        assert deadline is not None
        due_at = deadline - BEFORE[tandem.state]
        if due_at <= tandem.state_since:
            continue  # the question itself was only just sent
        link = links.get(tandem.pk)
        to_mentee = tandem.state == TandemState.DRAFT
        recipient = tandem.mentee.user if to_mentee else tandem.mentor.user
        if recipient is None or (link is None and not to_mentee):
            continue
        yield PlannedReminder(
            kind=MENTEE if to_mentee else MENTOR,
            recipient_id=recipient.pk,
            obj=tandem,
            facts=mails.reminder_facts(tandem),
            due_at=due_at,
            useful_until=deadline,
            version=tandem.version,
            # A later deadline or another link needs a row of its own.
            offset=f"{deadline:%Y%m%d%H%M}-{link.version if link else 0}",
            link_id=link.pk if link else None,
            thread=mails.thread(tandem),
        )


def _links(tandems: list[Tandem]) -> dict[uuid.UUID, ActionLink]:
    """Tandem key → the live link of its present mentor, not of a person asked before; in portions, one query
    each."""
    found: dict[uuid.UUID, ActionLink] = {}
    holders = {one.pk: one.mentor.user_id for one in tandems}
    keys = list(holders)
    for start in range(0, len(keys), 500):
        rows = ActionLink.objects.live().filter(
            purpose=INVITATION, object_id__in=keys[start : start + 500]
        )
        found.update(
            (link.object_id, link) for link in rows if link.holder_id == holders[link.object_id]
        )
    return found
