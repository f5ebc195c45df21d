"""Google wire: what reading and writing a large Google Ads account costs gebot, over TLS on loopback.

    python -m simulations.speed.google_wire      this alone

The sandbox runs in a process of its own; the official client and gebot's adapter are what is timed.
"""

import json
import math
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.google_ads.connect import Options, connect
from agent.clock import SteppedClock
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.outcome import Accepted
from agent.domain.plan import Change
from agent.domain.ref import Kind
from agent.ports.platform import Adapter
from simulations.speed.stopwatch import Timing, timing
from simulations.speed.wire import NOW, ROWS, read, served

CAMPAIGNS, CHANGES = 1_150, 1_000
_CENT = 10_000
_READS = 5


def timings() -> list[Timing]:
    """100,000 rows of daily figures into columns, and 1,000 budgets set and read back."""
    with _account() as adapter:
        table = adapter.entities()
        reading = read(adapter, times=_READS)
        began = time.perf_counter()
        changes = changes_of(adapter)
        planned_s = time.perf_counter() - began
        receipts = adapter.apply(changes)
        applied_s = time.perf_counter() - began
        found = adapter.read([(change.ref, change.lever) for change in changes])
        wall_s = time.perf_counter() - began
    stands = all(found[change.ref, change.lever] == change.after for change in changes)
    accepted = sum(isinstance(receipt, Accepted) for receipt in receipts)
    rows = f"{reading.rows:,} rows of {len(table):,} campaigns, for {ROWS:,}"
    steps = f"planned {planned_s:.2f} s, applied {applied_s - planned_s:.2f} s"
    return [
        timing(
            "read from the wire",
            rows,
            "gebot",
            1000 * statistics.median(reading.cpu_s[1:]),
            goal_ms=1000.0,
            note=f"all threads; the first time {reading.cpu_s[0]:.2f} s",
        ),
        timing("the same, memory", rows, "gebot", math.nan, note=f"peak {reading.peak_mb:.0f} MB, goal 350"),
        timing(
            "set 1,000 budgets",
            f"{accepted:,} accepted, {'all' if stands else 'NOT all'} read back",
            "gebot",
            1000 * wall_s,
            goal_ms=2000.0,
            note=f"wall time, {steps}; the sandbox's own work included",
        ),
    ]


def changes_of(adapter: Adapter) -> list[Change]:
    """A tenth more for the first budgets that may be changed, from what is read now."""
    table = adapter.entities()
    column = table.levers[Lever.DAILY_BUDGET]
    changes = []
    for row in range(len(table)):
        if column.present[row] and not table.locked[row] and table.kinds[row] == Kind.CAMPAIGN:
            stood = int(column.numbers[row])
            after = Money(stood * 11 // 10 // _CENT * _CENT, table.account.currency)
            before = Money(stood, table.account.currency)
            changes.append(Change(table.ref(row), Lever.DAILY_BUDGET, before, after))
    return changes[:CHANGES]


@contextmanager
def _account() -> Iterator[Adapter]:
    with served("google-ads", CAMPAIGNS, "--shared-budgets", "0", "--experiments", "0") as sandbox:
        ready = sandbox.ready
        yield connect(
            ready["customer"],
            Options(endpoint=ready["endpoint"], ca_file=Path(ready["ca_file"])),
            credentials={},
            clock=SteppedClock(NOW),
            home=sandbox.home,
            state=sandbox.home / "gebot",
        )


if __name__ == "__main__":
    sys.stdout.write(json.dumps(timings()) + "\n")
