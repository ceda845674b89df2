"""The deadlines of an application; they end at the end of a day in Berlin."""

from __future__ import annotations

from datetime import datetime

from core.times import days_after, end_of_day
from programme.models import Cohort


def decision_due(cohort: Cohort, confirmed_at: datetime) -> datetime:
    """The deadline for deciding: ``cohort.decision_days`` after the window closed, since all applications to
    a cohort are read together, or after a later confirmation."""
    return days_after(max(cohort.applications_close_at, confirmed_at), cohort.decision_days)


def after_talk(cohort: Cohort, decide_by: datetime | None, talk_at: datetime) -> datetime:
    """The deadline for deciding once a talk is fixed: at least a week after the talk."""
    due = days_after(talk_at, 7)
    return max(due, decide_by) if decide_by else due


def waiting_list_ends(cohort: Cohort, now: datetime) -> datetime:
    """The end of the waiting list: the first day of the cohort, or ``cohort.decision_days`` from now once it
    has begun."""
    first_day = end_of_day(cohort.starts_on)
    return first_day if first_day > now else days_after(now, cohort.decision_days)
