"""gebot backtest replay: what is told, and the exit status when somebody looked ahead."""

import json
import subprocess
import sys
from pathlib import Path

from replayed import export_settings

MAIN = "import sys; from agent.cli.main import main; sys.argv[0] = 'gebot'; main()"

PLANT = """
import strategies
strategies.__path__ = [*strategies.__path__, {folder!r}]  # a strategy that is not shipped
"""

PEEKING = """
from dataclasses import dataclass
from pathlib import Path

@dataclass(frozen=True, slots=True)
class Peeking:
    name: str
    path: str

    def propose(self, snapshot, rng):
        Path(self.path).read_text(encoding="utf-8")
        return ()
"""


def replay(folder: Path, *arguments: str, plant: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", plant + MAIN, "backtest", "replay", "-c", str(folder / "config.toml")]
    return subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)


def test_days_and_entities_are_told_and_nobody_looked_ahead(tmp_path: Path) -> None:
    """Records on standard output, what they mean on standard error, status 0."""
    export_settings(tmp_path)

    done = replay(tmp_path, "--json", "--since", "2026-03-12")

    assert done.returncode == 0, done.stderr
    records = json.loads(done.stdout)
    kinds = [record["record"] for record in records]
    assert kinds.count("past") == 1
    assert kinds.count("day") == 14
    assert kinds.count("entity") == 3
    assert "look-ahead: none" in done.stderr


def test_a_planted_peek_ends_with_status_one_and_names_day_and_decider(tmp_path: Path) -> None:
    """A replay that knew the future must not pass for one."""
    export_settings(tmp_path)
    planted = tmp_path / "planted"
    planted.mkdir()
    (planted / "peeking.py").write_text(PEEKING, encoding="utf-8")
    config = tmp_path / "config.toml"
    text = config.read_text(encoding="utf-8").replace('kind = "thompson_budget"', 'kind = "peeking"')
    config.write_text(
        text.replace("[strategy.options]", f'[strategy.options]\npath = "{tmp_path / "export.csv"}"'),
        encoding="utf-8",
    )

    done = replay(tmp_path, plant=PLANT.format(folder=str(planted)))

    assert done.returncode == 1
    assert "look-ahead: FOUND in 1 of 18 plans" in done.stderr
    assert "2026-03-08  thompson: it opened" in done.stderr


def test_wrong_words_are_refused_with_what_is_right(tmp_path: Path) -> None:
    """Status 2, as everywhere."""
    export_settings(tmp_path)

    day = replay(tmp_path, "--since", "March")
    way = replay(tmp_path, "--reporting", "finel")

    assert (day.returncode, way.returncode) == (2, 2)
    assert "a day such as" in day.stderr
    assert "did you mean 'final'?" in way.stderr


def test_options_of_other_backtests_are_not_lost_in_silence(tmp_path: Path) -> None:
    """Typed before the name they would be those of simulated markets."""
    export_settings(tmp_path)
    command = [sys.executable, "-c", MAIN, "backtest", "--seeds", "3", "replay"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "--seeds: was given before 'replay'" in done.stderr


def test_an_account_that_was_never_observed_cannot_be_replayed(tmp_path: Path) -> None:
    """And no ledger is made by asking."""
    config = tmp_path / "config.toml"
    init = [sys.executable, "-c", MAIN, "init", "--platform", "simulated", "--yes", "--path", str(config)]
    subprocess.run(init, check=True, capture_output=True)

    done = replay(tmp_path)

    assert done.returncode != 0
    assert "`gebot run`" in done.stderr
    assert not (tmp_path / "var" / "gebot.db").exists()
