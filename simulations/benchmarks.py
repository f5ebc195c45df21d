"""Benchmarks: the speed figures of a large account, each in a process of its own.

    make bench                       all of them
    python -m simulations.benchmarks --json

Figures of wall time vary with what else the machine does; CPU time and memory vary less.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from agent import cycle
from agent.clock import SteppedClock
from agent.config.guardrails import GuardrailSettings
from agent.domain.entity import Account, EntityTable, entity_table
from agent.domain.lever import Lever
from agent.domain.metrics import MetricsTable
from agent.domain.portfolio import Goal, Limits, Portfolio
from agent.domain.ref import AccountId, Kind
from agent.ledger.open import open_ledger
from agent.parts import Parts
from agent.ports.ledger import Ledger
from agent.ports.platform import Adapter
from agent.steps.approve import Nobody
from agent.steps.decide import Decider, Desk, Membership
from agent.wiring.fencing import fence
from simulations.simulated.adapter import SimulatedAdapter
from simulations.simulated.connect import Options, open_platform
from strategies.thompson_budget import ThompsonBudget

N_CAMPAIGNS = 10_000
N_DAYS = 90
NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
ACCOUNT = Account(AccountId("benchmark", "large"), "Large", "EUR", "UTC")
LIMITS = {
    "max_metrics_age": "6h",
    "min_maturity": "50%",
    "min_clicks": 1,
    "min_history_days": 7,
    "max_changes_per_run": 10_000,
    "max_changes_per_hour": 10_000,
    "max_share_of_entities_per_run": "100%",
    "max_share_of_spend_per_run": "100%",
    "account_ceiling": "9000000.00 EUR",
    "daily_budget": {
        "floor": "1.00 EUR",
        "ceiling": "100000.00 EUR",
        "max_step": "20%",
        "max_change_7d": "50%",
        "cooldown": "20h",
        "max_changes_per_day": 2,
    },
}

Figures = dict[str, float]


def ingest(folder: Path) -> Figures:
    """Store 10,000 campaigns x 90 days in a new SQLite ledger on disk."""
    ledger = _ledger(folder)
    ledger.record_entities(_entities(), NOW)
    table = _metrics()
    wall, cpu = time.perf_counter(), time.process_time()
    appended = ledger.record_metrics(ACCOUNT.id, table, NOW)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"rows": appended, "rows_per_s": appended / wall, "cpu_s": cpu, "wall_s": wall}


def decide(folder: Path) -> Figures:
    """One cycle on that ledger: recall, decide, guard, plan, put forward."""
    ledger = _ledger(folder)
    parts = _parts(ledger)
    wall, cpu = time.perf_counter(), time.process_time()
    drawn_up = cycle.draw_up(parts)
    assert drawn_up is not None
    cycle.put_forward(parts, drawn_up, epoch=0)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {
        "decisions": len(drawn_up.decisions),
        "changes": len(drawn_up.changes),
        "cpu_s": cpu,
        "cpu_s_whole_process": time.process_time(),
        "wall_s": wall,
    }


def show_help(_folder: Path) -> Figures:
    """`gebot --help`, the median of nine."""
    took = []
    for _ in range(9):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "agent.cli.main", "--help"], check=True, capture_output=True)
        took.append(time.perf_counter() - began)
    return {"wall_s": sorted(took)[4]}


BENCHMARKS: dict[str, Callable[[Path], Figures]] = {"ingest": ingest, "cycle": decide, "help": show_help}


def main() -> None:
    """Run each benchmark in a process of its own and print its figures."""
    match sys.argv[1:]:
        case ["--one", name, folder]:
            figures = BENCHMARKS[name](Path(folder))
            figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            _print(json.dumps(figures))
        case [] | ["--json"]:
            records = []
            with tempfile.TemporaryDirectory() as folder:
                for name, benchmark in BENCHMARKS.items():
                    command = [sys.executable, "-m", "simulations.benchmarks", "--one", name, folder]
                    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  # ours
                    record = {"benchmark": name, **json.loads(done.stdout.splitlines()[-1])}
                    records.append(record)
                    if not sys.argv[1:]:
                        _print(f"{name}: {benchmark.__doc__}")
                        _print(
                            "".join(
                                f"  {key:<20}{value:>14,.2f}\n" for key, value in list(record.items())[1:]
                            )
                        )
            if sys.argv[1:]:
                _print(json.dumps(records, indent=1))
        case _:
            sys.exit("usage: python -m simulations.benchmarks [--json]")


def _ledger(folder: Path) -> Ledger:
    return open_ledger(f"sqlite:///{folder}/benchmark.db")


def _entities() -> EntityTable:
    rng = np.random.default_rng(1)
    budgets = rng.integers(1_000, 50_000, N_CAMPAIGNS) * 10_000
    return entity_table(
        ACCOUNT,
        [f"{20_000_000_000 + n}" for n in range(N_CAMPAIGNS)],
        names=[f"Campaign {n} | {('Search', 'Shopping', 'Social')[n % 3]}" for n in range(N_CAMPAIGNS)],
        channels=[("search", "shopping", "social")[n % 3] for n in range(N_CAMPAIGNS)],
        started=np.full(N_CAMPAIGNS, np.datetime64(NOW.date()) - 400),
        levers={Lever.DAILY_BUDGET: budgets.tolist(), Lever.STATUS: [1] * N_CAMPAIGNS},
    )


def _metrics() -> MetricsTable:
    rng = np.random.default_rng(2)
    n = N_CAMPAIGNS * N_DAYS
    budgets = np.repeat(_entities().levers[Lever.DAILY_BUDGET].numbers, N_DAYS)
    cost = (budgets * rng.uniform(0.7, 1.0, n)).astype(np.int64)
    clicks = rng.poisson(cost / 800_000)
    conversions = rng.binomial(clicks, 0.04).astype(np.float64)
    today = np.datetime64(NOW.date())
    return MetricsTable(
        since=today - N_DAYS,
        until=today - 1,
        partial_since=None,
        kinds=np.full(n, Kind.CAMPAIGN.value),
        ids=np.repeat(_entities().ids, N_DAYS),
        days=np.tile(np.arange(today - N_DAYS, today), N_CAMPAIGNS),
        cost_micros=cost,
        impressions=clicks * 30,
        clicks=clicks,
        conversions=conversions,
        conversion_value_micros=(conversions * 70_000_000).astype(np.int64),
        search_impression_share=rng.uniform(0.1, 0.9, n),
        search_budget_lost_impression_share=rng.uniform(0.0, 0.3, n),
        search_rank_lost_impression_share=rng.uniform(0.0, 0.3, n),
    )


def _parts(ledger: Ledger) -> Parts:
    limits = GuardrailSettings.model_validate(LIMITS)
    budget = limits.daily_budget
    assert budget is not None
    planning = Limits(budget.floor, budget.ceiling, budget.max_step)
    desk = Desk(
        Portfolio("everything", Goal.VALUE, limits=planning),
        Membership(),
        (Decider("thompson", ThompsonBudget("thompson")),),
    )
    return Parts(
        account=ACCOUNT.id,
        reader=_nobody(),
        writer=None,
        ledger=ledger,
        clock=SteppedClock(NOW),
        desks=(desk,),
        fence=fence(limits),
        approver=Nobody(),
        policy="benchmark",
        seed=1,
        history_days=N_DAYS,
        reread_days=30,
        max_age=limits.max_metrics_age,
        expires_after=timedelta(days=1),
        grace=timedelta(minutes=10),
        check_stop=lambda: None,
    )


def _nobody() -> Adapter:
    """An adapter that a decision never asks."""
    options = Options(campaigns=1, history_days=0, start=date(2026, 11, 21))
    return SimulatedAdapter(open_platform("nobody", options, {}, SteppedClock(NOW), Path()))


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
