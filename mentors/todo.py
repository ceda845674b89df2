"""What coordinators have to do about mentors: the desk's numbers, and the filter for the same mentors."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.templatetags.ui import day
from core.todo import DeskItem, counted, way
from mentors.models import (
    Criterion,
    CriterionCheck,
    Mentor,
    PauseReason,
    Verdict,
    consent_stands,
)
from mentors.states import UNDER_CONDITIONS, MentorState

PATIENCE = timedelta(days=14)  # an older review or unanswered message is urgent

_review = Q(state=MentorState.UNDER_REVIEW)
_lost = Q(state=MentorState.PAUSED, paused_because=PauseReason.CONSENT)
_reopened = Q(state=MentorState.PAUSED, paused_because=PauseReason.CRITERION)
_held_up = _review | _lost | _reopened
# The groups, by their name in the address of the list. A pause outlasts its reason: it is the coordinators
# who end it, so that a consent given anew or a criterion met again is theirs to see.
KINDS: dict[str, Q] = {
    "reopened": _reopened & Q(complete=False) | _lost & Q(complete=False, consenting=True),
    "wrote": Q(state=MentorState.PROSPECT, form_id__isnull=False),
    "ready": _held_up & Q(complete=True, consenting=True),
    "consent": _held_up & Q(complete=True, consenting=False) | _lost & Q(consenting=False),
    "review": _review & Q(complete=False),
}
LABELS: dict[str, Any] = {
    "reopened": gettext_lazy("a criterion is open again"),
    "wrote": gettext_lazy("wrote to us using the form"),
    "ready": gettext_lazy("can be made active"),
    "consent": gettext_lazy("only consent is missing"),
    "review": gettext_lazy("criteria still to be checked"),
}


def waiting(mentors: QuerySet[Mentor]) -> QuerySet[Mentor]:
    """The mentors with the annotations ``KINDS`` needs: ``consenting``, and ``complete`` when all criteria
    are met."""
    checks = CriterionCheck.objects.filter(mentor=OuterRef("pk"))
    return mentors.annotate(
        consenting=consent_stands(),
        complete=Exists(checks) & ~Exists(checks.exclude(verdict=Verdict.MET)),
    )


def desk_items(cohorts: Any, now: datetime) -> list[DeskItem]:
    """The items about mentors on the desk; one query for any number of mentors.

    Mentors belong to no cohort, so that every coordinator sees them.
    """
    open_ones = Q(state__in=UNDER_CONDITIONS) | KINDS["wrote"]
    found = counted(waiting(Mentor.objects.filter(open_ones)), KINDS, since="state_since")
    return [_item(kind, found[kind], now) for kind in KINDS if kind in found]


def _item(kind: str, found: dict[str, Any], now: datetime) -> DeskItem:
    number, first = found["count"], found["since"]
    since = _("the longest has been waiting since %(day)s") % {"day": day(first, now)}
    title, detail = {
        "reopened": (
            ngettext(
                "mentor is paused because a criterion is open again",
                "mentors are paused because a criterion is open again",
                number,
            ),
            _("No new proposals until all %(number)d are met.") % {"number": len(Criterion)},
        ),
        "wrote": (
            ngettext(
                "person would like to become a mentor",
                "people would like to become mentors",
                number,
            ),
            since,
        ),
        "ready": (
            ngettext("mentor can be made active", "mentors can be made active", number),
            _("All criteria are met and consent is recorded."),
        ),
        "consent": (
            ngettext("mentor has not consented", "mentors have not consented", number),
            _("Everything else is in place, or consent was withdrawn."),
        ),
        "review": (
            ngettext("mentor is under review", "mentors are under review", number),
            since,
        ),
    }[kind]
    late = kind in ("wrote", "review") and first < now - PATIENCE
    url = way(Mentor, number, found["one"], f"waiting={kind}")
    return DeskItem(number, title, detail, url, urgent=late or kind == "reopened", since=first)
