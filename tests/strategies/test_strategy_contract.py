"""What every strategy must keep, found by the naming convention: its form, and plain odd accounts."""

from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest
import sample
from every import STRATEGIES, Sketch, account_of, after, decide, every_strategy
from laws import breaches

from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.portfolio import Goal, Portfolio
from agent.ports.deciding import Strategy

POT = Portfolio("shop", Goal.VALUE, daily_pot=Money.of("500", "EUR"), target_cpa=Money.of("20", "EUR"))


def test_every_module_of_the_folder_is_a_strategy_with_a_name_first_and_plain_options() -> None:
    """Wiring finds a class by its file, and config.toml fills its fields."""
    assert {
        "hold",
        "equal_split",
        "pacing",
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
def test_an_empty_account_is_met_with_silence(strategy: Strategy) -> None:
    """No entities, or none that has a lever."""
    empty = sample.snapshot(sample.entities([]), portfolio=POT)
    without_levers = sample.snapshot(sample.entities([None, None]), portfolio=POT)

    assert decide(strategy, empty) == []
    assert decide(strategy, without_levers) == []
    assert decide(strategy, replace(empty, portfolio=None)) == []


@every_strategy
@pytest.mark.parametrize(
    "sketch",
    [
        Sketch(campaigns=1, target="cpa"),
        Sketch(campaigns=1, pot=None, all_levers=True),
        Sketch(days=1, pot=0.8, target="roas", all_levers=True),
        Sketch(sells=0.0, pot=0.8, target="cpa", all_levers=True),
        Sketch(unknown=1.0, pot=0.8, target="cpa", all_levers=True),
        Sketch(idle=0.5, pot=0.6, target="roas", all_levers=True),
        Sketch(pot=0.02, target="cpa", all_levers=True),
        Sketch(pot=50.0, target="cpa", all_levers=True),
    ],
    ids=[
        "one campaign",
        "one campaign and no pot",
        "one day of data",
        "nothing was ever sold",
        "nothing is known yet",
        "much is paused or locked",
        "a pot below all floors",
        "more than can be spent",
    ],
)
def test_odd_accounts_are_no_error(strategy: Strategy, sketch: Sketch) -> None:
    """All laws hold there, too."""
    snapshot = account_of(sketch)

    assert breaches(snapshot, decide(strategy, snapshot)) == []


@every_strategy
@pytest.mark.parametrize("target", ["cpa", "roas"])
def test_a_strategy_keeps_to_the_levers_that_it_names(strategy: Strategy, target: str) -> None:
    """`gebot check` tells by them what a strategy cannot do in an account."""
    named = set(strategy.levers)  # type: ignore[attr-defined]  # the port asks for none, ours all have it

    proposals = decide(strategy, account_of(Sketch(pot=0.8, target=target, all_levers=True)))

    assert {proposal.lever for proposal in proposals} <= named


@every_strategy
@pytest.mark.parametrize("target", ["cpa", "roas"])
def test_where_nothing_is_known_nothing_is_raised(strategy: Strategy, target: str) -> None:
    """Ignorance is no reason to spend more; a pot that is named may still be shared out."""
    snapshot = account_of(Sketch(unknown=1.0, pot=None, target=target, all_levers=True))

    stands = after(snapshot, decide(strategy, snapshot))

    for lever, numbers in stands.items():
        assert numbers.sum() <= snapshot.entities.levers[lever].numbers.sum()


@every_strategy
def test_a_portfolio_is_no_must(strategy: Strategy) -> None:
    """Without one there is no pot, no target and no limit: what the budgets sum to is the pot."""
    snapshot = replace(account_of(Sketch(all_levers=True)), portfolio=None)
    before = int(snapshot.entities.levers[Lever.DAILY_BUDGET].numbers.sum())

    stands = after(snapshot, decide(strategy, snapshot))

    assert int(stands[Lever.DAILY_BUDGET].sum()) <= before


@every_strategy
def test_a_budget_of_zero_is_no_error(strategy: Strategy) -> None:
    """Some platforms show it for campaigns that draw on a shared budget."""
    snapshot = account_of(Sketch(seed=3, pot=0.9))
    column = snapshot.entities.levers[Lever.DAILY_BUDGET]
    numbers = np.where(np.arange(len(snapshot)) == 2, 0, column.numbers)
    levers = {**snapshot.entities.levers, Lever.DAILY_BUDGET: replace(column, numbers=numbers)}
    snapshot = replace(snapshot, entities=replace(snapshot.entities, levers=levers))

    assert breaches(snapshot, decide(strategy, snapshot)) == []
