"""Every strategy of the folder, and the accounts that all of them are tried on."""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pytest
import sample
from hypothesis import Phase, settings
from hypothesis import strategies as st
from numpy.random import Generator

import strategies
from agent.domain.entity import EntityTable, Numbers, entity_table
from agent.domain.lever import Lever, Ratio, number_of
from agent.domain.money import MICROS, Money
from agent.domain.month.budget import MonthBudget
from agent.domain.month.pot import with_todays_pot
from agent.domain.portfolio import Goal, Limits, Portfolio
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from agent.ports.deciding import Strategy

UNIT = 10_000
FLOOR, CEILING = Money.of("1", "EUR"), Money.of("2000", "EUR")
LOWEST_BID, HIGHEST_BID = Money.of("0.05", "EUR"), Money.of("20", "EUR")
KEYWORDS = 3


def _found() -> dict[str, Strategy]:
    """By the naming convention that the wiring goes by, with default options."""
    found = {}
    for module in pkgutil.iter_modules(strategies.__path__):
        if not module.ispkg:
            name = "".join(word.capitalize() for word in module.name.split("_"))
            cls = getattr(importlib.import_module(f"strategies.{module.name}"), name)
            found[module.name] = cls(module.name)
    return found


STRATEGIES = _found()
every_strategy = pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=STRATEGIES.keys())
some_accounts = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # a sketch is short enough; to shrink it takes minutes
)


@dataclass(frozen=True)
class Sketch:
    """An account in a few words; all else is drawn from the seed.

    Attributes:
        pot: Daily pot as a multiple of what the budgets sum to; None: no pot is named.
        step: Largest change at once.
        target: "cpa", "roas" or "".
        sells: Conversions for each click, at most.
        unknown: Share of the days that nobody has seen.
        idle: Share of the campaigns that are paused, and as many that are locked.
        all_levers: Campaigns have targets or keywords with bids, too.
        month: The pot is for a month; today's share of it is the daily pot.
    """

    seed: int = 1
    campaigns: int = 6
    days: int = 30
    pot: float | None = 1.0
    step: Fraction | None = None
    goal: Goal = Goal.VALUE
    target: str = ""
    sells: float = 0.2
    unknown: float = 0.0
    idle: float = 0.0
    all_levers: bool = False
    month: bool = False


SKETCHES = st.builds(
    Sketch,
    seed=st.integers(0, 10_000),
    campaigns=st.integers(1, 12),
    days=st.integers(1, 40),
    pot=st.none() | st.floats(0.1, 4.0),
    step=st.sampled_from([None, Fraction(1, 5), Fraction(1, 2)]),
    goal=st.sampled_from(Goal),
    target=st.sampled_from(["", "cpa", "roas"]),
    sells=st.sampled_from([0.0, 0.02, 0.2]),
    unknown=st.sampled_from([0.0, 0.0, 0.3, 1.0]),
    idle=st.sampled_from([0.0, 0.0, 0.2]),
    all_levers=st.booleans(),
    month=st.sampled_from([False, False, False, True]),
)


def account_of(sketch: Sketch) -> Snapshot:
    """A random account whose campaigns differ a lot."""
    rng = np.random.default_rng(sketch.seed)
    n, n_days = sketch.campaigns, sketch.days
    budgets = np.round(np.exp(rng.normal(4.0, 1.0, n)), 2) + 1
    per_click = rng.uniform(0.3, 3.0, n)
    table = _entities(sketch, rng, budgets, per_click)
    owner = np.array([int(parent or own) - 1 for parent, own in zip(table.parents, table.ids, strict=True)])
    part = np.where(table.parents == "", 1.0, 1.0 / KEYWORDS)
    spend = np.round((part * budgets[owner])[:, None] * rng.uniform(0.4, 1.1, (len(table), n_days)), 2)
    clicks = rng.poisson(spend / per_click[owner][:, None])
    conversions = rng.binomial(clicks, rng.uniform(0.0, sketch.sells, (n, 1))[owner])
    value = np.round(conversions * rng.uniform(10, 100, (n, 1))[owner], 2)
    known = rng.random(n_days) >= sketch.unknown

    def told(figures: np.ndarray) -> np.ndarray:
        whole = figures.copy()
        for campaign in np.unique(owner[n:]):
            whole[campaign] = figures[n:][owner[n:] == campaign].sum(axis=0)
        return np.where(known, whole, 0)

    snapshot = sample.snapshot(
        table,
        n_days=n_days,
        cost=told(spend),
        clicks=told(clicks),
        impressions=told(clicks * 30 + 5),
        conversions=told(conversions),
        value=told(value),
        shares=rng.uniform(0.2, 0.9, (len(table), n_days)),
        budget_lost=rng.uniform(0.0, 0.3, (len(table), n_days)),
        rank_lost=rng.uniform(0.0, 0.3, (len(table), n_days)),
        known=known,
        maturity=np.linspace(1.0, 0.6, n_days),
        portfolio=_portfolio(sketch, budgets.sum()),
    )
    return with_todays_pot(snapshot)


def _entities(sketch: Sketch, rng: Generator, budgets: np.ndarray, per_click: np.ndarray) -> EntityTable:
    """Campaigns "000001", ...; with all levers each third has a target CPA, a target ROAS, or keywords."""
    n = sketch.campaigns
    kind = np.arange(n) % 3 if sketch.all_levers else np.full(n, -1)
    parents = [f"{row + 1:06d}" for row in np.flatnonzero(kind == 2) for _ in range(KEYWORDS)]
    bids = [micros(per_click[int(parent) - 1] * rng.uniform(0.7, 1.5)) for parent in parents]
    more = len(parents)
    rest: list[int | None] = [None] * more
    luck = rng.random(n)
    words = {-1: "", 0: "target_cpa", 1: "target_roas", 2: "manual_cpc"}
    return entity_table(
        sample.ACCOUNT,
        [f"{row + 1:06d}" for row in range(n)] + [f"{900 + row:06d}" for row in range(more)],
        kinds=["campaign"] * n + ["keyword"] * more,
        names=[f"Campaign {row}" for row in range(n)] + [f"word {row}" for row in range(more)],
        parents=[""] * n + parents,
        channels=[("search", "video")[row % 2] for row in range(n)] + ["search"] * more,
        bidding=[words[one] for one in kind.tolist()] + ["manual_cpc"] * more,
        locked=["experiment" if one > 1 - sketch.idle else "" for one in luck] + [""] * more,
        levers={
            Lever.DAILY_BUDGET: [micros(budget) for budget in budgets] + rest,
            Lever.STATUS: [int(one >= sketch.idle) for one in luck] + [1] * more,
            Lever.TARGET_CPA: [micros(20.0) if one == 0 else None for one in kind] + rest,
            Lever.TARGET_ROAS: [2_000_000 if one == 1 else None for one in kind] + rest,
            Lever.CPC_BID: [None] * n + bids,
        }
        if sketch.all_levers
        else {
            Lever.DAILY_BUDGET: [micros(budget) for budget in budgets],
            Lever.STATUS: [int(one >= sketch.idle) for one in luck],
        },
    )


def micros(units: float) -> int:
    """Whole cents."""
    return max(round(units * MICROS / UNIT), 1) * UNIT


def _portfolio(sketch: Sketch, present: float) -> Portfolio:
    pot = None if sketch.pot is None else Money(micros(present * sketch.pot), "EUR")
    return Portfolio(
        "shop",
        sketch.goal,
        daily_pot=None if sketch.month else pot,
        month=MonthBudget(pot.times(30)) if sketch.month and pot is not None else None,
        target_cpa=Money.of("20", "EUR") if sketch.target == "cpa" else None,
        target_roas=Ratio.of("2") if sketch.target == "roas" else None,
        limits=Limits(FLOOR, CEILING, sketch.step),
        bid_limits=Limits(LOWEST_BID, HIGHEST_BID, sketch.step),
    )


def decide(strategy: Strategy, snapshot: Snapshot, seed: int = 1) -> list[Proposal]:
    return list(strategy.propose(snapshot, np.random.default_rng(seed)))


def after(snapshot: Snapshot, proposals: list[Proposal]) -> Mapping[Lever, Numbers]:
    """Where every lever would stand if all of it were carried out."""
    stands = {lever: column.numbers.copy() for lever, column in snapshot.entities.levers.items()}
    for proposal in proposals:
        row = snapshot.entities.row(proposal.ref)
        stands[proposal.lever][row] = number_of(proposal.target)
    return stands


def with_pot(snapshot: Snapshot, amount: int) -> Snapshot:
    """The same account with another daily pot, micros."""
    assert snapshot.portfolio is not None
    pot = Money(amount, snapshot.currency)
    return replace(snapshot, portfolio=replace(snapshot.portfolio, daily_pot=pot))
