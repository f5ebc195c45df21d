"""gebot benchmark, as people type it."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from agent.cli.benchmark import benchmark
from agent.domain.errors import Mistake, Mistakes
from simulations.laboratory.budgets.policies import OURS
from simulations.laboratory.records import records
from simulations.laboratory.tracks import TRACKS
from simulations.laboratory.trial import Result, Trial
from simulations.worlds import WORLDS


def gebot(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "agent.cli.main", "benchmark", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def result(policy: str, seed: int, value: float) -> Result:
    return Result(Trial("A", policy, "A1", seed, 20), np.full(20, value), violations=1, cpu_s=0.02)


def test_records_are_printed_and_nothing_else(tmp_path: Path) -> None:
    """--json prints the fields that others read, one record for each world and policy."""
    done = gebot(
        tmp_path,
        *("--worlds", "A3,A1", "--policies", f"equal,{OURS}", "--seeds", "2", "--days", "16", "--json"),
    )

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [one["world"] for one in found] == ["A1", "A1", "A3", "A3"]
    assert {one["policy"] for one in found} == {"equal", OURS}
    fields = {"track", "world", "policy", "mean_d15", "p5_d15", "mean_all", "seeds", "cpu_ms_per_decision"}
    assert fields <= found[0].keys()
    assert all(one["violations"] == 0 for one in found)


def test_a_table_for_each_world(capsys: pytest.CaptureFixture[str]) -> None:
    """People get a table and a sentence that says what the figures are."""
    benchmark(worlds="A3", policies="equal", seeds=1, days=15, jobs=1, html=Path("none"))

    shown = capsys.readouterr()
    assert "world A3" in shown.out and "equal" in shown.out
    assert "clairvoyant" in shown.err


def test_unknown_names_are_all_answered() -> None:
    """Each typo is answered with the nearest name."""
    with pytest.raises(Mistakes) as policies:
        benchmark(policies="equall,thompson_budge")
    with pytest.raises(Mistakes) as worlds:
        benchmark(worlds="A11")
    with pytest.raises(Mistake, match="known here: A"):
        benchmark(track="Z")

    answers = [str(mistake) for mistake in policies.value.each()]
    assert "'equal'" in answers[0] and f"'{OURS}'" in answers[1]
    assert "did you mean 'A1" in str(next(iter(worlds.value.each())))


def test_an_unknown_world_is_exit_status_2(tmp_path: Path) -> None:
    """Scripts can tell a typo from a failure."""
    done = gebot(tmp_path, "--worlds", "B7")

    assert done.returncode == 2
    assert "--worlds" in done.stderr and "'B7'" in done.stderr


def test_every_world_of_a_track_exists() -> None:
    """Tracks name worlds, they do not make them."""
    assert all(world in WORLDS for world in TRACKS["A"].worlds)


def test_differences_are_paired_by_seed() -> None:
    """A policy that is 0.1 worse on every market has no standard error, however markets vary."""
    ours = [result(OURS, seed, value) for seed, value in ((1, 0.9), (2, 0.7), (3, 0.8))]
    theirs = [result("equal", seed, value) for seed, value in ((3, 0.7), (1, 0.8), (2, 0.6))]

    best, other = records(TRACKS["A"], [*theirs, *ours])

    assert best["policy"] == OURS and best["over_ours"] is None
    assert other["over_ours"] is not None and abs(other["over_ours"] + 0.1) < 1e-12
    assert other["over_ours_se"] is not None and other["over_ours_se"] < 1e-12
    assert other["violations"] == 3
    assert abs(other["cpu_ms_per_decision"] - 1.0) < 1e-12
