"""Simulated accounts for tests, and sums over what they report."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from agent.clock import SteppedClock
from agent.domain.entity import Account
from agent.domain.metrics import MetricsTable
from agent.domain.ref import AccountId
from simulations.journal import FileJournal
from simulations.market import Market
from simulations.platform import Platform
from simulations.structure import build
from simulations.worlds import BASE, World

FIRST_DAY = date(2026, 1, 1)
ACCOUNT = Account(AccountId("simulated", "demo"), "Demo", "EUR", "Europe/Berlin")


def noon(day: int) -> datetime:
    """Local noon of a day in winter, UTC."""
    return datetime(2026, 1, 1, 11, tzinfo=UTC) + timedelta(days=day)


def platform(
    clock: SteppedClock,
    *,
    world: World = BASE,
    seed: int = 1,
    journal: Path | None = None,
    shared_budgets: int = 0,
    experiments: int = 0,
    minimum_micros: int = 0,
) -> Platform:
    """An account whose market begins on FIRST_DAY, local time Berlin."""
    market = Market(world, seed, FIRST_DAY)
    structure = build(
        market,
        unit_micros=ACCOUNT.unit_micros,
        minimum_micros=max(minimum_micros, ACCOUNT.unit_micros),
        shared_budgets=shared_budgets,
        experiments=experiments,
    )
    return Platform(
        market,
        structure,
        ACCOUNT,
        clock,
        journal=None if journal is None else FileJournal(journal, '{"account": "demo"}'),
        minimum_micros=minimum_micros,
    )


def day(number: int) -> date:
    """Days since FIRST_DAY."""
    return FIRST_DAY + timedelta(days=number)


def everything(account: Platform) -> MetricsTable:
    """All metrics from the first day to the running one."""
    return account.metrics(FIRST_DAY, account.today())


def total(table: MetricsTable, column: str, of_day: date, id_: str | None = None) -> float:
    """Sum of a column over a day, of one campaign or of all."""
    rows = table.days == np.datetime64(of_day)
    if id_ is not None:
        rows &= table.ids == id_
    return float(getattr(table, column)[rows].sum())
