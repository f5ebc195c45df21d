"""A platform's simulations of other budgets tell how clicks grow, humbly."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
import sample
from numpy.typing import NDArray

from agent.domain.advice import Advice, ResponseCurve, ResponsePoint
from agent.domain.lever import Lever, number_of
from agent.domain.money import MICROS, Money
from agent.domain.portfolio import Goal, Portfolio
from agent.domain.ref import Kind
from agent.domain.snapshot import Snapshot
from strategies.budgets.pot import open_pot
from strategies.response.hints import read_hints
from strategies.response.history import read_history
from strategies.response.model import learn
from strategies.response.shapes import dictionary
from strategies.thompson_budget import ThompsonBudget

ELASTICITIES = np.array([0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95])
N = len(ELASTICITIES)
SHAPES = dictionary()


def account(seed: int, n_days: int = 14) -> Snapshot:
    """Eight young campaigns whose budgets have stood still; each click is worth the same everywhere."""
    rng = np.random.default_rng(seed)
    spend = 100.0 * np.exp(0.03 * rng.standard_normal((N, n_days)))
    clicks = rng.poisson(true_clicks(spend) * np.exp(0.1 * rng.standard_normal(spend.shape)))
    conversions = rng.binomial(clicks, 0.05)
    return sample.snapshot(
        sample.entities([100.0] * N, age_days=n_days),
        n_days=n_days,
        cost=np.round(spend, 2),
        clicks=clicks,
        conversions=conversions,
        value=conversions * 60.0,
        portfolio=Portfolio("all", Goal.VALUE, Money.of(100 * N, "EUR")),
    )


def true_clicks(spend: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of a day of each row, shape (n, k)."""
    clicks: NDArray[np.float64] = 200.0 * (spend / 100.0) ** ELASTICITIES[:, None]
    return clicks


def simulations(seed: int, *, error: float, n_points: int = 7) -> Advice:
    """A week at half to double the budget: each curve with a wrong level, each point off by chance."""
    rng = np.random.default_rng(seed)
    spend = np.broadcast_to(100.0 * 2.0 ** np.linspace(-1, 1, n_points), (N, n_points))
    level = np.exp(0.2 * rng.standard_normal((N, 1)))
    clicks = 7 * true_clicks(spend) * level * np.exp(error * rng.standard_normal(spend.shape))
    until = sample.TODAY - timedelta(days=2)
    return Advice(
        responses=tuple(
            ResponseCurve(
                Kind.CAMPAIGN,
                f"{row + 1:06d}",
                Lever.DAILY_BUDGET,
                until - timedelta(days=6),
                until,
                tuple(
                    ResponsePoint(round(cost * MICROS), round(7 * cost * MICROS), count, None, None)
                    for cost, count in zip(spend[row].tolist(), clicks[row].tolist(), strict=True)
                ),
            )
            for row in range(N)
        )
    )


def true_value(snapshot: Snapshot) -> float:
    """What a day would bring at the budgets that are proposed, in clicks."""
    budgets = np.full(N, 100.0)
    for proposal in ThompsonBudget("it", draws=200, min_change=0.0).propose(
        snapshot, np.random.default_rng(1)
    ):
        row = snapshot.entities.row(proposal.ref)
        assert row is not None
        budgets[row] = number_of(proposal.target) / MICROS
    return float(true_clicks(budgets[:, None]).sum())


def believed(snapshot: Snapshot) -> NDArray[np.float64]:
    """Mean elasticity at the reference, in the order of the table."""
    pot = open_pot(snapshot)
    history = read_history(snapshot, pot, 90)
    model = learn(history, Goal.VALUE, read_hints(snapshot, pot, history, SHAPES))
    found = np.empty(N)
    found[pot.rows] = model.clicks.weights @ SHAPES.elasticity
    return found


def test_simulations_sharpen_what_a_young_account_does_with_its_money() -> None:
    """Seeds 0 to 9: points off by a tenth tell three quarters of what two weeks without moves cannot."""
    alone, told, error_alone, error_told = [], [], [], []
    for seed in range(10):
        young = account(seed)
        hinted = replace(young, advice=simulations(seed, error=0.1))
        alone.append(true_value(young))
        told.append(true_value(hinted))
        error_alone.append(np.abs(believed(young) - ELASTICITIES).mean())
        error_told.append(np.abs(believed(hinted) - ELASTICITIES).mean())

    assert np.mean(told) > 1.03 * np.mean(alone)
    assert np.mean(error_told) < 0.5 * np.mean(error_alone)


def test_budgets_that_moved_outweigh_a_simulation_that_is_wrong() -> None:
    """Two months of moves show 0.4; the platform, which sells the clicks, says 0.98."""
    rng = np.random.default_rng(4)
    spend = 100.0 * np.exp(0.5 * rng.standard_normal((N, 60)))
    clicks = rng.poisson(200.0 * (spend / 100.0) ** 0.4 * np.exp(0.1 * rng.standard_normal(spend.shape)))
    snapshot = sample.snapshot(sample.entities([100.0] * N), n_days=60, cost=spend, clicks=clicks)
    rosy = tuple(
        replace(curve, points=tuple(replace(p, clicks=(p.number / MICROS) ** 0.98) for p in curve.points))
        for curve in simulations(1, error=0.0).responses
    )

    found = believed(replace(snapshot, advice=Advice(responses=rosy)))

    assert np.abs(found - 0.4).max() < 0.12


def test_many_points_count_as_few() -> None:
    """A simulation of seventy points is not ten times as sure as one of seven."""
    snapshot = account(1)

    some, many = (spread(replace(snapshot, advice=simulations(1, error=0.0, n_points=n))) for n in (7, 70))

    assert many == pytest.approx(some, rel=0.35)


@pytest.mark.parametrize("days_old", [0, 29])
def test_the_newest_simulation_of_a_campaign_counts(days_old: int) -> None:
    """However they are ordered; one that ended more than a month ago says nothing."""
    snapshot = account(1)
    newest = simulations(1, error=0.0).responses[0]
    newest = ended(newest, days_old)
    flat = tuple(replace(point, clicks=50.0) for point in newest.points)
    older = replace(ended(newest, days_old + 1), points=flat)
    ancient = ended(newest, 31)

    alone = hints_of(replace(snapshot, advice=Advice(responses=(newest,))))

    assert alone is not None and alone.any()
    for responses in ((newest, older), (older, newest)):
        found = hints_of(replace(snapshot, advice=Advice(responses=responses)))
        assert found is not None
        np.testing.assert_array_equal(found, alone)
    assert hints_of(replace(snapshot, advice=Advice(responses=(ancient,)))) is None


def test_simulations_of_other_levers_and_strangers_and_without_clicks_say_nothing() -> None:
    """They are about something else."""
    snapshot = account(1)
    curve = simulations(1, error=0.0).responses[0]
    silent = tuple(replace(point, clicks=None) for point in curve.points)
    others = (
        replace(curve, lever=Lever.TARGET_ROAS),
        replace(curve, id="nobody"),
        replace(curve, points=silent),
    )

    assert hints_of(replace(snapshot, advice=Advice(responses=others))) is None


def ended(curve: ResponseCurve, days_ago: int) -> ResponseCurve:
    until = sample.TODAY - timedelta(days=days_ago)
    return replace(curve, since=until - timedelta(days=6), until=until)


def hints_of(snapshot: Snapshot) -> NDArray[np.float32] | None:
    pot = open_pot(snapshot)
    return read_hints(snapshot, pot, read_history(snapshot, pot, 90), SHAPES)


def spread(snapshot: Snapshot) -> float:
    """How far the log likelihoods of the shapes lie apart."""
    found = hints_of(snapshot)
    assert found is not None
    return float(np.ptp(found, axis=1).mean())
