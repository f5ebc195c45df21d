"""gebot backtest twin: the fit report and the comparison, from an export and from a ledger."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fitted import export_settings

from agent.config.connections import Csv
from agent.config.draft import Draft, draft_text
from agent.domain.money import Money

FEBRUARY = Path(__file__).parents[3] / "shared" / "data" / "marketing_feb_2021.csv"
MAIN = "import sys; from agent.cli.main import main; sys.argv[0] = 'gebot'; main()"


def twin(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", MAIN, "backtest", "twin", "-c", str(folder / "config.toml")]
    return subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)


def test_the_report_and_the_policies_are_records(tmp_path: Path) -> None:
    """Six figures, an elasticity for each campaign, a score for each policy."""
    export_settings(tmp_path, n_days=22)

    done = twin(tmp_path, "--seeds", "2", "--policies", "as configured", "--jobs", "1", "--json")

    assert done.returncode == 0, done.stderr
    records = json.loads(done.stdout)
    kinds = [record["record"] for record in records]
    assert {kind: kinds.count(kind) for kind in kinds} == {"fit": 6, "elasticity": 3, "policy": 3}
    assert {one["policy"] for one in records if one["record"] == "policy"} == {
        "as configured",
        "hold",
        "people",
    }


def test_the_report_alone_says_what_follows_from_it(tmp_path: Path) -> None:
    """In words, for people who do not read intervals."""
    export_settings(tmp_path, varied=0.0)

    done = twin(tmp_path, "--fit-only")

    assert done.returncode == 0, done.stderr
    assert "does the twin reproduce the history?" in done.stdout
    assert "prior only" in done.stdout
    assert "Budgets hardly varied" in done.stderr


def test_too_short_a_history_is_refused(tmp_path: Path) -> None:
    """With how long it is."""
    export_settings(tmp_path, n_days=15)

    done = twin(tmp_path, "--fit-only")

    assert done.returncode == 2
    assert "has 15 days with figures; at least 21" in done.stderr


@pytest.mark.skipif(not FEBRUARY.is_file(), reason="the real log is not here")
def test_a_real_month_is_fitted(tmp_path: Path) -> None:
    """Eleven campaigns of February 2021: nothing that could be tested is poor."""
    draft = Draft(Csv(str(FEBRUARY), "UTC"), "feb", "feb", Money.of(1_400_000, "INR"))
    (tmp_path / "config.toml").write_text(draft_text(draft), encoding="utf-8")

    done = twin(tmp_path, "--fit-only", "--json")

    fits = [one for one in json.loads(done.stdout) if one["record"] == "fit"]
    assert {one["verdict"] for one in fits} == {"good", "given"}
