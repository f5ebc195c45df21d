"""Results: nothing that was found is lost or run twice."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sweep_files import TEXT, work, write

from agent.domain.errors import Mistake
from simulations.sweep.jobs import Found, Job
from simulations.sweep.leaderboard import leaderboard
from simulations.sweep.results import open_results


def invented(jobs: Sequence[Job]) -> Iterator[Found]:
    """Results that cost nothing: more draws are better by a tenth, seed 1 is harder."""
    for job in jobs:
        value = 0.8 + 0.1 * (job.values.get("thompson.draws", 0) == 5) - 0.2 * job.task.seed
        yield Found(job.key, job.values, job.task.world, job.task.seed, value, value, 2.0, 0, 1.0)


def test_what_was_found_before_a_kill_is_not_run_again(tmp_path: Path) -> None:
    """Even when the kill cut a line in two."""
    jobs = work(write(tmp_path))
    path = tmp_path / "results.jsonl"
    with open_results(path) as kept:
        running = kept.keep(invented(jobs))
        for _ in range(3):
            next(running)
    path.write_text(path.read_text(encoding="utf-8")[:-40], encoding="utf-8")

    with open_results(path) as kept:
        missing = kept.missing(jobs)
        found = kept.of(jobs, kept.keep(invented(missing)))

    assert [job.key for job in missing] == [job.key for job in jobs[2:]]
    assert [one.key for one in found] == [job.key for job in jobs]
    with open_results(path) as kept:
        assert kept.missing(jobs) == []


def test_added_values_and_seeds_keep_what_is_there(tmp_path: Path) -> None:
    """The sweep grows; what it had is still known."""
    path = tmp_path / "results.jsonl"
    small = work(write(tmp_path))
    with open_results(path) as kept:
        list(kept.keep(invented(small)))

    large = work(write(tmp_path, TEXT.replace("seeds = 2", "seeds = 3").replace("[1, 5]", "[1, 5, 9]")))

    with open_results(path) as kept:
        assert len(kept.missing(large)) == len(large) - len(small)


def test_configurations_that_come_to_the_same_are_run_once(tmp_path: Path) -> None:
    """And both stand on the leaderboard."""
    jobs = work(write(tmp_path, TEXT + '[guardrails.daily_budget]\nmax_step = ["20%"]'))
    again = [replace(job, key=jobs[0].key) if job.task.seed == 0 else job for job in jobs]

    with open_results(tmp_path / "results.jsonl") as kept:
        missing = kept.missing(again)
        found = kept.of(again, kept.keep(invented(missing)))

    assert len(missing) == len(jobs) - 2
    assert [one.values for one in found] == [job.values for job in jobs]


def test_two_sweeps_never_write_one_file(tmp_path: Path) -> None:
    """The second is told at once."""
    path = tmp_path / "results.jsonl"

    with open_results(path), pytest.raises(Mistake, match="another sweep"), open_results(path):
        pass


def test_a_file_of_something_else_is_left_alone(tmp_path: Path) -> None:
    """Nobody's notes are taken for results."""
    path = tmp_path / "notes.txt"
    path.write_text("buy milk\n", encoding="utf-8")

    with pytest.raises(Mistake, match="line 1"), open_results(path):
        pass

    assert path.read_text(encoding="utf-8") == "buy milk\n"


@pytest.mark.parametrize("there", [b"hello notes", b'{"a": 1}', b"\xff\xfe\x00"])
def test_a_foreign_line_without_an_end_is_no_cut_off_result(tmp_path: Path, there: bytes) -> None:
    """Only the beginning of a result can be what a kill left; nothing is appended to somebody's notes."""
    path = tmp_path / "notes.txt"
    path.write_bytes(there)

    with pytest.raises(Mistake, match="--results"), open_results(path):
        pass

    assert path.read_bytes() == there


def test_the_leaderboard_holds_each_against_the_base_on_the_same_markets(tmp_path: Path) -> None:
    """Markets differ by 0.2, the better configuration by 0.1 on each: no error at all."""
    found = list(invented(work(write(tmp_path))))

    best, *others = leaderboard(list(reversed(found)))

    assert best["parameters"] == {"thompson.draws": 5} and best["rank"] == 1
    assert best["over_base"] == pytest.approx(0.1) and best["over_base_se"] == pytest.approx(0.0, abs=1e-12)
    assert [one["over_base"] for one in others if not one["parameters"]] == [None]
    assert json.loads(json.dumps([best, *others])) == leaderboard(found)
