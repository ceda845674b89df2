"""The score of every pair: Σ weight × component, with the rule for what was not said."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from matching.engine.components import (
    COMPONENTS,
    DEFAULT_WEIGHTS,
    VOTE_VALUES,
    ComponentValue,
    format_value,
    pair_values,
    rank_value,
    ranks_in_run,
)
from matching.engine.errors import ProblemError, shown
from matching.engine.profiles import (
    Format,
    MenteeProfile,
    MentorProfile,
    check_number,
    slots_needed,
)
from matching.engine.rules import common_words, indicator

DECIMALS = 6
NEUTRAL = 0.5
"""Stands for a component that no allowed pair of the run knows: the same for all pairs."""
CHUNK = 1 << 21
"""Pairs scored at once, so that memory stays in bounds for thousands of people."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Chunk = Callable[[slice], tuple[Floats, Bools]]
"""Rows of mentees → values (anything where not known) and known mask, both rows × mentors."""


def normal_weights(weights: Mapping[str, float] | None) -> dict[str, float]:
    """Component → weight, divided by their sum; left out components keep their default.

    Raises `ProblemError` for an unknown component, a weight that is no finite number of at
    least 0, and weights that are all 0.
    """
    chosen = dict(DEFAULT_WEIGHTS)
    for name, weight in (weights or {}).items():
        if name not in chosen:
            raise ProblemError(f"the component {shown(name)} is not known.", place="weights")
        chosen[name] = check_number(weight, f"weights.{name}", 0, 1_000)
    total = sum(chosen.values())
    if total <= 0:
        raise ProblemError("the weights are all 0.", place="weights")
    return {name: chosen[name] / total for name in COMPONENTS}


@dataclass(frozen=True, eq=False)
class Scoring:
    """The scores of a run and what they are made of."""

    mentees: tuple[MenteeProfile, ...]
    mentors: tuple[MentorProfile, ...]
    weights: Mapping[str, float]
    """Component → weight; they add up to 1."""
    means: Mapping[str, float]
    """Component → its mean over the known allowed pairs: what a missing value counts as."""
    values: Floats
    """n × m scores in 0..1, rounded to 1e-6."""
    known: NDArray[np.uint8]
    """n × m bit masks: bit k is set where component k (order of `COMPONENTS`) is known."""
    ranks: tuple[Mapping[str, int], ...]
    """Per mentee: mentor id → rank of the wish."""

    def pair(self, row: int, column: int) -> tuple[ComponentValue, ...]:
        """The seven lines of one pair's score, in the order of `COMPONENTS`."""
        values = pair_values(self.ranks[row], self.mentees[row], self.mentors[column])
        return tuple(
            ComponentValue(
                name,
                self.weights[name],
                self.means[name] if (value := values[name]) is None else value,
                value is not None,
            )
            for name in COMPONENTS
        )


def score(
    mentees: Sequence[MenteeProfile],
    mentors: Sequence[MentorProfile],
    weights: Mapping[str, float],
    allowed: Bools,
) -> Scoring:
    """Score all pairs; `weights` as from `normal_weights`, `allowed` n × m by the hard rules.

    A missing component counts as the mean of that component over the pairs of `allowed` where
    it is known. The coordinators' own bans are not part of `allowed`: banning a pair by hand
    must not move the scores of others.
    """
    shape = (len(mentees), len(mentors))
    ranks = _ranks(mentees, mentors)
    chunks = _chunks(mentees, mentors, ranks)
    values: Floats = np.zeros(shape)
    known = np.zeros(shape, dtype=np.uint8)
    sums = dict.fromkeys(COMPONENTS, 0.0)
    counts = dict.fromkeys(COMPONENTS, 0)
    step = max(1, CHUNK // max(1, shape[1]))
    slices = [slice(at, min(at + step, shape[0])) for at in range(0, shape[0], step)]
    for rows in slices:
        for bit, name in enumerate(COMPONENTS):
            value, is_known = chunks[name](rows)
            values[rows] += np.where(is_known, weights[name] * value, 0.0)
            known[rows] |= is_known.astype(np.uint8) << np.uint8(bit)
            counted = is_known & allowed[rows]
            sums[name] += float(value[counted].sum())
            counts[name] += int(counted.sum())
    means = {name: sums[name] / counts[name] if counts[name] else NEUTRAL for name in COMPONENTS}
    filling = np.array(
        [
            sum(
                weights[name] * means[name]
                for bit, name in enumerate(COMPONENTS)
                if not mask >> bit & 1
            )
            for mask in range(1 << len(COMPONENTS))
        ]
    )
    for rows in slices:
        values[rows] += filling[known[rows]]
        np.clip(np.round(values[rows], DECIMALS), 0.0, 1.0, out=values[rows])
    values.flags.writeable = False
    return Scoring(
        mentees=tuple(mentees),
        mentors=tuple(mentors),
        weights=dict(weights),
        means=means,
        values=values,
        known=known,
        ranks=ranks,
    )


def _ranks(
    mentees: Sequence[MenteeProfile], mentors: Sequence[MentorProfile]
) -> tuple[dict[str, int], ...]:
    columns = {mentor.id: column for column, mentor in enumerate(mentors)}
    return tuple(ranks_in_run(mentee, columns) for mentee in mentees)


def _chunks(
    mentees: Sequence[MenteeProfile],
    mentors: Sequence[MentorProfile],
    ranks: Sequence[Mapping[str, int]],
) -> dict[str, Chunk]:
    """Per component what the two sides said as arrays, waiting for the rows wanted."""
    columns = {mentor.id: column for column, mentor in enumerate(mentors)}
    rows = {mentee.id: row for row, mentee in enumerate(mentees)}
    votes = [
        (rows[mentee_id], column, VOTE_VALUES[vote])
        for column, mentor in enumerate(mentors)
        for mentee_id, vote in mentor.votes.items()
        if mentee_id in rows
    ]
    return {
        "wish": partial(
            _wish,
            [{columns[key]: rank_value(rank) for key, rank in each.items()} for each in ranks],
            np.array([vote[:2] for vote in votes], dtype=np.intp).reshape(-1, 2),
            np.array([vote[2] for vote in votes]),
            len(mentors),
        ),
        "goals": _share(
            [{goal.topic: goal.weight for goal in mentee.goals} for mentee in mentees],
            [mentor.topics for mentor in mentors],
        ),
        "career_field": _share(
            [dict.fromkeys(mentee.career_fields, 1) for mentee in mentees],
            [mentor.career_fields for mentor in mentors],
        ),
        "working_style": _style(mentees, mentors),
        "time": _time(mentees, mentors),
        "format": _format(mentees, mentors),
        "subject": _subject(mentees, mentors),
    }


def _wish(
    ranked: Sequence[Mapping[int, float]],
    voted: NDArray[np.intp],
    votes: Floats,
    width: int,
    rows: slice,
) -> tuple[Floats, Bools]:
    value = np.zeros((rows.stop - rows.start, width))
    parts = np.zeros(value.shape, dtype=np.uint8)
    for at, wishes in enumerate(ranked[rows]):
        for column, worth in wishes.items():
            value[at, column] = worth
        if wishes:
            parts[at] = 1
    here = (voted[:, 0] >= rows.start) & (voted[:, 0] < rows.stop)
    where = (voted[here, 0] - rows.start, voted[here, 1])
    value[where] += votes[here]
    parts[where] += 1
    return value / np.maximum(parts, 1), parts > 0


def _share(wanted: Sequence[Mapping[str, int]], offered: Sequence[Sequence[str]]) -> Chunk:
    words = common_words(wanted, offered)
    left = np.zeros((len(wanted), len(words)), dtype=np.float32)
    for row, each in enumerate(wanted):
        for word, weight in each.items():
            if word in words:
                left[row, words[word]] = weight
    right = indicator(offered, words).T
    needed = np.array([sum(each.values()) for each in wanted], dtype=np.float64)
    said = np.array([bool(each) for each in offered], dtype=bool)

    def chunk(rows: slice) -> tuple[Floats, Bools]:
        covered = (left[rows] @ right).astype(np.float64)  # small whole numbers: exact
        need = needed[rows, None]
        return covered / np.maximum(need, 1), (need > 0) & said

    return chunk


def _style(mentees: Sequence[MenteeProfile], mentors: Sequence[MentorProfile]) -> Chunk:
    scales = common_words(
        [mentee.working_style for mentee in mentees], [mentor.working_style for mentor in mentors]
    )
    nan = float("nan")
    left = {s: np.array([mentee.working_style.get(s, nan) for mentee in mentees]) for s in scales}
    right = {s: np.array([mentor.working_style.get(s, nan) for mentor in mentors]) for s in scales}

    def chunk(rows: slice) -> tuple[Floats, Bools]:
        apart = np.zeros((rows.stop - rows.start, len(mentors)))
        count = np.zeros(apart.shape, dtype=np.int32)
        for scale in scales:
            difference = np.abs(left[scale][rows, None] - right[scale])
            answered = ~np.isnan(difference)
            apart += np.where(answered, difference, 0.0)
            count += answered
        return 1 - apart / np.maximum(count, 1), count > 0

    return chunk


def _time(mentees: Sequence[MenteeProfile], mentors: Sequence[MentorProfile]) -> Chunk:
    nan = float("nan")
    words = common_words([each.slots for each in mentees], [each.slots for each in mentors])
    left = indicator([mentee.slots for mentee in mentees], words)
    right = indicator([mentor.slots for mentor in mentors], words).T
    needed = np.array([slots_needed(mentee) for mentee in mentees], dtype=np.float64)
    mine = np.array([bool(mentee.slots) for mentee in mentees], dtype=bool)
    theirs = np.array([bool(mentor.slots) for mentor in mentors], dtype=bool)
    wanted = np.array([mentee.meetings_per_month or nan for mentee in mentees])
    offered = np.array([mentor.meetings_per_month or nan for mentor in mentors])

    def chunk(rows: slice) -> tuple[Floats, Bools]:
        slots = np.minimum(1.0, (left[rows] @ right).astype(np.float64) / needed[rows, None])
        slots_known = mine[rows, None] & theirs
        meetings = np.minimum(1.0, offered / wanted[rows, None])
        meetings_known = ~np.isnan(meetings)
        tighter = np.minimum(
            np.where(slots_known, slots, 1.0), np.where(meetings_known, meetings, 1.0)
        )
        return tighter, slots_known | meetings_known

    return chunk


def _format(mentees: Sequence[MenteeProfile], mentors: Sequence[MentorProfile]) -> Chunk:
    number = {each: at for at, each in enumerate(Format)}
    table = np.array(
        [
            [[format_value(a, b, same) for same in (False, True, None)] for b in Format]
            for a in Format
        ]
    )
    regions = common_words(
        [[mentee.region or ""] for mentee in mentees], [[mentor.region or ""] for mentor in mentors]
    )

    def region_codes(
        people: Sequence[MenteeProfile | MentorProfile], alone: int
    ) -> NDArray[np.intp]:
        """-1: not said; `alone`: a region nobody on the other side has."""
        return np.array(
            [-1 if each.region is None else regions.get(each.region, alone) for each in people],
            dtype=np.intp,
        )

    def formats(people: Sequence[MenteeProfile | MentorProfile]) -> NDArray[np.intp]:
        return np.array(
            [-1 if each.format is None else number[each.format] for each in people], dtype=np.intp
        )

    my_region, their_region = region_codes(mentees, -2), region_codes(mentors, -3)
    my_format, their_format = formats(mentees), formats(mentors)

    def chunk(rows: slice) -> tuple[Floats, Bools]:
        left = my_region[rows, None]
        same = np.where((left == -1) | (their_region == -1), 2, left == their_region)
        mine = my_format[rows, None]
        return table[mine, their_format, same], (mine >= 0) & (their_format >= 0)

    return chunk


def _subject(mentees: Sequence[MenteeProfile], mentors: Sequence[MentorProfile]) -> Chunk:
    def pairs(
        left: Sequence[Sequence[str]], right: Sequence[Sequence[str]]
    ) -> list[NDArray[np.float32]]:
        words = common_words(left, right)
        return [indicator(left, words), indicator(right, words).T]

    mine = [mentee.subject_groups for mentee in mentees]
    theirs = [mentor.subject_groups for mentor in mentors]
    same = pairs(mine, theirs)
    kin = pairs(mine, [mentor.related_subject_groups for mentor in mentors])
    nik = pairs([mentee.related_subject_groups for mentee in mentees], theirs)
    said = np.array([bool(each) for each in mine], dtype=bool)
    answered = np.array([bool(each) for each in theirs], dtype=bool)

    def chunk(rows: slice) -> tuple[Floats, Bools]:
        related = (kin[0][rows] @ kin[1] > 0) | (nik[0][rows] @ nik[1] > 0)
        value = np.where(same[0][rows] @ same[1] > 0, 1.0, np.where(related, 0.5, 0.0))
        return value, said[rows, None] & answered

    return chunk
