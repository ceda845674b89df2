"""Enters the whole demo: refuses outside an empty embedded database, writes three years, plans the reminders."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from core.audit import Actor
from matching.models import Tandem
from meetings.models import Meeting
from mentees.models import Application, Mentee
from mentoring.devtools.demo import (
    applications,
    cohorts,
    copies,
    look,
    meetings,
    network,
    people,
    tandems,
    workshops,
)
from mentoring.devtools.demo.keys import keys_from
from mentoring.devtools.demo.stage import Sizes, Stage, Words
from mentoring.reminder_sources import REMINDER_SOURCES
from mentors.models import Mentor
from outbox.models import MailStatus, OutgoingMail
from outbox.planner import plan
from programme.actions import save_organisation
from programme.consents import current_notice
from programme.models import Cohort, ConsentPurpose, Organisation
from programme.vocabulary import ensure_vocabulary
from workshops.models import Registration, Workshop
from workshops.reminders import of_registration


class Refused(Exception):
    """The demo is not entered; the message says why."""


def is_empty() -> bool:
    """Whether nobody and no cohort is entered yet."""
    return not (User.objects.exists() or Cohort.objects.exists())


def refuse_where_it_has_no_business() -> None:
    """Raises Refused outside the embedded default, and where any person or cohort exists."""
    if not settings.EMBEDDED:
        raise Refused(
            _(
                "The demo comes with a password that everybody knows. It can only be used"
                " with the embedded defaults."
            )
        )
    if User.objects.filter(email=people.COORDINATOR).exists():
        raise Refused(_("The demo is already there."))
    if not is_empty():
        raise Refused(
            _("This database holds real data. The demo can only be loaded into an empty one.")
        )


def seed_demo(
    at: datetime, *, seed: int = 1, sizes: Sizes | None = None, second_look: bool = False
) -> Counter[str]:
    """Enters the demo as of ``at``, in one transaction; returns the counts of what was entered. With
    ``second_look`` it is that of a university with a look of its own.

    The same ``seed``, ``sizes`` and ``at`` give the same people, states, dates and keys. Raises Refused.
    """
    refuse_where_it_has_no_business()
    sizes = sizes or Sizes()
    rng = random.Random(seed)  # noqa: S311 - a demo, no secret
    with (
        transaction.atomic(),
        translation.override("de"),
        keys_from(random.Random(f"keys {seed}")),  # noqa: S311
    ):
        ensure_vocabulary()
        stage = _stage(at, rng, sizes, look.second() if second_look else {})
        _tell(stage)
        _plan_what_lies_ahead(at)
    return _counted()


def _stage(at: datetime, rng: random.Random, sizes: Sizes, own_look: Mapping[str, Any]) -> Stage:
    cohorts.organisation(at, own_look)
    coordinator = people.coordinators(at)[0]
    return Stage(
        at=at,
        rng=rng,
        sizes=sizes,
        book=network.book_for(rng),
        words=Words(),
        coordinator=coordinator,
        notice=current_notice(ConsentPurpose.APPLICATION, at),
    )


def take_second_look(now: datetime) -> None:
    """Gives the demo that is there the look of the second university. Raises Refused where there is none."""
    if not (settings.EMBEDDED and User.objects.filter(email=people.COORDINATOR).exists()):
        raise Refused(_("The demo is not there."))
    changed = look.second()
    organisation = Organisation.objects.select_related("office").get()
    for name, value in changed.items():
        setattr(organisation, name, value)
    save_organisation(
        organisation,
        office_email=organisation.office_email,
        by=Actor.system(),
        now=now,
        fields=changed,
    )


def _tell(stage: Stage) -> None:
    """Writes the data in chronological order as far as one part depends on another."""
    staff = list(User.objects.filter(is_staff=True).order_by("email"))
    three = cohorts.three(stage, staff)
    net = network.found_network(stage)
    _past(stage, three.past, net)
    network.one_retired(stage, net)
    running = three.running
    students = applications.students_of_the_year(stage)
    mentees = applications.mentees_of(applications.Window(stage, running, net.active), students)
    held = tandems.first_round(stage, running, mentees)
    network.pauses(stage, net)
    held += tandems.second_round(stage, running, mentees)
    meetings.of_the_year(stage, held)
    copies.of_the_year(stage, running)
    workshops.of_the_year(stage, running, net)
    network.reopened(stage, net)
    applications.open_window(applications.Window(stage, three.open, net.active))
    copies.of_the_window(stage, three.open)


def _past(stage: Stage, cohort: Cohort, net: network.Network) -> None:
    number = min(applications.PAST_MENTEES, stage.sizes.by_verbs.mentees)
    students = [applications.somebody(stage) for _one in range(number)]
    mentees = applications.mentees_of(applications.Window(stage, cohort, net.active), students)
    pairs = tandems.past_year(stage, cohort, mentees, net)
    meetings.of_the_past(stage, pairs, (cohort.starts_on - stage.today).days + 14)
    workshops.of_the_past(stage, cohort, mentees)
    tandems.end_of_year(stage, cohort, pairs, mentees)


def _plan_what_lies_ahead(at: datetime) -> None:
    """Plans every reminder ahead. Those whose time has passed are marked as cancelled, so that no sweep takes
    them for forgotten: in the demo's past people received them."""
    for table in REMINDER_SOURCES.values():
        if table.wanted is not None:
            plan(table.wanted(at), at)
    places = Registration.objects.places().filter(workshop__sessions__starts_at__gt=at).distinct()
    for registration in places.select_related("workshop", "person"):
        plan(of_registration(registration, at), at)
    OutgoingMail.objects.filter(
        planned_for__isnull=False, due_at__lte=at, status=MailStatus.PLANNED
    ).update(status=MailStatus.CANCELLED, resolved_at=at)


def _counted() -> Counter[str]:
    models = (Cohort, User, Mentor, Application, Mentee, Tandem, Meeting, Workshop, Registration)
    found = Counter({one._meta.model_name or "": one._default_manager.count() for one in models})
    found["mail"] = OutgoingMail.objects.filter(status=MailStatus.PLANNED).count()
    return found
