"""``make bench``: the bare project starts, and an entry says what the contract asks for."""

from __future__ import annotations

from pathlib import Path

from tests import bench
from tests.races.harness import Ground


def test_the_bare_project_answers_on_the_same_database() -> None:
    with Ground("sqlite") as ground, bench.serve(ground, bench.write_bare(ground)) as server:
        headers = bench.fetch(server.port, "/")
        assert server.cpu() > 0
        workers = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
        threads = [len(list(Path(f"/proc/{one}/task").iterdir())) for one in workers]
    assert threads == [1, 1]  # whatever is shipped, so that the figures stay comparable
    assert "Content-Security-Policy" not in headers  # nothing of ours stands before it


def test_an_entry_is_the_median_of_pairs_with_the_processor_time_beside_it() -> None:
    pairs = [
        ((10.0, 0.04), (100.0, 0.004)),
        ((20.0, 0.02), (100.0, 0.004)),
        ((50.0, 0.02), (100.0, 0.01)),
    ]
    entry = bench.compared(pairs)
    assert (entry["value"], entry["unit"]) == (0.2, "ratio")
    assert entry["detail"]["cpu_ratio"] == 0.2
    assert entry["detail"]["pairs"] == 3
