"""The report of a benchmark says what was run and how to run it again."""

from pathlib import Path

import numpy as np
import pytest

from agent.cli.benchmark import benchmark
from agent.domain.errors import Mistake
from simulations.laboratory.budgets.policies import OURS
from simulations.laboratory.report import Ran, report
from simulations.laboratory.tracks import TRACKS
from simulations.laboratory.trial import Result, Trial
from simulations.pages.page import Picture, Table


def result(policy: str, seed: int, value: float) -> Result:
    return Result(Trial("A", policy, "A1", seed, 20), np.full(20, value), violations=0, cpu_s=0.02)


def test_ours_stands_first_and_differences_have_intervals() -> None:
    """Paired by seed: 0.08, 0.12 below ours is -10.0 points with Student's interval of two pairs."""
    runs = [result(OURS, 1, 0.9), result(OURS, 2, 0.8), result("equal", 1, 0.82), result("equal", 2, 0.68)]
    runs += [result("weekly_rule", 1, 0.95), result("weekly_rule", 2, 0.85)]

    page = report(Ran(TRACKS["A"], runs, [], "gebot benchmark", []))

    overview, world = (section.pieces[0] for section in page.sections)
    assert isinstance(overview, Table) and isinstance(world, Table)
    assert [row[0] for row in overview.rows] == [OURS, "weekly_rule", "equal"]
    assert [row[0] for row in world.rows] == [OURS, "weekly_rule", "equal"]
    assert world.rows[2][4] == "-10.0 (-35.4 to +15.4)"
    assert ("seeds", "1 to 2 (2)") in page.facts


def test_without_ours_there_is_still_a_report() -> None:
    """Baselines alone are compared too."""
    page = report(Ran(TRACKS["A"], [result("equal", 1, 0.8)], [], "gebot benchmark", []))

    assert any(isinstance(piece, Picture) for piece in page.sections[1].pieces)


def test_a_report_is_written_with_the_command_that_makes_it_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside the table, with a close look at ours."""
    file = tmp_path / "report.html"

    benchmark(worlds="A3", policies=f"equal,{OURS}", seeds=2, first_seed=7, days=16, jobs=1, html=file)

    text = file.read_text(encoding="utf-8")
    policies = f"{OURS},equal"
    assert f"--track A --worlds A3 --policies {policies} --seeds 2 --first-seed 7 --days 16" in text
    assert "Calibration over 2 seeds" in text
    assert str(file) in capsys.readouterr().err


def test_a_report_without_a_place_stops_the_benchmark_at_once(tmp_path: Path) -> None:
    """Not after an hour."""
    with pytest.raises(Mistake, match="there is no folder"):
        benchmark(policies="equal", html=tmp_path / "none" / "report.html")
