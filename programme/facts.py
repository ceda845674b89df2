"""The facts inserted into the texts of public pages; every figure is taken from the cohort."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db.models import F, Value
from django.utils import formats
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext, npgettext, pgettext
from django.utils.translation import gettext as _

from core.page_cache import shared
from core.times import last_day
from programme.models import (
    Cohort,
    Degree,
    Organisation,
    StudySubject,
)

# The placeholders coordinators may write in curly brackets, and their meaning.
NAMES = (
    "organisation",
    "office_email",
    "office_phone",
    "address",
    "represented_by",
    "supervised_by",
    "cohort",
    "semesters",
    "places",
    "workshop_hours",
    "credit_hours",
    "credit_points",
    "workload_hours",
    "semesters_left",
    "meetings",
    "duration",
    "points",
    "enrolment",
    "undo_time",
    "answer_time",
    "undo_hours",
    "mentor_answer_days",
    "applications_close",
    "first_day",
    "last_day",
    "departments",
    "excluded",
    "recommended",
)


def facts(
    cohort: Cohort | None, organisation: Organisation | None, *, vocabulary: bool = False
) -> dict[str, str]:
    """The facts by name, in the language of the page; unknown ones are missing.

    ``vocabulary`` adds who may apply.
    """
    known: dict[str, str] = {}
    if organisation is not None:
        known.update(
            organisation=organisation.name,
            office_email=organisation.office_email,
            office_phone=organisation.office_phone,
            address=organisation.address,
            represented_by=organisation.represented_by,
            supervised_by=organisation.supervised_by,
        )
    if cohort is not None:
        known.update(_of_cohort(cohort))
    if vocabulary:
        known.update(who_may_apply())
    return {name: value for name, value in known.items() if value}


def _of_cohort(cohort: Cohort) -> dict[str, str]:
    meetings = cohort.meetings_a_month
    return {
        "cohort": cohort.name,
        "semesters": in_words(semesters(cohort)),
        "places": str(cohort.places),
        "workshop_hours": str(cohort.workshop_hours),
        "credit_hours": str(round(cohort.workshop_hours * Decimal(cohort.credit_share))),
        "credit_points": in_words(cohort.credit_points),
        "workload_hours": str(cohort.workload_hours),
        "semesters_left": in_words(cohort.semesters_left),
        "meetings": _("one meeting")
        if meetings == 1
        else ngettext("%(number)s meeting", "%(number)s meetings", meetings)
        % {"number": in_words(meetings)},
        # with their noun, which agrees with the number
        "duration": _semesters(semesters(cohort)),
        "points": ngettext("one credit point", "%(number)s credit points", cohort.credit_points)
        % {"number": in_words(cohort.credit_points)},
        "enrolment": _semesters(cohort.semesters_left),
        "undo_time": npgettext("for", "one hour", "%(hours)s hours", cohort.undo_hours)
        % {"hours": cohort.undo_hours},
        "answer_time": npgettext("for", "one day", "%(days)s days", cohort.mentor_answer_days)
        % {"days": cohort.mentor_answer_days},
        "undo_hours": str(cohort.undo_hours),
        "mentor_answer_days": str(cohort.mentor_answer_days),
        "applications_close": formats.date_format(
            last_day(cohort.applications_close_at)[0], "DATE_FORMAT"
        ),
        "first_day": formats.date_format(cohort.starts_on, "DATE_FORMAT"),
        "last_day": formats.date_format(cohort.ends_on, "DATE_FORMAT"),
    }


def _semesters(number: int) -> str:
    """“two semesters”."""
    return ngettext("one semester", "%(number)s semesters", number) % {"number": in_words(number)}


def semesters(cohort: Cohort) -> int:
    """How many semesters a cohort runs, from its dates; at least one."""
    return max(1, round((cohort.ends_on - cohort.starts_on).days / 182))


@shared
def who_may_apply() -> dict[str, str]:
    """Who may apply, from the vocabulary: how many departments, who has an offer of their own, and from
    which semester on an application is recommended. One query."""
    columns = ("kind", "position", "name_de", "name_en", "may_apply", "number")
    subjects = StudySubject.objects.offered().annotate(kind=Value(1), number=F("group"))
    degrees = Degree.objects.offered().annotate(kind=Value(2), number=F("recommended_from"))
    german = not (get_language() or "de").startswith("en")
    groups: set[int] = set()
    excluded: list[str] = []
    since: dict[int, list[str]] = {}
    both = subjects.order_by().values_list(*columns).union(degrees.order_by().values_list(*columns))
    for kind, _position, name_de, name_en, may_apply, number in sorted(both):
        name = name_de if german else name_en
        if not may_apply:
            excluded.append(name)
        elif kind == 1:
            groups.add(number)
        else:
            since.setdefault(number, []).append(name)
    recommended = "; ".join(
        _("%(degrees)s from semester %(number)d") % {"degrees": and_list(names), "number": number}
        for number, names in sorted(since.items(), reverse=True)
    )
    return {
        "departments": in_words(len(groups)) if groups else "",
        "excluded": and_list(excluded),
        "recommended": recommended,
    }


def and_list(names: list[str]) -> str:
    """“a, b and c” in the language of the page."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def in_words(number: int) -> str:
    """Small numbers as words; others in digits."""
    words = (
        pgettext("number", "no"),
        pgettext("number", "one"),
        pgettext("number", "two"),
        pgettext("number", "three"),
        pgettext("number", "four"),
        pgettext("number", "five"),
        pgettext("number", "six"),
        pgettext("number", "seven"),
        pgettext("number", "eight"),
        pgettext("number", "nine"),
        pgettext("number", "ten"),
        pgettext("number", "eleven"),
        pgettext("number", "twelve"),
    )
    return words[number] if 0 <= number < len(words) else str(number)


def current_cohort(now: datetime) -> Cohort | None:
    """The cohort that public pages describe: the one that takes applications, else the next to open, else the
    running one, else the latest."""
    cohorts = _latest_cohorts()
    if taking := [one for one in cohorts if one.takes_applications(now)]:
        return min(taking, key=lambda one: one.applications_close_at)
    if coming := [one for one in cohorts if one.applications_open_at > now]:
        return min(coming, key=lambda one: one.applications_open_at)
    today = localtime(now).date()
    running = [one for one in cohorts if one.starts_on <= today <= one.ends_on]
    return next(iter(running or cohorts), None)


@shared
def _latest_cohorts() -> list[Cohort]:
    return list(Cohort.objects.order_by("-starts_on")[:6])


@shared
def current_organisation() -> Organisation | None:
    """The organisation with its office; None before one is entered."""
    return Organisation.objects.select_related("office").first()
