"""Structure: the campaigns and budgets that a simulated account is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from agent.domain.ref import Kind
from simulations.bidding import lever_of
from simulations.campaigns import Channel
from simulations.curves import Floats
from simulations.depth import FLAT, Depth, Draft, Drawn, drafts
from simulations.groups import BiddingStrategy, Group, Keyword, Slot
from simulations.layout import Layout, lay_out
from simulations.market import Micros
from simulations.names import titles
from simulations.opening import open_below, usual_target
from simulations.schedule import Levers

_FIRST_CAMPAIGN_ID = 20_000_000_001
_FIRST_BUDGET_ID = 30_000_000_001


@dataclass(frozen=True, slots=True)
class Campaign:
    """What does not change of a campaign.

    Attributes:
        channel: "search", "shopping", "social" or "video".
        bidding: Bidding strategy type, lower case.
        budget_id: "" where each of its groups has a budget of its own.
        locked: Why nobody may change it ("experiment"), "" when anybody may.
        group_budgets: Its budgets are on its groups.
        strategy_id: Of the portfolio strategy that it is under, "" when it is under none.
    """

    id: str
    name: str
    channel: str
    bidding: str
    labels: frozenset[str]
    started: date
    budget_id: str
    locked: str
    group_budgets: bool = False
    strategy_id: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """What does not change of a budget; `campaign_ids` rise.

    Attributes:
        ends: Last day of a lifetime budget; None for a daily one.
    """

    id: str
    name: str
    shared: bool
    campaign_ids: tuple[str, ...]
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class Structure:
    """An account as it opens.

    Attributes:
        budget_of: Shape (n_campaigns,), row of each campaign's budget; 0 where it has none.
        amounts: Shape (n_budgets,), micros.
        slots: Every lever but amounts of budgets and statuses of campaigns, by its row in
            `Levers.numbers`.
        numbers: Shape (n_slots + 1,), how those open; the last is 0 and of none.
        layout: Groups and keywords as columns; None where the account has nothing of the kind.
    """

    campaigns: tuple[Campaign, ...]
    budgets: tuple[Budget, ...]
    budget_of: NDArray[np.intp]
    amounts: Micros
    groups: tuple[Group, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    strategies: tuple[BiddingStrategy, ...] = ()
    slots: Mapping[Slot, int] = field(default_factory=dict)
    numbers: Micros = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    layout: Layout | None = None

    def split(self, levers: Levers, demand: Floats, amounts: Micros | Floats | None = None) -> Micros:
        """What each campaign may spend: its budget's amount, shared out by demand, 0 when paused.

        A shared budget goes to its enabled campaigns in proportion to what they could spend,
        so that nothing is left over while any of them could spend more.

        Args:
            amounts: Shape (n_budgets,), what the budgets give on the day; as they stand when None.
        """
        given = levers.amounts if amounts is None else amounts
        mine = levers.enabled if self.layout is None else levers.enabled & ~self.layout.group_budgets
        wanted = np.where(mine, demand, 0.0)
        total = np.bincount(self.budget_of, weights=wanted, minlength=len(self.budgets))
        part = wanted / np.where(total > 0.0, total, 1.0)[self.budget_of]
        return (part * given[self.budget_of] + 1e-6).astype(np.int64)


def build(
    drawn: Drawn,
    *,
    unit_micros: int,
    minimum_micros: int,
    shared_budgets: int,
    experiments: int,
    depth: Depth = FLAT,
) -> Structure:
    """Name the market's campaigns and give them budgets at their reference spend times the pot factor.

    Raises:
        ValueError: There are too few campaigns for so many shared budgets, experiments and what
            else was asked for.
    """
    n = len(drawn)
    if 2 * shared_budgets + experiments > n:
        raise ValueError(
            f"{shared_budgets} shared budgets and {experiments} experiments were asked for, "
            f"{n} campaigns are too few"
        )
    channels = [Channel(number) for number in drawn.campaigns.channel.tolist()]
    named = titles(channels)
    drafted = drafts(
        drawn, [title.bidding for title in named], depth, shared=2 * shared_budgets, locked=experiments
    )
    pairs = [[2 * row, 2 * row + 1] for row in range(shared_budgets)]
    members = pairs + [[row] for row in range(2 * shared_budgets, n) if not drafted[row].group_budgets]
    budget_of = np.zeros(n, dtype=np.intp)
    for number, rows in enumerate(members):
        budget_of[rows] = number
    has_budget = np.array([not draft.group_budgets for draft in drafted])
    campaigns = tuple(
        Campaign(
            id=str(_FIRST_CAMPAIGN_ID + number),
            name=title.name,
            channel=channel.name.lower(),
            bidding=draft.bidding,
            labels=title.labels,
            started=drawn.first_day,
            budget_id=str(_FIRST_BUDGET_ID + budget_of[row]) if has_budget[row] else "",
            locked="experiment" if row >= n - experiments else "",
            group_budgets=draft.group_budgets,
            strategy_id=draft.strategy_id,
        )
        for row, (number, channel, title, draft) in enumerate(
            zip(drawn.numbers.tolist(), channels, named, drafted, strict=True)
        )
    )
    budgets = tuple(
        Budget(
            id=campaigns[rows[0]].budget_id,
            name=" + ".join(campaigns[row].name for row in rows),
            shared=len(rows) > 1,
            campaign_ids=tuple(campaigns[row].id for row in rows),
            ends=drafted[rows[0]].ends,
        )
        for rows in members
    )
    own = drawn.campaigns.reference * drawn.world.pot_factor
    opening = np.where(has_budget, own, 0.0)
    amounts = np.bincount(budget_of, weights=opening, minlength=len(budgets)).astype(np.int64)
    amounts = np.maximum(amounts, minimum_micros) // unit_micros * unit_micros
    days = [1 if one.ends is None else (one.ends - drawn.first_day).days + 1 for one in budgets]
    amounts = np.maximum(amounts, unit_micros) * np.array(days, dtype=np.int64)
    if depth == FLAT:
        return Structure(campaigns, budgets, budget_of, amounts)
    ids = tuple(campaign.id for campaign in campaigns)
    below = open_below(drawn, ids, drafted, depth, unit=unit_micros, minimum=minimum_micros)
    strategies = _strategies(campaigns, drafted)
    slots = dict(below.opening)
    for strategy in strategies:
        lever = lever_of(strategy.type)
        assert lever is not None, "portfolio strategies have targets"
        rows = [row for row, draft in enumerate(drafted) if draft.strategy_id == strategy.id]
        target = usual_target(drawn.campaigns, lever, rows, unit_micros)
        slots[Slot(Kind.BIDDING_STRATEGY, strategy.id, lever)] = target
    rows_of = {slot: row for row, slot in enumerate(slots)}
    return Structure(
        campaigns,
        budgets,
        budget_of,
        amounts,
        groups=below.groups,
        keywords=below.keywords,
        strategies=strategies,
        slots=rows_of,
        numbers=np.array([*slots.values(), 0], dtype=np.int64),
        layout=lay_out(campaigns, below, rows_of),
    )


def _strategies(campaigns: tuple[Campaign, ...], drafted: tuple[Draft, ...]) -> tuple[BiddingStrategy, ...]:
    found: dict[str, list[Campaign]] = {}
    for campaign in campaigns:
        if campaign.strategy_id:
            found.setdefault(campaign.strategy_id, []).append(campaign)
    return tuple(
        BiddingStrategy(
            id=id_,
            name=f"Portfolio {number}",
            type=members[0].bidding,
            campaign_ids=tuple(member.id for member in members),
        )
        for number, (id_, members) in enumerate(sorted(found.items()), 1)
    )
