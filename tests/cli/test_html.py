"""--html: reports beside the tables, as people type it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typed import gebot

from agent.cli.replay import replay
from agent.cli.twin import twin
from agent.domain.errors import Mistake


def test_a_backtest_writes_its_page_beside_the_table(demo: Path, tmp_path: Path) -> None:
    """With the command line as it was typed."""
    file = tmp_path / "markets.html"
    options = ["--days", "15", "--seeds", "1", "--campaigns", "2", "--policies", "hold", "--jobs", "1"]

    done = gebot(demo, "backtest", *options, "--html", str(file))

    assert done.returncode == 0, done.stderr
    assert f"gebot backtest {' '.join(options)} --html {file}" in file.read_text(encoding="utf-8")
    assert "hold" in done.stdout and str(file) in done.stderr


@pytest.mark.parametrize("command", [replay, twin])
def test_a_report_without_a_place_is_told_before_anything_is_read(command: Callable[..., None]) -> None:
    """Not even the configuration."""
    with pytest.raises(Mistake, match="there is no folder"):
        command(config=Path("nobody-reads.toml"), html=Path("no/such/folder/report.html"))
