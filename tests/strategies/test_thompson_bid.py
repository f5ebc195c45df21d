"""Thompson bid learns worth, prices and the price rule, keeps to the pot, and says why."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import sample

from agent.domain.entity import EntityTable, entity_table
from agent.domain.lever import Lever, Ratio
from agent.domain.money import MICROS, Money
from agent.domain.portfolio import Goal, Limits, Portfolio
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from simulations.laboratory.bids.auctions import Auctions
from simulations.laboratory.bids.diary import Diary
from simulations.laboratory.bids.morning import Morning
from simulations.laboratory.bids.track import run
from simulations.laboratory.bids.worlds import WORLDS
from simulations.laboratory.trial import Trial
from strategies.bids.book import open_book
from strategies.bids.landscape import Landscape, learn_landscape
from strategies.bids.past import read_past
from strategies.bids.worth import Worth, learn_worth
from strategies.thompson_bid import ThompsonBid


def bids_of(snapshot: Snapshot, strategy: ThompsonBid | None = None) -> dict[str, Proposal]:
    """Proposals by the id of what they are about."""
    decider = ThompsonBid("bids") if strategy is None else strategy
    return {one.ref.id: one for one in decider.propose(snapshot, np.random.default_rng(0))}


def morning_of(world: str, n_days: int = 25, middle: float = 1.0, seed: int = 2) -> Morning:
    """A morning after days of bids around `middle`, different every day."""
    auctions = Auctions(WORLDS[world], seed, n_days)
    diary, rng = Diary(auctions, n_days), np.random.default_rng(1)
    bids = np.full(len(auctions), MICROS)
    for day in range(n_days):
        drawn = middle * np.exp(0.4 * rng.standard_normal(len(auctions)))
        bids = (drawn * 100).astype(np.int64) * 10_000
        diary.enter(bids, auctions.outcome(day, bids))
    return diary.morning(bids)


def landscape_of(snapshot: Snapshot) -> Landscape:
    book = open_book(snapshot)
    assert book is not None
    return learn_landscape(read_past(snapshot, book, 35))


def test_it_earns_more_than_raw_values_per_click() -> None:
    """Two draws of twenty ad groups, days 15 to 30, on the same auctions."""
    shares = {
        policy: [run(Trial("B", policy, "B2", seed, 30)).value[14:].mean() for seed in (20, 21)]
        for policy in ("thompson_bid", "raw_value")
    }

    assert np.mean(shares["thompson_bid"]) > 0.95
    assert np.mean(shares["thompson_bid"]) > np.mean(shares["raw_value"])


@pytest.mark.parametrize(("world", "low", "high"), [("B1", 0.0, 0.1), ("B6", 0.3, 0.7), ("B5", 0.9, 1.0)])
def test_it_finds_out_what_part_of_a_bid_is_paid(world: str, low: float, high: float) -> None:
    """Second price, half and half, first price: from cost and bids alone."""
    found = landscape_of(morning_of(world).snapshot)

    assert low <= found.paid_as_bid <= high


@pytest.mark.parametrize("world", ["B1", "B5", "B7"])
def test_cost_and_clicks_of_other_bids_are_foreseen(world: str) -> None:
    """All together within a tenth at bids a third higher and lower than what was tried on average."""
    morning = morning_of(world)
    auctions, today = Auctions(WORLDS[world], 2, 30), np.array([25])
    book = open_book(morning.snapshot)
    assert book is not None
    found = landscape_of(morning.snapshot)

    for bid in (0.75, 1.33):
        bids = np.full(len(auctions), bid)
        cost = (auctions.volume(today) * auctions.landscape(today).paid(bids)).sum()
        clicks = (auctions.volume(today) * auctions.landscape(today).won(bids)).sum()
        assert found.cost_at(bids * MICROS).sum() / MICROS == pytest.approx(cost, rel=0.1)
        assert found.clicks_at(bids * MICROS).sum() == pytest.approx(clicks, rel=0.1)


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


def google(
    bids: Sequence[float | None],
    *,
    campaigns: Sequence[float | None] = (100.0, 100.0),
    ad_groups: Sequence[float | None] = (1.0, 1.0, 1.0, 1.0),
    status: Sequence[int] = (1, 1),
) -> EntityTable:
    """Two campaigns, two ad groups in each, and their keywords, as an account on Google has them."""
    n_campaigns, n_groups, n = len(campaigns), len(ad_groups), len(bids)
    group = [f"{20 + row * n_groups // n}" for row in range(n)]
    parents = ["1" if int(one) < 22 else "2" for one in group]

    def micros(units: Sequence[float | None]) -> list[int | None]:
        return [None if unit is None else round(unit * MICROS) for unit in units]

    none: list[int | None] = [None]
    return entity_table(
        sample.ACCOUNT,
        [
            "1",
            "2",
            *(f"{20 + row}" for row in range(n_groups)),
            *(f"{one}~{900 + i}" for i, one in enumerate(group)),
        ],
        names=["Campaign"] * n_campaigns + ["Ad group"] * n_groups + [f"word {row}" for row in range(n)],
        kinds=["campaign"] * n_campaigns + ["ad_group"] * n_groups + ["keyword"] * n,
        parents=["", "", "1", "1", "2", "2", *parents],
        levers={
            Lever.DAILY_BUDGET: micros(campaigns) + none * (n_groups + n),
            Lever.CPC_BID: none * n_campaigns + micros(ad_groups) + micros(bids),
            Lever.STATUS: [*status, *[1] * (n_groups + n)],
        },
    )


def account(
    table: EntityTable,
    *,
    rate: float | np.ndarray = 0.03,
    portfolio: Portfolio | None = None,
    lost: float = np.nan,
    n_days: int = 30,
) -> Snapshot:
    """Each keyword has about 40 clicks a day at 0.50 a click; campaigns add up."""
    rng = np.random.default_rng(3)
    n = len(table)
    keyword = table.kinds == "keyword"
    clicks = np.where(keyword[:, None], rng.poisson(40.0, (n, n_days)), 0)
    conversions = rng.binomial(clicks, np.broadcast_to(rate, n)[:, None])
    cost = np.round(clicks * rng.uniform(0.45, 0.55, (n, n_days)), 2)
    return sample.snapshot(
        table,
        n_days=n_days,
        cost=cost,
        clicks=clicks,
        impressions=clicks * 20,
        conversions=conversions,
        value=conversions * 50.0,
        budget_lost=np.where(table.kinds == "campaign", lost, np.nan)[:, None],
        portfolio=portfolio,
    )


def a_portfolio(pot: str | None = None, **more: object) -> Portfolio:
    return Portfolio(
        "shop",
        Goal.VALUE,
        daily_pot=None if pot is None else Money.of(pot, "EUR"),
        bid_limits=Limits(Money.of("0.05", "EUR"), Money.of("20", "EUR")),
        **more,  # type: ignore[arg-type]  # targets only
    )


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


def worth_of(rate: Sequence[float], clicks: Sequence[int]) -> Worth:
    """Sixteen keywords in four ad groups of one campaign; the first has the given clicks a day."""
    table = google([1.0] * 16)
    snapshot = account(table, rate=np.array([0.0] * 6 + list(rate)), portfolio=a_portfolio("100"), n_days=40)
    keyword = snapshot.entities.kinds == "keyword"
    thinned = np.ones(len(table))
    thinned[np.flatnonzero(keyword)] = np.array(clicks) / 40.0
    metrics = snapshot.metrics
    rng = np.random.default_rng(5)
    fewer = rng.binomial(metrics.clicks, thinned[:, None])
    sold = rng.binomial(fewer, np.array([0.0] * 6 + list(rate))[:, None])
    metrics = replace(
        metrics, clicks=fewer, conversions=sold.astype(float), conversion_value_micros=sold * 50 * MICROS
    )
    snapshot = replace(snapshot, metrics=metrics)
    book = open_book(snapshot)
    assert book is not None
    worth = learn_worth(read_past(snapshot, book, 90), book, np.ones(16), Goal.VALUE)
    order = np.argsort(book.rows)
    return replace(worth, mean=worth.mean[order], variation=worth.variation[order])


def test_a_keyword_without_conversions_is_worth_what_its_ad_group_is_worth() -> None:
    """With three clicks a day and nothing sold yet it borrows; the two ad groups differ."""
    rate = [0.08] * 4 + [0.01] * 12

    worth = worth_of(rate, [1, 40, 40, 40, 1, *[40] * 11])

    assert worth.mean[0] > 2.0 * worth.mean[4]
    assert worth.variation[0] > 4 * worth.variation[1]
    assert worth.mean[1] / MICROS == pytest.approx(0.08 * 50, rel=0.25)


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
