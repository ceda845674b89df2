"""`docs/matching.md` says what the engine does."""

import dataclasses
import re
from pathlib import Path

from matching.engine import (
    COMPONENTS,
    DEFAULT_WEIGHTS,
    EXCLUSIONS,
    MenteeProfile,
    MentorProfile,
    german,
    parse_problem,
)

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "matching.md").read_text()


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading or header line, without its head."""
    lines = TEXT[TEXT.index(heading) :].splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith("| ---"))
    table = []
    for line in lines[start + 1 :]:
        if not line.startswith("|"):
            break
        table.append([cell.strip() for cell in line.strip("|").split("|")])
    return table


def test_the_fields_are_those_of_the_profiles() -> None:
    mentee, mentor = set(), set()
    for names, whose, _ in rows("### Fields of a profile"):
        for name in re.findall(r"`(\w+)`", names):
            if whose in {"both", "mentee"}:
                mentee.add(name)
            if whose in {"both", "mentor"}:
                mentor.add(name)
    assert mentee == {each.name for each in dataclasses.fields(MenteeProfile)}
    assert mentor == {each.name for each in dataclasses.fields(MentorProfile)}


def test_the_weights_and_rules_are_those_of_the_code() -> None:
    told = {row[0].strip("`"): float(row[1]) for row in rows("## Score")}
    assert told == DEFAULT_WEIGHTS
    assert tuple(told) == COMPONENTS
    rules = TEXT[TEXT.index("**Hard rules**") :].splitlines()[0]
    assert tuple(re.findall(r"`(\w+)`", rules)) == EXCLUSIONS


def test_the_codes_are_those_that_can_be_said() -> None:
    told = [code for row in rows("| code | params |") for code in re.findall(r"`(\w+)`", row[0])]
    assert sorted(told) == sorted(german.CLAUSES)


def test_the_example_can_be_planned() -> None:
    example = re.search(r"```json\n(.*?)```", TEXT, re.S)
    assert example
    found = parse_problem(example[1]).plan()
    assert [(pair.mentee, pair.mentor) for pair in found.pairs] == [("leyla", "osterloh")]
    assert found.exclusion_codes("leyla", "wendland") == ("teaches",)


def test_every_file_named_is_there() -> None:
    named = re.findall(r"`(\w+\.py)`", TEXT)
    assert named
    for name in named:
        assert (ROOT / "matching" / "engine" / name).is_file(), name
