"""How many processes and threads work on it makes no difference to what is decided and found."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"


def python(*arguments: str, cwd: Path = ROOT, **environment: str) -> str:
    """What a process of its own prints."""
    path = os.pathsep.join(map(str, (ROOT, TESTS, TESTS / "strategies")))
    inherited = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env={**inherited, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the shipped configuration."""
    folder = tmp_path_factory.mktemp("demo")
    text = re.sub(r'file = "rules/', f'file = "{ROOT}/rules/', (ROOT / "config.toml").read_text("utf-8"))
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return folder


def test_threads_of_linear_algebra_and_hashes_do_not_change_a_plan() -> None:
    """Every strategy says the same to the last digit of its evidence."""
    script = str(TESTS / "determinism" / "proposing.py")

    one = python(script, OMP_NUM_THREADS="1", PYTHONHASHSEED="1")
    two = python(script, OMP_NUM_THREADS="2", PYTHONHASHSEED="2")

    assert len(one.splitlines()) > 50
    assert two == one


def test_gebot_settles_on_one_thread_before_numpy_is_loaded() -> None:
    """Else sums in single precision would depend on the machine's cores, and with them cents."""
    code = (
        "import os, sys; sys.argv = ['gebot', '--version']; from agent.cli.main import main; main(); "
        "print('numpy' in sys.modules, os.environ['OPENBLAS_NUM_THREADS'])"
    )

    assert python("-c", code).splitlines()[-1] == "False 1"


@pytest.mark.parametrize(
    "command",
    [
        "backtest --days 15 --seeds 2 --campaigns 4 --policies thompson_budget",
        "benchmark --track C --worlds C1 --days 21 --seeds 2 --policies thompson_budget,target_roas",
    ],
    ids=["backtest", "benchmark"],
)
def test_one_process_finds_what_two_find(demo: Path, command: str) -> None:
    """To the last digit and in the same order; only CPU times differ."""
    arguments = ("-m", "agent.cli.main", *command.split(), "--json", "--jobs")

    alone = python(*arguments, "1", cwd=demo, OMP_NUM_THREADS="2", PYTHONHASHSEED="1")
    together = python(*arguments, "2", cwd=demo, OMP_NUM_THREADS="1", PYTHONHASHSEED="2")

    assert without_times(together) == without_times(alone)
    assert len(without_times(alone)) > 1


def without_times(printed: str) -> list[dict[str, Any]]:
    return [
        {name: value for name, value in row.items() if not name.startswith("cpu_")}
        for row in json.loads(printed)
    ]
