"""Which lever an entity's lost impressions ask for."""

import numpy as np
import pytest
import sample
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.snapshot import Snapshot
from strategies.levers.lever_choice import Bottleneck, LeverChoice, bottlenecks, lever_choice

SHARE = st.one_of(st.just(float("nan")), st.floats(0, 1))


def a_campaign(**figures: object) -> Snapshot:
    return sample.snapshot(sample.entities([50.0]), n_days=14, **figures)  # type: ignore[arg-type]  # figures only


def choice_of(snapshot: Snapshot) -> LeverChoice:
    return lever_choice(snapshot, np.arange(len(snapshot)))


@pytest.mark.parametrize(
    ("to_budget", "to_rank", "expected"),
    [
        (0.30, 0.02, Bottleneck.BUDGET),
        (0.01, 0.40, Bottleneck.RANK),
        (0.30, 0.60, Bottleneck.BUDGET),
        (0.01, 0.02, Bottleneck.DEMAND),
        (np.nan, 0.40, Bottleneck.UNKNOWN),
        (0.01, np.nan, Bottleneck.UNKNOWN),
        (0.30, np.nan, Bottleneck.BUDGET),
        (np.nan, np.nan, Bottleneck.UNKNOWN),
    ],
)
def test_what_was_lost_says_which_lever_holds_an_entity_back(
    to_budget: float, to_rank: float, expected: Bottleneck
) -> None:
    """While a budget runs out a better rank buys nothing more, so the budget comes first."""
    snapshot = a_campaign(impressions=1000, shares=0.5, budget_lost=to_budget, rank_lost=to_rank)

    assert choice_of(snapshot).bottleneck.tolist() == [expected]


def test_days_weigh_by_the_impressions_that_they_could_have_brought() -> None:
    """A quiet Sunday says less than a busy Monday."""
    busy = np.arange(14) % 2 == 0
    snapshot = a_campaign(
        impressions=np.where(busy, 9000, 100), shares=0.5, budget_lost=np.where(busy, 0.0, 0.5), rank_lost=0.2
    )

    choice = choice_of(snapshot)

    assert choice.lost_to_budget[0] == pytest.approx(4 * 200 * 0.5 / (4 * 200 + 3 * 18000))
    assert choice.bottleneck.tolist() == [Bottleneck.RANK]


def test_unknown_days_are_left_out_and_too_few_others_tell_nothing() -> None:
    known = np.arange(14) >= 12
    few = a_campaign(impressions=1000, shares=0.5, budget_lost=0.4, rank_lost=0.2, known=known)
    wrong = np.where(np.arange(14) == 13, 0.9, 0.0)
    unknown_day = a_campaign(
        impressions=1000, shares=0.5, budget_lost=wrong, rank_lost=0.2, known=np.arange(14) < 13
    )

    assert choice_of(few).bottleneck.tolist() == [Bottleneck.UNKNOWN]
    assert np.isnan(choice_of(few).lost_to_budget[0])
    assert choice_of(unknown_day).lost_to_budget.tolist() == [0.0]


def test_shares_without_impression_shares_count_day_by_day() -> None:
    """A file may tell what was lost and not what was won."""
    snapshot = a_campaign(impressions=1000, budget_lost=0.4, rank_lost=0.2)

    assert choice_of(snapshot).lost_to_budget[0] == pytest.approx(0.4)


def test_a_reviewer_reads_what_is_told_and_nothing_else() -> None:
    both = a_campaign(impressions=1000, shares=0.5, budget_lost=0.25, rank_lost=0.125)
    neither = a_campaign(impressions=1000)

    assert choice_of(both).sentence(0) == "25% of impressions lost to budget, 12% of impressions lost to rank"
    assert choice_of(neither).sentence(0) == ""


def test_an_account_without_entities_or_days_is_no_error() -> None:
    assert len(choice_of(sample.snapshot(sample.entities([]))).bottleneck) == 0
    assert choice_of(sample.snapshot(sample.entities([5.0]), n_days=0)).bottleneck.tolist() == ["unknown"]


@given(shares=st.lists(st.tuples(SHARE, SHARE), max_size=8), seed=st.integers(0, 99))
def test_rows_are_judged_one_by_one(shares: list[tuple[float, float]], seed: int) -> None:
    """Who else is there, and in which order, has no influence."""
    columns = np.array(shares, dtype=float).reshape(-1, 2)
    order = np.random.default_rng(seed).permutation(len(columns))

    together = bottlenecks(columns[:, 0], columns[:, 1])
    shuffled = bottlenecks(columns[order, 0], columns[order, 1])

    assert shuffled.tolist() == together[order].tolist()
    assert set(together.tolist()) <= {bottleneck.value for bottleneck in Bottleneck}
