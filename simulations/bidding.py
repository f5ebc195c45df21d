"""Bidding: the ways in which a platform bids for a campaign, and which levers each of them has."""

from collections.abc import Mapping
from types import MappingProxyType

from agent.domain.ref import Kind
from simulations.journal import Field

GOOGLE = ("manual_cpc", "maximize_conversions", "target_cpa", "maximize_conversion_value", "target_roas")
META = ("lowest_cost", "cost_cap", "bid_cap", "min_roas")

_LEVER: Mapping[str, Field] = MappingProxyType(
    {
        "manual_cpc": Field.CPC_BID,
        "target_cpa": Field.TARGET_CPA,
        "target_roas": Field.TARGET_ROAS,
        "cost_cap": Field.TARGET_CPA,
        "bid_cap": Field.BID_CAP,
        "min_roas": Field.TARGET_ROAS,
    }
)

WORDS: Mapping[Field, str] = MappingProxyType(
    {
        Field.CPC_BID: "a CPC bid",
        Field.BID_CAP: "a bid cap",
        Field.TARGET_CPA: "a target CPA",
        Field.TARGET_ROAS: "a target ROAS",
    }
)
"""Levers of bidding, in words for people."""


def lever_of(bidding: str) -> Field | None:
    """The lever that people set under this bidding; None where the budget alone steers it."""
    return _LEVER.get(bidding)


def is_for(bidding: str, kind: Kind) -> bool:
    """Whether a campaign whose groups are of this kind can bid so."""
    return bidding in (META if kind is Kind.AD_SET else GOOGLE)
