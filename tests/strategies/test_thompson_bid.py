"""Thompson bid keeps to the pot, to what may be bid on and to targets, and says why."""

from dataclasses import replace

import numpy as np
import pytest
from bid_accounts import a_portfolio, account, google, morning_of

from agent.domain.lever import Lever, Ratio
from agent.domain.money import MICROS, Money
from agent.domain.portfolio import Goal
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from simulations.laboratory.bids.auctions import Auctions
from simulations.laboratory.bids.track import run
from simulations.laboratory.bids.worlds import WORLDS
from simulations.laboratory.trial import Trial
from strategies.bids.book import open_book
from strategies.thompson_bid import ThompsonBid


def bids_of(snapshot: Snapshot, strategy: ThompsonBid | None = None) -> dict[str, Proposal]:
    """Proposals by the id of what they are about."""
    decider = ThompsonBid("bids") if strategy is None else strategy
    return {one.ref.id: one for one in decider.propose(snapshot, np.random.default_rng(0))}


def test_it_earns_more_than_raw_values_per_click() -> None:
    """Two draws of twenty ad groups, days 15 to 30, on the same auctions."""
    shares = {
        policy: [run(Trial("B", policy, "B2", seed, 30)).value[14:].mean() for seed in (20, 21)]
        for policy in ("thompson_bid", "raw_value")
    }

    assert np.mean(shares["thompson_bid"]) > 0.95
    assert np.mean(shares["thompson_bid"]) > np.mean(shares["raw_value"])


def test_who_runs_out_of_budget_bids_less() -> None:
    """Bids four times too high, most of the day lost: the sum foreseen comes down to the pot."""
    morning = morning_of("B2", middle=4.0)
    assert morning.delivered[-1] < 0.6

    proposals = bids_of(morning.snapshot)

    bids = morning.present.astype(np.float64)
    for id_, proposal in proposals.items():
        assert isinstance(proposal.target, Money)
        bids[int(id_)] = proposal.target.micros
    auctions, today = Auctions(WORLDS["B2"], 2, 30), np.array([25])
    cost = (auctions.volume(today) * auctions.landscape(today).paid(bids / MICROS)).sum()
    assert np.median(bids / morning.present) < 0.8
    assert cost == pytest.approx(morning.pot_micros / MICROS, rel=0.15)
    assert any("of impressions lost to budget" in one.because for one in proposals.values())


def test_an_account_as_google_has_it_moves_the_bids_of_its_keywords_alone() -> None:
    """Campaigns, ad groups and keywords in one snapshot; a keyword without a bid of its own stays out."""
    table = google([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, None])

    proposals = bids_of(account(table, portfolio=a_portfolio("60")))

    assert proposals
    assert all("~" in id_ for id_ in proposals)
    assert "23~907" not in proposals
    assert all(one.lever is Lever.CPC_BID and one.group == "shop" for one in proposals.values())


def test_an_ad_groups_bid_moves_where_its_keywords_have_none() -> None:
    """A keyword's own bid overrules that of its ad group."""
    own = [1.0, 1.0, None, None, None, None, None, None]
    table = google(own, campaigns=(100.0, None), ad_groups=(1.0, 1.0, None, None))
    group = table.kinds == "ad_group"
    snapshot = account(table, portfolio=a_portfolio("30"))
    clicks = snapshot.metrics.clicks + np.where(group[:, None], 40, 0)
    cost = snapshot.metrics.cost_micros + np.where(group[:, None], 20 * MICROS, 0)

    proposals = bids_of(replace(snapshot, metrics=replace(snapshot.metrics, clicks=clicks, cost_micros=cost)))

    assert "21" in proposals
    assert "20" not in proposals


def test_smart_bidding_leaves_nothing_to_bid() -> None:
    table = google([None] * 8, ad_groups=(None, None, None, None))

    assert bids_of(account(table, portfolio=a_portfolio("60"))) == {}


def test_keywords_of_a_paused_campaign_are_left_alone() -> None:
    table = google([1.0] * 8, status=(0, 1))

    proposals = bids_of(account(table, portfolio=a_portfolio("30")))

    assert proposals
    assert not [id_ for id_ in proposals if id_.startswith(("20~", "21~"))]


def test_without_a_pot_the_budgets_of_the_campaigns_are_the_pot() -> None:
    """What the keywords may cost is what their campaigns have."""
    book = open_book(account(google([1.0] * 8, campaigns=(70.0, 30.0)), portfolio=a_portfolio()))
    other = open_book(account(google([1.0] * 8, campaigns=(None, None)), portfolio=a_portfolio()))

    assert book is not None and other is not None
    assert book.amount == 100 * MICROS
    assert other.amount == pytest.approx(8 * 40 * 0.5 * MICROS, rel=0.05)


def test_a_campaign_that_runs_out_bids_less_than_its_twin() -> None:
    """One price for the pot, and a higher one where a campaign's own budget would not last."""
    table = google([1.0] * 8, campaigns=(40.0, 200.0))

    proposals = bids_of(account(table, portfolio=a_portfolio("160")))

    book = {id_: one.target.micros for id_, one in proposals.items() if isinstance(one.target, Money)}
    poor = [book.get(f"{20 + row // 2}~{900 + row}", MICROS) for row in range(4)]
    rich = [book.get(f"{20 + row // 2}~{900 + row}", MICROS) for row in range(4, 8)]
    assert max(poor) < min(rich)


def test_a_target_roas_holds_money_back() -> None:
    """Value is about 3 times the cost now; to get more out of each unit fewer clicks are bought."""
    table = google([1.0] * 8)
    plain = bids_of(account(table, portfolio=a_portfolio("160")))
    strict = bids_of(account(table, portfolio=a_portfolio("160", target_roas=Ratio.of("4.5"))))

    def total(proposals: dict[str, Proposal]) -> int:
        moved = {id_: one.target.micros for id_, one in proposals.items() if isinstance(one.target, Money)}
        return sum(moved.get(f"{20 + row // 2}~{900 + row}", MICROS) for row in range(8))

    assert total(strict) < 0.95 * total(plain)


@pytest.mark.parametrize("goal", Goal)
def test_a_proposal_says_why_with_numbers_and_carries_its_evidence(goal: Goal) -> None:
    snapshot = account(
        google([1.0] * 8), rate=0.05, portfolio=replace(a_portfolio("50"), goal=goal), lost=0.2
    )

    proposal = next(iter(bids_of(snapshot).values()))

    start = "a click brings " if goal is Goal.VALUE else "one click in "
    assert proposal.because.startswith(start)
    assert "conversions of its own" in proposal.because
    assert " a day expected (" in proposal.because
    evidence = proposal.evidence
    assert evidence.posterior is not None and evidence.expected_effect is not None
    assert 0 < evidence.posterior.low < evidence.posterior.mean < evidence.posterior.high
    assert evidence.expected_effect.low < evidence.expected_effect.mean < evidence.expected_effect.high
    assert evidence.posterior_of.endswith("per day at the new bid, all others moved too")
    assert evidence.propensity is not None and 0 <= evidence.propensity <= 1
    assert evidence.maturity == 1.0
    assert [figure.name for figure in evidence.figures][-3:] == [
        "worth of a click",
        "price of money",
        "share of the bid that is paid",
    ]


def test_without_a_conversion_it_is_silent() -> None:
    assert bids_of(account(google([1.0] * 8), rate=0.0, portfolio=a_portfolio("50"))) == {}


@pytest.mark.parametrize("option", ["draws", "curiosity", "min_change", "history_days", "landscape_days"])
def test_options_that_make_no_sense_are_refused(option: str) -> None:
    with pytest.raises(ValueError, match=f"{option} was -1"):
        ThompsonBid("bids", **{option: -1})  # type: ignore[arg-type]  # every option is a number
