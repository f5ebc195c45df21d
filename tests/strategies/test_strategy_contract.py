"""What every strategy must keep, found by the naming convention and tried on many accounts."""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction

import numpy as np
import pytest
import sample
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import strategies
from agent.domain.entity import Account
from agent.domain.lever import Lever, number_of
from agent.domain.money import Money
from agent.domain.portfolio import Goal, Limits, Portfolio
from agent.domain.proposal import Proposal
from agent.domain.ref import AccountId
from agent.domain.snapshot import Snapshot
from agent.ports import Strategy


def _every_strategy() -> dict[str, Strategy]:
    found = {}
    for module in pkgutil.iter_modules(strategies.__path__):
        if not module.ispkg:
            name = "".join(word.capitalize() for word in module.name.split("_"))
            found[module.name] = getattr(importlib.import_module(f"strategies.{module.name}"), name)(
                module.name
            )
    return found


STRATEGIES = _every_strategy()
every_strategy = pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=STRATEGIES.keys())
POTS = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)


def account_of(
    seed: int,
    n: int = 6,
    n_days: int = 30,
    *,
    scale: int = 1,
    names: list[str] | None = None,
    known_until: int | None = None,
    portfolio: Portfolio | None = None,
    sparse: bool = False,
) -> Snapshot:
    """A random account whose campaigns differ a lot; `scale` multiplies all money."""
    rng = np.random.default_rng(seed)
    budgets = np.round(np.exp(rng.normal(4.0, 1.0, n)), 2) + 1
    spend = np.round(budgets[:, None] * rng.uniform(0.4, 1.1, (n, n_days)), 2)
    clicks = rng.poisson(spend / rng.uniform(0.3, 3.0, (n, 1)))
    rate = rng.uniform(0.0, 0.02 if sparse else 0.2, (n, 1))
    conversions = rng.binomial(clicks, rate)
    value = np.round(conversions * rng.uniform(10, 100, (n, 1)), 2)
    known = np.ones(n_days, dtype=bool)
    if known_until is not None:
        known[known_until:] = False
    table = sample.entities(
        (budgets * scale).tolist(),
        account=replace(sample.ACCOUNT, unit_micros=10_000),
        names=names or [f"Campaign {i}" for i in range(n)],
    )
    return sample.snapshot(
        table,
        n_days=n_days,
        cost=np.where(known, spend * scale, 0),
        clicks=np.where(known, clicks, 0),
        conversions=np.where(known, conversions, 0),
        value=np.where(known, value * scale, 0),
        known=known,
        maturity=np.linspace(1.0, 0.6, n_days),
        portfolio=portfolio,
    )


def budgets_after(snapshot: Snapshot, proposals: list[Proposal]) -> np.ndarray:
    """Every budget if all proposals were carried out, micros."""
    numbers = snapshot.entities.levers[Lever.DAILY_BUDGET].numbers.copy()
    rows = snapshot.entities.index()
    for proposal in proposals:
        numbers[rows[proposal.ref.kind, proposal.ref.id]] = number_of(proposal.target)
    return numbers


def decide(strategy: Strategy, snapshot: Snapshot, seed: int = 1) -> list[Proposal]:
    return list(strategy.propose(snapshot, np.random.default_rng(seed)))


def a_portfolio(pot: str | None = None, step: Fraction | None = None, **more: object) -> Portfolio:
    limits = Limits(Money.of("1", "EUR"), Money.of("2000", "EUR"), step)
    return Portfolio(
        "shop",
        Goal.VALUE,
        daily_pot=None if pot is None else Money.of(pot, "EUR"),
        limits=limits,
        **more,  # type: ignore[arg-type]  # targets only
    )


def test_every_module_of_the_folder_is_a_strategy_with_a_name_first_and_plain_options() -> None:
    """Wiring finds a class by its file, and config.toml fills its fields."""
    assert {
        "hold",
        "equal_split",
        "proportional_roas",
        "target_cpa",
        "target_roas",
        "thompson_budget",
    } <= STRATEGIES.keys()
    for strategy in STRATEGIES.values():
        assert is_dataclass(strategy)
        assert strategy.__dataclass_params__.frozen  # type: ignore[attr-defined]  # not in the stubs
        assert fields(strategy)[0].name == "name"
        assert {field.type for field in fields(strategy)} <= {int, float, str, bool}


@every_strategy
@pytest.mark.parametrize("seed", range(3))
def test_the_same_snapshot_and_seed_give_the_same_proposals(strategy: Strategy, seed: int) -> None:
    snapshot = account_of(seed, portfolio=a_portfolio("500"))

    assert decide(strategy, snapshot, seed) == decide(strategy, snapshot, seed)


@every_strategy
def test_an_empty_account_is_met_with_silence(strategy: Strategy) -> None:
    empty = sample.snapshot(sample.entities([]))
    without_budgets = sample.snapshot(sample.entities([None, None]))

    assert decide(strategy, empty) == []
    assert decide(strategy, without_budgets) == []
    assert decide(strategy, replace(empty, portfolio=a_portfolio("500"))) == []


@every_strategy
@pytest.mark.parametrize("seed", range(4))
def test_ids_have_no_influence_on_who_gets_what(strategy: Strategy, seed: int) -> None:
    """The table is sorted by id, so new ids mean another order."""
    portfolio = a_portfolio("500", target_cpa=Money.of("20", "EUR"))
    snapshot = account_of(seed, portfolio=portfolio)
    order = np.random.default_rng(seed).permutation(len(snapshot))
    shuffled = snapshot.only(order)
    shuffled = replace(shuffled, entities=replace(shuffled.entities, ids=snapshot.entities.ids))

    plain = budgets_after(snapshot, decide(strategy, snapshot))
    other = budgets_after(shuffled, decide(strategy, shuffled))

    assert other.tolist() == plain[order].tolist()


@every_strategy
@pytest.mark.parametrize("target", [{}, {"target_cpa": Money.of("15", "EUR")}])
@given(
    seed=st.integers(0, 10_000),
    n=st.integers(1, 12),
    n_days=st.integers(1, 40),
    pot=st.one_of(st.none(), st.integers(100, 3_000)),
    step=st.sampled_from([None, Fraction(1, 5), Fraction(1, 2)]),
    sparse=st.booleans(),
)
@POTS
def test_pot_bounds_and_steps_hold_on_any_account(
    strategy: Strategy,
    target: Mapping[str, Money],
    seed: int,
    n: int,
    n_days: int,
    pot: int | None,
    step: Fraction | None,
    sparse: bool,
) -> None:
    """The laws that no guardrail should have to enforce."""
    portfolio = a_portfolio(None if pot is None else str(pot), step, **target)
    snapshot = account_of(seed, n, n_days, portfolio=portfolio, sparse=sparse)
    before = snapshot.entities.levers[Lever.DAILY_BUDGET].numbers

    proposals = decide(strategy, snapshot, seed)

    after = budgets_after(snapshot, proposals)
    moved = after != before
    allowed = max(int(before.sum()), pot * 10**6 if pot else 0) if moved.any() else int(before.sum())
    lowest_possible = before if step is None else before - np.floor(before * float(step))
    floor_sum = int(np.maximum(lowest_possible, 10**6).sum()) if step is not None else n * 10**6
    budget = int(before.sum()) if pot is None else pot * 10**6
    if moved.any():
        assert int(after.sum()) <= max(budget, floor_sum + n * 10_000)
    assert int(after.sum()) <= allowed
    assert (after[moved] % 10_000 == 0).all()
    assert (after[moved] >= 10**6).all()
    assert (after[moved] <= 2_000 * 10**6).all() or (before > 2_000 * 10**6).any()
    if step is not None:
        assert (np.abs(after - before) <= before * float(step) + 1).all()
    for proposal in proposals:
        assert proposal.lever is Lever.DAILY_BUDGET
        assert proposal.source
        assert proposal.because
        assert proposal.group == "shop"


@every_strategy
@pytest.mark.parametrize("seed", range(3))
def test_paused_and_locked_campaigns_are_left_alone_and_the_locked_ones_keep_their_part_of_the_pot(
    strategy: Strategy, seed: int
) -> None:
    snapshot = account_of(seed, 6, portfolio=a_portfolio("1000"))
    status = snapshot.entities.levers[Lever.STATUS]
    paused = replace(status, numbers=np.array([0, 1, 1, 1, 1, 1]))
    locked = np.array(["", "experiment", "", "", "", ""])
    table = replace(
        snapshot.entities, locked=locked, levers={**snapshot.entities.levers, Lever.STATUS: paused}
    )
    snapshot = replace(snapshot, entities=table)

    proposals = decide(strategy, snapshot)

    after = budgets_after(snapshot, proposals)
    assert not {"000001", "000002"} & {proposal.ref.id for proposal in proposals}
    if proposals:
        assert int(after[1:].sum()) <= max(1_000 * 10**6, int(after[1]) + 4 * 10**6)


@every_strategy
@pytest.mark.parametrize("seed", range(3))
def test_money_a_hundred_times_as_large_gives_budgets_a_hundred_times_as_large(
    strategy: Strategy, seed: int
) -> None:
    """A currency is a unit of measure; only the smallest step does not scale."""
    small = account_of(seed, portfolio=Portfolio("shop", Goal.VALUE, target_cpa=Money.of("20", "EUR")))
    large = account_of(
        seed, scale=100, portfolio=Portfolio("shop", Goal.VALUE, target_cpa=Money.of("2000", "EUR"))
    )

    low = budgets_after(small, decide(strategy, small))
    high = budgets_after(large, decide(strategy, large))

    np.testing.assert_allclose(high, low * 100.0, rtol=2e-3, atol=2e6)


@every_strategy
@pytest.mark.parametrize("seed", range(3))
def test_unknown_days_are_not_days_of_zero(strategy: Strategy, seed: int) -> None:
    """Figures under an unknown day must have no influence at all."""
    snapshot = account_of(seed, n_days=30, known_until=25, portfolio=a_portfolio("500"))
    metrics = snapshot.metrics
    noise = np.where(metrics.known, 0, 10**9)
    disturbed = replace(
        snapshot,
        metrics=replace(
            metrics,
            cost_micros=metrics.cost_micros + noise,
            clicks=metrics.clicks + noise,
            conversions=metrics.conversions + noise,
            conversion_value_micros=metrics.conversion_value_micros + noise,
        ),
    )

    plain = budgets_after(snapshot, decide(strategy, snapshot))

    assert budgets_after(disturbed, decide(strategy, disturbed)).tolist() == plain.tolist()


@every_strategy
@pytest.mark.parametrize("step", [None, Fraction(1, 5)])
def test_a_budget_of_zero_is_no_error(strategy: Strategy, step: Fraction | None) -> None:
    """Some platforms show it for campaigns that draw on a shared budget."""
    snapshot = account_of(3, portfolio=a_portfolio("500", step))
    column = snapshot.entities.levers[Lever.DAILY_BUDGET]
    numbers = column.numbers.copy()
    numbers[2] = 0
    levers = {**snapshot.entities.levers, Lever.DAILY_BUDGET: replace(column, numbers=numbers)}
    snapshot = replace(snapshot, entities=replace(snapshot.entities, levers=levers))

    after = budgets_after(snapshot, decide(strategy, snapshot))

    assert int(after.sum()) <= 500 * 10**6 or int(after.sum()) <= int(numbers.sum())


@every_strategy
def test_an_account_of_which_nothing_is_known_yet_is_no_error(strategy: Strategy) -> None:
    table = sample.entities([10.0, 20.0, 30.0], account=Account(AccountId("csv", "x"), "X", "EUR", "UTC"))
    blank = sample.snapshot(table, known=False, portfolio=a_portfolio("60"))

    after = budgets_after(blank, decide(strategy, blank))

    assert int(after.sum()) <= 60 * 10**6
