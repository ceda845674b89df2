"""Hard rules: which pairs can't be, apart from any score, each with its code."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from matching.engine.profiles import Format, MenteeProfile, MentorProfile

EXCLUSIONS = (
    "same_person",
    "teaches",
    "examines",
    "employs",
    "mentee_veto",
    "mentor_veto",
    "mentee_inactive",
    "mentor_inactive",
    "no_consent",
    "no_capacity",
    "no_common_language",
    "formats_exclude",
    "forbidden",
)
"""Codes by the weight of what they say; the first one of a pair is the one to show.
`forbidden` is the coordinators' own ban on a pair, the others follow from the profiles."""

BITS = {code: 1 << at for at, code in enumerate(EXCLUSIONS)}
FORBIDDEN = BITS["forbidden"]

Masks = NDArray[np.uint16]


def codes_of(mask: int) -> tuple[str, ...]:
    """The codes in one entry of `exclusions`, the most telling first."""
    return tuple(code for code, bit in BITS.items() if mask & bit)


def indicator(lists: Sequence[Iterable[str]], vocabulary: dict[str, int]) -> NDArray[np.float32]:
    """len(lists) × len(vocabulary): 1 where a list holds a word; other words are left out."""
    matrix = np.zeros((len(lists), len(vocabulary)), dtype=np.float32)
    for row, words in enumerate(lists):
        for word in words:
            column = vocabulary.get(word)
            if column is not None:
                matrix[row, column] = 1
    return matrix


def common_words(left: Sequence[Iterable[str]], right: Sequence[Iterable[str]]) -> dict[str, int]:
    """The words that occur on both sides, numbered in their own order."""
    both = {word for words in left for word in words} & {word for words in right for word in words}
    return {word: at for at, word in enumerate(sorted(both))}


def exclusions(mentees: Sequence[MenteeProfile], mentors: Sequence[MentorProfile]) -> Masks:
    """n × m bit masks of the rules each pair breaks; 0 where the pair may be."""
    masks = np.zeros((len(mentees), len(mentors)), dtype=np.uint16)
    rows = {mentee.id: row for row, mentee in enumerate(mentees)}
    columns = {mentor.id: column for column, mentor in enumerate(mentors)}
    for row, mentee in enumerate(mentees):
        if not mentee.active:
            masks[row] |= BITS["mentee_inactive"]
        for mentor_id in mentee.vetoes:
            if mentor_id in columns:
                masks[row, columns[mentor_id]] |= BITS["mentee_veto"]
    for column, mentor in enumerate(mentors):
        _exclude_mentor(masks, rows, column, mentor)
    _exclude_same_person(masks, mentees, mentors)
    _exclude_languages(masks, mentees, mentors)
    _exclude_formats(masks, mentees, mentors)
    return masks


def _exclude_mentor(masks: Masks, rows: dict[str, int], column: int, mentor: MentorProfile) -> None:
    if not mentor.active:
        masks[:, column] |= BITS["mentor_inactive"]
    if not mentor.consent:
        masks[:, column] |= BITS["no_consent"]
    if mentor.capacity == 0:
        masks[:, column] |= BITS["no_capacity"]
    for code, ids in (
        ("mentor_veto", mentor.vetoes),
        ("teaches", mentor.teaches),
        ("examines", mentor.examines),
        ("employs", mentor.employs),
    ):
        for mentee_id in ids:
            if mentee_id in rows:
                masks[rows[mentee_id], column] |= BITS[code]


def _exclude_same_person(
    masks: Masks, mentees: Sequence[MenteeProfile], mentors: Sequence[MentorProfile]
) -> None:
    places: dict[str, list[int]] = {}
    for column, mentor in enumerate(mentors):
        if mentor.person is not None:
            places.setdefault(mentor.person, []).append(column)
    for row, mentee in enumerate(mentees):
        for column in places.get(mentee.person or "", ()):
            masks[row, column] |= BITS["same_person"]


def _exclude_languages(
    masks: Masks, mentees: Sequence[MenteeProfile], mentors: Sequence[MentorProfile]
) -> None:
    """No common language, where both sides said theirs."""
    left = [mentee.languages for mentee in mentees]
    right = [mentor.languages for mentor in mentors]
    words = common_words(left, right)
    shared = indicator(left, words) @ indicator(right, words).T
    said = np.array([bool(each) for each in left], dtype=bool)[:, None]
    apart = (shared == 0) & said & np.array([bool(each) for each in right], dtype=bool)
    masks[apart] |= BITS["no_common_language"]


def _exclude_formats(
    masks: Masks, mentees: Sequence[MenteeProfile], mentors: Sequence[MentorProfile]
) -> None:
    """One side only online, the other only on site."""
    for mine, theirs in (
        (Format.ONLINE_ONLY, Format.ON_SITE_ONLY),
        (Format.ON_SITE_ONLY, Format.ONLINE_ONLY),
    ):
        rows = [row for row, mentee in enumerate(mentees) if mentee.format == mine]
        columns = [at for at, mentor in enumerate(mentors) if mentor.format == theirs]
        masks[np.ix_(rows, columns)] |= BITS["formats_exclude"]
