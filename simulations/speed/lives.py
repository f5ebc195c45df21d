"""Lives: whole markets, through the benchmark's arena and through the live cycle with guardrails."""

import time
import tomllib
from pathlib import Path

from agent.config.load import settings_of
from agent.domain.money import Money
from simulations.backtest import CONFIGURED, Task
from simulations.backtest import run as live_cycle
from simulations.laboratory.arena import run as live_bare
from simulations.laboratory.budgets.policies import OURS
from simulations.laboratory.trial import Trial
from simulations.speed.stopwatch import Timing, timing

N_SEEDS = 100
N_DAYS = 90
GOAL_ARENA_MS = 3_000.0
GOAL_CYCLE_MS = 1_000.0
_LIVED = 3  # seeds that are really lived through

_CONFIG = """
mode = "auto"
ledger = "sqlite:///never-opened.db"
[[account]]
name = "speed"
platform = "simulated"
id = "speed"
[[portfolio]]
name = "everything"
account = "speed"
goal = "conversion_value"
deciders = ["thompson"]
[[strategy]]
name = "thompson"
kind = "thompson_budget"
[guardrails]
max_metrics_age = "6h"
min_maturity = "60%"
min_clicks = 50
min_history_days = 7
max_changes_per_run = 50
max_changes_per_hour = 100
max_share_of_entities_per_run = "100%"
max_share_of_spend_per_run = "100%"
account_ceiling = "6000.00 EUR"
[guardrails.daily_budget]
floor = "1.30 EUR"
ceiling = "1300.00 EUR"
max_step = "20%"
max_change_7d = "50%"
cooldown = "20h"
max_changes_per_day = 4
"""


def timings(n_days: int = N_DAYS, lived: int = _LIVED) -> list[Timing]:
    """Seeds of world A1, ours alone, the simulator included."""
    began = time.process_time()
    strategy_s = sum(live_bare(Trial("A", OURS, "A1", seed, n_days)).cpu_s for seed in range(lived))
    whole_s = time.process_time() - began
    factor = N_SEEDS / lived
    return [
        timing(
            "live through markets",
            f"{N_SEEDS} seeds x {n_days} days x 20 campaigns",
            "gebot, bare",
            1000 * whole_s * factor,
            goal_ms=GOAL_ARENA_MS,
            note=f"from {lived} seeds; the strategy {100 * strategy_s / whole_s:.0f} % of it",
        ),
        timing(
            "live through markets",
            f"1 seed x {n_days} days x 20 campaigns",
            "gebot, full cycle with guardrails",
            _cycle_ms(n_days),
            goal_ms=GOAL_CYCLE_MS,
            note="once",
        ),
    ]


def _cycle_ms(n_days: int) -> float:
    settings = settings_of(tomllib.loads(_CONFIG), Path(), "the speed benchmark's configuration")
    task = Task(CONFIGURED, "A1", 20, 0, n_days, Money.of(2000, "EUR"))
    return 1000 * live_cycle(settings, settings.accounts[0], task).cpu_s
