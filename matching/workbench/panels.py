"""The parts of the workbench page: figures, list of mentees, ranking, matrix."""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.templatetags.ui import full_day
from matching import explanation_text
from matching.actions.plans import CLOSE
from matching.models import PairRule, Suggestion
from matching.states import HELD, TandemState
from matching.workbench.data import Bench, Key
from mentees import questions
from mentees.models import Application, Mentee

SHOWN = 5  # suggestions shown before “more”
NAMED = 8  # excluded mentors named in the sentence
LEVELS = (
    (0.75, "l4", gettext_lazy("very good")),
    (0.6, "l3", gettext_lazy("good")),
    (0.45, "l2", gettext_lazy("fair")),
    (0.0, "", gettext_lazy("weak")),
)


def two(value: float | None) -> str:
    """A score with two digits in the language of the page."""
    return "–" if value is None else str(formats.number_format(value, 2))


def level(score: float) -> tuple[str, Any]:
    """The colour level and the word for a score; a reading aid, no probability."""
    return next((tint, word) for least, tint, word in LEVELS if score >= least)


def url_of(bench: Bench, **query: Any) -> str:
    """The address of the page with the current selection."""
    base = reverse("admin:matching_workbench", args=[bench.cohort.pk])
    kept = {name: value for name, value in query.items() if value}
    return f"{base}?{urlencode(kept)}" if kept else base


def figures(bench: Bench) -> dict[str, Any]:
    """The line above the lists."""
    result = bench.run.result if bench.run else {}
    # Mentees who left or completed since the run are not counted.
    shown = {mentee: one for mentee, one in bench.planned.items() if mentee in bench.mentees}
    scores = [bench.score(mentee, mentor) for mentee, mentor in shown.items()]
    return {
        "matched": len(shown),
        "of": len(bench.mentees),
        "places": sum(one.capacity for one in bench.mentors.values()),
        "free": sum(_seats(bench, mentor)[0] for mentor in bench.mentors),
        "mentors": len(bench.mentors),
        "wishes_met": result.get("wishes", {}).get("met", 0),
        "wishes_of": result.get("wishes", {}).get("of", 0),
        "total": two(math.fsum(score for score in scores if score is not None)),
        "worst": two(min((score for score in scores if score is not None), default=None)),
        "blocking": result.get("blocking_pairs", 0),
        "close": len(close_pairs(bench)),
        "limit": two(CLOSE),
        "decided": len([key for key in bench.tandems if key in bench.mentees]),
    }


def close_pairs(bench: Bench) -> list[dict[str, Any]]:
    """The planned pairs with a low score, the lowest first."""
    found = []
    for mentee, mentor in bench.planned.items():
        score = bench.score(mentee, mentor)
        if mentee in bench.mentees and score is not None and score < CLOSE:
            found.append((score, mentee, mentor))
    return [_pair(bench, mentee, mentor, score) for score, mentee, mentor in sorted(found)]


def blocking_pairs(bench: Bench) -> list[dict[str, Any]]:
    """The pairs in which both would prefer each other to what the plan gives them."""
    found = []
    for one, other in bench.run.result.get("blocking", []) if bench.run else []:
        mentee, mentor = uuid.UUID(one), uuid.UUID(other)
        if mentee in bench.mentees and mentor in bench.mentors:
            found.append(_pair(bench, mentee, mentor, bench.score(mentee, mentor)))
    return found


def _pair(bench: Bench, mentee: Key, mentor: Key, score: float | None) -> dict[str, Any]:
    return {
        "mentee": str(bench.mentees[mentee]),
        "mentor": bench.name_of(mentor),
        "score": two(score),
        "url": url_of(bench, mentee=mentee, mentor=mentor),
    }


def roster(bench: Bench, chosen: Key | None) -> list[dict[str, Any]]:
    """Every mentee with the planned mentor, or why there is none."""
    left = (
        {one["mentee"]: one["code"] for one in bench.run.result.get("unmatched", [])}
        if bench.run
        else {}
    )
    found = []
    for key, mentee in bench.mentees.items():
        mentor = bench.planned.get(key)
        score = bench.score(key, mentor)
        tandem = bench.tandems.get(key)
        code = left.get(str(key), "")
        found.append(
            {
                "name": str(mentee),
                "url": url_of(bench, mentee=key),
                "current": key == chosen,
                "mentor": bench.name_of(mentor) if mentor else "",
                "score": two(score) if score is not None else "",
                "close": score is not None and score < CLOSE,
                "tandem": tandem,
                "fixed": mentor is not None and _is_fixed(bench, key, mentor),
                "why_nobody": "" if mentor else _why_nobody(bench, key, code),
            }
        )
    return found


def _why_nobody(bench: Bench, mentee: Key, code: str) -> Any:
    """Why the plan has no mentor for a mentee, and with whom they were tied."""
    why = explanation_text.UNMATCHED.get(code, _("not in the plan yet"))
    ties = bench.run.result.get("tied_mentees", {}) if bench.run else {}
    equals = [bench.mentees.get(uuid.UUID(one)) for one in ties.get(str(mentee), [])]
    names = ", ".join(str(one) for one in equals if one is not None)
    return _("%(why)s; tied with %(names)s") % {"why": why, "names": names} if names else why


def _is_fixed(bench: Bench, mentee: Key, mentor: Key) -> bool:
    rule = bench.rule_of.get((mentee, mentor))
    return rule is not None and rule.kind == PairRule.Kind.PIN


def about(mentee: Mentee) -> dict[str, Any]:
    """The line below the selected mentee's name: what a mentor will read, without the texts."""
    application = Application.objects.with_words().get(pk=mentee.application_id)
    return {
        "rows": [row for row in questions.rows_for_mentor(application) if not row.words],
        "url": reverse("admin:mentees_application_change", args=[application.pk]),
    }


# ── the ranking ──────────────────────────────────────────────────────────────
def ranking(
    bench: Bench, mentee: Key, told: dict[Key, Suggestion], *, everything: bool
) -> dict[str, Any]:
    """The possible mentors of one mentee, the best first, and the excluded ones with reasons."""
    words = explanation_text.words()
    components = bench.run.result.get("components", 7) if bench.run else 7
    possible = [row for key, row in told.items() if not row.excluded and key in bench.mentors]
    rows = [
        _suggestion(bench, mentee, row, place, words, components)
        for place, row in enumerate(possible, start=1)
        if everything or place <= SHOWN or row.planned
    ]
    return {
        "rows": rows,
        "more": len(possible) - len(rows),
        "all_url": url_of(bench, mentee=mentee, all=1),
        **_excluded(bench, told.values()),
        "selection": not bench.whole,
    }


def _suggestion(
    bench: Bench,
    mentee: Key,
    row: Suggestion,
    place: int,
    words: explanation_text.Words,
    components: int,
) -> dict[str, Any]:
    mentor = bench.mentors[row.mentor_id]
    score = row.score or 0.0
    planned = bench.planned.get(mentee) == mentor.pk
    return {
        "place": place,
        "mentor": mentor,
        "url": reverse("admin:mentors_mentor_change", args=[mentor.pk]),
        "score": two(score),
        "bars": [index < math.ceil(round(score * 5, 6)) for index in range(5)],
        "level": level(score)[1],
        "reasons": explanation_text.reasons(row.reasons, words),
        "weakest": explanation_text.weakest(row.reasons, words),
        "tried": tried(bench, mentee, mentor.pk),
        "tied": _tied(bench, mentee, mentor.pk),
        "planned": planned,
        "fixed": _is_fixed(bench, mentee, mentor.pk),
        "places": _places(bench, mentor.pk),
        "guests": [
            str(bench.mentees[one])
            for one in bench.guests.get(mentor.pk, [])
            if one != mentee and one in bench.mentees
        ],
        "known": explanation_text.known_of(row.known, components),
        "why_url": "" if planned else url_of(bench, mentee=mentee, mentor=mentor.pk) + "#why-not",
    }


def _tied(bench: Bench, mentee: Key, mentor: Key) -> str:
    """That others fit equally well as the planned mentor: the plan took the first, coordinators choose."""
    if bench.run is None or mentee in bench.tandems:
        return ""
    equals = [uuid.UUID(one) for one in bench.run.result.get("ties", {}).get(str(mentee), [])]
    planned = bench.planned.get(mentee)
    if planned is None or not equals or mentor not in (planned, *equals):
        return ""
    names = ", ".join(bench.name_of(one) for one in (planned, *equals) if one != mentor)
    return _("Tied with %(names)s: the plan can’t choose between them, please do.") % {
        "names": names
    }


def tried(bench: Bench, mentee: Key, mentor: Key) -> str:
    """What happened when the pair was proposed before: the plan ignores it, coordinators should know it."""
    before = bench.tried.get((mentee, mentor))
    if before is None or mentee in bench.tandems:
        return ""
    asked = before.approved_at is not None
    said: dict[str, str] = {
        TandemState.DECLINED: _("Asked before: the mentor declined on %(day)s.")
        if asked
        else _("Proposed before: the mentee declined on %(day)s."),
        TandemState.EXPIRED: _("Asked before: no answer from the mentor by %(day)s.")
        if asked
        else _("Proposed before: no answer from the mentee by %(day)s."),
        TandemState.DISSOLVED: _("Was a tandem before; dissolved on %(day)s.")
        if before.confirmed_at
        else _("Proposed before; withdrawn on %(day)s."),
        TandemState.COMPLETED: _("Was a tandem before; completed on %(day)s."),
    }
    return said[before.state] % {"day": full_day(before.ended_at or before.state_since)}


def _places(bench: Bench, mentor: Key) -> str:
    """How many places a mentor offers and how many the plan leaves free."""
    one = bench.mentors[mentor]
    free, elsewhere = _seats(bench, mentor)
    if free == one.capacity:
        return ngettext("%(number)d place free", "%(number)d places free", free) % {"number": free}
    places = ngettext("%(number)d place", "%(number)d places", one.capacity) % {
        "number": one.capacity
    }
    told = [places]
    if free or one.capacity > 1:
        told.append(_("%(free)d free") % {"free": free})
    if elsewhere:
        told.append(_("%(taken)d taken by others") % {"taken": elsewhere})
    return ", ".join(told)


def _seats(bench: Bench, mentor: Key) -> tuple[int, int]:
    """The places of a mentor that the plan leaves free, and those held by mentees outside the plan. A held
    place is counted once, whether its mentee is in this plan or in another cohort."""
    one = bench.mentors[mentor]
    guests = [key for key in bench.guests.get(mentor, []) if key in bench.mentees]
    inside = [key for key in guests if key in bench.tandems and bench.tandems[key].state in HELD]
    elsewhere = max(0, one.held - len(inside))
    return max(0, one.capacity - len(guests) - elsewhere), elsewhere


def _excluded(bench: Bench, rows: Iterable[Suggestion]) -> dict[str, Any]:
    excluded = [row for row in rows if row.excluded and row.mentor_id in bench.mentors]
    full = [row for row in excluded if row.excluded == "no_capacity"]
    telling = [row for row in excluded if row.excluded != "no_capacity"]
    return {
        "excluded": [
            {
                "name": bench.mentors[row.mentor_id].name,
                "why": explanation_text.exclusion(row.excluded),
            }
            for row in telling[:NAMED]
        ],
        "excluded_more": max(0, len(telling) - NAMED),
        "full": len(full),
    }


# ── the matrix ───────────────────────────────────────────────────────────────
def matrix(bench: Bench, chosen: Key | None, asked: Key | None) -> dict[str, Any] | None:
    """All pairs as digits in tenths; None before the first run or where there are too many to show."""
    if bench.run is None or not bench.whole:
        return None
    mentors = list(bench.mentors)
    rows = []
    for mentee, person in bench.mentees.items():
        wishes = bench.wishes.get(mentee, {})
        planned = bench.planned.get(mentee)
        cells = []
        for mentor in mentors:
            cell = bench.cells.get((mentee, mentor))
            if cell is None:
                cells.append({"text": "·", "css": ""})
                continue
            names = [] if cell.excluded else [level(cell.score)[0]]
            names += ["no"] if cell.excluded and planned != mentor else []
            names += ["wish"] if mentor in wishes else []
            names += ["plan"] if planned == mentor else []
            names += ["asked"] if mentee == chosen and mentor == asked else []
            text = "×" if "no" in names else str(int(round(cell.score * 10, 6)))
            cells.append({"text": text, "css": " ".join(name for name in names if name)})
        rows.append(
            {
                "name": str(person),
                "url": url_of(bench, mentee=mentee),
                "chosen": mentee == chosen,
                "cells": cells,
            }
        )
    return {"mentors": [bench.name_of(mentor) for mentor in mentors], "rows": rows}
