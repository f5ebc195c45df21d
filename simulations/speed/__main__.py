"""The speed figures of decisions beside peers, in one run.

    make bench                          these, and those of simulations.benchmarks
    python -m simulations.speed --json

CPU time of one thread, the median of five; each kind of work in a process of its own.
"""

import json
import math
import os
import subprocess
import sys
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.table import Table

from simulations.speed import allocations, decisions, draws, lives
from simulations.speed.stopwatch import Timing

WORKS: dict[str, Callable[[], list[Timing]]] = {
    "allocations": allocations.timings,
    "decisions": decisions.timings,
    "draws": draws.timings,
    "lives": lives.timings,
}
ALONE = ("google_wire", "meta_wire", "page")
"""Modules that time themselves in a process that holds nothing else, since they measure memory."""

_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def main() -> None:
    """Run each work and print a table, or records as JSON."""
    match sys.argv[1:]:
        case ["--one", name]:
            sys.stdout.write(json.dumps(WORKS[name]()) + "\n")
        case [] | ["--json"]:
            found = [timing for name in (*WORKS, *ALONE) for timing in _in_its_own_process(name)]
            if sys.argv[1:]:
                plain = [{**one, "ms": None if math.isnan(one["ms"]) else one["ms"]} for one in found]
                sys.stdout.write(json.dumps(plain, indent=1) + "\n")
            else:
                Console(width=170).print(table(found))
        case _:
            sys.exit("usage: python -m simulations.speed [--json]")


def table(found: Sequence[Timing]) -> Table:
    """A row for each timing, goals beside them."""
    shown = Table(box=None, title="CPU time, one thread, median of five", title_justify="left")
    shown.add_column("work")
    shown.add_column("size")
    shown.add_column("who")
    for heading in ("ms", "goal", "gap"):
        shown.add_column(heading, justify="right")
    shown.add_column("note")
    for one in found:
        goal, gap = one["goal_ms"], one["gap"]
        shown.add_row(
            one["work"],
            one["size"],
            one["who"],
            "" if math.isnan(one["ms"]) else _ms(one["ms"]),
            "" if goal is None else f"{_ms(goal)} {'met' if one['ms'] <= goal else 'missed'}",
            "" if gap is None else f"{max(gap, 0.0):.0e}",
            one["note"],
        )
    return shown


def _in_its_own_process(name: str) -> list[Timing]:
    alone = [f"simulations.speed.{name}"]
    command = [sys.executable, "-m", *(alone if name in ALONE else ["simulations.speed", "--one", name])]
    done = subprocess.run(  # noqa: S603  # ours
        command, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, **_ONE_THREAD}
    )
    found: list[Timing] = json.loads(done.stdout.splitlines()[-1])
    return found


def _ms(ms: float) -> str:
    return f"{ms:,.3f}" if ms < 1 else f"{ms:,.1f}"


if __name__ == "__main__":
    main()
