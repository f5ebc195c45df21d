"""Budget edits: the fifth change within an hour never leaves, whoever asks and whatever befell before."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.meta_ads.budget_edits import WINDOW, BudgetEdits

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
KEY = "ad_set/121"


@pytest.fixture(params=["file", "memory"])
def edits(request: pytest.FixtureRequest, tmp_path: Path) -> BudgetEdits:
    return BudgetEdits(tmp_path / "state" / "edits.log" if request.param == "file" else None)


def test_four_go_and_the_fifth_is_told_when_it_may(edits: BudgetEdits) -> None:
    """An hour after the first of the last four, and a minute for clocks that differ."""
    times = [NOW + timedelta(minutes=5 * n) for n in range(5)]

    answers = [edits.reserve([KEY], at)[0] for at in times]

    assert answers == [None, None, None, None, NOW + WINDOW]
    assert edits.reserve([KEY], NOW + WINDOW) == [None]


def test_objects_are_counted_apart(edits: BudgetEdits) -> None:
    """The limit is one of each ad set; a campaign of the same id is another object."""
    for _ in range(4):
        edits.reserve([KEY], NOW)

    assert edits.reserve([KEY, "ad_set/1210", "campaign/121"], NOW) == [NOW + WINDOW, None, None]


def test_two_changes_of_one_batch_count_both(edits: BudgetEdits) -> None:
    """They are not yet in the file when the second one is asked for."""
    answers = edits.reserve([KEY] * 5, NOW)

    assert [answer is None for answer in answers] == [True, True, True, True, False]


def test_a_block_of_metas_holds_for_an_hour(edits: BudgetEdits) -> None:
    """People change budgets too, and Meta counts them all."""
    edits.block(KEY, NOW)

    assert edits.reserve([KEY], NOW + timedelta(minutes=59)) == [NOW + WINDOW]
    assert edits.reserve([KEY], NOW + WINDOW) == [None]


def test_a_restart_forgets_nothing(tmp_path: Path) -> None:
    """The file is the count."""
    for _ in range(4):
        BudgetEdits(tmp_path / "edits.log").reserve([KEY], NOW)

    assert BudgetEdits(tmp_path / "edits.log").reserve([KEY], NOW) == [NOW + WINDOW]


def test_half_a_line_counts_for_nothing_and_swallows_nothing(tmp_path: Path) -> None:
    """A process that was killed while it wrote had not sent anything yet."""
    path = tmp_path / "edits.log"
    edits = BudgetEdits(path)
    edits.reserve([KEY], NOW)
    with path.open("a") as file:
        file.write("2026-11-21T15:3")

    for _ in range(3):
        assert edits.reserve([KEY], NOW) == [None]
    assert edits.reserve([KEY], NOW) == [NOW + WINDOW]


def test_a_killed_process_has_written_its_word_down(tmp_path: Path) -> None:
    """The word comes before the deed, and is on disk."""
    code = (
        "import os, signal, sys; from datetime import datetime; from pathlib import Path;"
        "from adapters.meta_ads.budget_edits import BudgetEdits;"
        "BudgetEdits(Path(sys.argv[1])).reserve(['ad_set/121'] * 4, datetime.fromisoformat(sys.argv[2]));"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "edits.log"), NOW.isoformat()],
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )

    assert done.returncode == -signal.SIGKILL
    assert BudgetEdits(tmp_path / "edits.log").reserve([KEY], NOW) == [NOW + WINDOW]


def test_many_at_once_never_let_a_fifth_go(tmp_path: Path) -> None:
    """Each holds the file's lock while it counts and writes."""
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _: BudgetEdits(tmp_path / "edits.log").reserve([KEY], NOW)[0], range(24))
        )

    assert answers.count(None) == 4


def test_a_long_file_is_cut_down_and_the_last_hour_stays(tmp_path: Path) -> None:
    """It would grow for ever."""
    path = tmp_path / "edits.log"
    old = NOW - timedelta(days=3)
    path.write_text(f"{old.isoformat()} edit ad_set/9\n" * 30_000)
    edits = BudgetEdits(path)

    for _ in range(4):
        edits.reserve([KEY], NOW)

    assert path.stat().st_size < 1_000
    assert edits.reserve([KEY], NOW) == [NOW + WINDOW]


@given(st.lists(st.integers(0, 7200), min_size=1, max_size=40).map(sorted))
def test_no_hour_ever_holds_more_than_four(seconds: list[int]) -> None:
    """Whenever changes come."""
    edits = BudgetEdits(None)

    gone = [s for s in seconds if edits.reserve([KEY], NOW + timedelta(seconds=s)) == [None]]

    assert all(sum(start <= s < start + 3600 for s in gone) <= 4 for start in gone)
