"""Simulated accounts for tests, and sums over what they report."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from agent.clock import SteppedClock
from agent.domain.entity import Account
from agent.domain.metrics import MetricsTable
from agent.domain.ref import AccountId, Kind
from simulations.bidding import GOOGLE, META
from simulations.depth import FLAT, Depth
from simulations.journal import FileJournal
from simulations.learning import Learning
from simulations.market import Market
from simulations.platform import Platform
from simulations.structure import build
from simulations.worlds import BASE, World

FIRST_DAY = date(2026, 1, 1)
ACCOUNT = Account(AccountId("simulated", "demo"), "Demo", "EUR", "Europe/Berlin")

DEEP = Depth(
    groups_per_campaign=3,
    keywords_per_group=4,
    portfolio_strategies=1,
    group_budgets=1,
    lifetime_budgets=1,
    group_targets=1,
    bidding=GOOGLE + META,
)
"""Something of everything; seed 1 has three social campaigns of 20."""


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
    depth: Depth = FLAT,
    learning: Learning | None = None,
    day_parts: bool = False,
) -> Platform:
    """An account whose market begins on FIRST_DAY, local time Berlin."""
    market = Market(world, seed, FIRST_DAY)
    structure = build(
        market,
        unit_micros=ACCOUNT.unit_micros,
        minimum_micros=max(minimum_micros, ACCOUNT.unit_micros),
        shared_budgets=shared_budgets,
        experiments=experiments,
        depth=depth,
    )
    return Platform(
        market,
        structure,
        ACCOUNT,
        clock,
        journal=None if journal is None else FileJournal(journal, '{"account": "demo"}'),
        minimum_micros=minimum_micros,
        learning=learning,
        day_parts=day_parts,
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


def digest_of(account: Platform) -> str:
    """Of all that it has brought, how its levers stand, and what hours are marked."""
    digest = hashlib.sha256()
    for kind in (Kind.CAMPAIGN, Kind.AD_GROUP, Kind.AD_SET, Kind.KEYWORD):
        table = account.metrics(FIRST_DAY, account.today(), kind)
        for column in (table.cost_micros, table.clicks, table.conversions, table.conversion_value_micros):
            digest.update(column.tobytes())
    numbers = [account.standing(slot.kind, slot.id, slot.field) for slot in account.structure.slots]
    digest.update(f"{numbers} {account.levers().amounts} {account.windows()}".encode())
    return digest.hexdigest()
