"""The embedded clock: days pass in minutes while the agent runs, and time never goes back."""

from pathlib import Path

import pytest

from agent.clock import EmbeddedClock


def test_embedded_time_stands_still_while_nobody_winds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A demo that slept over a weekend does not wake up years later; all processes see one time."""
    real = [1_000_000.0]
    monkeypatch.setattr("time.time", lambda: real[0])
    agent = EmbeddedClock(tmp_path / "clock.json", speed=100.0)
    agent.wind()
    other = EmbeddedClock(tmp_path / "clock.json", speed=100.0)
    start = agent.now()

    real[0] += 5
    assert (agent.now() - start).total_seconds() == pytest.approx(500)
    assert other.now() == agent.now()
    agent.wind()
    real[0] += 200_000

    assert (other.now() - start).total_seconds() == pytest.approx(500 + 10 * 100)
    again = EmbeddedClock(tmp_path / "clock.json", speed=100.0)
    again.wind()
    assert again.now() == other.now(), "what a command saw meanwhile is not in the agent's future"


def test_embedded_time_is_the_real_one_before_anybody_wound_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commands that come before the first agent, one after the other, do not see time go back."""
    real = [1_000_000.0]
    monkeypatch.setattr("time.time", lambda: real[0])
    seen = []
    for _ in range(2):
        command = EmbeddedClock(tmp_path / "clock.json", speed=100.0)
        seen.append(command.now())
        real[0] += 5
        seen.append(command.now())
    agent = EmbeddedClock(tmp_path / "clock.json", speed=100.0)
    agent.wind()
    seen.append(agent.now())

    assert seen == sorted(seen)
    assert (seen[-1] - seen[0]).total_seconds() == pytest.approx(10)
