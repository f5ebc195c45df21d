"""Depth: what an account has below and beside its campaigns, drawn from the market's seed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from agent.domain.ref import Kind
from simulations.bidding import is_for
from simulations.campaigns import Campaigns, Channel
from simulations.worlds import World

_FIRST_STRATEGY_ID = 60_000_000_001


class Drawn(Protocol):
    """What an account is named and opened by: a market, or a part of one."""

    @property
    def seed(self) -> int: ...

    @property
    def world(self) -> World: ...

    @property
    def campaigns(self) -> Campaigns: ...

    @property
    def first_day(self) -> date: ...

    @property
    def numbers(self) -> NDArray[np.intp]:
        """Shape (n_campaigns,), the row of each campaign in the whole market, rising."""
        ...

    def __len__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Depth:
    """How much there is of it; nothing unless said.

    Attributes:
        groups_per_campaign: Ad groups, or ad sets on social campaigns.
        keywords_per_group: On search campaigns.
        portfolio_strategies: Each has two campaigns that are not social.
        group_budgets: So many social campaigns keep budgets on their ad sets.
        lifetime_budgets: So many social campaigns have an amount for all their days.
        lifetime_days: How many days those have after the history.
        group_targets: So many campaigns under a target have an ad group with a target of its own.
        bidding: What campaigns take in turn, each the next that is for its channel; when empty
            they bid as they are named, without any lever.
    """

    groups_per_campaign: int = 0
    keywords_per_group: int = 0
    portfolio_strategies: int = 0
    group_budgets: int = 0
    lifetime_budgets: int = 0
    lifetime_days: int = 60
    group_targets: int = 0
    bidding: tuple[str, ...] = ()


FLAT = Depth()


@dataclass(frozen=True, slots=True)
class Draft:
    """What is decided of one campaign before it is named.

    Attributes:
        kind: Of its groups.
        ends: Last day of its lifetime budgets; None where budgets are daily.
        group_target: One of its ad groups has a target of its own.
    """

    kind: Kind
    bidding: str
    strategy_id: str = ""
    group_budgets: bool = False
    ends: date | None = None
    group_target: bool = False


def drafts(
    drawn: Drawn, names: Sequence[str], depth: Depth, *, shared: int, locked: int
) -> tuple[Draft, ...]:
    """Decide how each campaign bids and where its budget is.

    Args:
        names: How each campaign bids by its name.
        shared: So many campaigns, the first ones, are on shared budgets.
        locked: So many, the last ones, are experiments.

    Raises:
        ValueError: There are too few campaigns of a kind.
    """
    if depth.group_budgets and not depth.groups_per_campaign:
        raise ValueError("budgets on ad sets were asked for, but no ad sets (groups_per_campaign)")
    channel = drawn.campaigns.channel
    kinds = [Kind.AD_SET if one == Channel.SOCIAL else Kind.AD_GROUP for one in channel.tolist()]
    drafted = [
        Draft(kind, bidding) for kind, bidding in zip(kinds, _bidding(kinds, names, depth), strict=True)
    ]
    free = range(shared, len(drafted) - locked)
    social = [row for row in free if kinds[row] is Kind.AD_SET]
    others = [row for row in range(len(drafted) - locked) if kinds[row] is Kind.AD_GROUP]
    for asked, there, what in (
        (depth.group_budgets, social, "campaigns with budgets on ad sets"),
        (depth.lifetime_budgets, social, "lifetime budgets"),
        (2 * depth.portfolio_strategies, others, "campaigns under portfolio strategies"),
    ):
        if asked > len(there):
            raise ValueError(f"{asked} {what} were asked for, {len(there)} campaigns can be so")
    for row in social[: depth.group_budgets]:
        drafted[row] = replace(drafted[row], group_budgets=True)
    ends = drawn.first_day + timedelta(days=drawn.world.history_days + depth.lifetime_days - 1)
    for row in social[len(social) - depth.lifetime_budgets :]:
        drafted[row] = replace(drafted[row], ends=ends)
    for place in range(2 * depth.portfolio_strategies):
        number = place // 2
        drafted[others[place]] = replace(
            drafted[others[place]],
            bidding="target_cpa" if number % 2 else "target_roas",
            strategy_id=str(_FIRST_STRATEGY_ID + number),
        )
    aimed = [
        row
        for row in others
        if drafted[row].bidding.startswith("target_") and not drafted[row].strategy_id and depth.bidding
    ]
    for row in aimed[: depth.group_targets if depth.groups_per_campaign else 0]:
        drafted[row] = replace(drafted[row], group_target=True)
    return tuple(drafted)


def _bidding(kinds: Sequence[Kind], names: Sequence[str], depth: Depth) -> list[str]:
    if not depth.bidding:
        return list(names)
    turns = {kind: [word for word in depth.bidding if is_for(word, kind)] for kind in set(kinds)}
    taken = dict.fromkeys(turns, 0)
    chosen = []
    for kind in kinds:
        words = turns[kind] or ["lowest_cost" if kind is Kind.AD_SET else "maximize_conversion_value"]
        chosen.append(words[taken[kind] % len(words)])
        taken[kind] += 1
    return chosen
