"""`python -m matching.engine plan …` as the contract has it ("Matching without Django")."""

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from matching.engine.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
MATRIX = {"scores": [[0.5, 0.2], [0.9, 0.8], [0.1, 0.1]], "capacities": [1, 1]}
PROFILES: dict[str, Any] = {
    "mentees": [
        {"id": "ada", "wishes": ["mo"], "goals": [{"topic": "audition", "priority": 1}]},
        {"id": "ben", "goals": [{"topic": "stage_fright"}], "languages": ["de"]},
        {"id": "cem", "languages": ["fr"]},
    ],
    "mentors": [
        {"id": "mo", "capacity": 2, "topics": ["audition", "stage_fright"], "languages": ["de"]},
        {"id": "nia", "topics": ["funding"], "languages": ["de"], "votes": {"ada": "gladly"}},
    ],
    "weights": {"wish": 0.5},
    "pins": [["ben", "mo"]],
    "forbidden": [["ada", "nia"]],
    "objective": "fair",
}


def run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own, without any of the site's settings."""
    return subprocess.run(
        [sys.executable, "-m", "matching.engine", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        timeout=60,
    )


def called(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """The command in this process: exit code, stdout, stderr."""
    code = main(arguments)
    told = capfd.readouterr()
    return code, told.out, told.err


def test_a_matrix_is_planned_by_index(tmp_path: Path) -> None:
    problem, goal = tmp_path / "problem.json", tmp_path / "plan.json"
    problem.write_text(json.dumps(MATRIX))
    done = run("plan", str(problem), "-o", str(goal))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    found = json.loads(goal.read_text())
    assert found["pairs"] == [
        {"mentee": 0, "mentor": 0, "score": 0.5},
        {"mentee": 1, "mentor": 1, "score": 0.8},
    ]
    assert [left["mentee"] for left in found["unmatched"]] == [2]
    assert found["unmatched"][0]["why"]
    assert (found["total"], found["worst"], found["blocking_pairs"]) == (1.3, 0.5, 1)
    assert set(found["seconds"]) == {"score", "solve", "explain"}


def test_profiles_are_planned_with_reasons_without_django(tmp_path: Path) -> None:
    problem = tmp_path / "problem.json"
    problem.write_text(json.dumps(PROFILES))
    done = run("plan", str(problem))
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert [(pair["mentee"], pair["mentor"]) for pair in found["pairs"]] == [
        ("ada", "mo"),
        ("ben", "mo"),
    ]
    assert found["unmatched"][0]["mentee"] == "cem"
    for pair in found["pairs"]:
        assert 1 <= len(pair["reasons"]) <= 2
        assert all(reason["text"] for reason in pair["reasons"])
    loaded = "import sys, matching.engine; print('django' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, cwd=ROOT)
    assert told.stdout.strip() == "False"


def test_the_same_input_in_any_order_gives_the_same_output(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    told = []
    for seed in range(4):
        shuffle = random.Random(seed)
        turned = dict(PROFILES)
        for key in ("mentees", "mentors"):
            turned[key] = shuffle.sample(PROFILES[key], len(PROFILES[key]))
        problem = tmp_path / f"{seed}.json"
        problem.write_text(json.dumps(turned))
        code, out, _ = called(capfd, "plan", str(problem))
        assert code == 0
        found = json.loads(out)
        del found["seconds"]
        told.append(json.dumps(found))
    assert len(set(told)) == 1


@pytest.mark.parametrize(
    "problem",
    [
        {"scores": [], "capacities": []},
        {"scores": [], "capacities": [1, 2]},
        {"scores": [[], []], "capacities": []},
        {"scores": [[0.5]], "capacities": [0]},
        {"scores": [[1, 0]], "capacities": [1, 10**400], "objective": "fair", "pins": []},
        {"scores": [[-0.0]], "capacities": [1], "forbidden": [[0, 0], [0, 0]]},
        {"mentees": [], "mentors": []},
        {"mentees": [{"id": "a"}], "mentors": []},
        {"mentees": [], "mentors": [{"id": "a"}], "weights": {}, "objective": "fair"},
        {"mentees": [{"id": "a"}], "mentors": [{"id": "a"}]},
        MATRIX | {"keep": [[0, 0]], "keep_gain": 0.1},
    ],
)
def test_small_and_empty_problems_are_fine(
    problem: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(problem))
    code, out, err = called(capfd, "plan", str(path))
    assert (code, err) == (0, "")
    found = json.loads(out)
    people = len(problem.get("scores", problem.get("mentees")))
    assert len(found["pairs"]) + len(found["unmatched"]) == people
    assert (found["worst"] is None) == (not found["pairs"])


def matrix(**more: Any) -> str:
    return json.dumps(MATRIX | more)


def profiles(**more: Any) -> str:
    return json.dumps(PROFILES | {"pins": [], "forbidden": []} | more)


BAD = {
    "empty": ("", "JSON"),
    "no json": ("scores: 1", "JSON"),
    "cut off": ('{"scores": [[0.5', "JSON"),
    "no object": ("[1]", "not an object"),
    "null": ("null", "not an object"),
    "no form": ("{}", "scores"),
    "nan": ('{"scores": [[NaN]], "capacities": [1]}', "NaN"),
    "infinity": ('{"scores": [[-Infinity]], "capacities": [1]}', "Infinity"),
    "overflow": ('{"scores": [[1e999]], "capacities": [1]}', "scores[0][0]"),
    "too many digits": ('{"scores": [[%s]], "capacities": [1]}' % ("9" * 5000), "digits"),
    "huge integer": ('{"scores": [[%s]], "capacities": [1]}' % ("9" * 400), "scores[0][0]"),
    "nested": ("[" * 200_000, "nested"),
    "surrogate": (profiles(mentees=[{"id": "\ud800"}]), "mentees[0].id"),
    "double key": ('{"scores": [], "scores": [], "capacities": []}', '"scores" stands twice'),
    "double inner key": ('{"mentees": [{"id": "a", "id": "b"}], "mentors": []}', "twice"),
    "unknown key": (matrix(weights={}), "'weights'"),
    "both forms": (matrix(mentees=[]), "'mentees'"),
    "no capacities": ('{"scores": []}', "capacities"),
    "no mentors": ('{"mentees": []}', "mentors"),
    "above one": (matrix(scores=[[0.5, 1.0000001]] * 3), "scores[0][1]"),
    "below zero": (matrix(scores=[[0.5, 0.5], [-0.1, 0.5]]), "scores[1][0]"),
    "bool score": (matrix(scores=[[0.5, True]]), "scores[0][1]"),
    "text score": (matrix(scores=[[0.5, "0.5"]]), "scores[0][1]"),
    "null score": (matrix(scores=[[None, 0.5]]), "scores[0][0]"),
    "list score": (matrix(scores=[[[0.5], 0.5]]), "scores[0][0]"),
    "ragged": (matrix(scores=[[0.5, 0.5], [0.5]]), "scores[1]"),
    "wide": (matrix(scores=[[0.5, 0.5, 0.5]]), "scores[0]"),
    "scores no list": (matrix(scores={}), "scores"),
    "row no list": (matrix(scores=[[0.5, 0.5], 3]), "scores[1]"),
    "capacity negative": (matrix(capacities=[1, -1]), "capacities[1]"),
    "capacity fraction": (matrix(capacities=[1, 1.5]), "capacities[1]"),
    "capacity float": (matrix(capacities=[1, 1.0]), "capacities[1]"),
    "capacity bool": (matrix(capacities=[True, 1]), "capacities[0]"),
    "capacity text": (matrix(capacities=["1", 1]), "capacities[0]"),
    "capacity null": (matrix(capacities=None), "capacities"),
    "capacity short": (matrix(capacities=[1]), "scores[0]"),
    "objective": (matrix(objective="best"), "objective"),
    "objective list": (matrix(objective=["total"]), "objective"),
    "objective null": (matrix(objective=None), "objective"),
    "pin unknown": (matrix(pins=[[3, 0]]), "pins[0][0]"),
    "pin unknown mentor": (matrix(pins=[[0, 2]]), "pins[0][1]"),
    "pin negative": (matrix(pins=[[0, -1]]), "pins[0][1]"),
    "pin huge": (matrix(pins=[[0, 10**300]]), "pins[0][1]"),
    "pin bool": (matrix(pins=[[False, 0]]), "pins[0][0]"),
    "pin float": (matrix(pins=[[0.0, 0]]), "pins[0][0]"),
    "pin no pair": (matrix(pins=[[0, 0, 0]]), "pins[0]"),
    "pin no list": (matrix(pins=[0]), "pins[0]"),
    "pins null": (matrix(pins=None), "pins"),
    "pin double": (matrix(pins=[[0, 0], [0, 1]]), "pins"),
    "pin repeated": (matrix(pins=[[0, 0], [0, 0]], capacities=[2, 1]), "twice"),
    "pin over capacity": (matrix(pins=[[0, 0], [1, 0]]), "pins"),
    "pin to nobody": (matrix(pins=[[0, 0]], capacities=[0, 1]), "pins"),
    "pin forbidden": (matrix(pins=[[0, 0]], forbidden=[[0, 0]]), "forbidden"),
    "forbidden unknown": (matrix(forbidden=[[0, 9]]), "forbidden[0][1]"),
    "keep with fair": (matrix(keep=[[0, 0]], objective="fair"), "keep"),
    "keep gain negative": (matrix(keep_gain=-1), "keep_gain"),
    "double id": (profiles(mentees=[{"id": "a"}, {"id": "b"}, {"id": "a"}]), "mentees[2].id"),
    "unknown field": (profiles(mentees=[{"id": "ada", "gender": "f"}]), "'gender'"),
    "unknown wish": (profiles(mentees=[{"id": "ada", "wishes": ["x"]}]), "mentees[0].wishes[0]"),
    "unknown veto": (profiles(mentors=[{"id": "mo", "vetoes": ["x"]}]), "mentors[0].vetoes[0]"),
    "unknown vote": (profiles(mentors=[{"id": "mo", "votes": {"x": "gladly"}}]), "mentors[0].votes"),
    "unknown pin id": (profiles(pins=[["ada", "x"]]), "pins[0][1]"),
    "swapped pin ids": (profiles(pins=[["mo", "ada"]]), "pins[0][0]"),
    "pin by index": (profiles(pins=[[0, 0]]), "pins[0][0]"),
    "pin against a rule": (profiles(pins=[["cem", "mo"]]), "no_common_language"),
    "weights list": (profiles(weights=[]), "weights"),
    "weights zero": (
        profiles(weights=dict.fromkeys(
            ("wish", "goals", "career_field", "working_style", "time", "format", "subject"), 0)),
        "weights",
    ),
    "weight unknown": (profiles(weights={"charm": 1}), "weights"),
    "weight negative": (profiles(weights={"wish": -1}), "weights.wish"),
    "capacity of a mentor": (profiles(mentors=[{"id": "mo", "capacity": 1.5}]), "mentors[0].capacity"),
    "mentee no object": (profiles(mentees=["ada"]), "mentees[0]"),
    "mentees no list": (profiles(mentees={"id": "ada"}), "mentees"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "told"), BAD.values(), ids=BAD)
def test_bad_input_ends_with_a_sentence_and_no_file(
    text: str, told: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path, goal = tmp_path / "problem.json", tmp_path / "plan.json"
    path.write_text(text)
    check_refused(called(capfd, "plan", str(path), "-o", str(goal)), told)
    assert list(tmp_path.iterdir()) == [path]


def check_refused(answer: tuple[int, str, str], told: str) -> None:
    code, out, err = answer
    assert (code, out) == (2, "")
    assert told.replace('"', "'") in err.replace('"', "'")
    assert err.endswith(".\n") or "usage" in err
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert len(err) < 400


def test_bad_input_as_a_process(tmp_path: Path) -> None:
    """The same through the shell: not UTF-8, missing, a folder, no arguments, a wrong goal."""
    latin = tmp_path / "latin.json"
    latin.write_bytes('{"mentees": [{"id": "J\xfcrgen"}], "mentors": []}'.encode("latin-1"))
    good = tmp_path / "good.json"
    good.write_text(json.dumps(MATRIX))
    for arguments, told in (
        (["plan", str(latin), "-o", str(tmp_path / "out.json")], "UTF-8"),
        (["plan", str(tmp_path / "none.json")], "can't be read"),
        (["plan", str(tmp_path)], "can't be read"),
        (["plan"], "usage"),
        ([], "usage"),
        (["guess", str(good)], "usage"),
        (["plan", str(good), "-o", str(tmp_path / "no" / "out.json")], "can't be written"),
        (["plan", str(good), "-o", str(tmp_path)], "can't be written"),
    ):
        done = run(*arguments)
        check_refused((done.returncode, done.stdout, done.stderr), told)
    assert sorted(tmp_path.iterdir()) == [good, latin]


def test_a_bad_problem_leaves_an_older_plan_alone(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path, goal = tmp_path / "problem.json", tmp_path / "plan.json"
    path.write_text("{}")
    goal.write_text("older")
    assert called(capfd, "plan", str(path), "-o", str(goal))[0] == 2
    assert goal.read_text() == "older"


def test_a_byte_order_mark_is_no_error(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "problem.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(MATRIX).encode())
    assert called(capfd, "plan", str(path))[0] == 0
