"""Structure: the campaigns and budgets that a simulated account is made of."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from simulations.campaigns import Channel
from simulations.curves import Floats
from simulations.market import Market, Micros
from simulations.names import titles
from simulations.schedule import Levers

_FIRST_CAMPAIGN_ID = 20_000_000_001
_FIRST_BUDGET_ID = 30_000_000_001


@dataclass(frozen=True, slots=True)
class Campaign:
    """What does not change of a campaign.

    Attributes:
        channel: "search", "shopping", "social" or "video".
        bidding: Bidding strategy type, lower case.
        locked: Why nobody may change it ("experiment"), "" when anybody may.
    """

    id: str
    name: str
    channel: str
    bidding: str
    labels: frozenset[str]
    started: date
    budget_id: str
    locked: str


@dataclass(frozen=True, slots=True)
class Budget:
    """What does not change of a budget; `campaign_ids` rise."""

    id: str
    name: str
    shared: bool
    campaign_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Structure:
    """An account as it opens.

    Attributes:
        budget_of: Shape (n_campaigns,), row of each campaign's budget.
        amounts: Shape (n_budgets,), micros.
    """

    campaigns: tuple[Campaign, ...]
    budgets: tuple[Budget, ...]
    budget_of: NDArray[np.intp]
    amounts: Micros

    def split(self, levers: Levers, demand: Floats) -> Micros:
        """What each campaign may spend: its budget's amount, shared out by demand, 0 when paused.

        A shared budget goes to its enabled campaigns in proportion to what they could spend,
        so that nothing is left over while any of them could spend more.
        """
        wanted = np.where(levers.enabled, demand, 0.0)
        total = np.bincount(self.budget_of, weights=wanted, minlength=len(self.budgets))
        part = wanted / np.where(total > 0.0, total, 1.0)[self.budget_of]
        return (part * levers.amounts[self.budget_of] + 1e-6).astype(np.int64)


def build(
    market: Market, *, unit_micros: int, minimum_micros: int, shared_budgets: int, experiments: int
) -> Structure:
    """Name the market's campaigns and give them budgets at their reference spend times the pot factor.

    Raises:
        ValueError: There are too few campaigns for so many shared budgets and experiments.
    """
    n = len(market)
    if 2 * shared_budgets + experiments > n:
        raise ValueError(
            f"{shared_budgets} shared budgets and {experiments} experiments were asked for, "
            f"{n} campaigns are too few"
        )
    pairs = np.arange(n)
    budget_of = np.where(pairs < 2 * shared_budgets, pairs // 2, pairs - shared_budgets)
    channels = [Channel(number) for number in market.campaigns.channel.tolist()]
    campaigns = tuple(
        Campaign(
            id=str(_FIRST_CAMPAIGN_ID + row),
            name=title.name,
            channel=channel.name.lower(),
            bidding=title.bidding,
            labels=title.labels,
            started=market.first_day,
            budget_id=str(_FIRST_BUDGET_ID + budget_of[row]),
            locked="experiment" if row >= n - experiments else "",
        )
        for row, (channel, title) in enumerate(zip(channels, titles(channels), strict=True))
    )
    members = [campaigns[2 * row : 2 * row + 2] for row in range(shared_budgets)]
    members += [(campaign,) for campaign in campaigns[2 * shared_budgets :]]
    budgets = tuple(
        Budget(
            id=group[0].budget_id,
            name=" + ".join(campaign.name for campaign in group),
            shared=len(group) > 1,
            campaign_ids=tuple(campaign.id for campaign in group),
        )
        for group in members
    )
    opening = market.campaigns.reference * market.world.pot_factor
    amounts = np.bincount(budget_of, weights=opening, minlength=len(budgets)).astype(np.int64)
    amounts = np.maximum(amounts, minimum_micros) // unit_micros * unit_micros
    return Structure(campaigns, budgets, budget_of, np.maximum(amounts, unit_micros))
