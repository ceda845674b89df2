"""The timeline of a tandem as steps: who did what when, and what lies ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core.times import last_day
from matching.explanation_text import Viewer
from matching.models import Tandem
from matching.states import HELD, TandemState

Side = Literal["mentee", "mentor", "both"]


@dataclass(frozen=True)
class TimelineEntry:
    """One step: when, by which side, in words; ``now`` marks what is being waited for."""

    when: date
    side: Side
    title: Any
    now: bool = False
    ahead: bool = False

    @property
    def css(self) -> str:
        """The CSS classes of the step."""
        return f"by-{self.side}" + (" is-now" if self.now else " is-ahead" if self.ahead else "")


def steps(tandem: Tandem, now: datetime, viewer: Viewer) -> list[TimelineEntry]:
    """The steps in their order, without any query. A mentor's timeline begins when they were asked."""
    names = {"mentee": str(tandem.mentee), "mentor": tandem.mentor.name}
    found = _before_the_question(tandem, names, viewer) if viewer != "mentor" else []
    found += _question(tandem, names, viewer)
    found += _waiting(tandem, names)
    found += _ends(tandem)
    today = localdate(now)
    return [*found, *(ahead(tandem, today) if tandem.state in HELD else [])]


def _before_the_question(
    tandem: Tandem, names: dict[str, str], viewer: Viewer
) -> list[TimelineEntry]:
    found = [TimelineEntry(localdate(tandem.proposed_at), "both", _("The tandem was proposed"))]
    if tandem.mentee_answered_at is None:
        return found
    agreed = tandem.approved_at is not None or tandem.state != TandemState.DECLINED
    if viewer == "mentee":
        title = _("You agreed") if agreed else _("You declined")
    else:
        title = (_("%(mentee)s agreed") if agreed else _("%(mentee)s declined")) % names
    return [*found, TimelineEntry(localdate(tandem.mentee_answered_at), "mentee", title)]


def _question(tandem: Tandem, names: dict[str, str], viewer: Viewer) -> list[TimelineEntry]:
    found = []
    if tandem.approved_at is not None:
        asked = _("You were asked") if viewer == "mentor" else _("%(mentor)s was asked") % names
        found.append(TimelineEntry(localdate(tandem.approved_at), "both", asked))
    if tandem.question_at is not None and viewer != "mentee":
        found.append(
            TimelineEntry(localdate(tandem.question_at), "mentor", _("Question asked first"))
        )
    if tandem.answered_at is not None:
        yes = tandem.confirmed_at is not None
        if viewer == "mentor":
            title = _("You accepted") if yes else _("You declined")
        else:
            title = (_("%(mentor)s accepted") if yes else _("%(mentor)s declined")) % names
        found.append(TimelineEntry(localdate(tandem.answered_at), "mentor", title))
    return found


def _waiting(tandem: Tandem, names: dict[str, str]) -> list[TimelineEntry]:
    if tandem.answer_by is None:
        return []
    words: dict[str, tuple[Side, Any]] = {
        TandemState.DRAFT: ("mentee", _("Answer from %(mentee)s") % names),
        TandemState.MENTEE_AGREED: ("both", _("Approval by the coordinators")),
        TandemState.MENTOR_ASKED: ("mentor", _("Answer from %(mentor)s") % names),
    }
    if tandem.state not in words:
        return []
    side, title = words[tandem.state]
    return [TimelineEntry(last_day(tandem.answer_by)[0], side, title, now=True)]


def _ends(tandem: Tandem) -> list[TimelineEntry]:
    if tandem.ended_at is None:
        return []
    words: dict[str, str] = {
        TandemState.COMPLETED: _("The tandem is complete"),
        TandemState.DISSOLVED: _("The tandem was dissolved"),
        TandemState.EXPIRED: _("The deadline passed"),
    }
    if tandem.state not in words:
        return []
    return [TimelineEntry(localdate(tandem.ended_at), "both", words[tandem.state])]


def ahead(tandem: Tandem, today: date) -> list[TimelineEntry]:
    """The cohort's fixed dates for a running tandem from ``today`` on, in order."""
    days = [
        (tandem.probation_ahead(today), _("End of the trial period")),
        (tandem.cohort.closing_on, _("Closing event")),
        (tandem.cohort.ends_on, _("End of the cohort")),
    ]
    found = [
        TimelineEntry(day, "both", title, ahead=True) for day, title in days if day and day >= today
    ]
    return sorted(found, key=lambda step: step.when)
