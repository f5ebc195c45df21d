"""Laws of every strategy, tried on accounts that nobody would think of."""

from dataclasses import replace

import numpy as np
import pytest
from every import (
    SKETCHES,
    STRATEGIES,
    UNIT,
    Sketch,
    account_of,
    after,
    decide,
    every_strategy,
    some_accounts,
    with_pot,
)
from hypothesis import given
from hypothesis import strategies as st
from laws import breaches

from agent.domain.entity import LeverColumn
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.portfolio import Limits, Portfolio
from agent.domain.snapshot import Snapshot
from agent.ports.deciding import Strategy
from agent.steps.recall import digest


@every_strategy
@given(sketch=SKETCHES)
@some_accounts
def test_pot_bounds_and_steps_hold_on_any_account(strategy: Strategy, sketch: Sketch) -> None:
    """What no guardrail should have to enforce; see `laws`."""
    snapshot = account_of(sketch)

    assert breaches(snapshot, decide(strategy, snapshot, sketch.seed)) == []


@every_strategy
@given(sketch=SKETCHES, pots=st.lists(st.floats(0.2, 4.0), min_size=4, max_size=4))
@some_accounts
def test_a_larger_pot_never_gives_less_in_all(strategy: Strategy, sketch: Sketch, pots: list[float]) -> None:
    """But for moves that are not worth making (`min_change`): they may leave that share of it unshared.

    Of a single campaign it does not hold: with more to share, money may be worth more elsewhere.
    """
    snapshot = account_of(replace(sketch, month=False))
    present = int(snapshot.entities.levers[Lever.DAILY_BUDGET].numbers.sum())
    amounts = [int(present * pot) // UNIT * UNIT for pot in sorted(pots)]

    given = [total_given(strategy, with_pot(snapshot, amount)) for amount in amounts]

    for amount, less, more in zip(amounts, given, given[1:], strict=False):
        margin = getattr(strategy, "min_change", 0.0) * amount + UNIT * len(snapshot)
        assert more >= less - margin


@every_strategy
@given(sketch=SKETCHES)
@some_accounts
def test_who_is_called_what_has_no_influence_on_who_gets_what(strategy: Strategy, sketch: Sketch) -> None:
    """The table is sorted by id: new ids mean another order, too."""
    snapshot = account_of(sketch)
    order, renamed = called_otherwise(snapshot)

    plain, other = (after(one, decide(strategy, one)) for one in (snapshot, renamed))

    assert {lever: numbers.tolist() for lever, numbers in other.items()} == {
        lever: numbers[order].tolist() for lever, numbers in plain.items()
    }


@every_strategy
@given(sketch=SKETCHES, cents=st.booleans())
@some_accounts
def test_in_another_currency_everybody_gets_the_same_share(
    strategy: Strategy, sketch: Sketch, *, cents: bool
) -> None:
    """A yen is for a yen account what a cent is for one in euros.

    Where the yen has cents, money is rounded finer: a choice between two that are as good may
    then fall the other way, for one lever in ten at most.
    """
    euros = account_of(sketch)
    yen = in_yen(euros, unit=UNIT if cents else 100 * UNIT)

    here, there = (after(one, decide(strategy, one)) for one in (euros, yen))

    rounding = 2 * 100 * UNIT * len(euros) if cents else 100 * UNIT
    for lever, numbers in here.items():
        expected = numbers * (100 if lever.is_money else 1)
        off = ~np.isclose(there[lever], expected, rtol=1e-6, atol=rounding)
        assert off.sum() <= (max(1, len(numbers) // 10) if cents else 0), lever


@every_strategy
@given(sketch=SKETCHES)
@some_accounts
def test_the_same_snapshot_and_seed_give_the_same_proposals(strategy: Strategy, sketch: Sketch) -> None:
    """Nothing is kept from one time to the next, and the snapshot is left as it was."""
    snapshot = account_of(sketch)
    before = digest(snapshot)

    first = decide(strategy, snapshot, sketch.seed)

    assert decide(strategy, snapshot, sketch.seed) == first
    assert digest(snapshot) == before


@every_strategy
@given(sketch=SKETCHES)
@some_accounts
def test_figures_of_unknown_days_have_no_influence(strategy: Strategy, sketch: Sketch) -> None:
    """A day that nobody has seen is not a day of zero, nor of anything else."""
    snapshot = account_of(replace(sketch, unknown=sketch.unknown or 0.3))
    metrics = snapshot.metrics
    noise = np.where(metrics.known, 0, 10**9)
    disturbed = replace(
        snapshot,
        metrics=replace(
            metrics,
            cost_micros=metrics.cost_micros + noise,
            impressions=metrics.impressions + noise,
            clicks=metrics.clicks + noise,
            conversions=metrics.conversions + noise,
            conversion_value_micros=metrics.conversion_value_micros + noise,
        ),
    )

    assert decide(strategy, disturbed) == decide(strategy, snapshot)


@pytest.mark.parametrize("name", STRATEGIES.keys())
def test_the_laws_are_tried_on_somebody_who_acts(name: str) -> None:
    """Whoever is silent on all of these accounts keeps every law; only hold may be."""
    sketches = [
        Sketch(seed=seed, pot=0.8, target=target, all_levers=True, month=month)
        for seed in range(3)
        for target in ("", "cpa", "roas")
        for month in (False, True)
    ]

    acted = any(decide(STRATEGIES[name], account_of(sketch)) for sketch in sketches)

    assert acted or name == "hold"


def total_given(strategy: Strategy, snapshot: Snapshot) -> int:
    """What all daily budgets would sum to."""
    return int(after(snapshot, decide(strategy, snapshot))[Lever.DAILY_BUDGET].sum())


def called_otherwise(snapshot: Snapshot) -> tuple[np.ndarray, Snapshot]:
    """Other ids and names, and the order that follows from them."""
    table = snapshot.entities
    rng = np.random.default_rng(len(table))
    ids = table.ids.copy()
    for kind in np.unique(table.kinds):
        rows = np.flatnonzero(table.kinds == kind)
        ids[rows] = table.ids[rng.permutation(rows)]
    parents = {
        own: new for own, new, kind in zip(table.ids, ids, table.kinds, strict=True) if kind == "campaign"
    }
    order = np.lexsort((ids, table.kinds))
    cut = snapshot.only(order)
    renamed = replace(
        cut.entities,
        ids=ids[order],
        names=np.array([f"other {id_}" for id_ in ids[order]]),
        parents=np.array([parents.get(parent, "") for parent in table.parents[order]], dtype=np.str_),
    )
    return order, replace(cut, entities=renamed)


def in_yen(snapshot: Snapshot, *, unit: int) -> Snapshot:
    """All money times a hundred in another currency whose smallest step is `unit`."""

    def money(amount: Money | None) -> Money | None:
        return None if amount is None else Money(amount.micros * 100, "JPY")

    def limits(one: Limits) -> Limits:
        return replace(one, floor=money(one.floor), ceiling=money(one.ceiling))

    table, portfolio, metrics = snapshot.entities, snapshot.portfolio, snapshot.metrics
    assert isinstance(portfolio, Portfolio)
    month = portfolio.month
    return replace(
        snapshot,
        entities=replace(
            table,
            account=replace(table.account, currency="JPY", unit_micros=unit),
            levers={
                lever: LeverColumn(column.numbers * (100 if lever.is_money else 1), column.present)
                for lever, column in table.levers.items()
            },
        ),
        metrics=replace(
            metrics,
            cost_micros=metrics.cost_micros * 100,
            conversion_value_micros=metrics.conversion_value_micros * 100,
        ),
        memory={
            lever: replace(
                memory,
                baseline=memory.baseline * (100 if lever.is_money else 1),
                stood=np.where(memory.stood < 0, memory.stood, memory.stood * (100 if lever.is_money else 1)),
            )
            for lever, memory in snapshot.memory.items()
        },
        portfolio=replace(
            portfolio,
            daily_pot=money(portfolio.daily_pot),
            target_cpa=money(portfolio.target_cpa),
            limits=limits(portfolio.limits),
            bid_limits=limits(portfolio.bid_limits),
            month=None if month is None else replace(month, amount=Money(month.amount.micros * 100, "JPY")),
        ),
    )
