"""Clocks: an embedded one whose days pass in minutes, one that follows a sandbox; none goes back."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from agent.clock import EmbeddedClock, FollowedClock


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


class Control:
    """A control port that tells a time which a test sets."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 21, 6, tzinfo=UTC)
        control = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200 if self.path == "/clock" else 404)
                self.end_headers()
                self.wfile.write(json.dumps({"time": control.time.isoformat(), "speed": 0.0}).encode())

            def log_message(self, format: str, *args: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def control() -> Iterator[Control]:
    running = Control()
    yield running
    running.stop()


def test_a_followed_clock_is_where_the_sandbox_is(control: Control) -> None:
    """A sandbox that was moved a day forward takes the agent along."""
    clock = FollowedClock(control.url, ask_every_s=0.0)
    before = clock.now()

    control.time += timedelta(days=1)

    assert clock.now() - before == timedelta(days=1)


def test_a_followed_clock_never_goes_back_and_outlives_its_sandbox(control: Control) -> None:
    """What was decided is not in the future, and an agent does not die of a clock."""
    clock = FollowedClock(control.url, ask_every_s=0.0)
    before = clock.now()

    control.time -= timedelta(days=1)
    assert clock.now() == before
    control.stop()
    assert clock.now() == before


def test_a_clock_without_a_sandbox_is_told_at_once() -> None:
    """Nothing is known of the time yet, so nothing may begin."""
    with pytest.raises(OSError, match="refused"):
        FollowedClock("http://127.0.0.1:1")
