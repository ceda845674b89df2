"""Locks ahead of what touches many rows: all of them in the order of the programme (promise C4).

A verb whose consequences lock one after the other what each of them needs would lock across the order. So
what lies ahead is read once to know it, locked in order, and read again by each consequence under its lock
(C3). A row that came between the reading and the lock is locked when its turn comes; should two then wait
for each other, the verb begins again.
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


def hold_for_closing(user: User, *, by: Actor, now: datetime) -> None:
    """Before ``accounts.close``: the cohorts the person has to do with, the person, what they take part as,
    and their tandems with the mentors of these."""
    part, role = Q(mentees__user=user), Q(roles__user=user)
    mine = Q(pk__in=_pinned(PairRule.objects.filter(mentor__user=user)))
    _lock(Cohort.objects.filter(pk__in=Cohort.objects.filter(part | role | mine).values("pk")))
    list(User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk"))
    _lock(Mentee.objects.of(user))
    _hold_tandems(user)


def hold_for_retiring(mentor: Mentor, *, by: Actor, now: datetime) -> None:
    """Before ``mentors.retire``, which lifts fixed pairs: their cohorts."""
    _lock(Cohort.objects.filter(pk__in=_pinned(PairRule.objects.filter(mentor=mentor))))


def hold_for_new_address(moved: NewAddress, *, by: Actor, now: datetime) -> None:
    """The first consequence of ``accounts.new_address``; the person is locked."""
    _hold_tandems(moved.person)


def _hold_tandems(user: User) -> None:
    """The mentors before the tandems, which are read once nobody can propose another one to them."""
    live = Tandem.objects.live()
    partners = live.filter(mentee__user=user).values("mentor")
    _lock(Mentor.objects.filter(Q(user=user) | Q(pk__in=partners)))
    _lock(live.filter(Q(mentee__user=user) | Q(mentor__user=user)))


def _pinned(rules: QuerySet[PairRule]) -> QuerySet[Any, Any]:
    return rules.filter(kind=PairRule.Kind.PIN).values("cohort")


def _lock(rows: QuerySet[Any]) -> None:
    list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk"))
