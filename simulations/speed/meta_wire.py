"""Meta wire: what reading a large Meta account costs gebot, over HTTP on loopback.

    python -m simulations.speed.meta_wire      this alone

The sandbox runs in a process of its own; the official client and gebot's adapter are what is timed.
"""

import json
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from adapters.meta_ads.connect import Options, connect
from agent.clock import SteppedClock
from agent.ports.platform import Adapter
from simulations.speed.stopwatch import Timing, timing
from simulations.speed.wire import NOW, ROWS, read, served

CAMPAIGNS = 375
_READS = 3


def timings() -> list[Timing]:
    """100,000 rows of daily insights of campaigns and ad sets into columns."""
    with _account() as adapter:
        table = adapter.entities()
        reading = read(adapter, times=_READS)
    rows = f"{reading.rows:,} rows of {len(table):,} campaigns and ad sets, for {ROWS:,}"
    return [
        timing(
            "read Meta insights",
            rows,
            "gebot",
            1000 * min(reading.cpu_s[1:]),
            goal_ms=3500.0,
            note=f"the first time {reading.cpu_s[0]:.2f} s",
        ),
        timing("the same, memory", rows, "gebot", math.nan, note=f"peak {reading.peak_mb:.0f} MB"),
    ]


@contextmanager
def _account() -> Iterator[Adapter]:
    with served("meta-ads", CAMPAIGNS) as sandbox:
        yield connect(
            sandbox.ready["account"],
            Options(endpoint=sandbox.ready["endpoint"], levels=("ad_set",)),
            credentials={"access_token": "sandbox-token"},
            clock=SteppedClock(NOW),
            home=sandbox.home,
            state=sandbox.home / "gebot",
        )


if __name__ == "__main__":
    sys.stdout.write(json.dumps(timings()) + "\n")
