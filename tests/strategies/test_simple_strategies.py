"""The simple strategies do what their names say, on accounts small enough to work out by hand."""

import numpy as np
import pytest
import sample

from agent.domain.lever import Ratio
from agent.domain.money import Money
from agent.domain.portfolio import Goal, Portfolio
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from agent.ports.deciding import Strategy
from strategies.equal_split import EqualSplit
from strategies.hold import Hold
from strategies.proportional_roas import ProportionalRoas
from strategies.target_cpa import TargetCpa
from strategies.target_roas import TargetRoas


def proposals(strategy: Strategy, snapshot: Snapshot) -> list[Proposal]:
    return list(strategy.propose(snapshot, np.random.default_rng(0)))


def targets(strategy: Strategy, snapshot: Snapshot) -> list[str]:
    return [str(proposal.target) for proposal in proposals(strategy, snapshot)]


def pot(amount: str, target_cpa: str | None = None, target_roas: str | None = None) -> Portfolio:
    return Portfolio(
        "shop",
        Goal.VALUE,
        daily_pot=Money.of(amount, "EUR"),
        target_cpa=None if target_cpa is None else Money.of(target_cpa, "EUR"),
        target_roas=None if target_roas is None else Ratio.of(target_roas),
    )


def test_hold_proposes_nothing() -> None:
    assert proposals(Hold("hold"), sample.snapshot(sample.entities([10.0, 20.0]), cost=5.0)) == []


def test_an_equal_split_gives_everybody_the_same() -> None:
    snapshot = sample.snapshot(sample.entities([10.0, 20.0, 60.0]), portfolio=pot("90"))

    assert targets(EqualSplit("even"), snapshot) == ["30.00 EUR", "30.00 EUR", "30.00 EUR"]


def test_shares_follow_the_return_of_each_campaign() -> None:
    snapshot = sample.snapshot(
        sample.entities([50.0, 50.0]), cost=10.0, conversions=1, value=[[10.0], [30.0]], portfolio=pot("100")
    )

    assert targets(ProportionalRoas("share"), snapshot) == ["25.00 EUR", "75.00 EUR"]


def test_a_campaign_that_spent_nothing_is_taken_for_average() -> None:
    snapshot = sample.snapshot(
        sample.entities([30.0, 30.0, 30.0]),
        cost=[[10.0], [10.0], [0.0]],
        conversions=[[1], [1], [0]],
        value=[[10.0], [30.0], [0.0]],
        portfolio=pot("60"),
    )

    assert targets(ProportionalRoas("share"), snapshot) == ["10.00 EUR", "20.00 EUR"]


def test_a_campaign_above_its_target_cpa_is_cut_and_one_below_grows() -> None:
    """CPA 40 and 10 against a target of 20: about 0.5 and 2 times, under gain 1."""
    snapshot = sample.snapshot(
        sample.entities([50.0, 50.0]),
        cost=40.0,
        conversions=[[1.0], [4.0]],
        portfolio=pot("500", target_cpa="20"),
    )

    cut, grown = proposals(TargetCpa("cpa", gain=1.0), snapshot)

    assert cut.target.micros == pytest.approx(25e6, rel=0.05)  # type: ignore[union-attr]  # a budget is money
    assert grown.target.micros == pytest.approx(100e6, rel=0.05)  # type: ignore[union-attr]  # a budget is money
    assert cut.because == (
        "14.0 conversions (with those still to come) for 560.00 EUR in 14 days, "
        "where a CPA of 20.00 EUR asks for 28.0"
    )


def test_conversions_still_to_come_are_counted() -> None:
    """On target once the missing half has come in: nothing to do."""
    snapshot = sample.snapshot(
        sample.entities([50.0]),
        cost=40.0,
        conversions=1.0,
        maturity=0.5,
        portfolio=pot("50", target_cpa="20"),
    )

    assert targets(TargetCpa("cpa"), snapshot) == []


def test_thin_evidence_changes_nothing() -> None:
    snapshot = sample.snapshot(
        sample.entities([50.0]), n_days=14, cost=1.0, conversions=0.0, portfolio=pot("50", target_cpa="20")
    )

    assert targets(TargetCpa("cpa"), snapshot) == []


def test_spend_without_any_conversion_is_cut_once_the_target_would_have_bought_enough() -> None:
    snapshot = sample.snapshot(
        sample.entities([50.0]), cost=40.0, conversions=0.0, portfolio=pot("50", target_cpa="20")
    )

    assert len(targets(TargetCpa("cpa"), snapshot)) == 1


def test_a_target_roas_moves_budgets_the_same_way() -> None:
    snapshot = sample.snapshot(
        sample.entities([50.0, 50.0]),
        cost=40.0,
        conversions=[[2.0], [2.0]],
        value=[[40.0], [160.0]],
        portfolio=pot("500", target_roas="2"),
    )

    cut, grown = proposals(TargetRoas("roas", gain=1.0), snapshot)

    assert cut.target.micros < 30e6  # type: ignore[union-attr]  # a budget is money
    assert grown.target.micros > 90e6  # type: ignore[union-attr]  # a budget is money
    assert cut.because == "the ROAS of 14 days, with conversions still to come, is 1.00 and should be 2.00"


@pytest.mark.parametrize("strategy", [TargetCpa("cpa"), TargetRoas("roas")])
def test_without_a_target_there_is_nothing_to_steer_towards(strategy: Strategy) -> None:
    snapshot = sample.snapshot(sample.entities([50.0]), cost=40.0, conversions=1.0, portfolio=pot("50"))

    assert targets(strategy, snapshot) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"gain": 0.0}, "gain was 0.0, a number above 0 and up to 2 is right"),
        ({"dead_band": 1.5}, "dead_band was 1.5, a share from 0 to below 1 is right"),
        ({"window_days": 0}, "window_days was 0, 1 or more is right"),
    ],
)
def test_options_that_make_no_sense_are_refused_with_what_is_right(
    options: dict[str, float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        TargetCpa("cpa", **options)  # type: ignore[arg-type]  # as config.toml would
