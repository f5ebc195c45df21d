"""Wire: a large account in a sandbox of its own process, and what reading its figures costs."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from agent.ports.platform import Adapter

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
DAYS = 90
ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Served:
    """A sandbox that is ready.

    Attributes:
        ready: What it said of itself, as `gebot sandbox --json` prints it.
        home: A directory that goes away with it.
    """

    ready: Mapping[str, str]
    home: Path


@dataclass(frozen=True, slots=True)
class Reading:
    """Daily figures of `DAYS` days, read a few times.

    Attributes:
        rows: Of one reading.
        cpu_s: Of all threads, for `ROWS` rows, reading by reading; the first warms up.
        peak_mb: The most memory that this process has had.
    """

    rows: int
    cpu_s: tuple[float, ...]
    peak_mb: float


@contextmanager
def served(platform: str, campaigns: int, *options: str) -> Iterator[Served]:
    """A sandbox of this platform ("google-ads") with so many campaigns and `DAYS` days of history."""
    with TemporaryDirectory() as directory:
        command = [sys.executable, "-m", "agent.cli.main", "sandbox", platform, "--json"]
        command += ["--campaigns", str(campaigns), "--history-days", str(DAYS), "--state", directory]
        command += ["--now", f"{NOW:%Y-%m-%dT%H:%M:%S}", *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603  # ours
        try:
            if process.stdout is None:
                raise RuntimeError("the sandbox has no output")
            yield Served(json.loads(process.stdout.readline()), Path(directory))
        finally:
            process.terminate()
            process.wait(10)


def read(adapter: Adapter, *, times: int) -> Reading:
    today = NOW.date()
    rows, cpu_s = 0, []
    for _ in range(times):
        began = time.process_time()
        rows = len(adapter.metrics(today - timedelta(days=DAYS), today))
        cpu_s.append((time.process_time() - began) * ROWS / rows)
    return Reading(rows, tuple(cpu_s), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
