"""What would change in the plan with another pair."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from matching import engine, explanation_text
from matching.actions.plans import CLOSE
from matching.workbench.data import Bench, Key
from matching.workbench.panels import two


def why_not(bench: Bench, mentee: Key, mentor: Key) -> dict[str, Any]:
    """What exactly would change in the best plan with this pair."""
    base = {
        "mentor": bench.mentors[mentor].name,
        "mentor_id": mentor,
        "short": bench.name_of(mentor),
    }
    if bench.plan is None:
        return {**base, "sentences": [_("The plan is out of date. Compute it again first.")]}
    if mentee in bench.tandems:
        return {**base, "sentences": [_("The mentee already has a proposal or a tandem.")]}
    answer = engine.why_not(bench.plan, str(mentee), str(mentor))
    may_pin = answer.code in ("lost_match", "equal", "loss", "gain")
    return {
        **base,
        "code": answer.code,
        "sentences": _price(bench, answer),
        "moves": [_move(bench, move) for move in answer.moves],
        "may_pin": may_pin,
    }


def _price(bench: Bench, answer: engine.WhyNot) -> list[str]:
    if answer.code == "planned":
        return [_("This pair is in the plan.")]
    if answer.code == "excluded":
        return [
            _("Excluded: %(mentor)s (%(reason)s).")
            % {
                "mentor": bench.name_of(uuid.UUID(answer.mentor)),
                "reason": explanation_text.exclusion(answer.exclusions[0]),
            }
        ]
    if answer.code == "seats_pinned":
        return [_("All places with this mentor are fixed for others.")]
    found = []
    if answer.code == "lost_match":
        found.append(_("One mentee would then be left without a mentor."))
    elif answer.code == "equal":
        found.append(_("Equal: the change makes no difference."))
    if answer.first_difference is not None and answer.code in ("loss", "gain"):
        before, after = answer.first_difference
        found.append(
            _(
                "Of the pairs that change, the weakest would have a fit of %(after)s "
                "instead of %(before)s."
            )
            % {"before": two(before), "after": two(after)}
        )
    elif answer.code in ("loss", "gain", "lost_match") and bench.plan is not None:
        found.append(
            _all_together(bench.plan.total + bench.decided_sum, answer.total + bench.decided_sum)
        )
    if answer.code in ("equal", "loss", "gain") and not answer.lost_match:
        found.append(_("Nobody would be left without a mentor."))
    for move in answer.moves[1:]:
        found += _close_after(bench, move)
    return found


def _all_together(before: float, after: float) -> str:
    """The change in the sum of all pairs, in a sentence: in percent."""
    percent = abs(after - before) / before * 100 if before else 0.0
    if percent < 0.1:
        return (
            _("The overall fit would be hardly any worse.")
            if after <= before
            else _("The overall fit would be hardly any better.")
        )
    said = (
        _("The overall fit would be worse by %(percent)s per cent.")
        if after < before
        else _("The overall fit would be better by %(percent)s per cent.")
    )
    return said % {"percent": formats.number_format(percent, 1)}


def _close_after(bench: Bench, move: engine.Move) -> list[str]:
    if move.after is None:
        return []
    after = bench.score(uuid.UUID(move.mentee), uuid.UUID(move.after))
    if after is None or after >= CLOSE:
        return []
    return [
        _("%(mentee)s would then be a close call (%(score)s).")
        % {"mentee": bench.mentees[uuid.UUID(move.mentee)], "score": two(after)}
    ]


def _move(bench: Bench, move: engine.Move) -> dict[str, str]:
    def seat(key: str | None) -> str:
        return _("nobody") if key is None else bench.name_of(uuid.UUID(key))

    def fit(key: str | None) -> str:
        return "–" if key is None else two(bench.score(uuid.UUID(move.mentee), uuid.UUID(key)))

    return {
        "mentee": str(bench.mentees[uuid.UUID(move.mentee)]),
        "before": seat(move.before),
        "after": seat(move.after),
        "fit": f"{fit(move.before)} → {fit(move.after)}",
    }
