"""``matching_vs_solver.*``, ``fair_vs_solver.1000`` and ``matching_memory``: what a plan costs beyond the
assignment itself.

A plan from profiles to reasons ÷ ``scipy.optimize.linear_sum_assignment`` on the plan's own matrix, both in
one process, in alternation. The profiles of ``.100``, ``.1000``, ``.5000`` are drawn as in a university: a
person's goals and fields are those usual in the department; those of ``.random`` (5,000 people) are drawn
independently. ``.sparse`` is ``seconds.solve`` of a plan from a given matrix of 1,045 × 1,205: each side names
one to ten of 25 subjects, the score is the number shared ÷ the longer list, and pairs that share nothing are
forbidden. ``matching_memory`` is the peak memory of the plan of 5,000 × 5,000 ÷ its matrix of float64.
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import subprocess
import sys
import time
from typing import Any

from tests.races.harness import ROOT

CASES = {
    "matching_vs_solver.100": {"size": 100, "times": 9},
    "matching_vs_solver.1000": {"size": 1000, "times": 5},
    "matching_vs_solver.5000": {"size": 5000, "times": 1},
    "matching_vs_solver.random": {"size": 5000, "times": 1, "independent": True},
    "fair_vs_solver.1000": {"size": 1000, "times": 3, "objective": "fair"},
    "matching_vs_solver.sparse": {"times": 5},
}
DEPARTMENTS, TOPICS, FIELDS, LANGUAGES = 12, 24, 16, ("de", "en", "fr", "uk", "ja")


def people(size: int, independent: bool) -> tuple[list[Any], list[Any]]:
    """As many mentees as mentors, each mentor with one place."""
    from matching.engine.profiles import Format, Goal, MenteeProfile, MentorProfile

    rng = random.Random(f"people {size}")

    def usual(department: int, number: int, most: int) -> tuple[str, ...]:
        """Two of three are those of the department."""
        near = [(department * 2 + step) % number for step in range(5)]
        pool = range(number) if independent or rng.random() < 1 / 3 else near
        return tuple(str(one) for one in rng.sample(list(pool), rng.randint(1, most)))

    def spoken() -> tuple[str, ...]:
        return ("de", *rng.sample(LANGUAGES[1:], rng.randint(0, 2)))

    mentees, mentors = [], []
    for number in range(size):
        department = rng.randrange(DEPARTMENTS)
        wishes = rng.sample(range(size), rng.choice((0, 0, 1, 2)))
        topics = dict.fromkeys(usual(department, TOPICS, 3))
        mentees.append(
            MenteeProfile(
                id=f"mentee{number}",
                wishes=tuple(f"mentor{one}" for one in wishes),
                goals=tuple(Goal(topic, place) for place, topic in enumerate(topics, 1)),
                career_fields=usual(department, FIELDS, 2),
                meetings_per_month=rng.choice((None, 1, 2)),
                format=rng.choice((None, *Format)),
                subject_groups=(str(department),),
                languages=spoken(),
            )
        )
        department = rng.randrange(DEPARTMENTS)
        mentors.append(
            MentorProfile(
                id=f"mentor{number}",
                capacity=1,
                topics=usual(department, TOPICS, 5),
                career_fields=usual(department, FIELDS, 3),
                meetings_per_month=rng.choice((None, 1, 2)),
                format=rng.choice((None, *Format)),
                subject_groups=(str(department),),
                languages=spoken(),
            )
        )
    return mentees, mentors


def subjects() -> tuple[Any, list[tuple[int, int]]]:
    """The matrix of ``.sparse`` and its forbidden pairs."""
    import numpy as np

    rng = random.Random("subjects")
    sides = [
        [set(rng.sample(range(25), rng.randint(1, 10))) for _one in range(number)]
        for number in (1045, 1205)
    ]
    scores = np.array([[len(a & b) / max(len(a), len(b)) for b in sides[1]] for a in sides[0]])
    forbidden = [(int(row), int(column)) for row, column in np.argwhere(scores == 0)]
    return scores, forbidden


def bare(plan: Any) -> float:
    """Seconds of the assignment alone, on the plan's matrix."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    matrix = np.where(plan.masks == 0, plan.scores, -1e6)
    began = time.perf_counter()
    linear_sum_assignment(matrix, maximize=True)
    return time.perf_counter() - began


def case(
    size: int = 0, times: int = 1, objective: Any = "total", independent: bool = False
) -> dict[str, Any]:
    """Runs in a process of its own: seconds of each plan and of the assignment alone, and the peak memory of
    the first plan in bytes."""
    from matching.engine import planning

    pairs, peak = [], 0
    if size:
        mentees, mentors = people(size, independent)
    else:
        scores, forbidden = subjects()
    planning.plan(*people(2, independent))  # loads the libraries
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(times):
        began = time.perf_counter()
        if size:
            plan = planning.plan(mentees, mentors, objective=objective)
            spent = time.perf_counter() - began
        else:
            plan = planning.plan_scores(scores, [1] * scores.shape[1], forbidden=forbidden)
            spent = plan.seconds["solve"]
        if number == 0:
            peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
        pairs.append([spent, bare(plan)])
    return {"pairs": pairs, "peak": peak, "matrix": size * size * 8}


def measured() -> dict[str, Any]:
    """The entries of ``bench.json``."""
    found: dict[str, Any] = {}
    for name, arguments in CASES.items():
        done = subprocess.run(
            [sys.executable, "-m", "tests.measures.planning", json.dumps(arguments)],
            cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        told = json.loads(done.stdout)
        ratios = [ours / theirs for ours, theirs in told["pairs"]]
        found[name] = {
            "value": round(statistics.median(ratios), 2),
            "unit": "ratio",
            "detail": {**arguments, "seconds": told["pairs"]},
        }
        if name == "matching_vs_solver.5000":
            found["matching_memory"] = {
                "value": round(told["peak"] / told["matrix"], 2),
                "unit": "ratio",
                "detail": {"peak_bytes": told["peak"], "matrix_bytes": told["matrix"]},
            }
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(case(**json.loads(sys.argv[1]))))
