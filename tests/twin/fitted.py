"""Histories for tests: made from a power curve with known elasticities, or from an export."""

from pathlib import Path

import numpy as np
from sample import ACCOUNT

from agent.config.connections import Csv
from agent.config.draft import Draft, draft_text
from agent.config.load import load
from agent.config.settings import Settings
from agent.domain.entity import Floats, entity_table
from agent.domain.lever import Lever
from agent.domain.maturity import assumed_curve
from agent.domain.money import Money
from simulations.replay.of_export import Reporting
from simulations.replay.source import past_of_account
from simulations.twin.history import History, history_of

FIRST = np.datetime64("2026-03-02")


def history(
    elasticity: tuple[float, ...] = (0.4, 0.6, 0.8),
    *,
    n_days: int = 56,
    varied: float = 0.5,
    rate: Floats | None = None,
    budgets: bool = False,
    seed: int = 1,
) -> History:
    """Spend around 100 a day; clicks follow it by a power.

    Args:
        varied: Spread of the log of the daily spend.
        rate: Conversions per click, broadcast to (n, n_days).
        budgets: Let budgets be known, and be used up to the last cent.
    """
    rng = np.random.default_rng(seed)
    n = len(elasticity)
    power = np.array(elasticity)[:, None]
    cost = 100e6 * np.exp(varied * rng.standard_normal((n, n_days)))
    clicks = rng.poisson(400.0 * (cost / 100e6) ** power * np.exp(0.05 * rng.standard_normal((n, n_days))))
    chances = np.array([0.06, 0.04, 0.02])[:n, None] if rate is None else rate
    conversions = rng.binomial(clicks, np.broadcast_to(chances, clicks.shape)).astype(np.float64)
    return History(
        account=ACCOUNT,
        source="a made history",
        entities=entity_table(
            ACCOUNT,
            [f"{row + 1:06d}" for row in range(n)],
            names=[f"Campaign {row + 1}" for row in range(n)],
            levers={Lever.DAILY_BUDGET: [100_000_000] * n},
        ),
        first_day=FIRST,
        budget=cost if budgets else np.full_like(cost, np.nan),
        cost=cost,
        impressions=clicks * 30.0,
        clicks=clicks.astype(np.float64),
        conversions=conversions,
        value=conversions * 60e6,
        known=np.ones(n_days, dtype=bool),
        reported=np.ones(n_days),
        lag=assumed_curve(),
        lag_told=None,
        assumptions=(),
    )


def export_settings(folder: Path, *, n_days: int = 30, varied: float = 0.4, pot: int = 330) -> Settings:
    """A configuration for a file made of such a history, where the third campaign sells best."""
    made = history((0.5, 0.6, 0.7), n_days=n_days, varied=varied, rate=np.array([[0.02], [0.04], [0.10]]))
    lines = ["Date,Campaign,Cost,Impressions,Clicks,Conversions,Conversion value"]
    for row in range(len(made)):
        for day in range(n_days):
            lines.append(
                f"{FIRST + day},{made.entities.names[row]},{made.cost[row, day] / 1e6:.2f},"
                f"{made.impressions[row, day]:.0f},{made.clicks[row, day]:.0f},"
                f"{made.conversions[row, day]:.0f},{made.value[row, day] / 1e6:.2f}"
            )
    (folder / "export.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    draft = Draft(Csv("export.csv", "UTC"), "shop", "shop", Money.of(pot, "EUR"))
    config = folder / "config.toml"
    config.write_text(draft_text(draft), encoding="utf-8")
    return load(config)


def exported(settings: Settings) -> History:
    past = past_of_account(settings, settings.accounts[0], Reporting.FINAL)
    return history_of(past, n_days=180)
