"""A mentee's part: completed, or left before the end."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from mentees import mails
from mentees.models import Mentee
from mentees.signals import mentee_completed, mentee_left
from mentees.states import MENTEE
from mentoring import audit
from mentoring.audit import Actor
from mentoring.programme.models import Cohort
from mentoring.retries import patiently


def locked(mentee_id: uuid.UUID) -> Mentee:
    """The mentee, read after the lock (promise C3); the cohort first (C4), as whatever proposes a tandem
    does, so that nobody is proposed to somebody who is just leaving."""
    cohort_id = Mentee.objects.values_list("cohort_id", flat=True).get(pk=mentee_id)
    Cohort.objects.select_for_update().get(pk=cohort_id)
    return (
        Mentee.objects.select_for_update(of=("self",))
        .select_related("user", "cohort")
        .get(pk=mentee_id)
    )


@patiently
@transaction.atomic
def leave(mentee: Mentee, *, by: Actor, now: datetime, reason: str = "") -> Mentee:
    """Ends the part before its time. In the same transaction the tandem is dissolved, future
    registrations and meetings are cancelled (consequences of ``mentees.leave``), or nothing happens."""
    mentee = locked(mentee.pk)
    MENTEE.move(mentee, "leave", now=now)
    mentee.left_reason = reason
    mentee.save()
    audit.record(
        mentee, "leave", by=by, now=now, fields=["left_reason"], values={"state": mentee.state}
    )
    mentee_left.send(Mentee, obj=mentee, by=by, now=now)
    mails.mentee_left(mentee, now=now)
    return mentee


@patiently
@transaction.atomic
def complete(mentee: Mentee, *, by: Actor, now: datetime) -> Mentee:
    """Notes that the mentee completed the programme."""
    mentee = locked(mentee.pk)
    MENTEE.move(mentee, "complete", now=now)
    mentee.save()
    audit.record(mentee, "complete", by=by, now=now, values={"state": mentee.state})
    mentee_completed.send(Mentee, obj=mentee, by=by, now=now)
    return mentee
