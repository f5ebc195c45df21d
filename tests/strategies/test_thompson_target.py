"""Targets under smart bidding: few, small steps on evidence, and a reason for whatever waits."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
import sample
from numpy.typing import ArrayLike

from agent.domain.lever import Lever, Ratio, number_of
from agent.domain.money import Money
from agent.domain.portfolio import Goal, Portfolio
from agent.domain.proposal import Proposal
from agent.domain.snapshot import LeverMemory, Snapshot
from strategies.thompson_target import ThompsonTarget

RICH, POOR = 8.0, 2.0
PORTFOLIO = Portfolio("shop", Goal.VALUE, target_roas=Ratio.of("3.0"))


def an_account(
    returns: tuple[float, ...] = (RICH, POOR),
    *,
    lever: Lever = Lever.TARGET_ROAS,
    scale: float = 1.0,
    conversions: ArrayLike = 10.0,
    budget_lost: ArrayLike = 0.0,
    known: ArrayLike = True,
    portfolio: Portfolio | None = PORTFOLIO,
) -> Snapshot:
    """Campaigns that spend 100 EUR a day and return so much of it; targets stand at what they return."""
    n = len(returns)
    each = np.array(returns)[:, None]
    targets = each[:, 0] if lever is Lever.TARGET_ROAS else 10.0 * scale / each[:, 0] * max(returns)
    table = sample.entities([400.0 * scale] * n, levers={lever: [round(target * 1e6) for target in targets]})
    return sample.snapshot(
        table,
        n_days=56,
        cost=100.0 * scale,
        clicks=200,
        impressions=4000,
        conversions=conversions,
        value=100.0 * scale * each * (np.asarray(conversions) > 0),
        shares=0.5,
        budget_lost=budget_lost,
        rank_lost=0.4,
        known=known,
        portfolio=portfolio,
    )


def said(snapshot: Snapshot, seed: int = 1, **options: float) -> list[Proposal]:
    return list(ThompsonTarget("target", **options).propose(snapshot, np.random.default_rng(seed)))  # type: ignore[arg-type]  # draws is not among them


def moves(snapshot: Snapshot, proposals: list[Proposal]) -> dict[str, float]:
    """Each target that moves, as a factor."""
    found = {}
    for proposal in proposals:
        before = snapshot.entities.number(proposal.ref, proposal.lever)
        assert before
        if number_of(proposal.target) != before:
            found[proposal.ref.id] = number_of(proposal.target) / before
    return found


def changed(snapshot: Snapshot, days_ago: float, lever: Lever = Lever.TARGET_ROAS) -> Snapshot:
    """The same account, whose targets were all changed lately."""
    memory = snapshot.memory[lever]
    at = np.datetime64(snapshot.as_of.replace(tzinfo=None), "s") - np.timedelta64(int(days_ago * 86400), "s")
    recent = LeverMemory(np.full(len(snapshot), at), memory.baseline, memory.stood)
    return replace(snapshot, memory={**snapshot.memory, lever: recent})


def test_who_earns_more_at_the_margin_is_loosened_by_a_small_step() -> None:
    """A lower ROAS asks for more spend: from 8.00 by at most 15 % to 6.96."""
    snapshot = an_account()

    factors = moves(snapshot, said(snapshot))

    assert 1 / 1.151 <= factors["000001"] < 1.0


def test_a_target_cpa_moves_the_other_way() -> None:
    portfolio = Portfolio("shop", Goal.VALUE, target_roas=Ratio.of("3.0"))
    snapshot = an_account(lever=Lever.TARGET_CPA, portfolio=portfolio)

    factors = moves(snapshot, said(snapshot))

    assert 1.0 < factors["000001"] <= 1.15


@pytest.mark.parametrize(
    ("snapshot", "reason"),
    [
        (changed(an_account(), 5), "its target changed 5 days ago and rests for 14"),
        (an_account(conversions=0.5), "14 conversions were reported in four weeks, 30 are needed"),
    ],
)
def test_what_has_to_wait_stays_and_says_why(snapshot: Snapshot, reason: str) -> None:
    proposals = said(snapshot, confidence=0.5)

    assert any(reason in proposal.because for proposal in proposals)
    assert moves(snapshot, proposals) == {}


def test_no_target_is_loosened_where_the_budget_runs_out() -> None:
    """A looser target would buy the same money's worth dearer."""
    snapshot = an_account(budget_lost=0.3)

    assert all(factor > 1.0 for factor in moves(snapshot, said(snapshot, confidence=0.5)).values())


def test_a_target_is_left_alone_while_the_platform_learns() -> None:
    snapshot = an_account()
    learning = replace(snapshot, entities=replace(snapshot.entities, learning=np.array([True, True])))

    proposals = said(learning)

    assert moves(learning, proposals) == {}
    assert all("the platform is still learning" in proposal.because for proposal in proposals)


def test_few_targets_settle_at_a_time() -> None:
    snapshot = an_account((RICH, RICH, RICH, RICH, RICH, POOR))

    assert len(moves(snapshot, said(snapshot, at_once=0.34))) <= 3


@pytest.mark.parametrize(
    "snapshot",
    [
        an_account(known=False),
        an_account(conversions=0.0),
        sample.snapshot(sample.entities([])),
        sample.snapshot(sample.entities([10.0]), n_days=3),
        an_account(()),
    ],
    ids=["unknown", "no conversions", "empty", "three days", "no campaigns"],
)
def test_without_anything_to_learn_from_nothing_is_said(snapshot: Snapshot) -> None:
    assert said(snapshot) == []


def test_one_campaign_alone_follows_the_portfolio() -> None:
    """It returns 8 where 3 is wanted, so there is room."""
    snapshot = an_account((RICH,))

    assert moves(snapshot, said(snapshot))["000001"] < 1.0


def test_ids_and_the_currency_have_no_influence() -> None:
    snapshot = an_account((RICH, POOR, 5.0))
    table = replace(snapshot.entities, ids=np.array(["9", "5", "7"]))
    dear = an_account((RICH, POOR, 5.0), scale=100.0)

    plain = sorted(moves(snapshot, said(snapshot)).values())

    assert sorted(moves(snapshot, said(snapshot)).values()) == plain
    assert sorted(
        number_of(p.target) / int(table.levers[p.lever].numbers[table.row(p.ref) or 0])
        for p in said(replace(snapshot, entities=table))
        if "waits" not in p.because
    ) == pytest.approx(plain)
    assert sorted(moves(dear, said(dear)).values()) == pytest.approx(plain, rel=1e-3)


def test_a_reviewer_reads_what_it_would_bring() -> None:
    proposal = said(an_account())[0]

    assert proposal.because.startswith("looser: the next EUR of value costs")
    assert "40% of impressions lost to rank" in proposal.because
    assert proposal.evidence.expected_effect is not None
    assert proposal.evidence.expected_effect.mean > 0
    assert proposal.evidence.posterior is not None


def test_without_a_pot_or_a_target_the_spend_stays_as_it_is() -> None:
    """What one is given another has to give."""
    snapshot = an_account((RICH, POOR, RICH, POOR), portfolio=Portfolio("shop", Goal.VALUE))

    factors = moves(snapshot, said(snapshot, at_once=1.0, confidence=0.5))

    assert min(factors.values()) < 1.0 < max(factors.values())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_step": 0.6}, "max_step was 0.6"),
        ({"min_step": 0.3}, "min_step was 0.3, at most max_step"),
        ({"confidence": 0.2}, "confidence was 0.2"),
        ({"at_once": 0}, "at_once was 0"),
        ({"rest_days": 0}, "rest_days was 0"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        said(an_account(), **options)


def test_the_money_of_a_target_cpa_is_a_whole_step() -> None:
    snapshot = an_account(lever=Lever.TARGET_CPA)

    for proposal in said(snapshot):
        assert isinstance(proposal.target, Money)
        assert proposal.target.micros % 10_000 == 0
    assert snapshot.as_of == datetime(2026, 11, 21, 6, tzinfo=UTC)
