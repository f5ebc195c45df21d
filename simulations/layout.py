"""Layout: where each lever of groups, keywords and bidding lies among an account's numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from agent.domain.ref import Kind
from simulations.curves import Floats
from simulations.groups import Slot
from simulations.journal import Field
from simulations.opening import Below

Rows = NDArray[np.intp]


class Placed(Protocol):
    """What is asked of a campaign."""

    @property
    def id(self) -> str: ...

    @property
    def strategy_id(self) -> str: ...

    @property
    def group_budgets(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns of shape (n_groups, n_keywords, n_campaigns), as `Below`; groups fill the first place.

    A row of -1 is of the last number, which is 0 and means: none. Where there is a keyword or a
    group, and only there, its weight is above 0.

    Attributes:
        keyword_status, keyword_bid: Rows; also -1 where all of a group is one place.
        group_status, group_bid, group_cap, group_cpa, group_roas: Rows, shape (n_groups, n_campaigns).
        group_amount, group_lifetime: Rows of budgets on groups, same shape.
        cpa, roas: Rows of the campaign's own or its portfolio's target, shape (n_campaigns,).
        group_budgets: Shape (n_campaigns,).
        ends: Shape (n_groups, n_campaigns), last day of lifetime budgets, NaT where there is none.
        group_ids: Shape (n_groups, n_campaigns), "" where there is none.
        keyword_ids: "" where there is none.
        is_ad_set: Shape (n_groups, 1, n_campaigns), of which kind a group is.
    """

    weights: Floats
    quality: Floats
    keyword_status: Rows
    keyword_bid: Rows
    group_status: Rows
    group_bid: Rows
    group_cap: Rows
    group_cpa: Rows
    group_roas: Rows
    group_amount: Rows
    group_lifetime: Rows
    cpa: Rows
    roas: Rows
    group_budgets: NDArray[np.bool_]
    ends: NDArray[np.datetime64]
    group_ids: NDArray[np.str_]
    keyword_ids: NDArray[np.str_]
    is_ad_set: NDArray[np.bool_]


def lay_out(campaigns: Sequence[Placed], below: Below, rows: Mapping[Slot, int]) -> Layout:
    """Find the row of every lever."""
    n_groups, n_keywords, n = below.weights.shape
    place_of = {campaign.id: number for number, campaign in enumerate(campaigns)}
    groups: list[list[str]] = [[""] * n for _ in range(n_groups)]
    kinds: list[list[Kind]] = [[Kind.AD_GROUP] * n for _ in range(n_groups)]
    ends: list[list[date | None]] = [[None] * n for _ in range(n_groups)]
    keywords = [[[""] * n for _ in range(n_keywords)] for _ in range(n_groups)]
    at: dict[str, tuple[int, int]] = {}
    seen = [0] * n
    for group in below.groups:
        column = place_of[group.campaign_id]
        place = seen[column]
        seen[column] += 1
        at[group.id] = (place, column)
        groups[place][column], kinds[place][column] = group.id, group.kind
        ends[place][column] = group.ends
    used: dict[str, int] = {}
    for keyword in below.keywords:
        place, column = at[keyword.group_id]
        position = used.get(keyword.group_id, 0)
        used[keyword.group_id] = position + 1
        keywords[place][position][column] = keyword.id

    def of_groups(field: Field) -> Rows:
        return np.array(
            [
                [rows.get(Slot(kind, id_, field), -1) for kind, id_ in zip(*line, strict=True)]
                for line in zip(kinds, groups, strict=True)
            ],
            dtype=np.intp,
        )

    def of_keywords(field: Field) -> Rows:
        return np.array(
            [
                [[rows.get(Slot(Kind.KEYWORD, id_, field), -1) for id_ in line] for line in each]
                for each in keywords
            ],
            dtype=np.intp,
        )

    def of_campaigns(field: Field) -> Rows:
        found = [
            rows.get(Slot(Kind.BIDDING_STRATEGY, one.strategy_id, field), -1)
            if one.strategy_id
            else rows.get(Slot(Kind.CAMPAIGN, one.id, field), -1)
            for one in campaigns
        ]
        return np.array(found, dtype=np.intp)

    return Layout(
        weights=below.weights,
        quality=below.quality,
        keyword_status=of_keywords(Field.STATUS),
        keyword_bid=of_keywords(Field.CPC_BID),
        group_status=of_groups(Field.STATUS),
        group_bid=of_groups(Field.CPC_BID),
        group_cap=of_groups(Field.BID_CAP),
        group_cpa=of_groups(Field.TARGET_CPA),
        group_roas=of_groups(Field.TARGET_ROAS),
        group_amount=of_groups(Field.AMOUNT),
        group_lifetime=of_groups(Field.LIFETIME_AMOUNT),
        cpa=of_campaigns(Field.TARGET_CPA),
        roas=of_campaigns(Field.TARGET_ROAS),
        group_budgets=np.array([one.group_budgets for one in campaigns]),
        ends=np.array(ends, dtype="datetime64[D]"),
        group_ids=np.array(groups, dtype=np.str_),
        keyword_ids=np.array(keywords, dtype=np.str_),
        is_ad_set=np.array([[[kind is Kind.AD_SET for kind in line]] for line in kinds]),
    )
