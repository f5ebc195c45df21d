"""Bids, targets, paused groups and budgets, each as an end to how far a campaign goes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulated_account import ACCOUNT, DEEP, FIRST_DAY

from simulations.curves import Floats
from simulations.journal import Field
from simulations.market import Market
from simulations.schedule import Levers
from simulations.spending import Day, Spending
from simulations.structure import Structure, build
from simulations.worlds import BASE

MARKET = Market(replace(BASE, shortfall=0.0, campaign_noise=0.0, platform_noise=0.0), 1, FIRST_DAY)
STRUCTURE: Structure = build(
    MARKET,
    unit_micros=ACCOUNT.unit_micros,
    minimum_micros=ACCOUNT.unit_micros,
    shared_budgets=0,
    experiments=0,
    depth=replace(DEEP, lifetime_budgets=0),
)
SPENDING = Spending(MARKET, STRUCTURE)
BIDS = (Field.CPC_BID, Field.BID_CAP, Field.TARGET_CPA, Field.TARGET_ROAS)
DAY = 11
ENDLESS = 10**13


def opening(amount: int | None = None) -> Levers:
    """All enabled; each budget of this amount, or as the account opens."""
    amounts = STRUCTURE.amounts if amount is None else np.full_like(STRUCTURE.amounts, amount)
    return Levers(amounts.copy(), np.ones(len(MARKET), dtype=bool), STRUCTURE.numbers.copy())


def moved(levers: Levers, rows: list[int], factor: float) -> Levers:
    numbers = levers.numbers.copy()
    numbers[rows] = (numbers[rows] * factor).astype(np.int64)
    return replace(levers, numbers=numbers)


def rows_of(field: Field, number: int) -> list[int]:
    """The `number`-th lever of this kind, going round."""
    rows = [row for slot, row in STRUCTURE.slots.items() if slot.field is field]
    return [rows[number % len(rows)]]


def brought(levers: Levers, day: int = DAY) -> Day:
    return SPENDING.day(day, levers, None)


@settings(deadline=None, max_examples=40)
@given(
    field=st.sampled_from(BIDS),
    number=st.integers(0, 50),
    start=st.floats(0.2, 3.0),
    factor=st.floats(1.0, 4.0),
    amount=st.one_of(st.none(), st.integers(1_000_000, 500_000_000)),
    day=st.integers(0, 100),
)
def test_a_higher_bid_never_brings_fewer_clicks_at_the_same_budget(
    field: Field, number: int, start: float, factor: float, amount: int | None, day: int
) -> None:
    """Nor does a higher target CPA or a lower target ROAS, whatever else stands."""
    rows = rows_of(field, number)
    low = moved(opening(amount), rows, start)
    high = moved(low, rows, 1.0 / factor if field is Field.TARGET_ROAS else factor)

    before, after = brought(low, day).flow, brought(high, day).flow

    assert (after.clicks >= before.clicks * (1 - 1e-9) - 1e-9).all()
    more = after.clicks > before.clicks * (1 + 1e-9)
    assert (MARKET.realise(day, after).clicks >= MARKET.realise(day, before).clicks)[more].all()


@settings(deadline=None, max_examples=25)
@given(amount=st.integers(10_000, 10**9), start=st.floats(0.3, 3.0), day=st.integers(0, 60))
def test_no_budget_is_overspent_and_none_is_left_while_more_could_be_bought(
    amount: int, start: float, day: int
) -> None:
    """What a campaign spends is its budget, or all that its bids and targets leave to it."""
    rows = [row for slot, row in STRUCTURE.slots.items() if slot.field in BIDS]
    levers = moved(opening(amount), rows, start)

    spent = brought(levers, day).flow.cost
    most = brought(replace(levers, amounts=np.full_like(levers.amounts, ENDLESS)), day).flow.cost

    of_budgets = of_each_budget(spent)
    assert (of_budgets <= amount + 2).all()
    own = ~STRUCTURE.layout.group_budgets if STRUCTURE.layout is not None else None
    expected = np.minimum(of_each_budget(np.where(own, most, 0.0)), amount)
    np.testing.assert_allclose(of_budgets, expected, rtol=1e-6, atol=10)


def of_each_budget(cost: Floats) -> Floats:
    assert STRUCTURE.layout is not None
    cost = np.where(STRUCTURE.layout.group_budgets, 0.0, cost)
    return np.bincount(STRUCTURE.budget_of, cost, len(STRUCTURE.budgets))


def test_the_average_reaches_the_target() -> None:
    """With money without end, cost per conversion and return are what was asked for."""
    layout = STRUCTURE.layout
    assert layout is not None
    levers = moved(opening(ENDLESS), [row for s, row in STRUCTURE.slots.items() if s.field in BIDS], 1.0)
    flow = brought(levers).flow
    assert flow.buying is not None
    conversions = flow.buying * MARKET.rate(DAY)

    overridden = np.any((layout.group_cpa >= 0) | (layout.group_roas >= 0), axis=0)
    # A target that all there is to buy keeps to is not reached: nothing is left to spend on.
    limited = flow.cost < 0.999 * MARKET.size(DAY) * MARKET.campaigns.curves.cap
    cpa = (layout.cpa >= 0) & ~overridden & limited & (flow.cost > 0)
    roas = (layout.roas >= 0) & ~overridden & limited & (flow.cost > 0)

    assert cpa.any()
    assert roas.any()
    np.testing.assert_allclose((flow.cost / conversions)[cpa], levers.numbers[layout.cpa][cpa], rtol=1e-6)
    value = conversions * MARKET.campaigns.order_value
    np.testing.assert_allclose(1e6 * (value / flow.cost)[roas], levers.numbers[layout.roas][roas], rtol=1e-6)


def test_a_bid_is_what_the_last_click_costs() -> None:
    """The marginal cost of a click is the bid, where the bid is what ends it."""
    layout = STRUCTURE.layout
    assert layout is not None
    bids = [row for slot, row in STRUCTURE.slots.items() if slot.field is Field.CPC_BID]
    levers = moved(opening(ENDLESS), bids, 0.6)
    more = moved(levers, bids, 1.001)

    one, other = brought(levers).spread, brought(more).spread

    assert one is not None
    assert other is not None
    bid = levers.numbers[layout.keyword_bid]
    moves = (bid > 0) & (other.clicks > one.clicks)
    assert moves.sum() > 5
    price = (other.cost - one.cost)[moves] / (other.clicks - one.clicks)[moves]
    np.testing.assert_allclose(price, bid[moves], rtol=0.01)


def test_a_paused_group_takes_its_share_away() -> None:
    """Its clicks are gone; with money without end those of the others stay as they were."""
    layout = STRUCTURE.layout
    assert layout is not None
    rows = layout.group_status[0]
    levers = opening(ENDLESS)
    numbers = levers.numbers.copy()
    numbers[rows] = 0

    before = brought(levers).spread
    after = brought(replace(levers, numbers=numbers)).spread

    assert before is not None
    assert after is not None
    assert (after.clicks[0] == 0).all()
    # Targets see other conversions now: campaigns under them may go farther or less far.
    free = (layout.cpa < 0) & (layout.roas < 0)
    np.testing.assert_allclose(after.clicks[1:][:, :, free], before.clicks[1:][:, :, free])


def test_ad_sets_keep_to_their_own_budgets() -> None:
    layout = STRUCTURE.layout
    assert layout is not None
    levers = opening()

    spread = brought(levers).spread

    assert spread is not None
    own = layout.group_amount >= 0
    assert own.sum() == DEEP.groups_per_campaign
    spent = spread.cost.sum(axis=1)[own]
    assert (spent <= levers.numbers[layout.group_amount][own] + 1).all()
    assert (spent > 0).any()


def test_bids_need_a_market_whose_response_is_known() -> None:
    class Unknown:
        first_day = FIRST_DAY

    with pytest.raises(TypeError, match="Unknown has no response curves"):
        Spending(Unknown(), STRUCTURE)  # type: ignore[arg-type]  # what is asked for is refused
