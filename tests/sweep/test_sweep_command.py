"""gebot sweep, as people type it; here and on a cluster."""

import json
import sys
from pathlib import Path

import pytest
from distributed import LocalCluster
from sweep_files import TEXT, work, write

from agent.cli.sweep import sweep
from agent.domain.errors import Mistake, Mistakes
from simulations.sweep.run import crew

SMALL = TEXT.replace("seeds = 2", "seeds = 1").replace("[1, 5]", "[1]")


def test_a_sweep_prints_a_leaderboard_and_goes_on_where_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second time nothing is run; the report stands where it was asked for."""
    file, page = write(tmp_path, SMALL), tmp_path / "page.html"

    sweep(file, jobs=1, html=page)
    first = capsys.readouterr()
    sweep(file, jobs=1, json=True)
    second = capsys.readouterr()

    assert "thompson.draws" in first.out and "base" in first.out
    text = page.read_text(encoding="utf-8")
    assert "gebot sweep" in text and "draws = [1]" in text and '"parcoords"' in text
    board = json.loads(second.out)
    assert {str(one["parameters"]) for one in board} == {"{}", "{'thompson.draws': 1}"}
    assert all(0.3 < one["mean_d15"] <= 1.0 and one["over_pot_days"] == 0 for one in board)
    assert "2 of them are in" in second.err and "living through" not in second.err


def test_faults_are_told_before_anything_runs(tmp_path: Path) -> None:
    """A report without a place, a file that is not there, a value that nobody takes."""
    file = write(tmp_path, SMALL)

    with pytest.raises(Mistake, match="there is no folder"):
        sweep(file, html=tmp_path / "none" / "page.html")
    with pytest.raises(Mistakes, match="no sweep"):
        sweep(tmp_path / "other.toml")
    with pytest.raises(Mistakes):
        sweep(write(tmp_path, SMALL.replace("[1]", "[0]")))

    assert not (tmp_path / "sweep.results.jsonl").exists()


def test_a_cluster_finds_the_same(tmp_path: Path) -> None:
    """To the last bit, whoever computes it."""
    jobs = work(write(tmp_path, SMALL))[:1]
    with (
        LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, protocol="tcp://", dashboard_address=None
        ) as local,
        crew(1, local.scheduler_address) as there,
    ):
        far = list(there(jobs))

    with crew(1, None) as here:
        near = list(here(jobs))

    assert [(one.key, one.mean_d15, one.changes_per_day) for one in far] == [
        (one.key, one.mean_d15, one.changes_per_day) for one in near
    ]


def test_a_scheduler_that_cannot_help_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody there, nonsense for an address, no workers, or no Dask to ask with."""
    with pytest.raises(Mistake, match="such as tcp://"), crew(1, "nonsense://x"):
        pass
    with (
        LocalCluster(n_workers=0, processes=False, protocol="tcp://", dashboard_address=None) as local,
        pytest.raises(Mistake, match="no workers"),
        crew(1, local.scheduler_address),
    ):
        pass
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(Mistake, match="pip install"), crew(1, "tcp://127.0.0.1:1"):
        pass
