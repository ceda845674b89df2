"""The reminders a waiting step wants before its deadline, and what happens when it passes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from core.audit import Actor
from core.links.models import ActionLink
from matching import mails
from matching.models import Tandem
from mentors.models import Mentor
from outbox import actions as outbox
from outbox.planner import plan
from outbox.reminders import PlannedReminder

MENTEE, MENTOR = "tandem-reminder-mentee", "tandem-reminder-mentor"
BEFORE = {"draft": timedelta(days=2), "mentor_asked": timedelta(days=3)}
INVITATION = "tandem-invitation"


def wanted(now: datetime) -> Iterator[PlannedReminder]:
    """The reminders of every step that waits for a mentee or mentor and whose deadline lies ahead. A mentor
    who is paused or has no free place can't say yes and is not pressed."""
    yield from _of(Tandem.objects.awaiting_answer(now).with_people().order_by("answer_by", "pk"))


def refresh(tandem: Tandem, *, now: datetime) -> None:
    """Plans what the tandem wants now and takes back what it wanted before, in the caller's
    transaction (promise S11)."""
    outbox.cancel(tandem, now=now, kinds=(MENTEE, MENTOR))
    if Tandem.objects.awaiting_answer(now).filter(pk=tandem.pk).exists():
        plan(_of([tandem]), now)


def refresh_requests(mentor_id: uuid.UUID, *, now: datetime) -> None:
    """Does so for all that a mentor is asked, once whether they can say yes may have changed; the mentor is
    locked. So a reminder rests while every place is taken and comes back with a place (promise S16)."""
    asked = Tandem.objects.filter(mentor=mentor_id, state="mentor_asked").with_people()
    for tandem in asked.order_by("pk"):
        refresh(tandem, now=now)


def follow_mentor(mentor: Mentor, *, by: Actor, now: datetime) -> None:
    """Consequence of ``mentors.pause``, ``mentors.resume`` and ``mentors.capacity``."""
    refresh_requests(mentor.pk, now=now)


def _of(tandems: Iterable[Tandem]) -> Iterator[PlannedReminder]:
    tandems = list(tandems)
    links = _links([one for one in tandems if one.state == "mentor_asked"])
    for tandem in tandems:
        deadline = tandem.answer_by
        assert deadline is not None
        due_at = deadline - BEFORE[tandem.state]
        if due_at <= tandem.state_since:
            continue  # the question itself has only just been put
        link = links.get(tandem.pk)
        to_mentee = tandem.state == "draft"
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
            # A later deadline or another link wants a row of its own.
            offset=f"{deadline:%Y%m%d%H%M}-{link.version if link else 0}",
            link_id=link.pk if link else None,
            thread=mails.thread(tandem),
        )


def _links(tandems: list[Tandem]) -> dict[uuid.UUID, ActionLink]:
    """Tandem key → the live link of its mentor, not of whoever was asked in their place before; in portions,
    one query each."""
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
