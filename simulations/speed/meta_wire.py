"""Meta wire: what reading a large Meta account costs gebot, over HTTP on loopback.

    python -m simulations.speed.meta_wire      this alone

The sandbox runs in a process of its own; the official client and gebot's adapter are what is timed.
"""

import json
import math
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.meta_ads.connect import Options, connect
from agent.clock import SteppedClock
from agent.ports import Adapter
from simulations.speed.stopwatch import Timing, timing

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
CAMPAIGNS, DAYS = 375, 90
ROWS = 100_000
_READS = 3


def timings() -> list[Timing]:
    """100,000 rows of daily insights of campaigns and ad sets into columns."""
    with _account() as adapter:
        table = adapter.entities()
        today = NOW.date()
        cpu_s = []
        for _ in range(_READS):  # the first warms up
            began = time.process_time()
            metrics = adapter.metrics(today - timedelta(days=DAYS), today)
            cpu_s.append((time.process_time() - began) * ROWS / len(metrics))
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = f"{len(metrics):,} rows of {len(table):,} campaigns and ad sets, for {ROWS:,}"
    return [
        timing(
            "read Meta insights",
            rows,
            "gebot",
            1000 * min(cpu_s[1:]),
            goal_ms=3500.0,
            note=f"the first time {cpu_s[0]:.2f} s",
        ),
        timing("the same, memory", rows, "gebot", math.nan, note=f"peak {peak_mb:.0f} MB"),
    ]


@contextmanager
def _account() -> Iterator[Adapter]:
    """An adapter on a large account in a sandbox of its own process."""
    with TemporaryDirectory() as directory:
        command = [sys.executable, "-m", "agent.cli.main", "sandbox", "meta-ads", "--json"]
        command += ["--campaigns", str(CAMPAIGNS), "--history-days", str(DAYS), "--state", directory]
        command += ["--now", f"{NOW:%Y-%m-%dT%H:%M:%S}"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603  # ours
        try:
            if process.stdout is None:
                raise RuntimeError("the sandbox has no output")
            ready = json.loads(process.stdout.readline())
            yield connect(
                ready["account"],
                Options(endpoint=ready["endpoint"], levels=("ad_set",)),
                credentials={"access_token": "sandbox-token"},
                clock=SteppedClock(NOW),
                home=Path(directory),
                state=Path(directory) / "gebot",
            )
        finally:
            process.terminate()
            process.wait(10)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(timings()) + "\n")
