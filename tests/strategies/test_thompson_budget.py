"""Thompson budget learns a small market, says why, and keeps to targets and caution."""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pytest
import sample

from agent.domain.lever import Lever, Ratio, number_of
from agent.domain.money import Money
from agent.domain.portfolio import Goal, Limits, Portfolio
from agent.domain.snapshot import Snapshot
from agent.ports.deciding import Strategy
from strategies.proportional_roas import ProportionalRoas
from strategies.thompson_budget import ThompsonBudget


@dataclass(frozen=True)
class Market:
    """Value grows as a power of spend; the best split of a pot is known in closed form."""

    elasticity: float
    worth: np.ndarray

    def value(self, budgets: np.ndarray) -> float:
        return float((self.worth * budgets**self.elasticity).sum())

    def best(self, pot: float) -> float:
        shares = self.worth ** (1 / (1 - self.elasticity))
        return self.value(pot * shares / shares.sum())


def play(strategy: Strategy, market: Market, seed: int, n_days: int, portfolio: Portfolio) -> list[float]:
    """Value share of the best split on each day, from an equal start."""
    rng = np.random.default_rng(seed)
    n = len(market.worth)
    assert portfolio.daily_pot is not None
    pot = portfolio.daily_pot.micros / 1e6
    budgets = np.full(n, pot / n)
    spend, clicks, conversions = (np.zeros((n, n_days)) for _ in range(3))
    shares = []
    for day in range(n_days):
        if day:
            past = np.s_[:, :day]
            snapshot = sample.snapshot(
                sample.entities(budgets.tolist()),
                n_days=day,
                cost=spend[past],
                clicks=clicks[past],
                conversions=conversions[past],
                value=conversions[past] * 50.0,
                portfolio=portfolio,
            )
            for proposal in strategy.propose(snapshot, rng):
                assert isinstance(proposal.target, Money)
                budgets[int(proposal.ref.id) - 1] = proposal.target.micros / 1e6
        noise = np.exp(rng.normal(0.0, 0.1, n))
        mean = market.worth * budgets**market.elasticity / 50.0 * noise
        spend[:, day] = np.round(budgets * 0.99, 2)
        clicks[:, day] = rng.poisson(mean * 20)
        conversions[:, day] = rng.binomial(clicks[:, day].astype(int), 0.05)
        shares.append(market.value(budgets) / market.best(pot))
    return shares


def a_portfolio(pot: str, step: Fraction | None = None, target_roas: str | None = None) -> Portfolio:
    return Portfolio(
        "shop",
        Goal.VALUE,
        daily_pot=Money.of(pot, "EUR"),
        target_roas=None if target_roas is None else Ratio.of(target_roas),
        limits=Limits(Money.of("5", "EUR"), Money.of("5000", "EUR"), step),
    )


@pytest.mark.parametrize("step", [None, Fraction(1, 5)])
def test_it_finds_a_better_split_than_the_proportional_rule(step: Fraction | None) -> None:
    """Ten campaigns of very different worth: above 96 % of the best split after three weeks."""
    worth = np.exp(np.random.default_rng(9).normal(3.5, 0.5, 10))
    market = Market(0.6, worth)
    thompson, simple = [], []
    for seed in range(4):
        portfolio = a_portfolio("1000", step)
        thompson.append(np.mean(play(ThompsonBudget("t"), market, seed, 30, portfolio)[21:]))
        simple.append(np.mean(play(ProportionalRoas("p"), market, seed, 30, portfolio)[21:]))

    assert np.mean(thompson) > 0.96
    assert np.mean(thompson) > np.mean(simple) + 0.01


@pytest.mark.parametrize("elasticity", [0.15, 0.95])
def test_two_campaigns_with_odd_responses_are_not_worse_off_than_with_the_proportional_rule(
    elasticity: float,
) -> None:
    """Nearly flat and nearly linear: where a firm belief in usual shapes would do harm."""
    market = Market(elasticity, np.array([30.0, 45.0]))
    thompson, simple = [], []
    for seed in range(4):
        thompson.append(np.mean(play(ThompsonBudget("t"), market, seed, 30, a_portfolio("200"))[14:]))
        simple.append(np.mean(play(ProportionalRoas("p"), market, seed, 30, a_portfolio("200"))[14:]))

    assert np.mean(thompson) > np.mean(simple) - 0.01


def lively(portfolio: Portfolio, n: int = 4, n_days: int = 40, **more: object) -> Snapshot:
    """Four campaigns, the later the better."""
    rng = np.random.default_rng(4)
    spend = 100.0 * np.exp(rng.normal(0, 0.3, (n, n_days)))
    clicks = rng.poisson(100 * (spend / 100) ** 0.6)
    conversions = rng.binomial(clicks, np.linspace(0.02, 0.08, n)[:, None])
    return sample.snapshot(
        sample.entities([100.0] * n),
        n_days=n_days,
        cost=np.round(spend, 2),
        clicks=clicks,
        conversions=conversions,
        value=conversions * 50.0,
        portfolio=portfolio,
        **more,  # type: ignore[arg-type]  # matrices of figures
    )


def test_a_budget_that_lasts_all_day_is_not_raised() -> None:
    """What is lost to rank asks for a bid or a target; the same campaigns are raised when budgets run out."""
    at_rank = lively(a_portfolio("400"), budget_lost=0.0, rank_lost=0.4)
    at_budget = lively(a_portfolio("400"), budget_lost=0.4, rank_lost=0.1)

    kept, raised = (
        [
            proposal
            for proposal in ThompsonBudget("thompson").propose(snapshot, np.random.default_rng(0))
            if number_of(proposal.target) > 100_000_000
        ]
        for snapshot in (at_rank, at_budget)
    )

    assert not kept
    assert raised
    assert "lost to rank" in raised[0].because


def test_a_proposal_says_why_with_numbers_and_carries_its_evidence() -> None:
    snapshot = lively(a_portfolio("400"), budget_lost=0.12)

    proposals = list(ThompsonBudget("thompson").propose(snapshot, np.random.default_rng(0)))

    raised = max(proposals, key=lambda proposal: str(proposal.ref))
    assert raised.because.startswith("the next EUR here returns ")
    assert "on average in the pot" in raised.because
    assert raised.because.endswith("12% of impressions lost to budget")
    evidence = raised.evidence
    assert evidence.posterior is not None
    assert evidence.expected_effect is not None
    assert evidence.posterior.low < evidence.posterior.mean < evidence.posterior.high
    assert evidence.expected_effect.mean > 0
    assert evidence.posterior_of == "conversion value in EUR per day at the new budget"
    assert evidence.propensity is not None
    assert 0.5 < evidence.propensity <= 1
    assert [figure.name for figure in evidence.figures] == [
        "cost_14d",
        "clicks_14d",
        "conversions_14d reported",
        "conversions_14d expected",
        "roas_14d expected",
        "return of the next unit",
    ]


def test_under_the_goal_conversions_money_is_no_matter() -> None:
    """Orders of the last campaign are worth next to nothing, but they are orders."""
    portfolio = replace(a_portfolio("400"), goal=Goal.CONVERSIONS)
    snapshot = lively(portfolio)
    value = snapshot.metrics.conversion_value_micros.copy()
    value[-1] //= 100
    snapshot = replace(snapshot, metrics=replace(snapshot.metrics, conversion_value_micros=value))

    proposals = {
        proposal.ref.id: proposal
        for proposal in ThompsonBudget("thompson").propose(snapshot, np.random.default_rng(0))
    }

    assert proposals["000004"].target > Money.of(100, "EUR")  # type: ignore[operator]  # a budget is money
    assert proposals["000004"].because.startswith("one more conversion here costs ")


def test_a_target_roas_lowers_spend_until_it_is_met() -> None:
    free, bound = lively(a_portfolio("400")), lively(a_portfolio("400", target_roas="4.5"))

    def spend_after(snapshot: Snapshot) -> int:
        numbers = snapshot.entities.levers[Lever.DAILY_BUDGET].numbers.copy()
        for proposal in ThompsonBudget("t").propose(snapshot, np.random.default_rng(0)):
            assert isinstance(proposal.target, Money)
            numbers[int(proposal.ref.id) - 1] = proposal.target.micros
        return int(numbers.sum())

    assert spend_after(free) > 380e6
    assert spend_after(bound) < 300e6


@pytest.mark.parametrize("conversions", [0, 1])
@pytest.mark.parametrize("target", [None, "2"])
def test_where_nothing_was_earned_it_leaves_everything_as_it_is(conversions: int, target: str | None) -> None:
    """No conversions, or conversions of a shop that does not report their value."""
    snapshot = sample.snapshot(
        sample.entities([10.0, 20.0]),
        cost=8.0,
        clicks=5,
        conversions=conversions,
        portfolio=a_portfolio("30", target_roas=target),
    )

    assert list(ThompsonBudget("t").propose(snapshot, np.random.default_rng(0))) == []


def test_caution_keeps_budgets_nearer_to_what_they_are() -> None:
    snapshot = lively(a_portfolio("400"), n_days=2)

    def moved(caution: float) -> float:
        strategy = ThompsonBudget("t", caution=caution, min_change=0.0)
        proposals = strategy.propose(snapshot, np.random.default_rng(0))
        return sum(abs(p.target.micros - 100e6) for p in proposals)  # type: ignore[union-attr]  # budgets are money

    assert moved(100.0) < 0.5 * moved(0.0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"draws": 0}, "draws was 0, 1 to 1000 is right"),
        ({"growth": 1.0}, "growth was 1.0, a number above 1 is right"),
    ],
)
def test_odd_options_are_refused(options: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ThompsonBudget("t", **options)  # type: ignore[arg-type]  # as config.toml would
