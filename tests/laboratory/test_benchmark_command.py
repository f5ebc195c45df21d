"""gebot benchmark, as people type it."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np

from simulations.laboratory.arena import Result, Trial
from simulations.laboratory.policies import OURS
from simulations.laboratory.tracks import TRACKS, records
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
    return Result(Trial(policy, "A1", seed, 20), np.full(20, value), violations=1, cpu_s=0.02)


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


def test_a_table_for_each_world(tmp_path: Path) -> None:
    """People get a table and a sentence that says what the figures are."""
    done = gebot(tmp_path, "--worlds", "A3", "--policies", "equal", "--seeds", "1", "--days", "15")

    assert done.returncode == 0, done.stderr
    assert "world A3" in done.stdout and "equal" in done.stdout
    assert "clairvoyant" in done.stderr


def test_unknown_names_are_all_answered(tmp_path: Path) -> None:
    """A typo is exit status 2, with the nearest name."""
    policies = gebot(tmp_path, "--policies", "equall,thompson_budge")
    worlds = gebot(tmp_path, "--worlds", "A11")

    assert policies.returncode == worlds.returncode == 2
    assert "'equal'" in policies.stderr and f"'{OURS}'" in policies.stderr
    assert "did you mean 'A1" in worlds.stderr


def test_every_world_of_a_track_exists() -> None:
    """Tracks name worlds, they do not make them."""
    assert all(world in WORLDS for worlds in TRACKS.values() for world in worlds)


def test_differences_are_paired_by_seed() -> None:
    """A policy that is 0.1 worse on every market has no standard error, however markets vary."""
    ours = [result(OURS, seed, value) for seed, value in ((1, 0.9), (2, 0.7), (3, 0.8))]
    theirs = [result("equal", seed, value) for seed, value in ((3, 0.7), (1, 0.8), (2, 0.6))]

    best, other = records("A", [*theirs, *ours])

    assert best["policy"] == OURS and best["over_ours"] is None
    assert other["over_ours"] is not None and abs(other["over_ours"] + 0.1) < 1e-12
    assert other["over_ours_se"] is not None and other["over_ours_se"] < 1e-12
    assert other["violations"] == 3
    assert abs(other["cpu_ms_per_decision"] - 1.0) < 1e-12
