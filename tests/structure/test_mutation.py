"""What ``make mutate`` puts in: every named fault still fits, and the general ones are what they say."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests import mutate
from tests.mutation.equivalent import EQUIVALENT
from tests.mutation.faults import ALL, faults
from tests.mutation.named import NAMED, Patch

ROOT = Path(__file__).resolve().parents[2]
SOURCE = '''\
def act(thing, now):
    """What it does."""
    found = Thing.objects.select_for_update().filter(person=thing.mentee, until__lt=now)
    if thing.count >= 5 and thing.open:
        raise RuleViolation("no")
    thing.done_at = thing.seen_at = now + timedelta(days=3)
    cancel(thing)
    log.info("quiet")
    return min(local(now), found)


def tell(thing) -> None:
    mail(thing)


class Thing:
    name = Text(max_length=40)


KINDS = (MailKind("told", "things", "a thing", {"number": 5}, shared=True),)
'''
EXPECTED = {
    ("lock", "Thing.objects"),
    ("filter", "Thing.objects.select_for_update().filter(until__lt=now)"),
    ("filter", "Thing.objects.select_for_update().filter(person=thing.mentee)"),
    ("boundary", "until__lte=now"),
    ("boundary", "thing.count > 5"),
    ("swap", "thing.mentor"),
    ("number", "6"),
    ("number", "4"),
    ("half", "(thing.open)"),
    ("half", "(thing.count >= 5)"),
    ("negate", "not (thing.count >= 5 and thing.open)"),
    ("refuse", "pass"),
    ("drop", "thing.seen_at = now + timedelta(days=3)"),
    ("drop", "thing.done_at = now + timedelta(days=3)"),
    ("swap", "now - timedelta(days=3)"),
    ("drop", "pass"),
    ("swap", "max"),
    ("utc", "(now)"),
    ("return", "return"),
}


@pytest.mark.parametrize("patch", NAMED, ids=lambda patch: patch.name)
def test_every_named_fault_still_fits_its_source(patch: Patch) -> None:
    ast.parse(patch.applied(ROOT))
    assert patch.tests
    assert all((ROOT / one.partition("::")[0]).exists() for one in patch.tests)


def test_a_named_fault_that_fits_no_more_is_told() -> None:
    with pytest.raises(ValueError, match="not once"):
        Patch("gone", "manage.py", "no such text", "", ()).applied(ROOT)


def test_the_faults_of_a_source_are_these() -> None:
    assert {(one.kind, one.after) for one in faults("probe.py", SOURCE)} == EXPECTED
    assert {one.kind for one in faults("probe.py", SOURCE)} == ALL


def test_every_fault_is_a_program_that_differs() -> None:
    found = list(mutate.found())
    assert len(found) > 2500
    sources = {one.path: (ROOT / one.path).read_text() for one in found}
    for one in found[::7]:
        changed = one.applied(sources[one.path])
        assert changed != sources[one.path], one.told()
        ast.parse(changed)


def test_the_lists_of_every_package_are_in_scope_also_where_its_admin_is_a_folder() -> None:
    scoping = {one.path for one in mutate.found() if "/admin" in one.path}
    admin = {"mentees/admin/applications.py", "mentors/admin/mentors.py", "meetings/admin.py"}
    assert {*admin, "mentoring/desk/admin/trail.py"} <= scoping


def test_every_fault_called_equivalent_is_one_that_could_be_put_in() -> None:
    """An entry whose code has changed is judged anew."""
    known = {
        (one.path, one.function, " ".join(one.before.split()))
        for one in mutate.found("", all_of_them=True)
    }
    assert {key[:3] for key in EQUIVALENT} <= known


def test_the_tests_that_name_the_function_run_first_and_races_only_without_a_lock() -> None:
    for one in list(mutate.found())[::37]:
        turns = mutate.turns_of(one)
        asked = [path for turn in turns for path in turn]
        assert len(asked) == len(set(asked)), one.told()
        assert all((ROOT / path).exists() for path in asked), one.told()
        if one.kind != "lock":
            assert not any("race" in path for path in asked), one.told()
    lock = next(one for one in mutate.found("workshops/actions/places.py") if one.kind == "lock")
    near, rest = mutate.turns_of(lock)
    assert "tests/workshops/test_places.py" in near
    assert {"tests/workshops/test_races.py", "tests/races/test_workshops.py"} <= {*near, *rest}


def test_the_same_seed_is_the_same_sample() -> None:
    def told(*argv: str) -> list[str]:
        return [one.told for one in mutate.tasks(mutate.parsed(argv))]

    first = told("--most", "9", "--only", "mentees/")
    assert (
        first
        == told("--most", "9", "--only", "mentees/")
        != told("--most", "9", "--only", "mentees/", "--seed", "2")
    )
    assert len(first) == 9
    assert all(one.startswith("mentees/") for one in first)


def test_the_last_line_tells_the_share_and_the_exit_code_whether_it_is_enough(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert mutate.conclude(40, 4) == 0
    assert mutate.conclude(40, 5) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "noticed: 35 of 40 faults, 87.5%"
