"""Locks taken before verbs that change many rows: all rows in the common order (promise C4).

If the receivers of such a verb locked their rows one after the other, the order would be violated. So the
rows are read once to know them, locked in order here, and read again by each receiver under its lock (C3). A
row added between reading and lock is locked when its receiver reads it; if two transactions then deadlock,
the verb is retried.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts.actions import NewAddress
from accounts.models import User
from core.audit import Actor
from matching.models import PairRule, Tandem
from mentees.models import Mentee
from mentors.models import Mentor
from programme.models import Cohort


def lock_for_closing(user: User, *, by: Actor, now: datetime) -> None:
    """Before ``accounts.deactivate``: the cohorts of the person, the person, their participations, and their
    tandems with the mentors of these."""
    part, role = Q(mentees__user=user), Q(roles__user=user)
    mine = Q(pk__in=_pinned(PairRule.objects.filter(mentor__user=user)))
    _lock(Cohort.objects.filter(pk__in=Cohort.objects.filter(part | role | mine).values("pk")))
    list(User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk"))
    _lock(Mentee.objects.of(user))
    _lock_tandems(user)


def lock_for_retiring(mentor: Mentor, *, by: Actor, now: datetime) -> None:
    """Before ``mentors.retire``, which lifts fixed pairs: their cohorts."""
    _lock(Cohort.objects.filter(pk__in=_pinned(PairRule.objects.filter(mentor=mentor))))


def lock_for_new_address(moved: NewAddress, *, by: Actor, now: datetime) -> None:
    """The first receiver of ``address_changed``; the person is locked already."""
    _lock_tandems(moved.person)


def _lock_tandems(user: User) -> None:
    """Locks the mentors before the tandems, which are read once no new proposal is possible."""
    live = Tandem.objects.live()
    partners = live.filter(mentee__user=user).values("mentor")
    _lock(Mentor.objects.filter(Q(user=user) | Q(pk__in=partners)))
    _lock(live.filter(Q(mentee__user=user) | Q(mentor__user=user)))


def _pinned(rules: QuerySet[PairRule]) -> QuerySet[Any, Any]:
    return rules.filter(kind=PairRule.Kind.PIN).values("cohort")


def _lock(rows: QuerySet[Any]) -> None:
    list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk"))
