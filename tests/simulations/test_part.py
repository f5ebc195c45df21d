"""Parts of a market: two platforms over one market are one world."""

import numpy as np
from simulated_account import ACCOUNT, DEEP, FIRST_DAY, day, noon

from agent.clock import SteppedClock
from agent.domain.ref import Kind
from simulations.market import Market
from simulations.part import OTHERS, SOCIAL, of_channels
from simulations.platform import Platform
from simulations.structure import build
from simulations.supply import Landscape
from simulations.worlds import BASE


def opened(drawn: Landscape, clock: SteppedClock) -> Platform:
    structure = build(
        drawn, unit_micros=10_000, minimum_micros=10_000, shared_budgets=0, experiments=0, depth=DEEP_ENOUGH
    )
    return Platform(drawn, structure, ACCOUNT, clock)


DEEP_ENOUGH = type(DEEP)(groups_per_campaign=3, keywords_per_group=4, bidding=DEEP.bidding)


def test_parts_bring_what_the_whole_brings() -> None:
    """Campaigns, ad sets and keywords, to the last click: each has its own luck wherever it is asked for."""
    clock = SteppedClock(noon(12))
    market = Market(BASE, 3, FIRST_DAY)
    whole = opened(Market(BASE, 3, FIRST_DAY), clock)
    parts = [opened(of_channels(market, channels), clock) for channels in (SOCIAL, OTHERS)]

    assert sum(len(part.campaigns) for part in parts) == len(whole.campaigns)
    assert {one.channel for one in parts[0].campaigns} == {"social"}
    for kind in (Kind.CAMPAIGN, Kind.AD_GROUP, Kind.AD_SET, Kind.KEYWORD):
        expected = whole.metrics(day(0), day(12), kind)
        tables = [part.metrics(day(0), day(12), kind) for part in parts]
        found = {
            (id_, on): (cost, clicks, conversions)
            for table in tables
            for id_, on, cost, clicks, conversions in zip(
                table.ids.tolist(),
                table.days.tolist(),
                table.cost_micros.tolist(),
                table.clicks.tolist(),
                table.conversions.tolist(),
                strict=True,
            )
        }
        assert len(found) == len(expected)
        for row in range(len(expected)):
            key = (str(expected.ids[row]), expected.days[row].item())
            assert found[key] == (
                expected.cost_micros[row],
                expected.clicks[row],
                expected.conversions[row],
            )


def test_a_part_has_the_curves_of_its_campaigns() -> None:
    market = Market(BASE, 3, FIRST_DAY)
    part = of_channels(market, OTHERS)
    ratio = np.linspace(0.1, 2.0, len(market))

    own = part.campaigns.curves.at(ratio[part.numbers])

    np.testing.assert_array_equal(own, market.campaigns.curves.at(ratio)[part.numbers])
