"""Wishing: accounts, limits and wishes by chance, many of them right at a limit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random

import numpy as np

from agent.config.guardrails import GuardrailSettings
from agent.domain.entity import Account, EntityTable, entity_table
from agent.domain.lever import Lever, Ratio, Status, Value, value_of
from agent.domain.metrics import DailyMetrics
from agent.domain.money import MICROS, Money
from agent.domain.portfolio import Goal, Portfolio
from agent.domain.proposal import Evidence, Interval, Proposal
from agent.domain.ref import AccountId, Ref
from agent.domain.snapshot import Freshness, Grade, LeverMemory, Snapshot
from agent.steps.guard import Fence
from agent.wiring.fencing import fence

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
DAYS = 14
_OFTEN = (*[Lever.DAILY_BUDGET] * 6, Lever.CPC_BID, Lever.TARGET_ROAS, Lever.STATUS, Lever.STATUS)


@dataclass(frozen=True, slots=True)
class Case:
    """One account before its guard.

    Attributes:
        cuts: One for each portfolio, together the whole account.
    """

    snapshot: Snapshot
    cuts: tuple[Snapshot, ...]
    limits: GuardrailSettings
    fence: Fence
    reserved: Mapping[tuple[Ref, Lever], int]
    proposals: tuple[Proposal, ...]


def case(rng: Random) -> Case:
    """An account with wishes; one limit in six is missing or very wide."""
    snapshot = _account(rng)
    limits = _limits(rng, snapshot)
    cuts = _cuts(rng, snapshot)
    reserved: dict[tuple[Ref, Lever], int] = {}
    while rng.random() < 0.3:
        lever = rng.choice((Lever.DAILY_BUDGET, Lever.STATUS))
        ref = snapshot.entities.ref(rng.randrange(len(snapshot)))
        reserved[ref, lever] = (
            1 if lever is Lever.STATUS else _budget(rng, snapshot.entities.account.unit_micros)
        )
    return Case(snapshot, cuts, limits, fence(limits), reserved, _wishes(rng, snapshot, limits))


def shipped_limits(currency: str) -> GuardrailSettings:
    """The limits as `gebot init` writes them, for every lever."""
    money = {"floor": f"1.30 {currency}", "ceiling": f"1300.00 {currency}"}
    steps = {"max_step": "20%", "max_change_7d": "50%", "cooldown": "20h", "max_changes_per_day": 4}
    return GuardrailSettings.model_validate(
        {
            "max_metrics_age": "6h", "min_maturity": "60%", "min_clicks": 50, "min_history_days": 7,
            "learning_phase": "wait", "quarantine": "24h", "rest_after_flip_flop": "2d",
            "max_changes_per_run": 50, "max_changes_per_hour": 100, "max_share_of_entities_per_run": "100%",
            "max_share_of_spend_per_run": "100%", "account_ceiling": f"3900.00 {currency}",
            "daily_budget": {**money, **steps},
            "cpc_bid": {"floor": f"0.05 {currency}", "ceiling": f"5.00 {currency}", **steps},
            "target_roas": {"floor": "1.0", "ceiling": "10.0", **steps},
            "status": {"allowed": ["paused", "enabled"], "cooldown": "7d", "max_changes_per_day": 1},
        }
    )  # fmt: skip


def account_of(
    table: EntityTable, *, daily_cost: Sequence[int], baseline: Mapping[Lever, Sequence[int]]
) -> Snapshot:
    """A snapshot with plenty of fresh, mature evidence.

    Args:
        daily_cost: Micros a day of each entity.
        baseline: Where levers stood 7 days ago; where they stand when left out.
    """
    n = len(table)
    cost = np.repeat(np.array(daily_cost, dtype=np.int64)[:, None], DAYS, axis=1)
    clicks = np.full((n, DAYS), 50)
    nothing = np.full((n, DAYS), np.nan)
    today = np.datetime64(NOW.date())
    memory = {}
    for lever, column in table.levers.items():
        unseen = LeverMemory.unseen(column.numbers, DAYS)
        stood = baseline.get(lever)
        memory[lever] = (
            unseen
            if stood is None
            else LeverMemory(unseen.changed_at, np.array(stood, dtype=np.int64), unseen.stood)
        )
    return Snapshot(
        as_of=NOW,
        today=NOW.date(),
        entities=table,
        days=np.arange(today - DAYS, today),
        metrics=DailyMetrics(
            known=np.ones((n, DAYS), dtype=bool),
            cost_micros=cost,
            impressions=clicks * 20,
            clicks=clicks,
            conversions=clicks / 10.0,
            conversion_value_micros=cost * 3,
            search_impression_share=nothing,
            search_budget_lost_impression_share=nothing,
            search_rank_lost_impression_share=nothing,
        ),
        maturity=np.ones(DAYS),
        maturity_learned=True,
        freshness=Freshness(Grade.FRESH, NOW, NOW.date() - timedelta(days=1), 0),
        memory=memory,
    )


def _account(rng: Random) -> Snapshot:
    n = rng.randint(1, 10)
    currency, unit = rng.choice((("EUR", 10_000), ("JPY", MICROS), ("EUR", 10_000), ("USD", 50_000)))
    least = rng.choice((0, 0, unit, 100 * unit))
    account = Account(
        AccountId("simulated", "demo"), "Demo", currency, "UTC", unit, rng.choice((1.0, 1.75, 2.0)), least
    )
    budgets = [None if rng.random() < 0.05 else _budget(rng, unit) for _ in range(n)]
    bids = [None if rng.random() < 0.3 else unit * rng.randint(1, 500) for _ in range(n)]
    table = entity_table(
        account,
        [f"{row:04d}" for row in range(n)],
        names=[f"Campaign {row}" for row in range(n)],
        started=np.full(n, np.datetime64(NOW.date()) - 400),
        locked=["experiment" if rng.random() < 0.03 else "" for _ in range(n)],
        levers={
            Lever.DAILY_BUDGET: budgets,
            Lever.CPC_BID: bids,
            Lever.TARGET_ROAS: [rng.randrange(1, 1_000) * 10_000 for _ in range(n)],
            Lever.STATUS: [int(rng.random() < 0.85) for _ in range(n)],
        },
    )
    stood = [
        (number or 0) if rng.random() < 0.5 else int((number or 0) * rng.uniform(0.3, 3))
        for number in budgets
    ]
    return account_of(
        table,
        daily_cost=[(number or 0) * 9 // 10 for number in budgets],
        baseline={Lever.DAILY_BUDGET: stood},
    )


def _budget(rng: Random, unit: int) -> int:
    """From the smallest step to ten thousand units, each order of magnitude as often."""
    return max(unit, int(10 ** rng.uniform(0, 4) * MICROS) // unit * unit)


def _limits(rng: Random, snapshot: Snapshot) -> GuardrailSettings:
    code = snapshot.currency
    if rng.random() < 0.3:
        return shipped_limits(code)
    standing = sum(number or 0 for number in snapshot.entities.levers[Lever.DAILY_BUDGET].listed())
    worst = standing * Fraction(snapshot.entities.account.over_delivery)

    def money(micros: Fraction | int) -> str:
        return str(Money(max(1, int(micros)), code))

    def percent() -> str:
        return f"{rng.choice((1, 5, 10, 20, 33, 50, 100))}%"

    steps = {"max_step": percent(), "max_change_7d": percent(), "cooldown": "20h", "max_changes_per_day": 9}
    ceiling = rng.choice((_budget(rng, 10_000), 10**12, 10**12))
    floor = _budget(rng, 10_000) // rng.choice((1, 100, 10_000)) + 1
    floor = min(floor, ceiling)
    told = {
        "max_metrics_age": "6h", "min_maturity": "60%", "min_clicks": 50, "min_history_days": 7,
        "learning_phase": "ignore", "quarantine": "24h", "rest_after_flip_flop": "2d",
        "max_changes_per_run": rng.choice((1, 2, 5, 50)), "max_changes_per_hour": rng.choice((1, 3, 100)),
        "max_share_of_entities_per_run": percent(), "max_share_of_spend_per_run": percent(),
        "account_ceiling": money(worst * Fraction(rng.choice((50, 99, 100, 101, 120, 150, 1_000)), 100)),
        "daily_budget": {"floor": money(floor), "ceiling": money(ceiling), **steps},
        "cpc_bid": {"floor": money(10_000), "ceiling": money(5 * MICROS), **steps},
        "target_roas": {"floor": "0.5", "ceiling": "8.0", **steps},
        "status": {"allowed": rng.choice((["paused"], ["paused", "enabled"])), "cooldown": "1d",
                   "max_changes_per_day": 1},
    }  # fmt: skip
    while rng.random() < 0.15:
        told.pop(rng.choice(list(told)), None)
    return GuardrailSettings.model_validate(told)


def _cuts(rng: Random, snapshot: Snapshot) -> tuple[Snapshot, ...]:
    owner = np.array([rng.randrange(3) for _ in range(len(snapshot))])
    cuts = []
    for number in range(3):
        rows = np.flatnonzero(owner == number)
        budgets = snapshot.entities.levers[Lever.DAILY_BUDGET].numbers[rows].sum()
        share = rng.choice((None, 50, 100, 101, 130, 1_000))
        pot = None if share is None else Money(max(1, int(budgets) * share // 100), snapshot.currency)
        cuts.append(snapshot.only(rows, Portfolio(f"pot {number}", Goal.VALUE, pot)))
    return tuple(cuts)


def _wishes(rng: Random, snapshot: Snapshot, limits: GuardrailSettings) -> tuple[Proposal, ...]:
    wished: dict[tuple[Ref, Lever], Proposal] = {}
    for _ in range(rng.randint(1, 12)):
        ref, lever = snapshot.entities.ref(rng.randrange(len(snapshot))), rng.choice(_OFTEN)
        present = snapshot.number(ref, lever)
        target = _target(rng, snapshot, limits, lever, present or MICROS)
        effect = None if rng.random() < 0.5 else Interval(rng.uniform(-5, 50), 0, 1)
        wished[ref, lever] = Proposal(
            ref, lever, target, "because", "chance", evidence=Evidence(expected_effect=effect)
        )
    return tuple(wished.values())


def _target(rng: Random, snapshot: Snapshot, limits: GuardrailSettings, lever: Lever, present: int) -> Value:
    """A value: right at a limit, near, a slip of the unit, or one that is none."""
    if lever is Lever.STATUS:
        return rng.choice((Status.PAUSED, Status.ENABLED))
    table, unit = limits.of(lever), snapshot.entities.account.step(lever)
    share = getattr(table, "max_step", None) or Fraction(1, 5)
    reach = present * share.numerator // share.denominator
    edges = [present + reach, present + reach, present - reach]
    for bound in (getattr(table, "floor", None), getattr(table, "ceiling", None)):
        if isinstance(bound, Money | Ratio):
            edges.append(bound.micros if isinstance(bound, Money) else bound.millionths)
    choice = rng.random()
    if choice < 0.4:
        number = rng.choice(edges) // unit * unit + rng.choice((-unit, 0, unit))
    elif choice < 0.7:
        number = int(present * rng.uniform(0.8, 1.5)) // unit * unit
    elif choice < 0.9:
        number = int(present * 10 ** rng.uniform(-6, 6)) // unit * unit
    else:
        number = rng.choice((0, -unit, present, 1, present + 1, 2**63, -(2**63), 10**30))
    return value_of(lever, number, "XXX" if rng.random() < 0.01 and lever.is_money else snapshot.currency)
