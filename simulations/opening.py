"""Opening: groups and keywords with their shares, and where bids and targets stand at first."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from agent.domain.ref import Kind
from simulations.bidding import lever_of
from simulations.campaigns import Campaigns, Channel
from simulations.curves import Floats
from simulations.depth import Depth, Draft, Drawn
from simulations.group_names import MATCH_TYPES, ad_group_name, ad_set_name, keyword_text
from simulations.groups import Group, Keyword, Slot
from simulations.journal import Field

_CHANCE = 90  # a stream that no market draws from
_FIRST_GROUP_ID = 40_000_000_001
_FIRST_CRITERION_ID = 50_000_000_001
_HUNDREDTH = 10_000
_STEP = 1e-4
_INHERITING = 4  # of so many ad groups, one has keywords without bids of their own


@dataclass(frozen=True, slots=True)
class Below:
    """What is below the campaigns, as an account opens.

    Attributes:
        weights: Shape (n_groups, n_keywords, n_campaigns), share of the campaign's market that
            each keyword has; where there are none, all of a group is at place 0. Sums to 1 over
            each campaign; 0 where there is nothing.
        quality: Same shape, conversions for a click relative to the campaign's; weighs to 1.
        opening: Where every lever stands, but budgets of campaigns and their status.
    """

    groups: tuple[Group, ...]
    keywords: tuple[Keyword, ...]
    weights: Floats
    quality: Floats
    opening: dict[Slot, int]


def open_below(
    drawn: Drawn,
    ids: tuple[str, ...],
    drafted: tuple[Draft, ...],
    depth: Depth,
    *,
    unit: int,
    minimum: int,
) -> Below:
    """Draw it, campaign by campaign, so that a part of a market has the same as the whole.

    Args:
        ids: Of the campaigns.
        minimum: Smallest daily budget, micros.
    """
    n_groups = max(depth.groups_per_campaign, 1)
    n_keywords = max(depth.keywords_per_group, 1) if depth.groups_per_campaign else 1
    shape = (n_groups, n_keywords, len(drawn))
    weights, quality = np.zeros(shape), np.ones(shape)
    groups: list[Group] = []
    keywords: list[Keyword] = []
    opening: dict[Slot, int] = {}
    numbers = drawn.numbers.tolist()
    usual = _usual(drawn.campaigns)
    amounts = drawn.campaigns.reference * drawn.world.pot_factor
    for row, (id_, draft) in enumerate(zip(ids, drafted, strict=True)):
        rng = np.random.default_rng((drawn.seed, _CHANCE, numbers[row]))
        searching = drawn.campaigns.channel[row] == Channel.SEARCH
        width = n_keywords if searching else 1
        own = np.exp(0.5 * rng.standard_normal((n_groups, 1)) + 0.8 * rng.standard_normal((n_groups, width)))
        buying = np.exp(
            0.25 * rng.standard_normal((n_groups, 1)) + 0.3 * rng.standard_normal((n_groups, width))
        )
        spread = np.exp(0.2 * rng.standard_normal((n_groups, width)))
        if not depth.groups_per_campaign:
            own, buying = np.ones((1, 1)), np.ones((1, 1))
        own /= own.sum()
        weights[:, :width, row] = own
        quality[:, :width, row] = buying / (own * buying).sum()
        lever = lever_of(draft.bidding) if depth.bidding else None
        number = usual.number(lever, row, unit) if lever else 0
        is_target = lever in (Field.TARGET_CPA, Field.TARGET_ROAS)
        if lever and is_target and draft.kind is Kind.AD_GROUP and not draft.strategy_id:
            opening[Slot(Kind.CAMPAIGN, id_, lever)] = number
        for place in range(depth.groups_per_campaign):
            group = _group(id_, numbers[row] * n_groups + place, place, draft)
            groups.append(group)
            opening[Slot(group.kind, group.id, Field.STATUS)] = 1
            if draft.group_budgets:
                share = max(float(amounts[row] * own[place].sum()), float(minimum))
                slot, amount = _budget(group, share, drawn.first_day, unit)
                opening[slot] = amount
            if lever is Field.CPC_BID or (lever and draft.kind is Kind.AD_SET):
                opening[Slot(group.kind, group.id, lever)] = _stepped(number * spread[place, 0], lever, unit)
            if lever and draft.group_target and place == 0:
                opening[Slot(group.kind, group.id, lever)] = _stepped(number * 0.9, lever, unit)
            if not searching or not depth.keywords_per_group:
                continue
            for position in range(width):
                keyword = _keyword(group, numbers[row] * n_groups + place, place, position, width)
                keywords.append(keyword)
                opening[Slot(Kind.KEYWORD, keyword.id, Field.STATUS)] = 1
                if lever is Field.CPC_BID and place % _INHERITING != _INHERITING - 1:
                    bid = _stepped(number * spread[place, position], lever, unit)
                    opening[Slot(Kind.KEYWORD, keyword.id, Field.CPC_BID)] = bid
    return Below(tuple(groups), tuple(keywords), weights, quality, opening)


@dataclass(frozen=True, slots=True)
class _Usual:
    """What people would have set on the first day; shape (n_campaigns,), micros or millionths."""

    click_price: Floats
    conversion_price: Floats
    target_cpa: Floats
    target_roas: Floats

    def number(self, lever: Field, row: int, unit: int) -> int:
        column = {
            Field.CPC_BID: self.click_price,
            Field.BID_CAP: self.conversion_price,
            Field.TARGET_CPA: self.target_cpa,
            Field.TARGET_ROAS: self.target_roas,
        }[lever]
        return _stepped(float(column[row]), lever, unit)


def _usual(campaigns: Campaigns) -> _Usual:
    """Bids and targets at which a campaign comes to spend a third more than its reference."""
    curves = campaigns.curves
    ratio = np.minimum(4.0 / 3.0, 0.9 * curves.cap)
    slope = (curves.at(ratio + _STEP) - curves.at(ratio - _STEP)) / (2 * _STEP)
    of_click = campaigns.reference / campaigns.clicks
    average = of_click * ratio / curves.at(ratio) / campaigns.rate
    return _Usual(
        click_price=of_click / slope,
        conversion_price=of_click / slope / campaigns.rate,
        target_cpa=average,
        target_roas=1e6 * campaigns.order_value / average,
    )


def usual_target(campaigns: Campaigns, lever: Field, rows: list[int], unit: int) -> int:
    """What people would have set for these campaigns together."""
    usual = _usual(campaigns)
    column = usual.target_cpa if lever is Field.TARGET_CPA else usual.target_roas
    return _stepped(float(column[rows].mean()), lever, unit)


def _stepped(number: float, lever: Field, unit: int) -> int:
    step = _HUNDREDTH if lever is Field.TARGET_ROAS else unit
    return max(int(number) // step * step, step)


def _group(campaign_id: str, number: int, place: int, draft: Draft) -> Group:
    return Group(
        id=str(_FIRST_GROUP_ID + number),
        name=ad_set_name(place) if draft.kind is Kind.AD_SET else ad_group_name(place),
        campaign_id=campaign_id,
        kind=draft.kind,
        ends=draft.ends if draft.group_budgets else None,
    )


def _budget(group: Group, daily: float, first_day: date, unit: int) -> tuple[Slot, int]:
    if group.ends is None:
        return Slot(group.kind, group.id, Field.AMOUNT), _stepped(daily, Field.AMOUNT, unit)
    whole = daily * ((group.ends - first_day).days + 1)
    return Slot(group.kind, group.id, Field.LIFETIME_AMOUNT), _stepped(whole, Field.LIFETIME_AMOUNT, unit)


def _keyword(group: Group, number: int, place: int, position: int, width: int) -> Keyword:
    return Keyword(
        id=f"{group.id}~{_FIRST_CRITERION_ID + number * width + position}",
        text=keyword_text(place, position),
        match_type=MATCH_TYPES[position % len(MATCH_TYPES)],
        group_id=group.id,
    )
