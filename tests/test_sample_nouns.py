"""The sample builders make what they say, so that tests that stand on them mean something."""

import sample

from agent.domain.lever import Lever
from agent.domain.money import Money


def test_a_sample_snapshot_ends_yesterday_and_holds_budgets_in_micros() -> None:
    """A reader of other tests may trust the sample."""
    snapshot = sample.snapshot(sample.entities([50.0, None]), n_days=7, cost=2.5)

    assert str(snapshot.days[-1]) == "2026-11-20"
    assert snapshot.metrics.cost_micros.shape == (2, 7)
    assert snapshot.entities.value(0, Lever.DAILY_BUDGET) == Money.of("50.00", "EUR")
    assert snapshot.entities.value(1, Lever.DAILY_BUDGET) is None
    assert snapshot.steerable(Lever.DAILY_BUDGET).tolist() == [True, False]
