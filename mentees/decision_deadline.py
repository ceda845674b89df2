"""The deadlines of an application; they end at the end of a day in Berlin."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from core.times import local, wall_time
from programme.models import Cohort


def end_of(day: date) -> datetime:
    """The last minute of ``day`` in Berlin, in UTC."""
    return wall_time(day, time(23, 59))


def days_after(moment: datetime, days: int) -> datetime:
    """The end of the day that lies ``days`` after the day of ``moment`` in Berlin."""
    return end_of(local(moment).date() + timedelta(days=days))


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
    first_day = end_of(cohort.starts_on)
    return first_day if first_day > now else days_after(now, cohort.decision_days)
